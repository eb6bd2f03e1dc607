"""Reads CSV files of any making as a stream of rows.

One pass over the bytes settles the encoding (byte order marks, UTF-16 without one, UTF-8, else
cp1252), then the file is read in blocks: memory does not grow with it. A quotation mark that is
never closed costs its own line, not the rest of the file. Row numbers are those a spreadsheet
shows: a line break inside quotation marks does not count, an empty line does.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pos_desktop.documents.cells import SHOWN_VALUE, Cell, CellFault
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.domain.row_faults import RowFault

BLOCK = 1 << 14
"""Larger blocks are no faster, and leave holes in the C library's heap that grow with the file."""
SAMPLE_BYTES = 1 << 16
SAMPLE_LINES = 60
LONGEST_LINE = 1 << 20
LONGEST_CELL = 32_767
MOST_LINES_IN_A_ROW = 50
PACKED_RATIO = 300
"""No table packs better than this; what does is made to fill the disk."""
PACKED_FREE = 64 << 20
"""Below this size nobody asks for the ratio."""

DELIMITERS = ";\t|,"
GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OTHER_FORMATS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf",
                 b"BZh", b"\x7fELF", b"MZ\x90", b"SQLite format 3")  # fmt: skip
WEB_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")


class CsvTable:
    """A CSV file open for reading: its encoding and delimiter are known, its rows stream."""

    format = "csv"
    sheet = ""
    sheets = ()
    strict_width = True

    def __init__(self, path: Path) -> None:
        """Settle encoding and delimiter; raises FileRefused."""
        self.path = path
        self.encoding = _encoding(path)
        self._skip = 0
        self._source: BinaryIO | None = None
        self.delimiter = self._settle_delimiter()

    def rows(self) -> Iterator[tuple[int, list[Cell] | CellFault]]:
        """Yield row number and cells of each row that is not empty, a fault for a broken line."""
        with _opened(self.path) as (binary, self._source):
            text = io.TextIOWrapper(binary, self.encoding, errors="replace", newline=None)
            yield from _Rows(_lines(text), self.delimiter).rows(self._skip)

    @property
    def progress(self) -> float:
        """How much of the file has been read, 0 to 1."""
        source = self._source
        if source is None or source.closed:
            return 0.0 if source is None else 1.0
        return source.tell() / max(self.path.stat().st_size, 1)

    def _settle_delimiter(self) -> str:
        with _opened(self.path) as (binary, _plain):
            text = io.TextIOWrapper(binary, self.encoding, errors="replace", newline=None)
            sample = text.read(SAMPLE_BYTES)
        lines = sample.split("\n")
        if not sample.strip("\n\t ,;|\x00"):
            raise FileRefused(FileFault.EMPTY, file=self.path.name)
        named = lines[0].strip().strip('"').lower()
        if named.startswith("sep=") and len(named) <= 5:
            self._skip = 1
            return named[4:] or "\t"
        return _delimiter(lines[:SAMPLE_LINES])


class _Rows:
    """Cuts lines into rows, and steps back where a quotation mark swallowed several lines."""

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._again: list[str] = []
        self._taken: list[str] = []

    def rows(self, skip: int) -> Iterator[tuple[int, list[Cell] | CellFault]]:
        csv.field_size_limit(LONGEST_CELL)
        number = 0
        while True:
            reader = csv.reader(self._feed(), delimiter=self._delimiter)
            try:
                for row in reader:
                    number += 1
                    if len(self._taken) > 1 and self._is_swallowed():
                        break
                    self._taken.clear()
                    if row and number > skip:
                        yield number, row  # type: ignore[misc]  # a list of texts is one of cells
                else:
                    return
            except csv.Error:
                number += 1
            yield number, self._step_back()

    def _feed(self) -> Iterator[str]:
        """Yield lines, those to be read again first, and keep what the present row has taken."""
        while self._again:
            line = self._again.pop()
            self._taken.append(line)
            yield line
        taken = self._taken.append
        for line in self._lines:
            taken(line)
            yield line

    def _is_swallowed(self) -> bool:
        """Tell whether a row of several lines is rather a mark that was never closed.

        Such a mark ends at the next opening one, behind which a text goes on; or at no mark.
        """
        if len(self._taken) > MOST_LINES_IN_A_ROW:
            return True
        try:
            list(csv.reader(self._taken, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return True
        return False

    def _step_back(self) -> CellFault:
        first, *rest = self._taken
        self._again.extend(reversed(rest))
        self._taken = []
        if len(first) >= LONGEST_LINE:
            return CellFault(RowFault.TOO_LONG_LINE, first[:SHOWN_VALUE], str(LONGEST_LINE))
        return CellFault(RowFault.OPEN_QUOTE, first.rstrip("\n")[:SHOWN_VALUE])


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield lines with their ends; of an endless line only its first part, cut to fail."""
    carry = ""
    while block := text.read(BLOCK):
        block = carry + block
        cut = block.rfind("\n") + 1
        carry = block[cut:]
        yield from io.StringIO(block[:cut], newline="\n")
        if len(carry) > LONGEST_LINE:
            yield carry[:LONGEST_LINE].replace('"', " ") + "\n"
            carry = _rest_after_line(text)
    if carry:
        yield carry


def _rest_after_line(text: io.TextIOWrapper) -> str:
    while block := text.read(BLOCK):
        cut = block.find("\n") + 1
        if cut:
            return block[cut:]
    return ""


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a plain or a gzip file: its text's bytes and the file itself; raises FileRefused."""
    try:
        with path.open("rb") as plain:
            packed = plain.read(2) == GZIP_MAGIC
            plain.seek(0)
            if packed:
                with gzip.GzipFile(fileobj=plain) as unpacked:
                    yield unpacked, plain  # type: ignore[misc]  # reads like any binary file
            else:
                yield plain, plain
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused(FileFault.DAMAGED, file=path.name) from error
    except OSError as error:
        raise FileRefused(FileFault.MISSING, file=path.name) from error


def _encoding(path: Path) -> str:
    """Return the encoding of a file, having read it once; raises FileRefused."""
    packed = path.stat().st_size if path.exists() else 0
    with _opened(path) as (binary, _plain):
        head = binary.read(SAMPLE_BYTES)
        settled = _encoding_of(head, path.name)
        decoder = codecs.getincrementaldecoder("utf-8")() if settled is None else None
        size = len(head)
        is_utf8 = _decodes(decoder, head)
        while block := binary.read(BLOCK):
            size += len(block)
            if size > PACKED_FREE and size > packed * PACKED_RATIO:
                raise FileRefused(FileFault.ENDLESS, file=path.name)
            is_utf8 = is_utf8 and _decodes(decoder, block)
        is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    return settled or ("utf-8" if is_utf8 else "cp1252")


def _decodes(
    decoder: codecs.IncrementalDecoder | None, block: bytes, *, final: bool = False
) -> bool:
    try:
        if decoder is not None:
            decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _encoding_of(head: bytes, name: str) -> str | None:
    """Return what the first bytes settle, None where UTF-8 is to be tried; raises FileRefused."""
    if not head:
        raise FileRefused(FileFault.EMPTY, file=name)
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    if head.startswith(OTHER_FORMATS):
        raise FileRefused(FileFault.NOT_A_TABLE, file=name)
    if head.lstrip()[:9].lower().startswith(WEB_PAGES):
        raise FileRefused(FileFault.WEB_PAGE, file=name)
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    if _is_binary(head):
        raise FileRefused(FileFault.NOT_A_TABLE, file=name)
    return None


def _is_binary(head: bytes) -> bool:
    """Tell whether bytes hold more control signs than a text with a few stray ones."""
    kept = head.translate(None, delete=bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c")))
    return len(head) - len(kept) > len(head) // 50


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter that cuts most lines into equally many cells."""
    whole = [line + "\n" for line in (lines[:-1] or lines)]
    scores = [(_agreement(whole, delimiter), delimiter) for delimiter in DELIMITERS]
    best = max(scores, key=lambda score: score[0])
    return best[1] if best[0][0] else ","


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Return the share of lines with the commonest number of cells above one, and that number."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    several = [width for width in widths if width > 1]
    if not several:
        return 0.0, 0
    common = max(set(several), key=lambda width: (several.count(width), width))
    return round(several.count(common) / len(widths), 1), common
