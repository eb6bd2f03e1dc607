"""Reads what stands in a cell: flags, VAT bands, barcodes, texts (amounts: see `amounts`).

A cell is text (CSV, texts of a workbook), a float (numbers of a workbook) or a `CellFault` that
the reader of the file found already. An empty cell is None everywhere: it changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from pos_desktop.domain import barcodes
from pos_desktop.domain.row_faults import RowFault

LONGEST_NAME = 200
LONGEST_CATEGORY = 80
LONGEST_SHORT_TEXT = 32
SHOWN_VALUE = 200
"""How much of a refused cell is kept to be shown."""
MEMO_ENTRIES = 8192

SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+[eE]\+?|[eE]\+)[0-9]+")
KEPT_AS_TEXT = re.compile(r"""="([^"]*)"|'([^']+)""")
SPACED_DIGITS = re.compile(r"[0-9]+(?: [0-9]+)+")
SEVERAL = re.compile(r"[\s;|,]+")
UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

YES = {"yes", "y", "true", "t", "1", "x", "✓", "on", "active", "ndiyo", "ndio", "oui", "vrai"}
NO = {"no", "n", "false", "f", "0", "-", "off", "inactive", "hapana", "la", "non", "faux"}
BANDS = {
    "a": "A", "b": "B", "c": "C", "d": "D", "e": "E",
    "exempt": "A", "exempted": "A", "exonere": "A",
    "vat": "B", "standard": "B", "taxable": "B", "vatable": "B", "16": "B", "0.16": "B",
    "zero": "C", "zero rated": "C", "zero-rated": "C",
    "non vat": "D", "non-vat": "D", "none": "D",
    "8": "E", "0.08": "E",
}  # fmt: skip
TAX_CODES = {"0": "A", "1": "B", "2": "E"}
"""Where no band and no rate stands, 0, 1, 2 number the tax: none, the ordinary, the lower rate."""
TAX_RATES = {"0": "C"}
"""Where rates stand, nought per cent is the zero-rated band."""


class CellFault(NamedTuple):
    """A cell, or in place of a whole row a line, that cannot be read as it stands."""

    fault: RowFault
    value: str
    limit: str = ""


Cell = str | float | CellFault
Value = str | int | bool | tuple[str, ...] | None


class BadCell(Exception):
    """Raised by a reader for a cell it refuses."""

    def __init__(self, fault: RowFault, limit: int | str = "") -> None:
        self.fault = fault
        self.limit = str(limit)
        super().__init__(fault)


class Reader(dict[Cell, Value | CellFault]):
    """Turns the cells of one column into values and remembers those that repeat.

    `faulty` is set as soon as a value is a CellFault; whoever reads a batch clears it.
    """

    def __init__(
        self,
        read: Callable[[str], Value],
        read_number: Callable[[str], Value] | None = None,
    ) -> None:
        """Read texts, and numbers of a workbook (as decimal text) in another way if need be."""
        super().__init__()
        self._read = read
        self._read_number = read_number or read
        self.faulty = False

    def column(self, cells: Iterable[Cell]) -> list[Value | CellFault]:
        """Return the values of cells in order, a CellFault in place of each refused one."""
        return list(map(self.__getitem__, cells))

    def fault(self, cell: Cell) -> CellFault | None:
        """Return what is wrong with a cell, None if nothing is."""
        value = self._value(cell)
        return value if isinstance(value, CellFault) else None

    def __missing__(self, cell: Cell) -> Value | CellFault:
        value = self._value(cell)
        if isinstance(value, CellFault):
            self.faulty = True
            return value
        if len(self) >= MEMO_ENTRIES:
            self.clear()
        self[cell] = value
        return value

    def _value(self, cell: Cell) -> Value | CellFault:
        if isinstance(cell, CellFault):
            return cell
        text = cell if isinstance(cell, str) else plain_number(cell)
        try:
            return self._read(text) if text is cell else self._read_number(text)
        except BadCell as bad:
            return CellFault(bad.fault, text[:SHOWN_VALUE], bad.limit)


class UniqueReader(Reader):
    """The same for a column whose values do not repeat: names, barcodes."""

    def column(self, cells: Iterable[Cell]) -> list[Value | CellFault]:
        """Return the values of cells in order without remembering any."""
        return [self._value_once(cell) for cell in cells]

    def _value_once(self, cell: Cell) -> Value | CellFault:
        value = self._value(cell)
        if value.__class__ is CellFault:
            self.faulty = True
        return value


def plain_number(number: float) -> str:
    """Return a workbook's number as decimal text with the 15 digits that spreadsheets keep."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = format(number, ".15g")
    if "e" not in text:
        return text
    return format(number, ".15f").rstrip("0") if abs(number) < 1 else text


def read_flag(text: str) -> bool | None:
    """Return whether a cell says yes in English, Swahili, French or by 1 and 0."""
    word = text.strip().lower()
    if not word:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCell(RowFault.NOT_FLAG)


def tax_reader(*, codes: bool) -> Reader:
    """Return a reader of VAT bands: letters, words, rates; 0, 1 and 2 where those are codes."""
    numbers = TAX_CODES if codes else TAX_RATES

    def read(text: str) -> str | None:
        word = _tax_word(text)
        if not word:
            return None
        band = BANDS.get(word) or numbers.get(word)
        if band is None:
            raise BadCell(RowFault.NOT_TAX)
        return band

    return Reader(read)


def is_tax_column_of_codes(sample: Iterable[Cell]) -> bool:
    """Tell whether a tax column holds codes (0, 1, 2) and not one band, word or rate."""
    words = {_tax_word(cell) for cell in sample if not isinstance(cell, CellFault)} - {""}
    return bool(words & TAX_CODES.keys()) and not words & BANDS.keys()


def tax_meanings(sample: Iterable[Cell], *, codes: bool) -> dict[str, str]:
    """Return what the words and numbers of a tax column are read as, where they are no letters.

    In a column of codes all codes are told, else what its sample holds.
    """
    if codes:
        return dict(TAX_CODES)
    known = {**TAX_RATES, **BANDS}
    words = sorted({_tax_word(cell) for cell in sample if not isinstance(cell, CellFault)})
    return {word: known[word] for word in words if len(word) > 1 or word.isdigit() if word in known}


def _tax_word(cell: str | float) -> str:
    text = cell if isinstance(cell, str) else plain_number(cell)
    word = text.strip().lower().replace(",", ".").removeprefix("vat ").removeprefix("band ")
    if word.endswith("%"):
        word = word[:-1].strip()
        word = "zero" if word.strip("0.") == "" else word
    return word.rstrip("0").rstrip(".") if "." in word else word


def read_barcodes(text: str) -> tuple[str, ...] | None:
    """Return the barcodes of a cell (several may stand there), each with a right check digit."""
    if text.isalnum() and text.isascii() and len(text) <= barcodes.LONGEST_BARCODE:
        if barcodes.is_wrong(text):
            raise BadCell(RowFault.CHECK_DIGIT)
        return (text,)
    text = bare_code(text)
    if SCIENTIFIC.fullmatch(text):
        raise BadCell(RowFault.CUT_BARCODE)
    found = dict.fromkeys(part for part in SEVERAL.split(_closed_up(text)) if part)
    for code in found:
        if not code.isascii() or len(code) > barcodes.LONGEST_BARCODE:
            raise BadCell(RowFault.BAD_BARCODE, barcodes.LONGEST_BARCODE)
        if barcodes.is_wrong(code):
            raise BadCell(RowFault.CHECK_DIGIT)
    return tuple(found) or None


def bare_code(text: str) -> str:
    """Return a code without what exports put around it to save its zeros: ="0123" and '0123."""
    text = _seen(text)
    kept = KEPT_AS_TEXT.fullmatch(text)
    return (kept[1] or kept[2] or "").strip() if kept else text


def _closed_up(text: str) -> str:
    """Return one barcode typed in groups ("5 901234 123457") without its spaces, where proven."""
    closed = text.replace(" ", "")
    proven = (
        SPACED_DIGITS.fullmatch(text)
        and len(closed) in barcodes.GTIN_LENGTHS
        and barcodes.has_right_check_digit(closed)
    )
    return closed if proven else text


def read_code(text: str) -> str | None:
    """Return a product code as the shop writes it; one that a spreadsheet cut is refused."""
    code = bare_code(text)
    if SCIENTIFIC.fullmatch(code):
        raise BadCell(RowFault.CUT_BARCODE)
    if len(code) > barcodes.LONGEST_BARCODE:
        raise BadCell(RowFault.TOO_LONG, barcodes.LONGEST_BARCODE)
    return code or None


class BarcodeReader(UniqueReader):
    """Reads barcodes; numbers of a workbook get back the zeros they lost, where proven."""

    def __init__(self) -> None:
        super().__init__(read_barcodes)

    def _value(self, cell: Cell) -> Value | CellFault:
        if isinstance(cell, float):
            text = plain_number(cell)
            cell = barcodes.with_lost_zeros(text) if text.isdigit() else text
            if not text.isdigit():
                return CellFault(RowFault.CUT_BARCODE, text)
        return super()._value(cell)


def text_reader(longest: int, *, unique: bool = False) -> Reader:
    """Return a reader of texts: no control characters, single spaces, at most so many signs."""

    def read(text: str) -> str | None:
        if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
            text = _seen(text)
        if len(text) > longest:
            raise BadCell(RowFault.TOO_LONG, longest)
        if "\ufffd" in text:
            raise BadCell(RowFault.UNREADABLE)
        return text or None

    return UniqueReader(read) if unique else Reader(read)


def _seen(text: str) -> str:
    """Return a text without the signs that nobody sees, its spaces collapsed."""
    text = UNSEEN.sub("", " ".join(text.split()))
    if text.isprintable():
        return text
    kept = (sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cs"))
    return " ".join("".join(kept).split())
