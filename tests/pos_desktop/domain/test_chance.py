"""Chance is drawn from bytes."""

from __future__ import annotations

import pytest

from pos_desktop.domain.chance import draw


@pytest.mark.parametrize(
    ("given", "drawn"),
    [(b"\x00" * 7, 0.0), (b"\x80" + b"\x00" * 6, 0.5), (b"\x40" + b"\x00" * 6, 0.25)],
)
def test_bytes_become_a_number(given: bytes, drawn: float) -> None:
    assert draw(lambda _size: given) == drawn


def test_it_never_reaches_one() -> None:
    assert 0.999 < draw(lambda size: b"\xff" * size) < 1.0
    assert len({draw() for _draw in range(100)}) == 100
