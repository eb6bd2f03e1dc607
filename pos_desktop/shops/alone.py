"""Who brings a shop back is alone in its place meanwhile, and is told what the disk says."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _
from pos_desktop.shop_door import OpenElsewhere, door_shut
from pos_desktop.shop_folder import DAMAGED_FOLDER, DATABASE_FILE, shop_exists
from pos_desktop.shop_leavings import sweep_leavings
from pos_desktop.shop_locks import made_alone, till_locks
from pos_desktop.storage.database import SoleDatabase
from pos_desktop.storage.errors import DiskFull, FileBusy, FileUnusable
from pos_desktop.storage.migrations import version


@contextmanager
def alone_in_place(directory: Path, clock: Clock) -> Iterator[None]:
    """Keep everybody out meanwhile; raise OpenElsewhere where a program has the shop open.

    Raises BeingBroughtBack and AnotherMaking where another one does the same, and what the disk
    says of the block as DiskFull or Unavailable.
    """
    with told_of_aside(directory), _nobody_else(directory, clock), made_alone(directory):
        sweep_leavings(directory)
        yield


@contextmanager
def told_of_aside(directory: Path) -> Iterator[None]:
    """Turn what the disk says into a sentence; leave nothing empty behind."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull from error
        raise Unavailable(
            _("Nothing can be put aside in {place} ({why}). Mend that, then try again.").format(
                place=directory.absolute(), why=error.strerror or type(error).__name__
            )
        ) from error
    finally:
        with suppress(OSError):
            (directory / DAMAGED_FOLDER).rmdir()


@contextmanager
def _nobody_else(directory: Path, clock: Clock) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(door_shut(directory))
        except FileBusy as error:
            raise OpenElsewhere from error
        for lock in till_locks(directory):
            try:
                stack.enter_context(lock)
            except TimeoutError as error:
                raise OpenElsewhere from error
        try:
            if not shop_exists(directory):
                raise FileUnusable  # SQLite would make one
            with closing(SoleDatabase(directory / DATABASE_FILE, clock)) as database:
                version(database)
        except FileBusy as error:
            raise OpenElsewhere from error
        except Unavailable:  # damaged, as we know; nobody else could open it either
            pass
        yield
