"""PDFs of documents are read back by pdftotext: every total, every name, every page."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.documents.document import (
    TELL_EVERY,
    Chart,
    ChartKind,
    DocumentColumn,
    Kind,
    Series,
)
from pos_desktop.documents.pdf_letters import PLAIN, cut, width, wrapped
from pos_desktop.documents.report_pdf import BOTTOM, write_pdf
from pos_desktop.documents.writing_faults import NotWritten
from pos_desktop.domain import country
from pos_desktop.domain.errors import Cancelled
from tests.pos_desktop.documents.documents import (
    CHART,
    COLUMNS,
    LINE_CHART,
    ROWS,
    document,
    many,
    names,
    words_of,
    written,
)
from tests.pos_desktop.documents.memory import peak_of
from tests.pos_desktop.documents.test_written_aside import files_of_at_most, posix

_HEIGHT = 842
"""Of A4, in points."""
LONG = "Extra virgin olive oil from the hills, cold pressed, in a tin of 500 ml, "


def _pages(path: Path) -> list[str]:
    return words_of(path).split("\f")[:-1]


def _boxes(path: Path) -> list[tuple[float, float, float, float, str]]:
    """Return where each word stands: left, top, right, bottom, in points."""
    found = re.findall(
        r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>',
        words_of(path, "-bbox"),
    )
    return [(*map(float, box[:4]), box[4]) for box in found]


def _info(path: Path) -> str:
    done = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, timeout=60,
                          check=True)  # fmt: skip
    return done.stdout


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("papers") / "list.pdf"
    made = document(notes=("Prices hold VAT.",), charts=(CHART, LINE_CHART), compared="October")
    assert written(write_pdf, path, made) == 3
    return path


def test_all_that_stands_around_the_rows_is_there(ordinary: Path) -> None:
    text = words_of(ordinary)
    for words in ("Mama Njeri & Sons", "Gĩthũrai 45, Nairobi · PIN P051234567X", "Sales by product",
                  "business days 01/11/2026 to 24/11/2026", "Compared with October",
                  "Made 24/11/2026 08:15 by Njeri", "Page 1 of 1", "Prices hold VAT.",
                  "Sales by hour", "The week before", "10:00", "3,000"):  # fmt: skip
        assert words in text, words


def test_values_stand_as_people_write_them(ordinary: Path) -> None:
    lines = [line.split() for line in words_of(ordinary).splitlines()]
    assert ["00042", "Sugar", "1", "kg", "1,240", "12.500", "99,999,999.99", "23.45", "24/11/2026",
            "24/11/2026", "10:15"] in lines  # fmt: skip
    assert [
        "M1",
        "Milk",
        "3",
        "0.750",
        "-0.05",
        "12.5",
        "23/11/2026",
        "24/11/2026",
        "08:15",
    ] in lines
    assert ["TOTAL", "1,243", "99,999,999.94"] in lines


def test_the_file_says_what_it_is(ordinary: Path) -> None:
    info = _info(ordinary)
    assert "Sales by product · business days 01/11/2026 to 24/11/2026" in info
    assert re.search(r"Author: +Njeri", info)
    assert "A4" in info


def test_every_page_has_its_number_and_the_headings(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    written(write_pdf, path, document(many(150), made_by=""))
    pages = _pages(path)
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert re.search(r"Code +Product +Sales", page)
        assert ("Sales by product, continued" in page) is (number > 1)
    found = re.findall(r"Thing number (\d+) ", "".join(pages))
    assert [int(one) for one in found] == list(range(150))
    assert pages[-1].count("TOTAL") == "".join(pages).count("TOTAL") == 1


def test_the_totals_never_stand_alone_on_a_page_nor_in_its_foot(tmp_path: Path) -> None:
    """Looked at with one row more each time, until the page is full and another one begins."""
    path = tmp_path / "list.pdf"
    counts = iter(range(38, 60))
    pages: list[str] = []
    while len(pages) < 2:
        count = next(counts)
        written(write_pdf, path, document(many(count)))
        pages = _pages(path)
        assert "TOTAL" in pages[-1]
        assert f"Thing number {count - 1} " in pages[-1]
        (bottom,) = [box[3] for box in _boxes(path) if box[4] == "TOTAL"]
        assert bottom < _HEIGHT - BOTTOM
    assert count > 38, "at fewer there was one page"


def _overlaps(boxes: Sequence[tuple[float, float, float, float, str]]) -> list[tuple[str, str]]:
    return [
        (one[4], other[4])
        for at, one in enumerate(boxes)
        for other in boxes[at + 1 :]
        if one[0] < other[2] - 0.5 and other[0] < one[2] - 0.5
        and one[1] < other[3] - 2.5 and other[1] < one[3] - 2.5
    ]  # fmt: skip


def _rows_of(name: str, count: int) -> list[tuple[Any, ...]]:
    return [(f"C{row}", name * (1 + 2 * row), *ROWS[0][2:]) for row in range(count)]


@pytest.mark.parametrize("name", [LONG, "Donaudampfschifffahrtsgesellschaft", "Ö" * 90])
def test_long_names_are_wrapped_and_nothing_overlaps(tmp_path: Path, name: str) -> None:
    path = tmp_path / "list.pdf"
    written(write_pdf, path, document(_rows_of(name, 9)))
    boxes = _boxes(path)
    assert not _overlaps(boxes)
    assert all(box[0] > 30 and box[2] < 842 - 30 for box in boxes)
    assert "…" in words_of(path)
    assert words_of(path).count("99,999,999.99") == 9


def test_many_columns_lie_on_the_page_in_smaller_letters(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    columns = [replace(COLUMNS[4], key=f"k{place}") for place in range(18)]
    rows = [[99_999_999_99] * 18] * 3
    written(write_pdf, path, document(rows, columns=columns, totals={}))
    assert not _overlaps(_boxes(path))
    assert max(box[2] for box in _boxes(path)) < 842 - 30
    assert words_of(path).count("99,999,999.99") == 54


def test_a_number_wider_than_those_before_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    columns = (*COLUMNS[:2], DocumentColumn(key="gross", title="Gross", kind=Kind.CENTS)) * 3
    rows = [*[("C", "Soap", 1) * 3] * 250, ("C", "Soap", -99_999_999_99) * 3]
    written(write_pdf, path, document(rows, columns=columns, totals={}))
    assert not _overlaps(_boxes(path)[-60:])
    assert words_of(path).count("-99,999,999.99") == 3


def test_a_document_of_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    assert written(write_pdf, path, document((), totals={"gross": 0})) == 0
    text = words_of(path)
    assert "There is nothing in this period." in text
    assert re.search(r"TOTAL +0\.00", text)


def test_long_notes_go_on_on_the_next_page(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    notes = [f"Note {number}: " + LONG * 9 for number in range(30)]
    written(write_pdf, path, document(notes=notes))
    assert len(_pages(path)) > 1
    assert re.findall(r"Note (\d+):", words_of(path)) == [str(number) for number in range(30)]
    foot = min(box[1] for box in _boxes(path) if box[4] == "Made")
    assert not [box for box in _boxes(path) if box[4] == "hills," and box[3] > foot]


def test_signs_that_the_letters_lack_are_told(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    written(write_pdf, path, names("Gĩthũrai Ng\u02bcang\u02bca é – ½ →", "茶 ☃\x07 \ud800"))
    text = words_of(path)
    assert "Gĩthũrai Ng’ang’a é – ½ →" in text
    assert "? ?? ?" in text
    assert "? stands where the letters of this file lack a sign." in text
    written(write_pdf, path, names("Sugar"))
    assert "lack a sign" not in words_of(path)


@pytest.mark.parametrize(
    "values", [(), (None, None), (0, 0), (-500, 300), (99_999_999_99, 1), (-3, -2)]
)
@pytest.mark.parametrize("kind", ChartKind)
def test_a_chart_of_any_figures_is_drawn(
    tmp_path: Path, kind: ChartKind, values: tuple[int | None, ...]
) -> None:
    path = tmp_path / "list.pdf"
    labels = ("one", "two")[: len(values)]
    series = (Series(title="Now", values=values), Series(title="Then", values=values))
    chart = Chart(title="Chart", labels=labels, kind=kind, series=series)
    written(write_pdf, path, document(charts=(chart,) * 5))
    text = words_of(path)
    assert text.count("Chart") == 5
    assert text.count("Then") == 5


def test_amounts_are_written_as_the_country_does(tmp_path: Path) -> None:
    country.follow("RW")
    path = tmp_path / "list.pdf"
    written(write_pdf, path, document([("C", "Soap", 1, 1000, 12_345_00)], columns=COLUMNS[:5],
                                      totals={}))  # fmt: skip
    assert "12,345\n" in words_of(path)


def test_the_same_document_makes_the_same_file(tmp_path: Path) -> None:
    contents = []
    for name in ("one.pdf", "two.pdf"):
        written(write_pdf, tmp_path / name, document(many(60), charts=(CHART,)))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_progress_is_told_and_can_break_off(tmp_path: Path) -> None:
    told: list[int] = []
    path = tmp_path / "list.pdf"
    written(write_pdf, path, document(many(TELL_EVERY + 1)), told.append)
    assert told == [TELL_EVERY, TELL_EVERY + 1]

    def cancel(_rows: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        written(write_pdf, tmp_path / "other.pdf", document(many(TELL_EVERY + 1)), cancel)
    assert [*tmp_path.iterdir()] == [path]


@posix
def test_a_disk_without_room_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    with files_of_at_most(20_000), pytest.raises(NotWritten, match="larger than that disk"):
        written(write_pdf, tmp_path / "list.pdf", document(many(1_000)))
    assert not [*tmp_path.iterdir()]


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    written(write_pdf, path, document(many(10)))
    peaks = [
        peak_of(lambda count=count: written(write_pdf, path, document(many(count))))  # type: ignore[misc]
        for count in (100, 1_000)
    ]
    assert peaks[1] < peaks[0] * 1.3 + 300_000


def test_texts_are_cut_and_wrapped_within_their_room() -> None:
    for text in (LONG, "W" * 60, "a b", ""):
        for room in (9.0, 30.0, 100.0):
            lines = wrapped(text, PLAIN, 8, room, 3)
            assert 1 <= len(lines) <= 3
            assert all(width(line, PLAIN, 8) <= room for line in lines)
            assert width(cut(text, PLAIN, 8, room), PLAIN, 8) <= room
    assert wrapped("one two", PLAIN, 8, 100.0, 3) == ["one two"]
    assert wrapped("one two", PLAIN, 8, 20.0, 3) == ["one", "two"]
