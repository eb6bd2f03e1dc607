"""How one backup comes about: a snapshot, sealed aside, read back from the disk, then named.

What lies open meanwhile lies in the shop's own folder, where the shop's file lies open too: what
goes to a stick is sealed from its first byte to its last.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pos_desktop.disk import belongs_to_owner_of, sync_folder
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.progress import Progress
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import BACKUP_KEY, JOURNAL_KEY
from pos_desktop.security.sealed_file import Description, Opening, Sealing
from pos_desktop.security.secrets import CARRIED, Secrets, SecretsMissing
from pos_desktop.services.backup.backup_content import Beside, pack, unpack
from pos_desktop.services.backup.backup_faults import (
    forget_cached,
    is_full,
    not_written,
    told,
)
from pos_desktop.storage.audit import Check, run_checks
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import DiskFull, mark_damage
from pos_desktop.storage.head import HeadFile
from pos_desktop.storage.migrations import version
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.node import Node
from pos_desktop.storage.room import Free, check_room, free_room, is_same_disk, shop_bytes
from pos_desktop.storage.snapshot import Counts, counts, take_snapshot

PART = ".part"
"""How the name of a backup ends that is being written; it begins with a dot."""
WHOLE = 1000
"""Of how many parts progress is told."""
_SNAPSHOT, CHECKED, _HEAD = "snapshot.sqlite", "checked.sqlite", "checked.head"
_STEPS = 4
"""Snapshot, sealing, reading back, checking the books."""

Rename = Callable[[Path, Path], object]
"""Gives the first file the name of the second, in one step."""


class BackupSpoilt(Unavailable):
    """The backup could not be read back as it was written; try another disk or stick."""


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was read back, and is what the shop's file was."""

    taken_at: int
    """When its snapshot was begun, in milliseconds UTC."""
    size: int
    """Bytes of the backup."""
    counts: Counts
    findings: tuple[Check, ...]
    """What is wrong in the books, in the backup as in the shop itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSource:
    """The shop that is backed up."""

    reader: ShopDatabase
    node: Callable[[], Node]
    head: Path
    secrets: Secrets
    clock: Clock
    work: Path
    """A folder of the shop for what lies open meanwhile; made and removed by each backup."""
    file_mode: int
    free: Free = free_room
    rename: Rename = Path.replace

    @property
    def key(self) -> bytes:
        """The key of the shop's backups; raises SecretsMissing."""
        return self.secrets.get(BACKUP_KEY)


def write_backup(source: BackupSource, target: Path, progress: Progress) -> Written:
    """Write a backup whose name is there only once it was read back; one at a time in a shop.

    Raises what the disk of the target says as a sentence, DiskFull and the like of the shop's own
    disk, SecretsMissing without the key, and BackupSpoilt. What had the name stays until then.
    """
    steps = _Steps(progress)
    part = target.with_name(f".{target.name}{PART}")
    with _work_folder(source, target) as work, _dropped(part):
        taken_at = to_stored(source.clock.now())
        head = _content_of(source.head)  # first: the file is never behind its head
        found = take_snapshot(source.reader, work / _SNAPSHOT, steps.next())
        beside = Beside(head=head, secrets=_carried(source.secrets), counts=found)
        with told(target.parent), _new_file(part, source.file_mode) as file:
            _belongs_to_the_shop(source, part)
            sealing = Sealing(file, source.key, _described(source, work, taken_at))
            digest = pack(sealing, beside, work / _SNAPSHOT, steps.next())
        (work / _SNAPSHOT).unlink()
        findings = _read_back(source, part, (beside, digest), work, steps)
        with told(target.parent):
            size = part.stat().st_size
            source.rename(part, target)
            sync_folder(target.parent)
    progress(WHOLE, WHOLE)
    return Written(taken_at, size, found, findings)


class _Steps:
    """Tells how far a backup is, as parts of a whole."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = 0

    def next(self) -> Progress:
        """Return what tells of the next step."""
        begun = WHOLE * self._done // _STEPS
        self._done += 1
        self._progress(begun, WHOLE)
        return lambda done, total: self._progress(
            begun + WHOLE * done // max(total, 1) // _STEPS, WHOLE
        )


@contextmanager
def _work_folder(source: BackupSource, target: Path) -> Iterator[Path]:
    """Make the folder for what lies open; what a killed backup left there goes first."""
    shutil.rmtree(source.work, ignore_errors=True)
    try:
        _check_room(source, target)
        with told(source.work.parent):
            source.work.mkdir(mode=0o700)
        yield source.work
    except DiskFull as error:
        raise _own_disk_full(source) from error
    except OSError as error:  # of the target's disk it is told already
        if is_full(error):
            raise _own_disk_full(source) from error
        raise not_written(target.parent, error) from error
    finally:
        shutil.rmtree(source.work, ignore_errors=True)


def _own_disk_full(source: BackupSource) -> DiskFull:
    """Return what is said where the shop's own disk has no room, wherever the backup goes."""
    sentence = _(
        "The disk of the shop's own folder {folder} is full: every backup is put together there "
        "first. Free some room on that disk, then try again. Nothing was lost."
    )
    return DiskFull(sentence.format(folder=source.work.parent.absolute()))


def _check_room(source: BackupSource, target: Path) -> None:
    """Raise DiskFull where what lies open would leave selling no room; twice that on one disk."""
    home, size = source.work.parent, shop_bytes(source.reader.path)
    with told(target.parent):
        is_one_disk = is_same_disk(target.parent, home)
    check_room(home, size * (1 + is_one_disk), source.free)


@contextmanager
def _dropped(part: Path) -> Iterator[None]:
    """Leave nothing of a part that did not get its name."""
    try:
        yield
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def _new_file(path: Path, mode: int) -> Iterator[IO[bytes]]:
    """Write a file that is on the disk when the block ends, and is read from there next."""
    with path.open("wb") as file:
        with suppress(OSError):  # a stick knows no rights
            path.chmod(mode)
        yield file
        file.flush()
        os.fsync(file.fileno())
        forget_cached(file.fileno())


def _belongs_to_the_shop(source: BackupSource, part: Path) -> None:
    """Let a backup in the shop's own folder be its owner's, whoever makes it."""
    home = source.work.parent
    if home.absolute() in part.absolute().parents:
        belongs_to_owner_of(part, home)


def _described(source: BackupSource, work: Path, taken_at: int) -> Description:
    from importlib import metadata

    node = source.node()
    return Description(
        shop_id=node.shop_id,
        till_code=node.till_code,
        taken_at=taken_at,
        schema=version(source.reader),
        size=(work / _SNAPSHOT).stat().st_size,
        program=metadata.version("pos-desktop"),
    )


def _read_back(
    source: BackupSource, part: Path, wanted: tuple[Beside, str], work: Path, steps: _Steps
) -> tuple[Check, ...]:
    """Open a backup as another machine would; return what is wrong in its books."""
    try:
        with part.open("rb") as file:
            found = unpack(Opening(file), source.key, work / CHECKED, steps.next())
    except Refused as error:
        raise BackupSpoilt from error
    steps.next()
    checks = checked(source, found[0], work)
    if found != wanted or checks is None:
        raise BackupSpoilt
    wrong = tuple(check for check in checks if not check.ok)
    if any(check.check == "file" for check in wrong):
        mark_damage(source.reader.path)
        raise Unavailable(
            _(
                "The shop's file is damaged, so no backup was made of it, and the earlier ones "
                "stay. Leave its folder as it is, close the till and start it again: it offers to "
                "save what is good."
            )
        )
    return wrong


def checked(source: BackupSource, beside: Beside, work: Path) -> list[Check] | None:
    """Return the checks of what was unpacked to CHECKED; None where its counts are others."""
    key = source.secrets.get(JOURNAL_KEY)
    (work / _HEAD).write_bytes(beside.head)
    with closing(ShopDatabase(work / CHECKED, source.clock)) as database:
        if counts(database) != beside.counts:
            return None
        return run_checks(database, key, HeadFile(work / _HEAD, key))


def _carried(secrets: Secrets) -> dict[str, bytes]:
    found = {}
    for name in CARRIED:
        with suppress(SecretsMissing):
            found[name] = secrets.get(name)
    return found


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
