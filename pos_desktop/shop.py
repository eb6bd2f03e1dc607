"""A shop, made and opened without any screen: the one place that builds and joins the services.

The window, `posctl` and every child process open a shop here. Clock, ids and the runner of
deferred writes are handed in, so that a whole shop can run under a clock and a seed of its own.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pos_desktop import settings
from pos_desktop.domain.clock import Clock, ShiftedClock, SystemClock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Ids
from pos_desktop.domain.receipt_number import check_till_code
from pos_desktop.domain.staff import Role, check_pin
from pos_desktop.domain.tax import KENYA_RATES
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import JOURNAL_KEY, derive_keys, make_recovery_key
from pos_desktop.security.secrets import FileSecrets, KeyringSecrets, Secrets
from pos_desktop.services.catalogue import Catalogue
from pos_desktop.services.closing import Closing
from pos_desktop.services.command_desk import CommandDesk
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.held_carts import HeldCarts
from pos_desktop.services.printing import PrintQueue
from pos_desktop.services.receipts import Papers
from pos_desktop.services.reporting import Reporting
from pos_desktop.services.selling import Selling
from pos_desktop.services.sign_in import SignIn
from pos_desktop.services.till import Till, Write
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ReadOnlyDatabase, ShopDatabase
from pos_desktop.storage.head import HeadFile
from pos_desktop.storage.migrations import migrate
from pos_desktop.storage.node import begin_epoch, current
from pos_desktop.storage.tax_rates import put_rates

DATABASE_FILE = "shop.sqlite"
SECRETS_FILE = "secrets"
HEAD_FILE = "journal.head"
PRINTS_FOLDER = "prints"
LOCKS_FOLDER = "locks"


class NoShop(Unavailable):
    """There is no shop here; make one with posctl init."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShop:
    """What a shop must know of itself before it can sell."""

    name: str
    manager_name: str
    manager_pin: str
    manager_login: str = "manager"
    kra_pin: str = ""
    currency: str = "KES"
    till_code: str = "T1"
    demo: bool = False
    keyring: bool = False
    """Keep the keys in the keyring of this login instead of a file: for a shop of one login."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """An open shop: its file and everything that can be done in it."""

    directory: Path
    clock: ShiftedClock
    database: ShopDatabase
    reader: ReadOnlyDatabase
    key: bytes
    head: HeadFile
    books: Books
    configuration: Configuration
    sign_in: SignIn
    closing: Closing
    catalogue: Catalogue
    papers: Papers
    print_queue: PrintQueue
    selling: Selling
    carts: HeldCarts
    till: Till
    desk: CommandDesk
    reporting: Reporting

    def close(self) -> None:
        """Close this thread's connections; other threads close their own."""
        self.reader.close()
        self.database.close()


def shop_exists(directory: Path) -> bool:
    """Tell whether a directory holds a shop."""
    return (directory / DATABASE_FILE).exists()


def make_shop(directory: Path, new: NewShop, clock: Clock | None = None) -> str:
    """Make a shop in an empty place and return its recovery key, which is kept nowhere.

    Raises Refused where there is a shop already, or where a value does not fit.
    """
    if shop_exists(directory):
        raise Refused(_("There is a shop in {place} already.").format(place=directory))
    check_pin(new.manager_pin)
    check_till_code(new.till_code)
    clock = clock or SystemClock()
    ids = Ids(clock)
    shop_id, recovery_key = ids.new(), make_recovery_key()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = _file_mode(directory)
    os.close(os.open(directory / DATABASE_FILE, os.O_CREAT | os.O_EXCL, mode))
    try:
        secrets = _new_secrets(directory, shop_id, keyring=new.keyring)
        secrets.put(derive_keys(recovery_key, shop_id))
        _fill(directory, new, clock, ids, shop_id)
    except BaseException:
        _remove_unfinished(directory)
        raise
    return recovery_key


def _fill(directory: Path, new: NewShop, clock: Clock, ids: Ids, shop_id: str) -> None:
    database = ShopDatabase(directory / DATABASE_FILE, clock)
    try:
        migrate(database, clock)
        with database.write():
            begin_epoch(
                database, clock, shop_id=shop_id, till_id=ids.new(), till_code=new.till_code
            )
            put_rates(database, KENYA_RATES)
            _put_settings(Configuration(database, clock), new)
    finally:
        database.close()
    shop = open_shop(directory, clock=clock)
    shop.sign_in.add(
        login=new.manager_login, name=new.manager_name, role=Role.MANAGER, pin=new.manager_pin
    )
    shop.close()


def _put_settings(configuration: Configuration, new: NewShop) -> None:
    configuration.put(settings.SHOP_NAME, new.name)
    configuration.put(settings.SHOP_KRA_PIN, new.kra_pin)
    configuration.put(settings.SHOP_CURRENCY, new.currency)
    configuration.put(settings.TILL_CODE, new.till_code)
    configuration.put(settings.SHOP_DEMO, new.demo)


def _remove_unfinished(directory: Path) -> None:
    names = (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm", SECRETS_FILE, HEAD_FILE)
    for name in names:
        (directory / name).unlink(missing_ok=True)


def open_shop(
    directory: Path,
    *,
    clock: Clock | None = None,
    later: Callable[[Write], None] = lambda write: write(),
) -> Shop:
    """Open the shop of a directory, bringing its file to this program's version.

    Raises NoShop where there is none, and what the storage and the secrets say of a damaged one.
    """
    if not shop_exists(directory):
        raise NoShop(
            _("There is no shop in {place}; make one with posctl init.").format(place=directory)
        )
    clock = ShiftedClock(clock or SystemClock())
    database = ShopDatabase(directory / DATABASE_FILE, clock)
    migrate(database, clock)
    node = current(database)
    key = _secrets(directory, node.shop_id).get(JOURNAL_KEY)
    head = HeadFile(directory / HEAD_FILE, key, _file_mode(directory))
    books = Books(database, node, key=key, head=head, ids=Ids(clock), clock=clock)
    return _joined(directory, clock, database, key, head, books, later)


def _joined(
    directory: Path,
    clock: ShiftedClock,
    database: ShopDatabase,
    key: bytes,
    head: HeadFile,
    books: Books,
    later: Callable[[Write], None],
) -> Shop:
    """Join the services of a shop. Long because every one is named once, with all it needs."""
    reader = ReadOnlyDatabase(directory / DATABASE_FILE, clock)
    configuration = Configuration(database, clock)
    sign_in = SignIn(database, books)
    closing = Closing(database, books, configuration)
    catalogue = Catalogue(reader)
    papers = Papers(configuration)
    print_queue = PrintQueue(database, books)
    selling = Selling(database, books, papers, print_queue)
    carts = HeldCarts(database, books, configuration)
    till = Till(
        database=database,
        books=books,
        configuration=configuration,
        catalogue=catalogue,
        sign_in=sign_in,
        closing=closing,
        selling=selling,
        carts=carts,
        later=later,
    )
    desk = CommandDesk(
        till=till,
        catalogue=catalogue,
        closing=closing,
        selling=selling,
        sign_in=sign_in,
        papers=papers,
        print_queue=print_queue,
        configuration=configuration,
        database=database,
        books=books,
        clock=clock,
    )
    return Shop(
        directory=directory,
        clock=clock,
        database=database,
        reader=reader,
        key=key,
        head=head,
        books=books,
        configuration=configuration,
        sign_in=sign_in,
        closing=closing,
        catalogue=catalogue,
        papers=papers,
        print_queue=print_queue,
        selling=selling,
        carts=carts,
        till=till,
        desk=desk,
        reporting=Reporting(reader, configuration, clock),
    )


def _new_secrets(directory: Path, shop_id: str, *, keyring: bool) -> Secrets:
    if keyring:
        return KeyringSecrets(shop_id)
    mode = 0o640 if _is_shared(directory) else 0o600
    return FileSecrets(directory / SECRETS_FILE, mode)


def _secrets(directory: Path, shop_id: str) -> Secrets:
    path = directory / SECRETS_FILE
    return FileSecrets(path) if path.exists() else KeyringSecrets(shop_id)


def _is_shared(directory: Path) -> bool:
    """Tell whether several logins share the shop: its directory is writable by its group."""
    return bool(directory.stat().st_mode & stat.S_IWGRP)


def _file_mode(directory: Path) -> int:
    return 0o660 if _is_shared(directory) else 0o600
