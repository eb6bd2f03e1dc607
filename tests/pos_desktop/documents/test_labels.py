"""Label sheets are read back: the words by pdftotext, the bars by a reader of bar codes."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from pos_desktop.documents.labels import write_labels
from pos_desktop.documents.writing_faults import NotWritten
from pos_desktop.domain.barcodes import check_digit
from pos_desktop.domain.label import LABEL_SHEETS, Label, Symbology, symbology

SUGAR = Label(name="Sugar 1 kg", price="KES 165.00", code="6161990000334")
TOMATOES = Label(name="Tomatoes, loose", price="KES 120.37", unit_price="120.37 / kg", code="TOM")


def drawn(path: Path, labels: Sequence[Label], sheet: str = "3x8", first: int = 1) -> int:
    """Draw labels and return how many pages they took."""
    layout = asdict(LABEL_SHEETS[sheet])
    *_before, pages = write_labels(
        path=str(path), sheet=layout, labels=[asdict(one) for one in labels], first=first
    )
    return pages


def words(path: Path, *options: str) -> str:
    """Return the text of a PDF."""
    return _run("pdftotext", *options, str(path), "-")


def codes(path: Path, dots: int = 200) -> list[str]:
    """Return the bar codes on the first page of a PDF with their kinds, in order."""
    picture = path.with_suffix("")
    _run("pdftoppm", "-r", str(dots), "-singlefile", "-gray", "-png", str(path), str(picture))
    return sorted(_run("zbarimg", "-q", str(picture.with_suffix(".png"))).split())


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


@pytest.mark.parametrize("sheet", LABEL_SHEETS)
def test_every_sheet_is_read_back(tmp_path: Path, sheet: str) -> None:
    path, count = tmp_path / "labels.pdf", LABEL_SHEETS[sheet].labels
    numbers = [f"{616_199_000_000 + place}" for place in range(count)]
    numbers = [number + str(check_digit(number)) for number in numbers]
    labels = [replace(SUGAR, code=number) for number in numbers]
    assert drawn(path, labels, sheet) == 1
    text = words(path)
    assert text.count("Sugar 1 kg") == count
    assert text.count("KES 165.00") == count
    assert codes(path) == [f"EAN-13:{number}" for number in numbers]


def test_every_kind_of_code_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    given = {
        "6161990000334": "EAN-13:6161990000334",
        "012345678905": "EAN-13:0012345678905",
        "96385074": "EAN-8:96385074",
        "TOM": "CODE-128:TOM",
        "abc-123/4": "CODE-128:abc-123/4",
        "1234567890123": "CODE-128:1234567890123",
        "00042": "CODE-128:00042",
    }
    drawn(path, [Label(name=code, price="KES 1.00", code=code) for code in given])
    assert codes(path) == sorted(given.values())
    text = words(path)
    assert all(code in text for code in given)


def test_a_unit_price_stands_beside_the_price(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    drawn(path, [TOMATOES])
    line = next(one for one in words(path, "-layout").splitlines() if "KES" in one)
    assert line.split() == ["KES", "120.37", "120.37", "/", "kg"]


def test_a_sheet_that_was_begun_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    assert drawn(path, [SUGAR, TOMATOES, SUGAR], first=23) == 2
    assert words(path, "-l", "1").count("KES") == 2
    assert words(path, "-f", "2").split() == ["Sugar", "1", "kg", "KES", "165.00", "6161990000334"]
    first = words(path, "-bbox", "-l", "1")
    lowest = min(float(one.split('yMin="')[1].split('"')[0]) for one in first.splitlines()
                 if "<word" in one)  # fmt: skip
    assert lowest > 700, "the last row of the sheet"


def test_many_labels_take_as_many_sheets_as_they_need(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    assert drawn(path, [SUGAR] * 49) == 3
    assert words(path).count("Sugar") == 49


def test_a_long_name_stays_on_its_label(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    names = ("Extra virgin olive oil from the hills, cold pressed, in a tin of 500 ml " * 3,
             "Donaudampfschifffahrtsgesellschaft" * 6)  # fmt: skip
    for name in names:
        drawn(path, [Label(name=name.strip()[:200], price="KES 1,234,567.00", code="A1")], "5x13")
        boxes = [one for one in words(path, "-bbox").splitlines() if "<word" in one]
        right = max(float(one.split('xMax="')[1].split('"')[0]) for one in boxes)
        assert right <= (47 + 381) * 72 / 254
        assert "…" in words(path)
        assert "1,234,567.00" in words(path)
        assert codes(path) == ["CODE-128:A1"]


def test_a_code_that_no_bars_can_say_is_written(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    long = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
    drawn(path, [Label(name="Soap", price="KES 1.00", code=code) for code in ("Größe", long, "")])
    text = words(path)
    assert "Größe" in text
    assert long in text
    picture = path.with_suffix("")
    _run("pdftoppm", "-r", "300", "-singlefile", "-png", str(path), str(picture))
    read = subprocess.run(
        ["zbarimg", "-q", str(picture.with_suffix(".png"))], capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert read.stdout == b""


def test_signs_that_the_font_lacks_are_told(tmp_path: Path) -> None:
    path = tmp_path / "labels.pdf"
    drawn(path, [Label(name="Café ☃ 茶", price="KES 1.00")])
    assert "Café ? ?" in words(path)


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "none" / "labels.pdf"
    with pytest.raises(NotWritten, match="no such folder"):
        drawn(path, [SUGAR])
    assert not path.exists()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("6161990000334", (Symbology.EAN13, "6161990000334")),
        ("96385074", (Symbology.EAN8, "96385074")),
        ("012345678905", (Symbology.EAN13, "0012345678905")),
        ("6161990000335", (Symbology.CODE128, "6161990000335")),
        ("7", (Symbology.CODE128, "7")),
        ("Größe", None),
        ("", None),
    ],
)
def test_a_code_is_drawn_as_on_the_pack(code: str, found: tuple[Symbology, str] | None) -> None:
    assert symbology(code) == found
