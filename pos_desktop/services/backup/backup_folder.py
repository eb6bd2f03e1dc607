"""The backups of one shop in one folder: which there are, and which the rule lets go."""

from __future__ import annotations

import errno
import logging
import math
import os
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pos_desktop.disk import sync_folder
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.keeping import KeepRule
from pos_desktop.domain.text import _
from pos_desktop.security.sealed_file import Description, Opening
from pos_desktop.services.backup.backup_content import counts_in
from pos_desktop.services.backup.backup_faults import forget_cached
from pos_desktop.services.backup.backup_writing import PART, BackupSpoilt
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.room import has_room

log = logging.getLogger(__name__)

ENDING = ".posbackup"
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that lies in a folder."""

    path: Path
    taken_at: datetime
    """When its snapshot was begun, aware, in UTC."""
    size: int
    """Bytes of the backup."""
    till_code: str


def backup_name(shop: str, till_code: str, moment: datetime) -> str:
    """Return the name of a backup that was begun at a moment, as the shop's clocks show it."""
    words = _NO_LETTERS.sub("-", shop.lower())[:_LONGEST_NAME].strip("-") or "shop"
    return f"{words}-{till_code.lower()}-{moment:%Y-%m-%d-%H%M%S}{ENDING}"


def backup_place(home: Path, named: str) -> Path:
    """Return the folder that the settings of the shop in `home` name for backups."""
    return home.absolute() / Path(named).expanduser()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a folder has shown."""

    kept: tuple[Kept, ...]
    """The newest first."""
    trouble: str = ""
    """Why no backup can be written there now, in a sentence."""


class BackupFolder:
    """Looks at a folder for the backups of one shop; whatever else lies there stays as it is."""

    def __init__(self, path: Path, shop_id: str, till_codes: Sequence[str], key: bytes) -> None:
        """Take the codes that the till has had, the first one first.

        Another till may keep its backups here too.
        """
        self.path = path
        self._shop_id = shop_id
        self._till_codes = till_codes
        self._key = key

    def listed(self) -> list[Kept]:
        """Return the backups, the newest first; none where the folder cannot be read."""
        with suppress(OSError):
            found = [self._looked_at(path) for path in self.path.glob(f"*{ENDING}")]
            return sorted((one for one in found if one), key=lambda one: one.taken_at, reverse=True)
        return []

    def seen(self) -> Seen:
        """Look at the folder, for as long as its disk or network takes to answer."""
        may_not = _("This login may not write backups in {place}.").format(place=self.path)
        try:
            is_there = self.path.is_dir()
        except PermissionError:  # what it lies in is closed, as another login's sticks are
            return Seen((), may_not)
        if not is_there:
            words = _(
                "{folder} is not there now: put the stick or disk in, or choose another folder."
            )
            return Seen((), words.format(folder=self.path))
        kept = tuple(self.listed())
        if os.access(self.path, os.W_OK | os.X_OK):
            return Seen(kept)
        return Seen(kept, may_not)

    def prune(self, rule: KeepRule, zone: ZoneInfo, made: Path | None = None) -> list[Path]:
        """Remove what the rule does not keep, and never what was just made; return it.

        The newest that is whole is looked for first, read from the disk: damaged ones count for
        nothing and stay, and without a whole one nothing is removed. Which one is newer the books
        say that are in it: the clock may have been set back.
        """
        kept = sorted(self.listed(), key=self._standing, reverse=True)
        while kept and not self.is_whole(kept[0].path):
            log.warning("the backup %s is damaged", kept[0].path)
            del kept[0]
        stays = rule.kept([one.taken_at.astimezone(zone) for one in kept])
        gone = []
        for one in kept:
            if one.taken_at not in stays and one.path != made:
                with suppress(OSError):
                    one.path.unlink()
                    gone.append(one.path)
        return gone

    def sweep(self) -> None:
        """Remove parts that killed programs left; only while nobody writes a backup."""
        with suppress(OSError):
            for path in self.path.glob(f".*{PART}"):
                if self._is_ours(path) is not None:
                    path.unlink()

    def take_copy(self, backup: Path, mode: int, rename: Callable[[Path, Path], object]) -> Path:
        """Copy a backup into this folder and return the copy, read back from the disk.

        Raises OSError, and BackupSpoilt where it is not what was copied.
        """
        target = self.path / backup.name
        part = target.with_name(f".{target.name}{PART}")
        try:
            if not has_room(self.path, backup.stat().st_size):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            shutil.copyfile(backup, part)
            with suppress(OSError):  # a stick knows no rights
                part.chmod(mode)
            with part.open("r+b") as file:
                os.fsync(file.fileno())
                forget_cached(file.fileno())
            if not self.is_whole(part):
                raise BackupSpoilt
            rename(part, target)
            sync_folder(self.path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return target

    def is_whole(self, path: Path) -> bool:
        """Tell whether a backup is as it was sealed, from its first byte to its last."""
        try:
            with path.open("rb") as file:
                for _chunk in Opening(file).chunks(self._key):
                    pass
        except (OSError, Refused):
            return False
        return True

    def _standing(self, one: Kept) -> tuple[int, float, datetime]:
        """Return what grows from backup to backup: which till it was, and how far its journal."""
        entries = math.inf  # of a damaged one: it is found out then, and passes for no old one
        with suppress(OSError, Refused), one.path.open("rb") as file:
            entries = counts_in(Opening(file), self._key).journal
        return self._till_codes.index(one.till_code), entries, one.taken_at

    def _looked_at(self, path: Path) -> Kept | None:
        description = self._is_ours(path)
        if description is None:
            return None
        taken_at = from_stored(description.taken_at)
        return Kept(path, taken_at, path.stat().st_size, description.till_code)

    def _is_ours(self, path: Path) -> Description | None:
        """Return the description of a backup of this till, sealed with the shop's key."""
        try:
            if not path.is_file():  # a pipe would keep whoever opens it
                return None
            with path.open("rb") as file:
                opening = Opening(file)
                found = opening.description
                is_ours = found.shop_id == self._shop_id and found.till_code in self._till_codes
                return found if is_ours and opening.is_of(self._key) else None
        except (OSError, Refused):
            return None
