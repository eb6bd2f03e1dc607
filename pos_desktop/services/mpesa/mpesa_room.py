"""M-Pesa in a shop, joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.security.secrets import Secrets
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.asking import Asking
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.confirming import Confirming
from pos_desktop.services.mpesa.daraja_office import DarajaOffice
from pos_desktop.services.mpesa.forgetting import PayerForgetting
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.mpesa_setup import MpesaSetup
from pos_desktop.services.mpesa.overdue import Overdue
from pos_desktop.services.mpesa.overriding import Overriding
from pos_desktop.services.mpesa.payment_list import PaymentList
from pos_desktop.services.mpesa.pushing import Pushing
from pos_desktop.services.mpesa.qr_codes import QrCodes
from pos_desktop.services.mpesa.registering import Registering
from pos_desktop.services.mpesa.relay_office import RelayOffice
from pos_desktop.services.mpesa.relay_reading import RelayReading
from pos_desktop.services.mpesa.report_taking import ReportTaking
from pos_desktop.services.mpesa.reversals import Reversals
from pos_desktop.services.mpesa.setup_check import MpesaSetupCheck
from pos_desktop.services.mpesa.tray import Tray
from pos_desktop.services.mpesa.tray_acts import TrayActs
from pos_desktop.services.mpesa.tray_book import TrayBook
from pos_desktop.services.mpesa.using_up import MpesaUse
from pos_desktop.services.mpesa.waiting import Waiting
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaRoom:
    """What has to do with M-Pesa."""

    setup: MpesaSetup
    attempts: Attempts
    pushing: Pushing
    asking: Asking
    money: MoneyBook
    waiting: Waiting
    use: MpesaUse
    office: DarajaOffice
    list: PaymentList
    confirming: Confirming
    claims: Claiming
    registering: Registering
    codes: QrCodes
    setup_check: MpesaSetupCheck
    overdue: Overdue
    forgetting: PayerForgetting
    relay: RelayOffice
    reading: RelayReading
    taking: ReportTaking
    book: TrayBook
    tray: Tray
    acts: TrayActs
    reversals: Reversals
    overriding: Overriding


def mpesa_room(
    database: ShopDatabase,
    reader: ShopDatabase,
    books: Books,
    configuration: Configuration,
    secrets: Secrets,
    queue: Enqueues,
    clock: Clock,
    set_up: Callable[[], object],
    chance: Callable[[], float],
) -> MpesaRoom:
    """Join the services of M-Pesa; `clock` is the machine's, `set_up` is told of other keys.

    `chance` draws from [0, 1) for waits. Long because every service is named once, with its needs.
    """
    setup = MpesaSetup(database, books, configuration, secrets, set_up)
    office = DarajaOffice(setup, clock)

    def hurries() -> bool:
        return configuration.get(settings.SHOP_DEMO) and office.is_on_this_machine

    relay = RelayOffice(setup, configuration, clock)
    attempts = Attempts(database, books, queue, clock, hurries, lambda: relay.is_live)
    claims = Claiming(database, relay, queue, clock)
    money = MoneyBook(
        database, books, clock, lambda: configuration.get(settings.MPESA_SHARED), claims
    )
    payments = PaymentList(database, setup, office, money, attempts, queue, clock)
    confirming = Confirming(database, setup, office, payments, money, clock)
    taking = ReportTaking(database, setup, attempts, money, queue)
    taking.results.append(confirming.hear)
    waiting = Waiting(database, reader, books, money, claims, clock)
    book = TrayBook(database, books, clock)
    reversals = Reversals(database, queue, setup, office, book, clock)
    taking.results.append(reversals.told)
    return MpesaRoom(
        setup=setup,
        attempts=attempts,
        pushing=Pushing(attempts, office, clock),
        asking=Asking(database, attempts, money, office, clock),
        money=money,
        waiting=waiting,
        use=MpesaUse(database, claims, reversals, clock),
        office=office,
        list=payments,
        confirming=confirming,
        claims=claims,
        overdue=Overdue(database, clock),
        forgetting=PayerForgetting(database, configuration, clock),
        setup_check=MpesaSetupCheck(setup, configuration, office, payments, relay, clock),
        codes=QrCodes(configuration, office),
        registering=Registering(database, books, setup, office),
        relay=relay,
        reading=RelayReading(database, books, configuration, relay, queue, chance),
        taking=taking,
        book=book,
        tray=Tray(reader, reversals, clock),
        acts=TrayActs(database, reader, books, book, waiting),
        reversals=reversals,
        overriding=Overriding(database, attempts, book, clock),
    )
