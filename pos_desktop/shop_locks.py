"""Who else has this shop open: locks of tills and imports, across all programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pos_desktop import lock_names
from pos_desktop.domain.errors import AnotherRuns, Refused
from pos_desktop.services.backup.backups import AnotherBackup
from pos_desktop.services.counter.till import Till
from pos_desktop.services.imports.importing import AnotherImport
from pos_desktop.services.products.bulk_prices import AnotherPriceChange
from pos_desktop.shop_folder import LOCKS_FOLDER, file_mode, folder
from pos_desktop.storage.gate import ALONE, BESIDE_A_TILL, BulkPace

PROBE_SECONDS = 0.25
"""How long a till that starts asks for its lock: a bulk writer holds it for an instant."""
TURN_SECONDS = 0.0005
"""How long a thread of a process that sells may keep the others waiting."""


def till_locks(directory: Path) -> list[FileLock]:
    """Return the locks of tills that are open: the first till holds the first, and so on."""
    locks, mode = folder(directory, LOCKS_FOLDER), file_mode(directory)
    names = map(lock_names.till, range(lock_names.MOST_TILLS))
    return [FileLock(locks / name, mode=mode, timeout=0) for name in names]


@contextmanager
def till_open(directory: Path, till: Till) -> Iterator[None]:
    """Say for a while that a till sells here, so that bulk writers of any process mind it.

    A second till beside it learns that it is not alone: the open cart is the first one's. In this
    process the threads take shorter turns meanwhile: a bulk writer may not keep the screen and
    the sale waiting for Python's usual 5 ms at each of their steps.
    """
    with ExitStack() as stack:
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(TURN_SECONDS)
        till.alone = False
        for place, lock in enumerate(till_locks(directory)):
            with suppress(Timeout):
                lock.acquire(timeout=PROBE_SECONDS)
                stack.callback(lock.release)
                till.alone = place == 0
                break
        yield


def one_import(directory: Path) -> AbstractContextManager[None]:
    """Hold the lock of imports; raise AnotherImport while an import or undo runs."""
    return _one_at_a_time(directory, lock_names.IMPORT, AnotherImport)


def one_price_change(directory: Path) -> AbstractContextManager[None]:
    """Hold the lock of price changes; raise AnotherPriceChange while one or its undo runs."""
    return _one_at_a_time(directory, lock_names.PRICES, AnotherPriceChange)


def one_backup(directory: Path) -> AbstractContextManager[None]:
    """Hold the lock of backups; raise AnotherBackup while one is made."""
    return _one_at_a_time(directory, lock_names.BACKUP, AnotherBackup)


@contextmanager
def _one_at_a_time(directory: Path, name: str, another: type[Refused]) -> Iterator[None]:
    """Hold the lock of a kind of bulk writer; raise `another` while one of its kind runs."""
    lock = FileLock(folder(directory, LOCKS_FOLDER) / name, mode=file_mode(directory), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise another from error
    try:
        yield
    finally:
        lock.release()


class AnotherMaking(AnotherRuns):
    """Another shop is being made or restored in this place; wait until it is done."""


@contextmanager
def made_alone(directory: Path) -> Iterator[None]:
    """Hold the lock of who makes or restores a shop in a place; its file goes with it.

    Raises AnotherMaking while somebody else does.
    """
    path = directory / lock_names.MAKING
    lock = FileLock(path, mode=file_mode(directory), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise AnotherMaking from error
    try:
        yield
    finally:
        if sys.platform != "win32":  # there no file can be removed that somebody holds
            path.unlink(missing_ok=True)
        lock.release()
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink(missing_ok=True)


def bulk_pace(tills: Sequence[FileLock]) -> BulkPace:
    """Return how fast a bulk writer may go: slowly where a till is open, in any process."""
    try:
        for till in tills:
            with till:
                pass
    except Timeout:
        return BESIDE_A_TILL
    return ALONE
