"""Opens a file of any known kind as a table."""

from __future__ import annotations

from pathlib import Path

from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.tables import Table


def readable_name(path: Path) -> str:
    """Return the name of a file as text that can be kept, also where it is not in UTF-8."""
    return path.name.encode("utf-8", "replace").decode()


def open_table(path: Path, sheet: str | None = None) -> Table:
    """Return the table in a file, told by its content, not its name; raises FileRefused."""
    from pos_desktop.documents.workbook_guard import workbook_format

    if path.is_dir():
        raise FileRefused(FileFault.FOLDER, file=str(path.absolute()))
    if not path.exists():
        raise FileRefused(FileFault.NOT_THERE, file=str(path.absolute()))
    if not path.is_file():  # a pipe would be waited for without end
        raise FileRefused(FileFault.MISSING, file=path.name)
    form = workbook_format(path)
    if form is None:
        from pos_desktop.documents.csv_table import CsvTable

        if sheet:
            raise FileRefused(FileFault.NO_SHEETS, file=path.name)
        return CsvTable(path)
    if form == "xlsx":
        from pos_desktop.documents.xlsx_table import XlsxTable

        return XlsxTable(path, sheet)
    from pos_desktop.documents.old_workbook import OldWorkbookTable

    return OldWorkbookTable(path, form, sheet)
