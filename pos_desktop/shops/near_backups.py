"""Which backups are near: in a folder or on a stick, and what is read of them without a key."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum, auto
from pathlib import Path

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.security.sealed_file import Opening
from pos_desktop.services.backup.backup_folder import ENDING
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.shops.put_aside import tills_aside
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.salvage import tills_in

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(days=1)
"""So far the clock of another computer may be ahead without being taken for wrong."""


@dataclass(frozen=True, slots=True)
class NearBackup:
    """A file that has the name of a backup, and what can be read of it without its key."""

    path: Path
    at: datetime
    """When it was made, aware, on the clock of this computer; of no backup, of its file."""
    till_code: str = ""
    """Empty where it is none, or damaged: what it is, is said when it is tried."""
    shop_id: str = ""
    """Empty with the till's code."""
    is_ahead: bool = False
    """Whether it says that it was made after now: its clock was wrong, or this one is."""


@dataclass(frozen=True, slots=True)
class ShopMarks:
    """By what the backups of a shop are known, as far as its files, maybe damaged, say it."""

    shop_ids: frozenset[str] = frozenset()
    """Of the file that is here; of those that were put aside where it says none."""
    ids_aside: frozenset[str] = frozenset()
    """Of the files that were put aside here: a wrong shop may have been brought here once."""
    till_codes: frozenset[str] = frozenset()
    """What the receipts began with."""


class Likeness(IntEnum):
    """How sure it is that a backup is of a shop, the least first."""

    UNKNOWN = auto()
    """It does not say whose it is: it is damaged, or none."""
    ANOTHER = auto()
    TILL = auto()
    """Its till has the same code, as the first till of every shop has."""
    ASIDE = auto()
    """A file that was put aside here is of the same shop."""
    OWN = auto()
    """The file that is here is of the same shop; or nothing says which shop it is of."""


class NearFolders:
    """Reads which backups lie in folders, from any thread; a file that is the same only once."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock by which one may be ahead."""
        self._clock = clock
        self._read: dict[Path, tuple[tuple[int, int], NearBackup]] = {}

    def backups(self, place: Path) -> list[NearBackup]:
        """Return the backups in a folder and in the folders in it; none where it is unreadable."""
        latest = self._clock.now() + _CLOCKS_DIFFER
        found = []
        for folder in (place, *_listed(place, "*/")):
            for path in _listed(folder, f"*{ENDING}"):
                with suppress(OSError):
                    if path.is_file():  # a pipe would keep whoever opens it
                        near = self._known(path)
                        found.append(replace(near, is_ahead=near.at > latest))
        return found

    def _known(self, path: Path) -> NearBackup:
        state = path.stat()
        mark = state.st_mtime_ns, state.st_size
        known = self._read.get(path)
        if known is None or known[0] != mark:
            known = self._read[path] = mark, _near(path, state.st_mtime_ns // 1_000_000)
        return known[1]


def marks_here(directory: Path) -> ShopMarks:
    """Return by what backups of the shop that is here are known; by nothing where no file says."""
    own, aside = tills_in(directory / DATABASE_FILE), tills_aside(directory)
    return ShopMarks(
        shop_ids=frozenset(shop_id for shop_id, _code in own or aside),
        ids_aside=frozenset(shop_id for shop_id, _code in aside),
        till_codes=frozenset(code for _shop_id, code in own | aside),
    )


def newest_of(found: Iterable[NearBackup], marks: ShopMarks) -> NearBackup | None:
    """Return the newest backup of a shop; of any where nothing says which; None where none is."""
    own = (one for one in in_order(found, marks) if likeness(one, marks) is Likeness.OWN)
    return next(own, None)


def likeliest_of(found: Iterable[NearBackup], marks: ShopMarks) -> NearBackup | None:
    """Return the backup that is likeliest a shop's, though none is for sure; else None."""
    for one in in_order(found, marks):
        return one if Likeness.UNKNOWN < likeness(one, marks) < Likeness.OWN else None
    return None


def in_order(found: Iterable[NearBackup], marks: ShopMarks) -> list[NearBackup]:
    """Return what is near, the likeliest of a shop first, and of those the newest."""
    return sorted(found, key=lambda one: (likeness(one, marks), one.at), reverse=True)


def likeness(one: NearBackup, marks: ShopMarks) -> Likeness:
    """Return how sure it is that a backup is of the shop that has these marks."""
    if not one.till_code:
        return Likeness.UNKNOWN
    if one.shop_id in marks.shop_ids or not marks.shop_ids:
        return Likeness.OWN
    if one.shop_id in marks.ids_aside:
        return Likeness.ASIDE
    return Likeness.TILL if one.till_code in marks.till_codes else Likeness.ANOTHER


def _listed(folder: Path, pattern: str) -> list[Path]:
    """Return what lies in a folder; nothing where it cannot be read, which hides no other."""
    try:
        return list(folder.glob(pattern))
    except OSError:
        return []


def _near(path: Path, changed_at: int) -> NearBackup:
    at = _moment(changed_at) or _UNKNOWN
    try:
        with path.open("rb") as file:
            description = Opening(file).description
    except Refused:
        return NearBackup(path, at)
    taken_at = _moment(description.taken_at)
    if taken_at is None:
        return NearBackup(path, at)
    return NearBackup(path, taken_at, description.till_code, description.shop_id)


def _moment(milliseconds: int) -> datetime | None:
    """Return a moment on the clock of this computer; None for a number that is none."""
    try:
        return from_stored(milliseconds).astimezone()
    except (OverflowError, ValueError, OSError):
        return None
