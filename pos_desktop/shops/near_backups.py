"""Which backups are near: in a folder or on a stick, and what is read of them without a key."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pos_desktop.domain.errors import Refused
from pos_desktop.security.sealed_file import Opening
from pos_desktop.services.backup.backup_folder import ENDING
from pos_desktop.storage.moments import from_stored

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


def backups_near(place: Path) -> list[NearBackup]:
    """Return the backups in a folder and in the folders in it; none where it cannot be read."""
    found = []
    with suppress(OSError):
        for path in (*place.glob(f"*{ENDING}"), *place.glob(f"*/*{ENDING}")):
            with suppress(OSError):
                if path.is_file():  # a pipe would keep whoever opens it
                    found.append(_near(path))
    return found


def newest_of(
    found: Iterable[NearBackup], shops: Collection[str], now: datetime
) -> NearBackup | None:
    """Return the newest backup of these shops; where none is known, of any; None where none is."""
    return next((one for one in in_order(found, shops, now) if _is_of(one, shops)), None)


def newest_of_others(
    found: Iterable[NearBackup], shops: Collection[str], now: datetime
) -> NearBackup | None:
    """Return the newest backup of a shop that is none of these; None where none is."""
    others = (one for one in found if one.till_code and not _is_of(one, shops))
    return next(iter(in_order(others, shops, now)), None)


def in_order(
    found: Iterable[NearBackup], shops: Collection[str], now: datetime
) -> list[NearBackup]:
    """Return what is near, the newest of these shops first, then the newest of the rest.

    One that says it was made after now comes behind the others of its shop: a clock was wrong.
    """
    latest = now + _CLOCKS_DIFFER
    return sorted(
        found, key=lambda one: (_is_of(one, shops), one.at <= latest, one.at), reverse=True
    )


def _is_of(one: NearBackup, shops: Collection[str]) -> bool:
    return bool(one.till_code) and (not shops or one.shop_id in shops)


def _near(path: Path) -> NearBackup:
    at = _moment(int(path.stat().st_mtime * 1000)) or _UNKNOWN
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
