"""A shop of an earlier version is brought to this one: a copy first, then all steps or none.

Whoever opens a shop of an earlier version does it, one at a time: others wait for the lock. The
file is opened alone meanwhile, so that no program of the earlier version sells on in it. A process
that dies on the way, at whatever moment, leaves the file as it was, or whole at this version.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from pos_desktop.disk import sync_folder
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import AnotherRuns, PosError, Unavailable
from pos_desktop.domain.progress import Progress, tell_nobody
from pos_desktop.domain.text import _
from pos_desktop.lock_names import UPGRADE
from pos_desktop.shop_door import OpenElsewhere, through_the_door
from pos_desktop.shop_folder import (
    DATABASE_FILE,
    LOCKS_FOLDER,
    UPGRADE_FOLDER,
    file_mode,
    folder,
    free_name,
    make_file,
)
from pos_desktop.storage.database import ShopDatabase, SoleDatabase
from pos_desktop.storage.errors import DiskFull, FileBusy
from pos_desktop.storage.migrations import LATEST, is_of_this_version, migrate, version
from pos_desktop.storage.room import Free, bytes_needed, free_room, has_room, shop_bytes
from pos_desktop.storage.snapshot import copy_for_good

WAIT_SECONDS = 120.0
"""How long one waits for another program that brings the file up to date."""
ALONE_SECONDS = 5.0
"""How long is tried to open the file alone: a short command may have it open just now."""
_TRY_AGAIN_SECONDS = 0.05
COPIES = 2
"""So many copies are kept, the newest ones,"""
KEEP = timedelta(days=30)
"""and none for longer: who was erased since is still in them."""
_ENDING, _PART = ".sqlite", ".part"
_BEGUN = f"{_ENDING}.begun"
"""How a copy ends until the steps after it are done: the file is as it is, or a kill came late."""
_SCHEMA = re.compile(r"schema-(\d+)")

log = logging.getLogger(__name__)


class AnotherUpgrade(AnotherRuns):
    """Another program is bringing this shop up to date; wait until it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What became of a shop's file."""

    found: int
    reached: int
    copy: Path | None = None
    """The file as it was before; None where there was nothing to do."""


def upgrade(
    directory: Path,
    clock: Clock,
    progress: Progress = tell_nobody,
    free: Free = free_room,
) -> Upgrade:
    """Bring a shop's file to this version where it is of an earlier one.

    No other connection of this process may be open. Raises OpenElsewhere, AnotherUpgrade and
    UpgradeFailed, FileTooNew for a file of a newer version, FileUnusable for a damaged one, and
    DiskFull where there is no room for the copy: the file is as it was then.
    """
    with _one_at_a_time(directory):
        if _is_done(directory, clock):
            return Upgrade(found=LATEST, reached=LATEST)
        with _alone(directory, clock) as database:
            found = version(database)
            log.info("the shop is brought from schema %s to %s", found, LATEST)
            copy = _copied(directory, database, found, progress, free)
            try:
                migrate(database, clock)
            except BaseException:
                copy.unlink(missing_ok=True)  # the file itself is as the copy is
                raise
            copy = _kept(copy)
        log.info("the shop is at schema %s; the file before lies in %s", LATEST, copy)
        sweep_copies(directory, clock.now(), made=copy)
    return Upgrade(found=found, reached=LATEST, copy=copy)


def is_due(directory: Path, clock: Clock) -> bool:
    """Tell whether a shop's file is of an earlier version, which `upgrade` would bring to this one.

    Of a file that is missing, damaged or of a newer version it is not: who opens it says so. One
    that is busy may be brought up to date by another program just now, and has to be waited for.
    """
    if not (directory / DATABASE_FILE).exists():
        return False
    try:
        return not _is_done(directory, clock)
    except FileBusy:
        return True
    except PosError:
        return False


def _is_done(directory: Path, clock: Clock) -> bool:
    """Tell whether another program has done it meanwhile."""
    database = ShopDatabase(directory / DATABASE_FILE, clock)
    with through_the_door(directory), closing(database):
        return is_of_this_version(database)


def sweep_copies(directory: Path, now: datetime, made: Path | None = None) -> None:
    """Remove copies of before an upgrade that are too many or too old, and broken-off ones.

    What was just made stays. Only for who has found the file to be of this version: no copy is
    being made then.
    """
    place = directory / UPGRADE_FOLDER
    if not place.exists():
        return
    limit = (now - KEEP).timestamp()
    with suppress(OSError):
        _sweep_parts(place)
        for begun in _begun(place):  # a kill came after its steps
            _kept(begun)
        copies = sorted(place.glob(f"*{_ENDING}"), key=_standing, reverse=True)
        kept = [copy for copy in copies[:COPIES] if copy.stat().st_mtime >= limit]
        for copy in copies:
            if copy not in kept and copy != made:
                copy.unlink()


def _standing(copy: Path) -> tuple[int, float]:
    """Return what grows from copy to copy: the schema first, as a clock may have been set back."""
    found = _SCHEMA.match(copy.name)
    return int(found[1]) if found else 0, copy.stat().st_mtime


def _sweep_parts(place: Path) -> None:
    """Remove what kills have left of copies."""
    for left_by_a_kill in place.glob(f".*{_PART}*"):
        left_by_a_kill.unlink(missing_ok=True)


@contextmanager
def _one_at_a_time(directory: Path) -> Iterator[None]:
    path = folder(directory, LOCKS_FOLDER) / UPGRADE
    lock = FileLock(path, mode=file_mode(directory), timeout=WAIT_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise AnotherUpgrade from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _alone(directory: Path, clock: Clock) -> Iterator[SoleDatabase]:
    """Open the file alone; whoever looked at it just now is given a moment to close it."""
    limit = clock.monotonic() + ALONE_SECONDS
    with closing(SoleDatabase(directory / DATABASE_FILE, clock)) as database:
        while True:
            try:
                with through_the_door(directory):
                    version(database)
                break
            except FileBusy as error:
                database.close()
                if clock.monotonic() > limit:
                    raise OpenElsewhere(_open_elsewhere()) from error
                clock.sleep(_TRY_AGAIN_SECONDS)
        yield database


def _open_elsewhere() -> str:
    return _(
        "The shop must be brought up to this version, but another program has it open: close every "
        "till and posctl of this shop, then start again. Nothing was changed."
    )


def _copied(
    directory: Path,
    database: ShopDatabase,
    found: int,
    progress: Progress,
    free: Free,
) -> Path:
    """Copy the file as it is, check the copy, and give it its name; return where it lies."""
    try:
        place = folder(directory, UPGRADE_FOLDER)
        _sweep_parts(place)
        before = _begun(place)
        _check_room(database.path, place, free, before)
        now = database.clock.now()
        target = free_name(place, f"schema-{found}-{now:%Y%m%d-%H%M%S}", _BEGUN)
        part = place / f".{target.name}{_PART}"
        make_file(part, file_mode(directory))
        try:
            copy_for_good(database, part, progress)
            part.replace(target)
        finally:
            for one in place.glob(f"{part.name}*"):
                one.unlink()
        sync_folder(place)
        for one in before:  # kills broke those off: the file is as it was, and so is this copy
            one.unlink()
    except OSError as error:
        raise _not_copied(directory, error) from error
    return target


def _begun(place: Path) -> list[Path]:
    """Return the copies whose steps were not seen to end."""
    return list(place.glob(f"*{_BEGUN}"))


def _kept(begun: Path) -> Path:
    """Give a copy the name under which it is kept, and return where it lies."""
    copy = free_name(begun.parent, begun.name.removesuffix(_BEGUN), _ENDING)
    try:
        begun.replace(copy)
    except OSError:
        log.warning("the copy %s keeps its name until the next start", begun, exc_info=True)
        return begun
    return copy


def _check_room(file: Path, place: Path, free: Free, begun: list[Path]) -> None:
    """Raise DiskFull where copy, steps and selling have no room together.

    What broken-off ones take is free again before the steps begin.
    """
    size = shop_bytes(file)
    size += max(0, size - sum(one.stat().st_size for one in begun))
    if not has_room(place, size, free):
        raise DiskFull(_no_room(bytes_needed(size)))


def _no_room(needed: int) -> str:
    return _(
        "The shop must be brought up to this version, and a copy is kept first, for which the "
        "disk has too little room: free {size} MB, then start again. Nothing was changed."
    ).format(size=-(-needed // 1_000_000))


def _not_copied(directory: Path, error: OSError) -> Unavailable:
    return Unavailable(
        _(
            "The shop must be brought up to this version, but the copy that is kept first could "
            "not be written in {place} ({why}). Mend that, then start again. Nothing was changed."
        ).format(
            place=(directory / UPGRADE_FOLDER).absolute(),
            why=error.strerror or type(error).__name__,
        )
    )
