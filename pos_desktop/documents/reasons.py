"""Why a file or a row of it was not taken: codes that cross processes, and their sentences.

A child process knows no language; it hands back a code and details, and whoever shows them words
them in the language of the person who reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _


class FileFault(StrEnum):
    """Why a whole file is refused."""

    MISSING = "missing"  # no such file, or not readable
    EMPTY = "empty"  # nothing in it
    NOT_A_TABLE = "not_a_table"  # a picture, a PDF, a program
    WEB_PAGE = "web_page"  # HTML or XML under the name of a table
    DAMAGED = "damaged"  # cut off or broken inside
    ENCRYPTED = "encrypted"  # opens with a password only
    ENDLESS = "endless"  # unpacks without end
    TOO_LARGE = "too_large"  # a format that must be held in memory whole
    NO_SHEET = "no_sheet"  # the named sheet is not there
    NO_COLUMNS = "no_columns"  # no header row, or no key column in it
    NO_KEY = "no_key"  # columns, but none that tells which product
    BAD_MAP = "bad_map"  # --map names what does not exist
    NOT_A_MAP = "not_a_map"  # --map without column=field
    MAPPED_TWICE = "mapped_twice"  # --map gives one field two columns


class RowFault(StrEnum):
    """Why one row is rejected."""

    NO_KEY = "no_key"  # neither code nor barcode
    EXTRA_CELLS = "extra_cells"  # more cells than the header: a separator inside a text
    OPEN_QUOTE = "open_quote"  # a quotation mark that is never closed
    TOO_LONG_LINE = "too_long_line"  # a line that no table has
    FORMULA = "formula"  # a formula whose result was never saved
    CELL_ERROR = "cell_error"  # #REF!, #N/A ...
    DATE = "date"  # the spreadsheet made a date of it
    CHECK_DIGIT = "check_digit"  # a manufacturer's barcode with a wrong last digit
    CUT_BARCODE = "cut_barcode"  # 6.16E+12: digits are lost
    BAD_BARCODE = "bad_barcode"  # signs that no barcode holds
    NOT_AMOUNT = "not_amount"  # not a number
    NEGATIVE = "negative"  # a price below zero
    DECIMALS = "decimals"  # more decimals than money or quantities have
    ABSURD = "absurd"  # beyond any shop's price or stock
    AMBIGUOUS = "ambiguous"  # 1.234 in a column that does not tell which it is
    NOT_FLAG = "not_flag"  # neither yes nor no
    NOT_TAX = "not_tax"  # no VAT band
    TOO_LONG = "too_long"  # a text beyond its limit
    UNREADABLE = "unreadable"  # damaged characters


class FileRefused(Refused):
    """The file cannot be read; `data` is plain and words itself again in another process."""

    def __init__(self, fault: FileFault, **detail: str) -> None:
        self.fault = fault
        self.data: dict[str, str] = {"fault": str(fault), **detail}
        super().__init__(file_sentence(fault, detail))

    @classmethod
    def from_data(cls, data: Mapping[str, str]) -> FileRefused:
        """Make the refusal anew from what a child handed back, in the language of this process."""
        detail = {key: value for key, value in data.items() if key != "fault"}
        return cls(FileFault(data["fault"]), **detail)


def file_sentence(fault: FileFault, detail: Mapping[str, str]) -> str:
    """Return the sentence for a refused file; details are names, lists and hints."""
    words = {"file": "", "sheet": "", "known": "", "hint": "", "what": "", "limit": ""} | dict(
        detail
    )
    return _file_sentences()[fault].format(**words)


def row_sentence(fault: str, limit: str = "") -> str:
    """Return the reason shown beside a rejected row; limit is the number the rule names."""
    return _row_sentences()[RowFault(fault)].format(limit=limit)


def _file_sentences() -> dict[FileFault, str]:
    return {
        FileFault.MISSING: _("{file} cannot be opened; check its name and that you may read it."),
        FileFault.EMPTY: _("{file} is empty; save the table again and import it anew."),
        FileFault.NOT_A_TABLE: _("{file} is not a table; save it as CSV or XLSX and import that."),
        FileFault.WEB_PAGE: _(
            "{file} is a web page with the name of a table; open it in a spreadsheet and save it "
            "as XLSX."
        ),
        FileFault.DAMAGED: _("{file} is damaged or cut off; save or copy it again."),
        FileFault.ENCRYPTED: _("{file} is protected by a password; save it without one."),
        FileFault.ENDLESS: _(
            "{file} unpacks to far more than a catalogue holds; save only the table as CSV."
        ),
        FileFault.TOO_LARGE: _("{file} is too large for its format; save it as XLSX or CSV."),
        FileFault.NO_SHEET: _('{file} has no sheet "{sheet}"; it has {known}.'),
        FileFault.NO_COLUMNS: _(
            "No columns are recognised in {file}; name them with --map column=field, where field "
            "is one of {known}."
        ),
        FileFault.NO_KEY: _(
            "{file} has no column with a barcode or a code; name it with --map column=barcode."
        ),
        FileFault.NOT_A_MAP: _('--map "{sheet}" is not column=field; write it like "Bei=price".'),
        FileFault.MAPPED_TWICE: _(
            '--map gives "{sheet}" two columns; only barcode may have several.'
        ),
        FileFault.BAD_MAP: _('--map: there is no {what} "{sheet}"{hint}; known are {known}.'),
    }


def _row_sentences() -> dict[RowFault, str]:
    return {
        RowFault.NO_KEY: _("neither barcode nor code; fill one in"),
        RowFault.EXTRA_CELLS: _("more cells than the header has; put the text in quotation marks"),
        RowFault.OPEN_QUOTE: _("a quotation mark is never closed; remove or close it"),
        RowFault.TOO_LONG_LINE: _("the line is longer than {limit} characters; shorten it"),
        RowFault.FORMULA: _("a formula without a saved result; save the sheet in a spreadsheet"),
        RowFault.CELL_ERROR: _("the formula in this cell fails; correct it"),
        RowFault.DATE: _("the spreadsheet made a date of it; format the cell as text, type again"),
        RowFault.CHECK_DIGIT: _("the check digit is wrong; scan the pack to correct the barcode"),
        RowFault.CUT_BARCODE: _("the spreadsheet cut digits off; format the column as text"),
        RowFault.BAD_BARCODE: _("not a barcode; only letters, digits and signs, at most {limit}"),
        RowFault.NOT_AMOUNT: _("not a number; write it like 1240.50"),
        RowFault.NEGATIVE: _("below zero; write a price of 0 or more"),
        RowFault.DECIMALS: _("more than {limit} decimals; round it"),
        RowFault.ABSURD: _("larger than {limit}; check the price or quantity"),
        RowFault.AMBIGUOUS: _("may be thousands or decimals; write it like 1240.50"),
        RowFault.NOT_FLAG: _("neither yes nor no; write yes or no"),
        RowFault.NOT_TAX: _("not a VAT band; write A, B, C, D, E or the rate"),
        RowFault.TOO_LONG: _("longer than {limit} characters; shorten it"),
        RowFault.UNREADABLE: _("characters are damaged; type the text again"),
    }
