"""Looking over the columns of a file: what each is taken for, and what a person says of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.catalogue import import_words as words
from pos_desktop.ui.screens.catalogue.import_file import (
    ImportColumn,
    ImportFile,
    read_file,
    recognised,
)
from pos_desktop.ui.screens.catalogue.import_views import TextView, next_field
from pos_desktop.ui.screens.office.office import Office


class ColumnStep(QObject):
    """Holds the file that was chosen, and reads it anew whenever something is said of it."""

    shown = Signal()
    """The file was read: the view is to be seen, with what can be done now."""
    told = Signal(object)
    """A Notice about the columns, or None where there is nothing to say."""
    refused = Signal(object)
    """Why the file cannot be read."""

    def __init__(self, office: Office, parent: QObject) -> None:
        super().__init__(parent)
        self._office = office
        self._importing = office.shop.importing
        self.view = TextView(_("Columns"), _("Columns"))
        self.file: ImportFile | None = None
        """The file that was chosen."""
        self._latest = Latest()

    def open(self, path: Path, sheet: str | None = None) -> None:
        """Read a file, or a sheet of it, as far as its columns are recognised."""
        importing, threshold = self._importing, self._threshold()
        self.view.list.choose_first()
        self._read(lambda: read_file(importing, path, sheet, threshold))

    def next_sheet(self) -> None:
        """Read the next sheet of the workbook."""
        if self.file is not None:
            sheets, now = self.file.first.sheets, self.file.first.sheet
            self.open(self.file.path, sheets[(sheets.index(now) + 1) % len(sheets)])

    def close(self) -> None:
        """Forget the file; an answer that is still on its way is void."""
        self._latest.void()
        self.file = None

    @property
    def column(self) -> ImportColumn | None:
        """The column that is chosen."""
        columns = self.file.columns() if self.file is not None else ()
        return next((one for one in columns if one.place == self.view.list.key), None)

    def turn(self, by: int) -> None:
        """Let the chosen column hold the next field."""
        column = self.column
        if self.file is not None and column is not None:
            taken = [one.holds for one in self.file.columns() if one.place != column.place]
            self.say(column, next_field(column.holds, by, taken))

    def say(self, column: ImportColumn, holds: str) -> None:
        """Say what a column holds: shown at once, and then as the file is read with it."""
        if self.file is None:
            return
        importing, threshold = self._importing, self._threshold()
        file = self.file = self.file.saying(column.place, holds)
        self.tell()
        self._read(lambda: recognised(importing, file, threshold))

    def _read(self, read: Callable[[], ImportFile]) -> None:
        """Read beside the lane; what was asked for since makes an answer void."""
        self._office.long_work.run(read, self._latest.only(self._show), self.refused.emit)

    def _show(self, file: ImportFile) -> None:
        self.file = file
        self.tell()
        self.shown.emit()
        fault = file.fault
        self.told.emit(None if fault is None else Notice(words.fault_words(fault), Tone.WARNING))

    def tell(self) -> None:
        """Show the columns as they are known now."""
        if self.file is None:
            return
        rows = [words.column_row(one) for one in self.file.columns()]
        empty = (_("Nothing stands here"), _("F3 shows the next sheet, Esc goes back."))
        self.view.show_text(words.columns_words(self.file), rows, empty)

    def _threshold(self) -> int:
        return self._office.shop.configuration.get(settings.QUEUE_IMPORT_ROWS_THRESHOLD)
