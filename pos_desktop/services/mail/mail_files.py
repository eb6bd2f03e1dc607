"""The files of mails: copied or made before a mail goes out, kept until it is pruned.

mail/<id of the mail>/all/<name>      for each of its recipients
mail/<id of the mail>/<no>/<name>     for one of them
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pos_desktop import settings
from pos_desktop.documents.written_aside import is_aside, written_aside
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration

_ALL = "all"
_MB = 1024 * 1024
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class MailFiles:
    """The folder of a shop's mail; `folder` makes it where it is not there."""

    folder: Callable[[], Path]
    file_mode: int
    configuration: Configuration

    def check(self, paths: Iterable[Path]) -> None:
        """Raise Refused where a file is not there, or all of them are too much for one mail."""
        size, names = 0, set[str]()
        for path in paths:
            if path.name.casefold() in names:
                words = _("Two files are called {file}: give one of them another name.")
                raise Refused(words.format(file=path.name))
            names.add(path.name.casefold())
            try:
                if not path.is_file():
                    raise FileNotFoundError
                size += path.stat().st_size
            except OSError as error:
                raise _unreadable(path) from error
        self.check_size(size)

    def check_size(self, size: int) -> None:
        """Raise Refused where files of so many bytes are too much for one mail."""
        most = self.configuration.get(settings.MAIL_LARGEST_MB)
        if size > most * _MB:
            raise Refused(
                _(
                    "The files are {size} MB together, and a mail takes {most}: send fewer or "
                    "smaller ones. The setting {key} allows more where the mail server does."
                ).format(size=-(-size // _MB), most=most, key=settings.MAIL_LARGEST_MB.key)
            )

    def copy(self, mail_id: Id, path: Path) -> None:
        """Copy a file that each recipient of a mail gets.

        Raises Refused and Unavailable where it cannot be read, or written here.
        """
        try:
            source = path.open("rb")
        except OSError as error:
            raise _unreadable(path) from error
        copy = self.place(mail_id) / path.name
        with source, written_aside(copy, mode=self.file_mode) as aside:
            shutil.copyfileobj(source, aside.file)

    def place(self, mail_id: Id, no: int | None = None) -> Path:
        """Return the folder of what all get, or one of them, made where it is not there."""
        mode = self.folder().stat().st_mode & 0o7777
        whole = self.folder() / mail_id
        part = whole / (_ALL if no is None else str(no))
        for path in (whole, part):
            if not path.exists():
                path.mkdir(exist_ok=True)
                path.chmod(mode)
        return part

    def of(self, mail_id: Id, no: int) -> list[Path]:
        """Return the files that one recipient gets, by name."""
        whole = self.folder() / mail_id
        found = [*_files(whole / _ALL), *_files(whole / str(no))]
        return sorted(found, key=lambda path: path.name)

    def drop_one(self, mail_id: Id, no: int) -> None:
        """Remove the files that one recipient alone was to get."""
        shutil.rmtree(self.folder() / mail_id / str(no), ignore_errors=True)

    def drop(self, mail_id: Id) -> None:
        """Remove the files of a mail."""
        shutil.rmtree(self.folder() / mail_id, ignore_errors=True)

    def sweep(self, now: int, is_kept: Callable[[Id], bool]) -> None:
        """Remove the files of mails that are not kept; `now` in milliseconds UTC.

        What was made in the last day stays: the mail of a person may still be on its way into the
        books.
        """
        for one in [*self.folder().iterdir()]:
            with suppress(OSError):
                age = now - int(one.stat().st_mtime * 1000)
                if one.is_dir() and age > _DAY_MS and not is_kept(Id(one.name)):
                    shutil.rmtree(one, ignore_errors=True)


def _unreadable(path: Path) -> Refused:
    words = _("The file {file} cannot be read: choose it once more, or another one.")
    return Refused(words.format(file=path.name))


def _files(place: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in place.iterdir() if not is_aside(path)]
    return []
