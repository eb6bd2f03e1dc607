"""A shop, made and opened without any screen: the one place that builds and joins the services.

The window, `posctl` and every child process open a shop here. Clock, ids and the runner of
deferred writes are handed in, so that a whole shop can run under a clock and a seed of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pos_hardware.worker import STOP_WITHIN
from pos_queue.drivers.driver_choice import DriverChoice
from pos_queue.job import Job

from pos_desktop import settings
from pos_desktop.domain.clock import Clock, ShiftedClock, SystemClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Ids
from pos_desktop.environment import queue_driver
from pos_desktop.jobs.registry import JobServices, every_job
from pos_desktop.security.queue_keys import queue_keys
from pos_desktop.security.recovery import JOURNAL_KEY
from pos_desktop.security.secrets import Secrets, secrets_of
from pos_desktop.services.backup.backup_checking import BackupChecking
from pos_desktop.services.backup.backups import Backups
from pos_desktop.services.closing.book_checks import BookChecks
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.counter.cashbox import Cashbox
from pos_desktop.services.counter.clock_watch import ClockWatch
from pos_desktop.services.counter.closing_desk import ClosingDesk
from pos_desktop.services.counter.command_desk import CommandDesk
from pos_desktop.services.counter.money_desk import MoneyDesk
from pos_desktop.services.counter.mpesa_back import MpesaBack
from pos_desktop.services.counter.mpesa_desk import MpesaDesk
from pos_desktop.services.counter.room_watch import RoomWatch
from pos_desktop.services.counter.till import Till
from pos_desktop.services.counter.till_state import Later, at_once
from pos_desktop.services.credit.accounts import Accounts
from pos_desktop.services.credit.vouchers import Vouchers
from pos_desktop.services.devices.device_room import DeviceRoom, device_room
from pos_desktop.services.exports.exporting import Exports
from pos_desktop.services.imports.import_jobs import ImportJobs
from pos_desktop.services.imports.importing import Importing
from pos_desktop.services.job_keeping import JobKeeping
from pos_desktop.services.licence.licence_room import LicenceRoom
from pos_desktop.services.mail.mail_room import MailRoom
from pos_desktop.services.mpesa.mpesa_room import MpesaRoom
from pos_desktop.services.mpesa.statements.statement_import import StatementImport
from pos_desktop.services.paper.papers import Papers
from pos_desktop.services.paper.print_queue import PrintQueue
from pos_desktop.services.paper.receipt_layout import ReceiptLayouts
from pos_desktop.services.paper.receipt_pictures import ReceiptPictures
from pos_desktop.services.people.customers import Customers
from pos_desktop.services.people.sign_in import SignIn
from pos_desktop.services.people.staffing import Staffing
from pos_desktop.services.printing.print_room import PrintRoom
from pos_desktop.services.printing.unsettled_prints import UnsettledPrints
from pos_desktop.services.products.catalogue import Catalogue
from pos_desktop.services.products.label_jobs import LabelJobs
from pos_desktop.services.products.price_jobs import PriceJobs
from pos_desktop.services.reports.reporting import Reporting
from pos_desktop.services.sales.held_carts import HeldCarts
from pos_desktop.services.sales.returning import Returning
from pos_desktop.services.sales.sale_papers import SalePapers
from pos_desktop.services.sales.selling import Selling
from pos_desktop.services.schedules.schedule_room import ScheduleRoom
from pos_desktop.services.stock.goods import Goods, goods_services
from pos_desktop.services.stock.take_jobs import TakeJobs
from pos_desktop.shop_door import through_the_door
from pos_desktop.shop_folder import (
    DATABASE_FILE,
    HEAD_FILE,
    LOCKS_FOLDER,
    folder,
)
from pos_desktop.shop_leavings import sweep_leavings
from pos_desktop.shop_locks import bulk_pace, one_import, one_price_change, till_locks
from pos_desktop.shop_office import (
    Sources,
    backup_at_z,
    backups,
    import_courses,
    import_jobs,
    licence,
    mpesa,
    mpesa_statements,
    post_and_files,
)
from pos_desktop.shop_queue import QueuePlace, ShopQueue
from pos_desktop.shop_upgrade import sweep_copies, upgrade
from pos_desktop.storage.audit import HEAD_MISSING, looks_changed
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ReadOnlyDatabase, ShopDatabase
from pos_desktop.storage.errors import FileBusy, translated
from pos_desktop.storage.file_look import check_shop_file
from pos_desktop.storage.head import HeadFile
from pos_desktop.storage.journal import last_entry
from pos_desktop.storage.migrations import is_of_this_version
from pos_desktop.storage.node import current
from pos_desktop.storage.settings_table import peeked

log = logging.getLogger(__name__)


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
    staffing: Staffing
    closing: Closing
    book_checks: BookChecks
    catalogue: Catalogue
    papers: Papers
    print_queue: PrintQueue
    selling: Selling
    returning: Returning
    customers: Customers
    accounts: Accounts
    vouchers: Vouchers
    cashbox: Cashbox
    carts: HeldCarts
    till: Till
    desk: CommandDesk
    reporting: Reporting
    receipt_pictures: ReceiptPictures
    importing: Importing
    import_jobs: ImportJobs
    backups: Backups
    backup_checking: BackupChecking
    price_jobs: PriceJobs
    label_jobs: LabelJobs
    take_jobs: TakeJobs
    goods: Goods
    print_room: PrintRoom
    receipt_layouts: ReceiptLayouts
    mail: MailRoom
    mpesa: MpesaRoom
    mpesa_desk: MpesaDesk
    mpesa_statements: StatementImport
    mpesa_back: MpesaBack
    exports: Exports
    schedules: ScheduleRoom
    unsettled_prints: UnsettledPrints
    devices: DeviceRoom
    clock_watch: ClockWatch
    room_watch: RoomWatch
    licence: LicenceRoom
    queue: ShopQueue
    changed_outside: bool
    """Whether the books looked as if changed past the program when they were opened."""

    def close(self, within: float = STOP_WITHIN) -> None:
        """Stop the print room within so many seconds, and close this thread's connections.

        Other threads close theirs.
        """
        self.print_room.stop(within)
        self.mail.office.close()
        self.mpesa.daraja.close()
        self.mpesa.relay.close()
        self.licence.line.close()
        self.queue.close()
        self.reader.close()
        self.database.close()


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

    Raises NoShop where there is none, BeingBroughtBack while another file takes the place of its
    own, Refused where the environment chooses what cannot be had, and what the storage and the
    secrets say of a damaged one.
    """
    check_shop_file(directory)
    clock = ShiftedClock(clock or SystemClock())
    database = ShopDatabase(directory / DATABASE_FILE, clock)
    with translated(database.path), ExitStack() as on_failure:
        on_failure.callback(database.close)
        _connect(directory, database, clock)
        node = current(database)
        secrets = secrets_of(directory, node.shop_id)
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
        on_failure.callback(place.reader.close)
        driver, declared_by = driver or queue_driver(), f"{jobs.__module__}:{jobs.__qualname__}"
        queue = ShopQueue(place, queue_keys(secrets), driver, declared_by=declared_by)
        on_failure.callback(queue.close)
        shop = _joined(clock, place, queue, secrets, head, later, aside, changed)
        queue.know(jobs(_job_services(shop)))
        on_failure.pop_all()
    return shop


def _connect(directory: Path, database: ShopDatabase, clock: Clock) -> None:
    """Upgrade a file of an earlier version, or wait until another program has done so."""
    try:
        with through_the_door(directory):
            is_current = is_of_this_version(database)
            sweep_leavings(directory)
        if is_current:
            sweep_copies(directory, clock.now())
            return
    except FileBusy:
        log.info("the shop's file is busy: it may be brought up to date just now")
    database.close()
    upgrade(directory, clock)
    with through_the_door(directory):
        is_of_this_version(database)


def scale_of(directory: Path) -> int:
    """Return how large the till of a shop is shown, in percent, before the shop is opened."""
    scale = peeked(directory / DATABASE_FILE, settings.UI_SCALE.key)
    try:
        return settings.UI_SCALE.check(scale)
    except Refused:
        return settings.UI_SCALE.default


def _mind_missing_head(database: ShopDatabase, books: Books, head: HeadFile) -> None:
    """Write into the journal that its head beside the file is gone, before a new one is made."""
    if head.read() is None and last_entry(database)[0]:
        with database.write():
            books.note(HEAD_MISSING, actor_id=None)


def _joined(
    clock: ShiftedClock,
    place: QueuePlace,
    queue: ShopQueue,
    secrets: Secrets,
    head: HeadFile,
    later: Later,
    aside: Callable[[Callable[[], None]], None],
    changed_outside: bool,  # noqa: FBT001 - what was found on the way here
) -> Shop:
    """Join the services of a shop. Long because every one is named once, with all it needs."""
    directory, database, reader = place.directory, place.database, place.reader
    books, configuration = place.books, place.configuration
    key = secrets.get(JOURNAL_KEY)
    sign_in = SignIn(database, reader, books, clock)
    catalogue = Catalogue(reader, aside, lambda: configuration.label_patterns)
    papers = Papers(configuration)
    print_queue = PrintQueue(database, books, configuration, clock.base)
    customers = Customers(database, reader, books)
    accounts = Accounts(database, reader, books)
    vouchers = Vouchers(database, reader, books, configuration)
    mpesa_room = mpesa(place, queue, secrets)
    returning = Returning(
        database, reader, books, configuration, lambda: mpesa_room.setup.has_operator
    )
    sale_papers = SalePapers(database, papers, print_queue, vouchers)
    selling = Selling(
        database,
        books,
        sale_papers,
        print_queue,
        returning=returning,
        accounts=accounts,
        vouchers=vouchers,
        mpesa=mpesa_room.sale_payments,
        reversals=mpesa_room.reversals,
    )
    cashbox = Cashbox(database, books, configuration, papers, print_queue, vouchers)
    carts = HeldCarts(database, books, configuration, print_queue, mpesa_room.sale_payments)
    book_checks = BookChecks(database, reader, books, queue.intake, clock.base, key=key, head=head)
    closing = Closing(database, books, configuration, carts, print_queue, book_checks)
    till = Till(
        books=books,
        configuration=configuration,
        catalogue=catalogue,
        sign_in=sign_in,
        closing=closing,
        selling=selling,
        returning=returning,
        carts=carts,
        later=later,
    )
    pace = partial(bulk_pace, till_locks(directory))
    goods = goods_services(
        database,
        reader,
        books,
        catalogue,
        closing,
        configuration,
        print_queue,
        clock,
        pace=pace,
        one_price_change=lambda: one_price_change(directory),
    )
    reporting = Reporting(reader, configuration)
    office = post_and_files(
        place, queue, secrets, Sources(reporting, selling, sale_papers, sign_in)
    )
    mpesa_desk = MpesaDesk(
        till=till,
        carts=carts,
        mpesa=mpesa_room,
        configuration=configuration,
        clock=clock.base,
    )
    room_watch = RoomWatch(directory)
    desk = CommandDesk(
        till=till,
        catalogue=catalogue,
        products=goods.products,
        selling=selling,
        money=MoneyDesk(
            till=till,
            catalogue=catalogue,
            returning=returning,
            customers=customers,
            accounts=accounts,
            vouchers=vouchers,
            cashbox=cashbox,
            mpesa=mpesa_desk,
        ),
        day=ClosingDesk(
            database,
            books,
            till=till,
            closing=closing,
            papers=papers,
            print_queue=print_queue,
            day_closed=office.schedules.watch.day_closed,
            backs_up=backup_at_z(place, queue).day_closed,
            room_words=room_watch.words,
        ),
        sign_in=sign_in,
        configuration=configuration,
        clock=clock,
    )
    print_room = PrintRoom(
        database, configuration, print_queue, clock.base, folder(directory, LOCKS_FOLDER)
    )
    clock_watch = ClockWatch(database, books, lambda: configuration.get(settings.SHOP_DEMO))
    courses = import_courses(place, queue)
    importing = Importing(
        database,
        books,
        closing,
        clock,
        pace=pace,
        one_at_a_time=lambda: one_import(directory),
        courses=courses,
    )
    imports = import_jobs(place, queue, importing, courses)
    making, checking = backups(place, queue, secrets)
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
        staffing=Staffing(database, books),
        closing=closing,
        book_checks=book_checks,
        catalogue=catalogue,
        papers=papers,
        print_queue=print_queue,
        selling=selling,
        returning=returning,
        customers=customers,
        accounts=accounts,
        vouchers=vouchers,
        cashbox=cashbox,
        carts=carts,
        till=till,
        desk=desk,
        reporting=reporting,
        receipt_pictures=ReceiptPictures(reader, papers),
        importing=importing,
        import_jobs=imports,
        backups=making,
        backup_checking=checking,
        price_jobs=PriceJobs(goods.prices, queue.intake, database),
        label_jobs=LabelJobs(goods.labels, queue.intake, database),
        take_jobs=TakeJobs(database, books, closing, goods.taking, queue.intake, clock, pace),
        receipt_layouts=ReceiptLayouts(database, books, configuration, papers),
        mail=office.mail,
        mpesa=mpesa_room,
        mpesa_desk=mpesa_desk,
        mpesa_statements=mpesa_statements(place, queue, mpesa_room, imports.spool, pace),
        mpesa_back=MpesaBack(
            database, configuration, closing, cashbox, mpesa_room.book, mpesa_room.claims
        ),
        exports=office.exports,
        schedules=office.schedules,
        goods=goods,
        print_room=print_room,
        unsettled_prints=UnsettledPrints(database, books, print_queue, clock.base),
        devices=device_room(database, books, configuration, print_queue, print_room, clock.base),
        clock_watch=clock_watch,
        room_watch=room_watch,
        licence=licence(place, queue, clock_watch.newest),
        queue=queue,
        changed_outside=changed_outside,
    )


def _job_services(shop: Shop) -> JobServices:
    keeping = JobKeeping(
        shop.database,
        shop.configuration,
        shop.clock.base,
        shop.import_jobs.spool.sweep,
        files=shop.mail.files,
        finish_stops=shop.mail.stops.finish_all,
        prune_exports=shop.exports.prune,
        forget_payers=shop.mpesa.forgetting.run,
    )
    return JobServices(
        keeping=keeping,
        imports=shop.import_jobs,
        prices=shop.price_jobs,
        labels=shop.label_jobs,
        preparing=shop.mail.preparing,
        sending=shop.mail.sending,
        exports=shop.exports,
        backups=shop.backups,
        backup_checking=shop.backup_checking,
        letters=shop.schedules.letters,
        alerts=shop.schedules.alerts,
        book_checks=shop.book_checks,
        takes=shop.take_jobs,
        push_query=shop.mpesa.push_query,
        payment_list=shop.mpesa.payment_list,
        report_intake=shop.mpesa.intake,
        confirming=shop.mpesa.confirming,
        claims=shop.mpesa.claims,
        missing_codes=shop.mpesa.missing_codes,
        mpesa_statements=shop.mpesa_statements,
        reversing=shop.mpesa.reversing,
        activating=shop.licence.activating,
    )
