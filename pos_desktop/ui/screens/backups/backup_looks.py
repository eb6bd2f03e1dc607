"""Looks at the folders of backups, each by itself and beside everything else.

A stick may be out and a server gone: what does not answer is said, and asked again only once its
last look has come back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from pos_desktop.domain.text import _
from pos_desktop.services.backup.backup_folder import BackupFolder, Kept, Seen
from pos_desktop.ui.screens.office.office import Office

PATIENCE_MS = 5_000
"""How long a folder may say nothing before that is said of it."""


class BackupLooks(QObject):
    """What is known of each folder, as far as it has answered."""

    def __init__(self, office: Office, parent: QObject, told: Callable[[], None]) -> None:
        """Take what is called whenever more is known."""
        super().__init__(parent)
        self._office = office
        self._told = told
        self.folders: list[BackupFolder] = []
        self.seen: dict[Path, Seen] = {}
        self.whole: dict[Path, bool] = {}
        """Of backups that were read to their end: whether they are whole."""
        self._asked: set[Path] = set()
        self._late: set[Path] = set()
        """Folders that have said nothing for too long."""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._say_late)

    def look(self, folders: Sequence[BackupFolder]) -> None:
        """Look at these folders; what was known of them stays until they answer."""
        self.folders = list(folders)
        paths = [one.path for one in folders]
        self.seen = {path: seen for path, seen in self.seen.items() if path in paths}
        for folder in folders:
            if folder.path not in self._asked:
                self._asked.add(folder.path)
                self._office.looks.run(
                    folder.seen, partial(self._shown, folder), partial(self._failed, folder)
                )
        self._patience.start()

    def read_again(self, path: Path) -> None:
        """Read a backup to its end once more: something was wrong with it."""
        for folder in self.folders:
            if any(one.path == path for one in self._of(folder)):
                self._read_to_end(folder, path)

    @property
    def is_looking(self) -> bool:
        """Whether a folder has not answered for the first time."""
        return any(one.path not in self.seen for one in self.folders)

    @property
    def has_answered(self) -> bool:
        """Whether each folder has answered since it was asked last, or does not answer at all."""
        awaited = self._asked - self._late
        return all(one.path in self.seen and one.path not in awaited for one in self.folders)

    @property
    def newest(self) -> Kept | None:
        """The newest backup of all that was found."""
        kept = self.kept()
        return kept[0] if kept else None

    @property
    def second_places(self) -> list[Path]:
        """Where each backup is copied to."""
        return [one.path for one in self.folders[1:]]

    def kept(self) -> list[Kept]:
        """Return the backups of all folders, the newest first."""
        found = [one for folder in self.folders for one in self._of(folder)]
        return sorted(found, key=lambda one: one.taken_at, reverse=True)

    def _of(self, folder: BackupFolder) -> Sequence[Kept]:
        seen = self.seen.get(folder.path)
        return seen.kept if seen else ()

    def _shown(self, folder: BackupFolder, seen: Seen) -> None:
        self._asked.discard(folder.path)
        self._late.discard(folder.path)
        self.seen[folder.path] = seen
        newest = self.newest
        if newest and newest in seen.kept and newest.path not in self.whole:
            self._read_to_end(folder, newest.path)
        self._told()

    def _read_to_end(self, folder: BackupFolder, path: Path) -> None:
        if path in self._asked:
            return
        self._asked.add(path)
        self._office.looks.run(
            partial(folder.is_whole, path), partial(self._read, path), partial(self._not_read, path)
        )

    def _read(self, path: Path, is_whole: bool) -> None:  # noqa: FBT001 - what a look has shown
        self._asked.discard(path)
        self.whole[path] = is_whole
        self._told()

    def _not_read(self, path: Path, _error: Exception) -> None:
        self._asked.discard(path)

    def _failed(self, folder: BackupFolder, error: Exception) -> None:
        words = _("{folder} cannot be read ({why}).")
        self._shown(folder, Seen((), words.format(folder=folder.path, why=error)))

    def _say_late(self) -> None:
        for folder in self.folders:
            if folder.path in self._asked:
                self._late.add(folder.path)
            if folder.path not in self.seen:
                words = _("{folder} does not answer: look whether its network or disk is there.")
                self.seen[folder.path] = Seen((), words.format(folder=folder.path))
        self._told()
