"""A workbook whose rows go to the disk as they come, so that memory does not grow with them.

What XlsxWriter keeps meanwhile lies beside the file that is written, not in the system's folder:
so one disk is full or none, and what a killed process leaves is found again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from pos_desktop.documents.written_aside import Aside

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@contextmanager
def workbook(aside: Aside) -> Iterator[Workbook]:
    """Give a workbook that is written to its file when the block ends well.

    Raises OSError where the disk refuses.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(aside.file, _OPTIONS | {"tmpdir": str(aside.folder)})
    try:
        yield book
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error
    finally:
        _close_temporary_files(book)


def _close_temporary_files(book: Workbook) -> None:
    """Give back what the library keeps open when its work is broken off."""
    for sheet in book.worksheets():
        if sheet.row_data_fh is not None:
            with suppress(OSError):
                sheet.row_data_fh.close()
