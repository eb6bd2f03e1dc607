"""Why a file was not taken: codes that cross processes, and their sentences.

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

    NOT_THERE = "not_there"  # no such file
    FOLDER = "folder"  # no file, but what files lie in
    MISSING = "missing"  # not readable
    EMPTY = "empty"  # nothing in it
    NOT_A_TABLE = "not_a_table"  # a picture, a PDF, a program
    WEB_PAGE = "web_page"  # HTML or XML under the name of a table
    DAMAGED = "damaged"  # cut off or broken inside
    ENCRYPTED = "encrypted"  # opens with a password only
    ENDLESS = "endless"  # unpacks without end
    TOO_LARGE = "too_large"  # a format that must be held in memory whole
    NO_SHEET = "no_sheet"  # the named sheet is not there
    NO_SHEETS = "no_sheets"  # a sheet is named, but it is no workbook
    NO_COLUMNS = "no_columns"  # no header row, or no key column in it
    NO_KEY = "no_key"  # columns, but none that tells which product
    NO_STATEMENT = "no_statement"  # a table, but no statement of M-Pesa
    BAD_MAP = "bad_map"  # --map names what does not exist
    NOT_A_MAP = "not_a_map"  # --map without column=field
    MAPPED_TWICE = "mapped_twice"  # --map gives one field two columns


OF_COLUMNS = frozenset((FileFault.NO_COLUMNS, FileFault.NO_KEY))
"""A sheet that has none of what a table of goods has; `sheet` is another one that has."""


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
    sentence = _file_sentences()[fault]
    if fault in OF_COLUMNS and words["sheet"]:
        sentence = _(
            'The first sheet of {file} is no table of goods, but its sheet "{sheet}" is: name it '
            'with --sheet "{sheet}".'
        )
    return sentence.format(**words)


def _file_sentences() -> dict[FileFault, str]:
    return {
        FileFault.NO_SHEETS: _("{file} is no workbook and has no sheets: name none."),
        FileFault.NOT_THERE: _("{file} cannot be opened: there is no such file; check its name."),
        FileFault.FOLDER: _("{file} cannot be opened: it is a folder; name the file in it."),
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
        FileFault.NO_STATEMENT: _(
            "{file} is no statement of M-Pesa: it has no columns Receipt No., Completion Time and "
            "Paid In. Export it from org.ke.m-pesa.com as CSV."
        ),
        FileFault.NOT_A_MAP: _('--map "{sheet}" is not column=field; write it like "Bei=price".'),
        FileFault.MAPPED_TWICE: _(
            '--map gives "{sheet}" two columns; only barcode may have several.'
        ),
        FileFault.BAD_MAP: _('--map: there is no {what} "{sheet}"{hint}; known are {known}.'),
    }
