"""A shop comes back from a backup: into an empty place, with nothing but the recovery key.

It is whole or not there at all: it comes together in a hidden folder and moves in from there. What
a kill leaves of that the next restore takes away, and starts over.

The till begins a new epoch, with an id and a code of its own: the old machine may have given out
receipts after the backup was made, and no number is given out twice.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.progress import Progress, tell_nobody
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import BACKUP_KEY, WrongKey, derive_keys
from pos_desktop.security.sealed_file import (
    BackupTooNew,
    Description,
    Opening,
    Readable,
    wrong_for_backup,
)
from pos_desktop.security.secrets import secrets_of
from pos_desktop.services.backup.backup_content import unpack
from pos_desktop.services.backup.backup_faults import is_full, readable
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import (
    BRINGING_BACK,
    DATABASE_FILE,
    HEAD_FILE,
    SECRETS_FILE,
    check_nothing_there,
    file_mode,
    make_file,
)
from pos_desktop.shop_locks import made_alone
from pos_desktop.shops.another_till import become_another_till
from pos_desktop.shops.made_beside import made_beside, move_in
from pos_desktop.shops.new_shop import check_may_write
from pos_desktop.shops.put_aside import codes_given_out
from pos_desktop.storage.audit import Check, run_checks
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.migrations import LATEST, migrate
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.room import has_room
from pos_desktop.storage.snapshot import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A shop that came back."""

    directory: Path
    taken_at: datetime
    """The moment that it shows, aware, as the shop's clocks show it."""
    counts: Counts
    till_code: str
    old_till_code: str
    findings: tuple[Check, ...]
    """What verify finds in it; as in the shop of which the backup was made."""
    left: dict[str, int]
    """What a person must look at, by the names of `services.after_restore`."""


def check_can_restore(directory: Path) -> None:
    """Raise what stands in the way of a restore into this place, before anything is asked for.

    What a restore has left there that was broken off, and what was put aside, are in nobody's way.
    """
    check_nothing_there(directory)
    check_may_write(directory)


def check_backup(file: Path) -> None:
    """Raise what is wrong with a backup, as far as that can be seen without its key."""
    with readable(file) as content:
        _begun(content)


def check_recovery_key(file: Path, recovery_key: str) -> str:
    """Return a recovery key that opens a backup.

    Raises Refused for a typing error, WrongKey for the key of another shop, and what is wrong with
    the file.
    """
    with readable(file) as content:
        _opened(content, recovery_key)
    return recovery_key


def restore_shop(
    file: Path,
    directory: Path,
    recovery_key: str,
    *,
    till_code: str = "",
    clock: Clock | None = None,
    progress: Progress = tell_nobody,
) -> Restored:
    """Bring a shop back into a place where none is.

    Without a till code one is made that begins as the old one. Raises Refused where a shop or a
    part of one is there already, where file, key or code do not fit, AnotherMaking while a shop
    comes about in the same place, and Unavailable where the place cannot be written.
    """
    check_can_restore(directory)
    check_recovery_key(file, recovery_key)
    clock = clock or SystemClock()
    with told_of_the_disk(directory):
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with made_alone(directory), made_beside(directory, BRINGING_BACK, clock) as making:
            restored = restore_beside(
                file, making, directory, recovery_key, till_code, clock, progress
            )
            check_nothing_there(directory)  # another one may have been quicker, and its shop sells
            move_in(making, directory)
            progress(1, 1)
    return restored


@contextmanager
def told_of_the_disk(directory: Path, *, is_over: bool = False) -> Iterator[None]:
    """Turn what the disk says of a restore into a sentence; over a shop there is no other place."""
    try:
        yield
    except OSError as error:
        if is_over and is_full(error):
            sentence = _(
                "The shop cannot be restored into {place} ({why}); make room on that disk, then "
                "try again. What is there was left as it was."
            )
        else:
            sentence = _("The shop cannot be restored into {place} ({why}); choose another place.")
        why = _("the disk is full") if is_full(error) else error.strerror
        raise Unavailable(sentence.format(place=directory.absolute(), why=why)) from error


def restore_beside(
    file: Path,
    making: Path,
    directory: Path,
    recovery_key: str,
    till_code: str,
    clock: Clock,
    progress: Progress,
) -> Restored:
    """Bring a shop back in a folder, as it is to be in its directory."""
    description, counts = _unpack(
        file, making, recovery_key, lambda done, total: progress(done, 2 * total)
    )
    _bring_up_to_date(making, clock)
    with closing(open_shop(making, clock=clock)) as shop:
        old, left = become_another_till(
            shop,
            "shop restored",
            {"taken_at": description.taken_at},
            till_code=till_code,
            given_out=codes_given_out(directory),
        )
        return Restored(
            directory=directory,
            taken_at=from_stored(description.taken_at).astimezone(shop.configuration.zone),
            counts=counts,
            till_code=shop.books.node.till_code,
            old_till_code=old,
            findings=_findings(shop),
            left=left,
        )


def _begun(content: Readable) -> Opening:
    """Return a backup of which this program knows the schema."""
    opening = Opening(content)
    if opening.description.schema > LATEST:
        raise BackupTooNew
    return opening


def _opened(content: Readable, recovery_key: str) -> tuple[Opening, dict[str, bytes]]:
    """Return a backup and the keys of its shop; raise WrongKey where they do not fit."""
    opening = _begun(content)
    keys = derive_keys(recovery_key, opening.description.shop_id)
    if not opening.is_of(keys[BACKUP_KEY]):
        raise WrongKey(wrong_for_backup())
    return opening, keys


def _unpack(
    file: Path, making: Path, recovery_key: str, progress: Progress
) -> tuple[Description, Counts]:
    """Write the files of a shop out of its backup."""
    with readable(file) as content:
        opening, keys = _opened(content, recovery_key)
        if not has_room(making, opening.description.size):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        database, mode = making / DATABASE_FILE, file_mode(making)
        beside, _digest = unpack(opening, keys[BACKUP_KEY], database, progress, mode=mode)
    if beside.head:
        (making / HEAD_FILE).write_bytes(beside.head)
        (making / HEAD_FILE).chmod(mode)
    make_file(making / SECRETS_FILE, file_mode(making))
    secrets_of(making, opening.description.shop_id).put({**beside.secrets, **keys})
    return opening.description, beside.counts


def _bring_up_to_date(making: Path, clock: Clock) -> None:
    """Take the steps to this version without a copy, which the backup itself is."""
    with closing(ShopDatabase(making / DATABASE_FILE, clock)) as database:
        migrate(database, clock)


def _findings(shop: Shop) -> tuple[Check, ...]:
    checks = run_checks(shop.database, shop.key, shop.head)
    return tuple(check for check in checks if not check.ok)
