"""M-Pesa in a shop, joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.security.secrets import Secrets
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.attempt_ages import AttemptAges
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.cart_waits import CartWaits
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.confirming import Confirming
from pos_desktop.services.mpesa.forgetting import PayerForgetting
from pos_desktop.services.mpesa.later_requests import LaterRequests
from pos_desktop.services.mpesa.missing_codes import MissingCodes
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.payment_list import PaymentList
from pos_desktop.services.mpesa.push_query import PushQuery
from pos_desktop.services.mpesa.pushing import Pushing
from pos_desktop.services.mpesa.qr_codes import QrCodes
from pos_desktop.services.mpesa.relay_reading import RelayReading
from pos_desktop.services.mpesa.report_intake import ReportIntake
from pos_desktop.services.mpesa.sale_payments import SalePayments
from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup
from pos_desktop.services.mpesa.setup.registering import Registering
from pos_desktop.services.mpesa.setup.relay_line import RelayLine
from pos_desktop.services.mpesa.setup.setup_check import MpesaSetupCheck
from pos_desktop.services.mpesa.tray.overriding import Overriding
from pos_desktop.services.mpesa.tray.reversals import Reversals
from pos_desktop.services.mpesa.tray.reversing import Reversing
from pos_desktop.services.mpesa.tray.tray import Tray
from pos_desktop.services.mpesa.tray.tray_acts import TrayActs
from pos_desktop.services.mpesa.tray.tray_book import TrayBook
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class MpesaRoom:
    """What has to do with M-Pesa."""

    setup: MpesaSetup
    attempts: Attempts
    ages: AttemptAges
    pushing: Pushing
    push_query: PushQuery
    money: MoneyBook
    waits: CartWaits
    sale_payments: SalePayments
    daraja: DarajaLine
    payment_list: PaymentList
    confirming: Confirming
    claims: Claiming
    registering: Registering
    codes: QrCodes
    setup_check: MpesaSetupCheck
    missing_codes: MissingCodes
    forgetting: PayerForgetting
    relay: RelayLine
    reading: RelayReading
    intake: ReportIntake
    book: TrayBook
    tray: Tray
    acts: TrayActs
    reversals: Reversals
    reversing: Reversing
    overriding: Overriding


def mpesa_room(
    database: ShopDatabase,
    reader: ShopDatabase,
    books: Books,
    configuration: Configuration,
    secrets: Secrets,
    queue: Enqueues,
    clock: Clock,
    chance: Callable[[], float],
) -> MpesaRoom:
    """Join the services of M-Pesa; `clock` is the machine's, which no replay moves.

    `chance` draws from [0, 1) for waits. Long because every service is named once, with its needs.
    """
    setup = MpesaSetup(database, books, configuration, secrets)
    daraja = DarajaLine(setup, clock)

    def hurries() -> bool:
        return configuration.get(settings.SHOP_DEMO) and daraja.is_on_this_machine

    def ahead() -> timedelta:
        return daraja.skew

    relay = RelayLine(setup, configuration, clock)
    ages = AttemptAges(clock)
    attempts = Attempts(database, books, queue, clock, hurries, lambda: relay.is_live, ahead, ages)
    claims = Claiming(database, relay, queue, clock, ahead)
    money = MoneyBook(
        database, clock, lambda: configuration.get(settings.MPESA_SHARED), claims, ahead
    )
    payments = PaymentList(database, setup, daraja, money, attempts, queue, clock, ages)
    later = LaterRequests(database, setup, clock)
    confirming = Confirming(database, setup, daraja, payments, money, later, clock)
    intake = ReportIntake(database, setup, attempts, money, queue)
    intake.results.append(confirming.hear)
    waits = CartWaits(database, reader, books, money, claims, clock)

    def can_ask_back() -> bool:
        return setup.has_operator

    book = TrayBook(database, books, clock, can_ask_back)
    reversing = Reversing(database, queue, daraja, book, later, clock)
    intake.results.append(reversing.told)
    return MpesaRoom(
        setup=setup,
        attempts=attempts,
        ages=ages,
        pushing=Pushing(attempts, daraja, clock),
        push_query=PushQuery(database, attempts, money, daraja, queue, ages, clock),
        money=money,
        waits=waits,
        sale_payments=SalePayments(database, attempts, claims, clock, ahead),
        daraja=daraja,
        payment_list=payments,
        confirming=confirming,
        claims=claims,
        missing_codes=MissingCodes(database, clock),
        forgetting=PayerForgetting(database, configuration, clock),
        setup_check=MpesaSetupCheck(
            setup, configuration, daraja, relay, clock, lambda: payments.shows_payments
        ),
        codes=QrCodes(configuration, daraja),
        registering=Registering(database, books, configuration, setup, daraja),
        relay=relay,
        reading=RelayReading(database, configuration, relay, queue, chance),
        intake=intake,
        book=book,
        tray=Tray(reader, clock, can_ask_back),
        acts=TrayActs(database, reader, books, book, waits, claims),
        reversals=Reversals(database, queue, setup, book, later, claims, clock),
        reversing=reversing,
        overriding=Overriding(database, attempts, book, ages),
    )
