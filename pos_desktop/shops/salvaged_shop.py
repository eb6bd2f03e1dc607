"""A shop that does not open is brought back: saved, restored over, or given its keys again.

Whatever takes the place of something, that is put aside first, into a folder of its own below
`damaged`: nothing that was there is ever written over or removed.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import (
    AbstractContextManager,
    ExitStack,
    closing,
    contextmanager,
    nullcontext,
    suppress,
)
from dataclasses import dataclass
from pathlib import Path

from pos_desktop.disk import sync_folder
from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import JOURNAL_KEY, derive_keys
from pos_desktop.security.secrets import (
    CARRIED,
    FileSecrets,
    Secrets,
    SecretsMissing,
    secrets_of,
)
from pos_desktop.services.backup.backup_content import Progress
from pos_desktop.shop import Shop, check_shop_file, open_shop
from pos_desktop.shop_door import door_shut, through_the_door
from pos_desktop.shop_folder import (
    BRINGING_BACK,
    DAMAGE_MARK,
    DAMAGED_FOLDER,
    DATABASE_FILE,
    HEAD_FILE,
    KEYRING_MARK,
    OWN_FILES,
    SECRETS_FILE,
    is_shared,
    shop_exists,
)
from pos_desktop.shop_locks import made_alone, till_locks
from pos_desktop.shop_upgrade import is_of_this_version
from pos_desktop.shops.another_till import become_another_till
from pos_desktop.shops.made_beside import made_beside, take_place
from pos_desktop.shops.put_aside import folder_aside
from pos_desktop.shops.restored_shop import (
    Restored,
    check_backup,
    check_recovery_key,
    restore_beside,
    told_of_the_disk,
)
from pos_desktop.storage import counters, journal, stock
from pos_desktop.storage.audit import Check, run_checks
from pos_desktop.storage.database import ShopDatabase, SoleDatabase
from pos_desktop.storage.errors import DiskFull, FileBusy, FileUnusable
from pos_desktop.storage.migrations import version
from pos_desktop.storage.node import current
from pos_desktop.storage.salvage import Fate, Salvage, is_readable, salvage

ROOM_LEFT = 64 << 20
_BOOKS = frozenset({"file", "journal", "facts", "numbers", "head"})
"""Checks that, where they fail, say that the end may be missing, and numbers that were given."""

log = logging.getLogger(__name__)


def _tell_nobody(_done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """A shop whose good data is in a new file."""

    rows: int
    missing: dict[str, Fate]
    """The tables of which something is known to be missing."""
    strange_pages: int
    log_is_spoilt: bool
    findings: tuple[Check, ...]
    """What is not in order in the books that were saved."""
    till_code: str
    old_till_code: str
    """Another one where the end may be missing: no number is given out twice."""
    left: dict[str, int]
    """What a person must look at then, by the names of `services.after_restore`."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing."""
        return not (self.missing or self.strange_pages or self.log_is_spoilt or self.findings)


class NotDamaged(Refused):
    """The shop's file can be read from end to end: there is nothing to save it from."""


class ShopOpenElsewhere(Refused):
    """Another program has the shop open: close every till and posctl of it, then try again."""


class KeysAreThere(Refused):
    """The shop's keys are all there: nothing was changed."""


class KeyOfAnother(Refused):
    """This recovery key is not that of this shop; type the one that was printed for it."""


def is_whole(directory: Path, clock: Clock) -> bool:
    """Tell whether each page of a shop's file can be read; the mark of damage goes where it can.

    Takes seconds for a large file. Raises BeingBroughtBack.
    """
    return _is_whole(directory, clock, through_the_door(directory))


def _is_whole(directory: Path, clock: Clock, door: AbstractContextManager[None]) -> bool:
    """Tell whether each page can be read, over a connection that is made behind a door."""
    try:
        check_shop_file(directory)
        with closing(ShopDatabase(directory / DATABASE_FILE, clock)) as database:
            with door:
                is_of_this_version(database)
            if not is_readable(database):
                return False
    except FileUnusable:
        return False
    (directory / DAMAGE_MARK).unlink(missing_ok=True)
    return True


def check_no_damage(directory: Path, clock: Clock | None = None) -> None:
    """Raise FileUnusable where a program has met damage before, and it is there indeed."""
    is_marked = (directory / DAMAGE_MARK).exists() and shop_exists(directory)
    if is_marked and not is_whole(directory, clock or SystemClock()):
        raise FileUnusable


def salvage_shop(directory: Path, clock: Clock | None = None) -> tuple[Salvaged, Path]:
    """Put a damaged file aside, and in its place a new one with all that can be read of it.

    Returns what was saved, and where the damaged file lies with all that was beside it.

    Raises NotDamaged for a file that is whole, FileUnusable where nothing of a shop can be read,
    ShopOpenElsewhere while a program has it open, BeingBroughtBack while another one does this,
    DiskFull, and SecretsMissing without its keys: the shop's files are as they were then.
    """
    clock = clock or SystemClock()
    check_shop_file(directory)
    with _told(directory), _nobody_else(directory, clock), made_alone(directory):
        if _is_whole(directory, clock, nullcontext()):
            raise NotDamaged
        _check_room(directory)
        with made_beside(directory, BRINGING_BACK, clock) as making:
            saved = _saved(directory, making, clock)
            aside = take_place(making, directory, clock)
        (directory / DAMAGE_MARK).unlink(missing_ok=True)
    return saved, aside


def restore_over(
    file: Path,
    directory: Path,
    recovery_key: str,
    *,
    till_code: str = "",
    clock: Clock | None = None,
    progress: Progress = _tell_nobody,
) -> tuple[Restored, Path]:
    """Put what is there of a shop aside, and bring it back from a backup.

    Returns what came back and where the rest lies. Raises what `restore_shop` raises, and
    ShopOpenElsewhere; what was there is in its place then.
    """
    clock = clock or SystemClock()
    check_backup(file)
    check_recovery_key(file, recovery_key)
    with _told(directory), _nobody_else(directory, clock), made_alone(directory):
        with told_of_the_disk(directory), made_beside(directory, BRINGING_BACK, clock) as making:
            restored = restore_beside(
                file, making, directory, recovery_key, till_code, clock, progress
            )
            aside = take_place(making, directory, clock)
        (directory / DAMAGE_MARK).unlink(missing_ok=True)
        progress(1, 1)
    return restored, aside


def bring_keys_back(directory: Path, recovery_key: str, clock: Clock | None = None) -> Path | None:
    """Make the shop's keys anew from its recovery key; return where a damaged file of keys lies.

    The key must fit the journal. Passwords that no recovery key brings back (mail, M-Pesa) stay
    where they can be read, and are typed anew otherwise. Raises Refused for a typing error,
    KeyOfAnother, KeysAreThere, SecretsForbidden and SecretsLocked for keys that are not gone, and
    what is wrong with the file.
    """
    clock = clock or SystemClock()
    check_shop_file(directory)
    with closing(ShopDatabase(directory / DATABASE_FILE, clock)) as database:
        with through_the_door(directory):
            is_of_this_version(database)
        shop_id = current(database).shop_id
        keys = derive_keys(recovery_key, shop_id)
        if not journal.is_sealed_by(database, keys[JOURNAL_KEY]):
            raise KeyOfAnother
    with _told(directory), made_alone(directory):
        secrets = secrets_of(directory, shop_id)
        if _read(secrets, keys) == keys:
            raise KeysAreThere
        if (directory / KEYRING_MARK).exists() and not (directory / SECRETS_FILE).exists():
            secrets.put(keys)
            return None
        return _put_keys(directory, _read(secrets, CARRIED) | keys, clock)


def _read(secrets: Secrets, names: Iterable[str]) -> dict[str, bytes]:
    """Return those of the secrets that are there."""
    found = {}
    for name in names:
        with suppress(SecretsMissing):
            found[name] = secrets.get(name)
    return found


def _put_keys(directory: Path, keys: dict[str, bytes], clock: Clock) -> Path | None:
    """Write a file of keys in the place of one that is put aside."""
    path, aside = directory / SECRETS_FILE, None
    part = directory / f".{SECRETS_FILE}.new"
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
    part.chmod(0o640 if is_shared(directory) else 0o600)
    FileSecrets(part).put(keys)
    if path.exists():
        aside = folder_aside(directory, clock)
        path.replace(aside / SECRETS_FILE)
    part.replace(path)
    sync_folder(directory)
    return aside


def _saved(directory: Path, making: Path, clock: Clock) -> Salvaged:
    """Save what is good of a damaged file into a folder of its own."""
    done = salvage(directory / DATABASE_FILE, making / DATABASE_FILE, clock)
    for name in (HEAD_FILE, SECRETS_FILE):
        if (directory / name).exists():
            shutil.copy2(directory / name, making / name)
    with closing(open_shop(making, clock=clock)) as shop:
        saved = _looked_at(shop, done)
    (making / SECRETS_FILE).unlink(missing_ok=True)  # they are in their place already
    return saved


def _looked_at(shop: Shop, done: Salvage) -> Salvaged:
    """Bring what is counted up to what was saved, and note in the journal what that was."""
    with shop.database.write():
        counters.rebuild_counters(shop.database)
        if "stock_level" in done.missing:  # else they know more than moves that are missing
            stock.rebuild_levels(shop.database)
    checks = run_checks(shop.database, shop.key, shop.head)
    findings = tuple(check for check in checks if not check.ok)
    missing = done.missing
    detail = {
        "rows": done.saved,
        "missing": {name: [one.spoilt, one.lost_pages] for name, one in missing.items()},
        "findings": [check.check for check in findings],
    }
    code = shop.books.node.till_code
    left: dict[str, int] = {}
    is_doubtful = missing or done.strange_pages or done.log_is_spoilt
    if is_doubtful or _BOOKS & {check.check for check in findings}:
        code, left = become_another_till(shop, "shop salvaged", detail)
    else:
        with shop.database.write():
            shop.books.note("shop salvaged", actor_id=None, detail=detail)
    return Salvaged(
        rows=done.saved,
        missing=missing,
        strange_pages=done.strange_pages,
        log_is_spoilt=done.log_is_spoilt,
        findings=findings,
        till_code=shop.books.node.till_code,
        old_till_code=code,
        left=left,
    )


@contextmanager
def _nobody_else(directory: Path, clock: Clock) -> Iterator[None]:
    """Keep everybody out meanwhile; raise ShopOpenElsewhere where a program has the shop open.

    Raises BeingBroughtBack where another one does the same.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(door_shut(directory))
        except FileBusy as error:
            raise ShopOpenElsewhere from error
        for lock in till_locks(directory):
            try:
                stack.enter_context(lock)
            except TimeoutError as error:
                raise ShopOpenElsewhere from error
        try:
            if not shop_exists(directory):
                raise FileUnusable  # SQLite would make one
            with closing(SoleDatabase(directory / DATABASE_FILE, clock)) as database:
                version(database)
        except FileBusy as error:
            raise ShopOpenElsewhere from error
        except Unavailable:  # damaged, as we know; nobody else could open it either
            pass
        yield


def _check_room(directory: Path) -> None:
    """Raise DiskFull where the copy that is put aside, the new file and selling have no room."""
    sizes = [(directory / name).stat().st_size for name in OWN_FILES if (directory / name).exists()]
    if shutil.disk_usage(directory).free < ROOM_LEFT + 2 * sum(sizes):
        raise DiskFull


@contextmanager
def _told(directory: Path) -> Iterator[None]:
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
