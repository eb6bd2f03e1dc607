"""Reads XLSX workbooks as a stream of rows; see `sheet_rows` for why not by a library."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from pos_desktop.documents.cells import Cell, CellFault
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.shared_texts import SharedTexts, read_shared_texts
from pos_desktop.documents.sheet_rows import SheetRows
from pos_desktop.documents.tables import choose_sheet
from pos_desktop.documents.workbook_guard import open_archive, open_part
from pos_desktop.documents.xml_stream import Attributes, each_start

LARGEST_PART = 64 << 20
"""What the parts that list sheets and styles may unpack to."""
BUILT_IN_DATES = frozenset(
    str(number) for number in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))
)
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
DATE_SIGNS = re.compile(r"[dmyhs]", re.IGNORECASE)


class XlsxTable:
    """One sheet of a workbook, read as it streams."""

    format = "xlsx"
    encoding = ""
    delimiter = ""
    strict_width = False

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        """Find the sheet (by name, else by number, else the first visible); raises FileRefused."""
        self.path = path
        with open_archive(path) as book:
            sheets = _sheets(book, path.name)
            self.sheets = tuple(sheets)
            self.sheet = choose_sheet(list(sheets), sheet, path.name)
            self._part = sheets[self.sheet]
            self._dates = _date_styles(book, path.name)
            self._size = sum(e.file_size for e in book.infolist() if e.filename == self._part)
        self._reading: SheetRows | None = None

    def rows(self) -> Iterator[tuple[int, list[Cell] | CellFault]]:
        """Yield row number and cells of each row that is not empty."""
        name = self.path.name
        with (
            open_archive(self.path) as book,
            closing(_texts(book, name)) as texts,
            open_part(book, self._part, name) as source,
        ):
            self._reading = SheetRows(source, name, texts, self._dates)
            yield from self._reading.rows()

    @property
    def progress(self) -> float:
        """How much of the sheet has been read, 0 to 1."""
        return self._reading.bytes_read / max(self._size, 1) if self._reading else 0.0


def _part(
    book: zipfile.ZipFile, part: str, name: str, seen: Callable[[str, Attributes], None]
) -> None:
    """Go through the elements of a small part, if the workbook has it."""
    if part not in book.namelist():
        return
    if book.getinfo(part).file_size > LARGEST_PART:
        raise FileRefused(FileFault.ENDLESS, file=name)
    with open_part(book, part, name) as source:
        each_start(source, name, seen)


def _sheets(book: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Return part names by sheet name, visible sheets first."""
    targets: dict[str, str] = {}
    found: list[tuple[bool, str, str]] = []

    def relation(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def listed(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            target = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            found.append((hidden, attributes.get("name", ""), targets.get(target, "")))

    _part(book, "xl/_rels/workbook.xml.rels", name, relation)
    _part(book, "xl/workbook.xml", name, listed)
    found.sort(key=lambda one: one[0])
    return {title: _inside(target) for _hidden, title, target in found if target}


def _inside(target: str) -> str:
    """Return the archive's name of a part that the workbook points at."""
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join("xl", target))


def _texts(book: zipfile.ZipFile, name: str) -> SharedTexts:
    parts = {part.lower(): part for part in book.namelist()}
    part = parts.get("xl/sharedstrings.xml")
    if part is None:
        return SharedTexts()
    with open_part(book, part, name) as source:
        return read_shared_texts(source, name)


def _date_styles(book: zipfile.ZipFile, name: str) -> frozenset[str]:
    """Return the numbers of the cell styles that show a number as a date or a time."""
    custom: set[str] = set()
    formats: list[str] = []
    inside: list[str] = []

    def style(tag: str, attributes: Attributes) -> None:
        if tag in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            inside[:] = [tag]
        elif tag == "numFmt" and is_date_format(attributes.get("formatCode", "")):
            custom.add(attributes.get("numFmtId", ""))
        elif tag == "xf" and inside == ["cellXfs"]:
            formats.append(attributes.get("numFmtId", ""))

    _part(book, "xl/styles.xml", name, style)
    dates = BUILT_IN_DATES | custom
    return frozenset(str(index) for index, number in enumerate(formats) if number in dates)


def is_date_format(code: str) -> bool:
    """Tell whether a number format shows dates or times ("dd/mm/yy", not "#,##0.00 [Red]")."""
    return bool(DATE_SIGNS.search(QUOTED.sub("", code.partition(";")[0])))
