"""Tenders other than cash: which page asks for which, and what is told to the counter.

Money that goes back for goods that came back takes the same ways in the other direction.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal

from pos_desktop.domain import commands as do
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.counter.till_state import NothingToPay
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.services.people.customers import shown_name
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.mpesa_flow import MpesaFlow
from pos_desktop.ui.screens.sell.mpesa_page import MpesaPage
from pos_desktop.ui.screens.sell.side_page import SidePage
from pos_desktop.ui.screens.sell.tender_page import Asked, TenderPage
from pos_desktop.ui.screens.sell.voucher_page import VoucherPage
from pos_desktop.ui.threads.long_work import LongWork


class TenderFlow(Flow):
    """Holds the pages of the tenders that ask for something."""

    customer_wanted = Signal()
    """Somebody has to be chosen before anything is sold on account."""

    def __init__(self, counter: Counter, pushes: LongWork) -> None:
        """Take what asks phones for money, beside the lane."""
        super().__init__()
        self._counter = counter
        self._shop = counter.shop
        self._kind: TenderKind | None = None
        """What the page takes for the cart; None where it sells a voucher."""
        self._due: Payment | None = None
        self.page = TenderPage()
        self.voucher = VoucherPage()
        self.mpesa = MpesaFlow(counter, pushes)
        self.mpesa.page_wanted.connect(self.page_wanted)
        self.mpesa.over.connect(self.over)
        self.page.taken.connect(self._taken)
        self.voucher.paid.connect(self._pay_voucher)
        self.voucher.sale_wanted.connect(self._ask_voucher_sale)
        for page in (self.page, self.voucher):
            page.refused.connect(counter.say_failed)
            page.left.connect(self._leave)
        counter.changed.connect(self._follow)

    @property
    def pages(self) -> tuple[SidePage, ...]:
        """The pages, of which one at most is shown."""
        return *self.asking, self.mpesa.watch, self.mpesa.qr

    @property
    def asking(self) -> tuple[TenderPage, VoucherPage, MpesaPage]:
        """Those that ask for something to be typed."""
        return self.page, self.voucher, self.mpesa.page

    def open(self, kind: TenderKind) -> None:
        """Ask for what this tender needs to pay the cart, or to give its money back."""
        self._counter.in_turn(lambda: self._open(kind))

    def give_back(self) -> None:
        """Give money back by the tender that the shop's rule names next."""
        self._counter.in_turn(lambda: self._open(self._rule()[0][0]))

    def way_back(self) -> list[tuple[TenderKind, Cents]]:
        """Return by which tenders what is still to give back goes by the shop's rule."""
        return self._rule() if self._counter.payment.is_refund else []

    def sell_voucher_now(self) -> bool:
        """Sell the voucher for the amount that stands there, if one is being sold; tell whether."""
        sells = self.page.isVisible() and self._kind is None
        if sells:
            self.page.take_now()
        return sells

    # what is asked

    def _open(self, kind: TenderKind) -> None:
        payment = self._counter.payment
        if kind is TenderKind.MPESA and not payment.is_refund:
            self.mpesa.open()
        elif self._counter.basket.is_empty:
            if kind is not TenderKind.VOUCHER:
                raise NothingToPay
            self._begin_voucher()
        elif payment.is_refund:
            if kind is TenderKind.MPESA:
                self._shop.returning.by_mpesa(self._counter.basket.returns, payment)
            self._ask(kind, self._asked_back(kind, payment))
        elif kind is TenderKind.VOUCHER:
            self._begin_voucher()
        elif kind is TenderKind.CREDIT:
            self._open_credit(payment)
        else:
            asked = Asked(
                head=_("BY CARD"),
                act=_("Take card"),
                cents=payment.remaining_cents,
                reference="",
                needs_reference=True,
                most=payment.remaining_cents,
            )
            self._ask(kind, asked)

    def _begin_voucher(self) -> None:
        self._kind = None
        self._counter.quiet()
        self.voucher.begin(is_empty=self._counter.basket.is_empty)
        self.page_wanted.emit(self.voucher)

    def _open_credit(self, payment: Payment) -> None:
        customer_id = self._counter.basket.customer_id
        customer = self._shop.customers.get(customer_id) if customer_id else None
        if customer is None:
            self._counter.say(_("Say first which customer buys on account."))
            self.customer_wanted.emit()
            return
        owed = self._shop.customers.balance(customer.id)
        cents = payment.asked_cents(TenderKind.CREDIT)
        on_account = payment.settled_cents(TenderKind.CREDIT) + cents
        is_over = self._shop.accounts.over_limit(customer, owed, on_account) > 0
        asked = Asked(
            head=_("ON ACCOUNT OF {name}").format(name=shown_name(customer)),
            act=_("On account"),
            cents=cents,
            most=cents,
            facts=account_facts(owed, customer.credit_limit_cents),
            hint=_("More than the limit leaves: a manager approves it.") if is_over else "",
        )
        self._ask(TenderKind.CREDIT, asked)

    def _asked_back(self, kind: TenderKind, payment: Payment) -> Asked:
        named = dict(self._rule())
        facts = tuple((tender_name(one), format_amount(part)) for one, part in named.items())
        return Asked(
            head=_("GIVE BACK BY: {tender}").format(tender=tender_name(kind)),
            act=_("Give back"),
            cents=self._asked_cents(kind, payment),
            reference=self._card_paid_with() if kind is TenderKind.CARD else None,
            needs_reference=kind is TenderKind.CARD,
            facts=facts,
            hint=_hint_back(kind, named),
        )

    def _asked_cents(self, kind: TenderKind, payment: Payment) -> Cents:
        """Return what a tender is to pay, or to give back by the shop's rule."""
        most = dict(self._rule()).get(kind) if payment.is_refund else None
        return payment.asked_cents(kind, most)

    def _rule(self) -> list[tuple[TenderKind, Cents]]:
        """Return what the rule says of what is still to give back."""
        basket, payment = self._counter.basket, self._counter.payment
        assert basket.returns is not None
        return self._shop.returning.still_back(basket.returns, payment)

    def _card_paid_with(self) -> str:
        returns = self._counter.basket.returns
        return self._shop.returning.card_of(returns) if returns else ""

    def _ask_voucher_sale(self) -> None:
        self._ask(
            None,
            Asked(
                head=_("SELL A VOUCHER"),
                act=_("Sell the voucher"),
                reference="",
                hint=_("Cash, unless the reference of a card's slip is typed."),
            ),
        )

    def _ask(self, kind: TenderKind | None, asked: Asked) -> None:
        self._kind, self._due = kind, self._counter.payment
        self._counter.quiet()
        self.page_wanted.emit(self.page)
        self.page.ask(asked)

    # what is done

    def _taken(self, cents: Cents, reference: str) -> None:
        kind = self._kind
        if kind is None:
            self._sell_voucher(cents, reference)
        elif self._counter.payment.is_refund:
            self._counter.pay(do.PayBack(kind, cents, reference), self.over.emit)
        elif kind is TenderKind.CREDIT:
            self._counter.pay(do.PayCredit(cents), self.over.emit)
        else:
            self._counter.pay(do.PayCard(cents, reference), self.over.emit)

    def _pay_voucher(self, code: str) -> None:
        self._counter.pay(do.PayVoucher(code), self.over.emit)

    def _sell_voucher(self, cents: Cents, reference: str) -> None:
        def then(reply: Reply) -> None:
            self.over.emit()
            self._counter.say(reply.message)

        self._counter.carry_out(do.SellVoucher(cents, reference), then)

    # what happens meanwhile

    def _follow(self) -> None:
        """Offer what is due now where the cart has changed.

        Leave where nothing is in it, or the money goes the other way now.
        """
        if self.voucher.isVisible():
            self.voucher.say_what_follows(is_empty=self._counter.basket.is_empty)
        if not self.page.isVisible() or self._kind is None or self._due is None:
            return
        payment, before = self._counter.payment, self._due
        if self._counter.basket.is_empty or payment.is_refund != before.is_refund:
            self.over.emit()
        elif payment.due_cents != before.due_cents:
            self._due = payment
            self.page.offer(self._asked_cents(self._kind, payment))

    def _leave(self) -> None:
        self._counter.quiet()
        self.over.emit()


def account_facts(owed_cents: Cents, limit_cents: Cents) -> tuple[tuple[str, str], ...]:
    """Return what a customer owes, may owe, and what is left of that, in words and figures."""
    left = max(0, limit_cents - owed_cents)
    owes = (_("Owes"), format_amount(owed_cents))
    if owed_cents < 0:
        owes = (_("Has paid ahead"), format_amount(-owed_cents))
    return (
        owes,
        (_("May owe"), format_amount(limit_cents)),
        (_("Left of it"), format_amount(left)),
    )


def _hint_back(kind: TenderKind, named: Mapping[TenderKind, Cents]) -> str:
    """Say whether a manager has to approve that money goes back by this tender."""
    if kind is TenderKind.MPESA:
        return _("M-Pesa gives back the whole payment; a manager approves it.")
    is_free = kind in named or (kind is TenderKind.CASH and TenderKind.MPESA in named)
    return "" if is_free else _("The shop's rule says otherwise: a manager approves it.")
