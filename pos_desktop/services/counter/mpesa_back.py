"""An M-Pesa payment that goes back over the counter: in cash, or in favour of a customer.

Both go by the shop's books, so that drawer and Z add up: cash leaves the drawer as cash that is
taken out, with the code as its reason; what stands in a customer's favour is a payment on account
by M-Pesa. Of a payment that its sale counted for less, only what is more goes back.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, format_amount, round_to
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneyEvent, MoneyState
from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.domain.shift import CashDirection
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.counter.cashbox import Cashbox, Taken
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.tray.standing import over_cents
from pos_desktop.services.mpesa.tray.tray_book import TrayBook
from pos_desktop.services.people.acting import Approval, Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mpesa_money import Money


@dataclass(frozen=True, slots=True)
class _Back:
    """What of a payment goes back, and what becomes of the payment."""

    money: Money
    cents: Cents
    event: MoneyEvent


class MpesaBack:
    """Gives payments back that no sale has; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        closing: Closing,
        cashbox: Cashbox,
        book: TrayBook,
        claims: Claiming,
    ) -> None:
        self._claims = claims
        self._database = database
        self._configuration = configuration
        self._closing = closing
        self._cashbox = cashbox
        self._book = book

    def in_cash(self, receipt: str, *, actor: Person, approval: Approval | None = None) -> Cents:
        """Give a payment back out of the drawer, rounded as cash is; return how much.

        Raises NeedsApproval, what `TrayBook.allow` raises, and Refused where no shift is open,
        another till has the payment, or the relay that would know does not answer.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        self._claim(receipt, TrayAct.CASH)
        with self._database.write():
            back = self._back(receipt, TrayAct.CASH)
            cents = round_to(back.cents, self._configuration.rounding.cash_step_cents)
            if cents > 0:
                reason = _("M-Pesa {code} given back").format(code=receipt)
                self._closing.move_cash(actor, CashDirection.OUT, cents, reason, approval)
            self._settle(back, EventKind.IN_CASH, hand, cents)
        return cents

    def in_credit(
        self,
        receipt: str,
        customer_id: Id,
        *,
        actor: Person,
        approval: Approval | None = None,
    ) -> Taken:
        """Let a payment stand in favour of a customer; return what they owe now.

        Raises as `in_cash` does.
        """
        hand = hand_of(actor, Permission.MPESA, approval)
        self._claim(receipt, TrayAct.CREDIT)
        with self._database.write():
            back, shift = self._back(receipt, TrayAct.CREDIT), self._closing.current()
            if shift is None:
                raise Refused(_("Open a shift first: what goes on an account is booked in one."))
            tender = Tender(
                kind=TenderKind.MPESA,
                amount_cents=back.cents,
                given_cents=back.cents,
                reference=receipt,
            )
            taken = self._cashbox.pay_on_account(actor, shift, customer_id, tender)
            self._settle(back, EventKind.IN_CREDIT, hand, back.cents, number=taken.number)
        return taken

    def _claim(self, receipt: str, act: TrayAct) -> None:
        """Ask whose it is, once it can go back at all."""
        self._back(receipt, act)
        self._claims.decide(receipt, may_leave=True)

    def _back(self, receipt: str, act: TrayAct) -> _Back:
        """Return what goes back: all of it, or what its sale did not count."""
        money = self._book.allow(receipt, act)
        if money.state is MoneyState.DIFFERS:
            return _Back(money, over_cents(self._database, money), MoneyEvent.KEEP)
        return _Back(money, money.amount_cents, MoneyEvent.GIVE_BACK)

    def _settle(
        self, back: _Back, kind: EventKind, hand: Hand, cents: Cents, **detail: str
    ) -> None:
        self._book.move(back.money, back.event)
        amount = format_amount(cents)
        self._book.tell(kind, back.money, hand, back_cents=cents, why=amount, **detail)
