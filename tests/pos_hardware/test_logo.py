"""Logos: any picture becomes one that a receipt printer prints, and nothing else does."""

from __future__ import annotations

import io

import PIL.Image
import pytest
from pos_hardware.errors import BadDocument
from pos_hardware.logo import LARGEST_FILE, TALLEST, WIDEST, make_logo


def _picture(size: tuple[int, int], form: str = "PNG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    PIL.Image.new(mode, size, "navy").save(out, form)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_a_large_picture_becomes_a_small_one_in_black_and_white(form: str) -> None:
    logo = PIL.Image.open(io.BytesIO(make_logo(_picture((1200, 900), form))))
    assert logo.format == "PNG"
    assert logo.mode == "1"
    assert logo.width <= WIDEST
    assert logo.height <= TALLEST


def test_a_small_picture_keeps_its_size_and_what_is_clear_is_white() -> None:
    out = io.BytesIO()
    PIL.Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(out, "PNG")
    logo = PIL.Image.open(io.BytesIO(make_logo(out.getvalue())))
    assert logo.size == (40, 20)
    assert logo.getextrema() == (255, 255)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", _picture((10, 10))[:40], b"\0" * (LARGEST_FILE + 1)]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadDocument):
        make_logo(data)


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(BadDocument):
        make_logo(_picture((9000, 9000), mode="1"))
