"""Choosing a file: a folder is listed, one goes up and down in it, or a path is typed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pos_desktop.documents.folder_list import TABLES, FolderList, list_folder
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.screens.catalogue import import_words as words
from pos_desktop.ui.screens.catalogue.import_views import FilesView
from pos_desktop.ui.screens.office.office import Office


class FileStep(QObject):
    """Lists folders, until a file is chosen. A stick or a network may take its time."""

    listed = Signal()
    """A folder is listed: the view is to be seen."""
    chosen = Signal(object)
    """The Path of a file."""
    refused = Signal(object)
    """Why a folder cannot be opened."""

    def __init__(
        self, office: Office, parent: QObject, endings: Collection[str] | None = TABLES
    ) -> None:
        """Take the endings of the files that can be chosen; None: whatever lies there."""
        super().__init__(parent)
        self._office = office
        self._endings = endings
        self.view = FilesView()
        self.folder: FolderList | None = None
        """What is listed."""
        self._latest = Latest()
        self.view.field.textChanged.connect(lambda _text: self.tell())

    def begin(self) -> None:
        """List the last folder anew, or one's own."""
        self.open(self.folder.path if self.folder else Path.home())

    def up(self) -> None:
        """List the folder above."""
        if self.folder is not None:
            self.open(self.folder.path.parent)

    def enter(self) -> None:
        """Open what was typed, or the line that is chosen."""
        key = self.view.list.key
        typed = self.view.typed_path(self.folder.path) if self.folder is not None else None
        if typed is not None:
            self.open(typed)
        elif key == words.UP:
            self.up()
        elif isinstance(key, str):
            self.open(Path(key))

    def open(self, path: Path) -> None:
        """List a folder, or choose a file; what was asked for since makes an answer void."""

        def look() -> FolderList | Path:
            return list_folder(path, self._endings) if path.is_dir() else path

        def show(found: FolderList | Path) -> None:
            if isinstance(found, Path):
                self.chosen.emit(found)
                return
            self.folder = found
            self.view.field.clear()
            self.view.list.choose_first()
            if found.files:
                self.view.list.want(str(found.files[0].path))
            self.tell()
            self.listed.emit()

        self._office.long_work.run(look, self._latest.only(show), self.refused.emit)

    def tell(self) -> None:
        """Show the lines whose names hold what was typed."""
        if self.folder is None:
            return
        path = self.folder.path
        self.view.where.show_text(str(path))
        typed = self.view.field.text()
        begins = "" if self.view.typed_path(path) else typed
        nothing = _("No table lies here") if self._endings else _("No file lies here")
        empty = (nothing, _("Choose another folder, or type the path of a file."))
        zone = self._office.shop.configuration.zone
        self.view.list.show_rows(words.folder_rows(self.folder, begins, zone), empty)
