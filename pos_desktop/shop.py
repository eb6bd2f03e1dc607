"""A shop, made and opened without any screen: the one place that builds and joins the services.

The window, `posctl` and every child process open a shop here. Clock, ids and the runner of
deferred writes are handed in, so that a whole shop can run under a clock and a seed of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout
from pos_hardware.worker import STOP_WITHIN
from pos_queue.drivers.driver_choice import DriverChoice
from pos_queue.job import Job

from pos_desktop import settings
from pos_desktop.domain.clock import Clock, ShiftedClock, SystemClock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Ids
from pos_desktop.domain.receipt_number import check_till_code
from pos_desktop.domain.staff import Role, check_pin
from pos_desktop.domain.tax import KENYA_RATES
from pos_desktop.domain.text import _
from pos_desktop.environment import queue_driver
from pos_desktop.jobs.registry import JobServices, every_job
from pos_desktop.security.queue_keys import queue_keys
from pos_desktop.security.recovery import JOURNAL_KEY, derive_keys, make_recovery_key
from pos_desktop.security.secrets import FileSecrets, KeyringSecrets, Secrets
from pos_desktop.services import demo
from pos_desktop.services.bulk_prices import AnotherPriceChange
from pos_desktop.services.catalogue import Catalogue
from pos_desktop.services.clock_watch import ClockWatch
from pos_desktop.services.closing import Closing
from pos_desktop.services.command_desk import CommandDesk
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.goods import Goods, goods_services
from pos_desktop.services.held_carts import HeldCarts
from pos_desktop.services.import_jobs import ImportJobs
from pos_desktop.services.import_spool import ImportSpool
from pos_desktop.services.importing import AnotherImport, Importing
from pos_desktop.services.job_keeping import JobKeeping
from pos_desktop.services.print_queue import PrintQueue
from pos_desktop.services.print_room import PrintRoom
from pos_desktop.services.receipts import Papers
from pos_desktop.services.reporting import Reporting
from pos_desktop.services.selling import Selling
from pos_desktop.services.sign_in import SignIn, check_login
from pos_desktop.services.till import Later, Till, at_once
from pos_desktop.services.unsettled_prints import UnsettledPrints
from pos_desktop.shop_folder import (
    DATABASE_FILE,
    HEAD_FILE,
    IMPORTS_FOLDER,
    LOCKS_FOLDER,
    PRINTS_FOLDER,
    SECRETS_FILE,
    check_shop_exists,
    file_mode,
    folder,
    is_shared,
    shop_exists,
)
from pos_desktop.shop_queue import QueuePlace, ShopQueue
from pos_desktop.storage.audit import HEAD_MISSING, looks_changed
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ReadOnlyDatabase, ShopDatabase
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.gate import ALONE, BESIDE_A_TILL, BulkPace
from pos_desktop.storage.head import HeadFile
from pos_desktop.storage.journal import last_entry
from pos_desktop.storage.migrations import migrate, version
from pos_desktop.storage.node import begin_epoch, current
from pos_desktop.storage.seals import SEALED
from pos_desktop.storage.tax_rates import put_rates

MOST_TILLS = 3
"""How many programs that sell here at once are counted: windows and plays."""
PROBE_SECONDS = 0.25
"""How long a till that starts asks for its lock: a bulk writer holds it for an instant."""
TURN_SECONDS = 0.0005
"""How long a thread of a process that sells may keep the others waiting."""


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
    importing: Importing
    import_jobs: ImportJobs
    goods: Goods
    print_room: PrintRoom
    unsettled_prints: UnsettledPrints
    clock_watch: ClockWatch
    queue: ShopQueue
    changed_outside: bool
    """Whether the books looked as if changed past the program when they were opened."""

    def close(self, within: float = STOP_WITHIN) -> None:
        """Stop the print room within so many seconds, and close this thread's connections.

        Other threads close theirs.
        """
        self.print_room.stop(within)
        self.queue.close()
        self.reader.close()
        self.database.close()


def demo_shop() -> NewShop:
    """Return what the demo shop is made from."""
    return NewShop(
        name=demo.DEMO_NAME,
        manager_name="Njeri",
        manager_login=demo.MANAGER_LOGIN,
        manager_pin=demo.MANAGER_PIN,
        kra_pin=demo.DEMO_KRA_PIN,
        demo=True,
    )


def make_shop(directory: Path, new: NewShop, clock: Clock | None = None) -> str:
    """Make a shop in an empty place and return its recovery key, which is kept nowhere.

    Raises Refused where there is a shop already, or where a value does not fit, and Unavailable
    where the place cannot be written.
    """
    try:
        return _make_shop(directory, new, clock or SystemClock())
    except OSError as error:
        raise Unavailable(
            _("No shop can be made in {place} ({why}); choose another place.").format(
                place=directory.absolute(), why=error.strerror
            )
        ) from error


def _make_shop(directory: Path, new: NewShop, clock: Clock) -> str:
    check_nothing_there(directory)
    check_pin(new.manager_pin)
    check_till_code(new.till_code)
    check_login(new.manager_login)
    if not (new.name.strip() and new.manager_name.strip()):
        raise Refused(_("A shop and its manager have names; type both."))
    ids = Ids(clock)
    shop_id, recovery_key = ids.new(), make_recovery_key()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = directory / f".making-{shop_id}"
    making.mkdir(mode=0o700)
    if is_shared(directory):
        making.chmod(0o2770)
    try:
        _make_files(making)
        if new.keyring:
            (making / SECRETS_FILE).unlink()
        _secrets(making, shop_id).put(derive_keys(recovery_key, shop_id))
        _fill(making, new, clock, ids, shop_id, prints=directory.absolute() / PRINTS_FOLDER)
        for name in (SECRETS_FILE, HEAD_FILE, DATABASE_FILE):
            if (making / name).exists():
                (making / name).replace(directory / name)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return recovery_key


def check_nothing_there(directory: Path) -> None:
    """Raise Refused where a shop is, or parts of one: they may be all that is left of it."""
    if shop_exists(directory):
        raise Refused(_("There is a shop in {place} already.").format(place=directory.absolute()))
    for name in (SECRETS_FILE, HEAD_FILE):
        if (directory / name).exists():
            raise Refused(
                _("{place} holds {name} of another shop; move it away first.").format(
                    place=directory.absolute(), name=name
                )
            )


def _make_files(directory: Path) -> None:
    """Make the shop's files, readable by its own people alone before anything stands in them."""
    secrets_mode = 0o640 if is_shared(directory) else 0o600
    modes = {DATABASE_FILE: file_mode(directory), SECRETS_FILE: secrets_mode}
    for name, mode in {**modes, HEAD_FILE: file_mode(directory)}.items():
        path = directory / name
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        path.chmod(mode)


def _fill(
    directory: Path, new: NewShop, clock: Clock, ids: Ids, shop_id: str, *, prints: Path
) -> None:
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
    with contextlib.closing(open_shop(directory, clock=clock)) as shop:
        shop.sign_in.add(
            login=new.manager_login, name=new.manager_name, role=Role.MANAGER, pin=new.manager_pin
        )
        with shop.database.write():
            shop.books.note("shop made", actor_id=None, sealed=SEALED)
        if new.demo:
            demo.fill_demo_shop(
                sign_in=shop.sign_in,
                importing=shop.importing,
                configuration=shop.configuration,
                books=shop.books,
                prints=prints,
            )


def _put_settings(configuration: Configuration, new: NewShop) -> None:
    configuration.put(settings.SHOP_NAME, new.name)
    configuration.put(settings.SHOP_KRA_PIN, new.kra_pin)
    configuration.put(settings.SHOP_CURRENCY, new.currency)
    configuration.put(settings.TILL_CODE, new.till_code)
    configuration.put(settings.SHOP_DEMO, new.demo)


def open_shop(
    directory: Path,
    *,
    clock: Clock | None = None,
    later: Later = at_once,
    aside: Callable[[Callable[[], None]], None] = lambda work: work(),
    jobs: Callable[[JobServices], Iterable[Job]] = every_job,
    driver: DriverChoice | None = None,
) -> Shop:
    """Open the shop of a directory, bringing its file to this program's version.

    `later` writes what nobody waits for, `aside` runs what only reads; both at once where there is
    no screen that must not wait. `jobs` declares what the queue knows, `driver` carries them, where
    none is named the one that the environment chooses.

    Raises NoShop where there is none, Refused where the environment chooses what cannot be had, and
    what the storage and the secrets say of a damaged one.
    """
    check_shop_exists(directory)
    clock = ShiftedClock(clock or SystemClock())
    if not (directory / DATABASE_FILE).stat().st_size:
        raise FileUnusable
    database = ShopDatabase(directory / DATABASE_FILE, clock)
    with ExitStack() as on_failure:
        on_failure.callback(database.close)
        if not version(database):
            raise FileUnusable
        migrate(database, clock)
        node = current(database)
        secrets = _secrets(directory, node.shop_id)
        key = secrets.get(JOURNAL_KEY)
        head = HeadFile(directory / HEAD_FILE, key)
        books = Books(database, node, key=key, head=head, ids=Ids(clock), clock=clock)
        changed = looks_changed(database, key, head)
        _mind_missing_head(database, books, head)
        place = QueuePlace(
            directory=directory,
            database=database,
            reader=ReadOnlyDatabase(directory / DATABASE_FILE, clock),
            books=books,
            configuration=Configuration(database, clock),
            clock=clock.base,
        )
        driver, declared_by = driver or queue_driver(), f"{jobs.__module__}:{jobs.__qualname__}"
        queue = ShopQueue(place, queue_keys(secrets), driver, declared_by=declared_by)
        on_failure.callback(queue.close)
        shop = _joined(clock, place, queue, key, head, later, aside, changed)
        queue.know(jobs(_job_services(shop)))
        on_failure.pop_all()
    return shop


def _mind_missing_head(database: ShopDatabase, books: Books, head: HeadFile) -> None:
    """Write into the journal that its head beside the file is gone, before a new one is made."""
    if head.read() is None and last_entry(database)[0]:
        with database.write():
            books.note(HEAD_MISSING, actor_id=None)


def _joined(
    clock: ShiftedClock,
    place: QueuePlace,
    queue: ShopQueue,
    key: bytes,
    head: HeadFile,
    later: Later,
    aside: Callable[[Callable[[], None]], None],
    changed_outside: bool,  # noqa: FBT001 - what was found on the way here
) -> Shop:
    """Join the services of a shop. Long because every one is named once, with all it needs."""
    directory, database, reader = place.directory, place.database, place.reader
    books, configuration = place.books, place.configuration
    sign_in = SignIn(database, books)
    catalogue = Catalogue(reader, aside)
    papers = Papers(configuration)
    print_queue = PrintQueue(database, books, configuration, clock.base)
    selling = Selling(database, books, papers, print_queue)
    carts = HeldCarts(database, books, configuration, print_queue)
    closing = Closing(database, books, configuration, carts)
    till = Till(
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
    pace = partial(bulk_pace, till_locks(directory))
    importing = Importing(
        database,
        books,
        closing,
        clock,
        pace=pace,
        one_at_a_time=lambda: _one_import(directory),
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
        importing=importing,
        import_jobs=ImportJobs(importing, _import_spool(place), queue.intake, database),
        goods=goods_services(
            database,
            reader,
            books,
            catalogue,
            closing,
            configuration,
            print_queue,
            clock,
            pace=pace,
            one_price_change=lambda: _one_price_change(directory),
        ),
        print_room=PrintRoom(
            database, configuration, print_queue, books, clock.base, folder(directory, LOCKS_FOLDER)
        ),
        unsettled_prints=UnsettledPrints(database, books, print_queue, clock.base),
        clock_watch=ClockWatch(database, books, lambda: configuration.get(settings.SHOP_DEMO)),
        queue=queue,
        changed_outside=changed_outside,
    )


def _import_spool(place: QueuePlace) -> ImportSpool:
    directory = place.directory
    make = partial(folder, directory, IMPORTS_FOLDER)
    return ImportSpool(make, file_mode(directory), place.database, place.clock)


def _job_services(shop: Shop) -> JobServices:
    keeping = JobKeeping(
        shop.database, shop.configuration, shop.clock.base, shop.import_jobs.spool.sweep
    )
    return JobServices(keeping=keeping, imports=shop.import_jobs)


def till_locks(directory: Path) -> list[FileLock]:
    """Return the locks of tills that are open: the first till holds the first, and so on."""
    locks, mode = folder(directory, LOCKS_FOLDER), file_mode(directory)
    return [FileLock(locks / f"till-{place}", mode=mode, timeout=0) for place in range(MOST_TILLS)]


@contextmanager
def till_open(shop: Shop) -> Iterator[None]:
    """Say for a while that a till sells here, so that bulk writers of any process mind it.

    A second till beside it learns that it is not alone: the open cart is the first one's. In this
    process the threads take shorter turns meanwhile: a bulk writer may not keep the screen and
    the sale waiting for Python's usual 5 ms at each of their steps.
    """
    with ExitStack() as stack:
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(TURN_SECONDS)
        shop.till.alone = False
        for place, lock in enumerate(till_locks(shop.directory)):
            with suppress(Timeout):
                lock.acquire(timeout=PROBE_SECONDS)
                stack.callback(lock.release)
                shop.till.alone = place == 0
                break
        yield


def _one_import(directory: Path) -> AbstractContextManager[None]:
    """Hold the lock of imports; raise AnotherImport while an import or undo runs."""
    return _one_at_a_time(directory, "import", AnotherImport)


def _one_price_change(directory: Path) -> AbstractContextManager[None]:
    """Hold the lock of price changes; raise AnotherPriceChange while one or its undo runs."""
    return _one_at_a_time(directory, "prices", AnotherPriceChange)


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


def bulk_pace(tills: Sequence[FileLock]) -> BulkPace:
    """Return how fast a bulk writer may go: slowly where a till is open, in any process."""
    try:
        for till in tills:
            with till:
                pass
    except Timeout:
        return BESIDE_A_TILL
    return ALONE


def _secrets(directory: Path, shop_id: str) -> Secrets:
    path = directory / SECRETS_FILE
    return FileSecrets(path) if path.exists() else KeyringSecrets(shop_id)
