"""How a sale is paid: tenders, change and rounding.

Rounding belongs to the tender that finishes the sale, and only to what is still due then; it is
an amount of its own, so that always `sum of tenders = due + rounding`. All amounts are cents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, check_amount, format_amount, round_to
from pos_desktop.domain.text import _


class TenderKind(Enum):
    """What a customer pays with; the value is the word in files and reports."""

    CASH = "cash"
    """Notes and coins: rounded, gives change, lies in the drawer."""
    MPESA = "mpesa"
    """Mobile money: asked for by a push in whole shillings, or sent by the customer, then exact."""
    CARD = "card"
    """A card on the bank's own terminal: exact."""
    CREDIT = "credit"
    """Put on the customer's account, to be paid later: exact."""
    VOUCHER = "voucher"
    """A gift card or voucher of the shop: exact."""
    EXCHANGE = "exchange"
    """Goods that came back in the same go: out of the refund, into the sale; exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundingRules:
    """To which multiple of cents a tender is rounded; 1 leaves it exact."""

    cash_step_cents: Cents = 100
    mpesa_step_cents: Cents = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """One payment towards a sale; in a refund its amounts are negative."""

    kind: TenderKind
    amount_cents: Cents
    """What stays in the shop: net of change, with the rounding in it."""
    given_cents: Cents
    """What was handed over: `given = amount + change`."""
    change_cents: Cents = 0
    rounding_cents: Cents = 0
    """What it settles beyond the amount that was due, or less than it where negative."""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A sale on its way to being paid: each tender returns the next state.

    A negative due is a refund: the same calls, with positive amounts that go to the customer.
    """

    due_cents: Cents
    """The gross of the sale, before rounding."""
    rules: RoundingRules = RoundingRules()
    tenders: tuple[Tender, ...] = ()
    cash_before_cents: Cents = 0
    """Cash of the same receipt that went back before, exact and negative: it is rounded together
    with what goes back now, so that all parts come to what the whole would have."""

    @property
    def rounding_cents(self) -> Cents:
        """What rounding added to what was due, or took from it where negative."""
        return sum(tender.rounding_cents for tender in self.tenders)

    @property
    def change_cents(self) -> Cents:
        """The cash that goes back to the customer."""
        return sum(tender.change_cents for tender in self.tenders)

    @property
    def given_cents(self) -> Cents:
        """What was handed over, before the change."""
        return sum(tender.given_cents for tender in self.tenders)

    @property
    def paid_cents(self) -> Cents:
        """What the tenders come to, net of change."""
        return sum(tender.amount_cents for tender in self.tenders)

    @property
    def remaining_cents(self) -> Cents:
        """What is still to be paid, exactly; negative in a refund."""
        return self.due_cents + self.rounding_cents - self.paid_cents

    @property
    def finished(self) -> bool:
        """Whether the sale is paid; one that costs nothing is, once cash of 0 was taken."""
        return bool(self.tenders) and self.remaining_cents == 0

    @property
    def cash_due_cents(self) -> Cents:
        """What is to be paid if cash finishes the sale."""
        step, before = self.rules.cash_step_cents, self.cash_before_cents
        return round_to(before + self.remaining_cents, step) - round_to(before, step)

    @property
    def mpesa_due_cents(self) -> Cents:
        """What a push to the customer's phone has to ask for to finish the sale."""
        return round_to(self.remaining_cents, self.rules.mpesa_step_cents)

    def settled_cents(self, kind: TenderKind) -> Cents:
        """Return how much of what was due a tender has settled, its rounding left out.

        Positive in a refund too.
        """
        return abs(
            sum(one.amount_cents - one.rounding_cents for one in self.tenders if one.kind is kind)
        )

    def asked_cents(self, kind: TenderKind, most: Cents | None = None) -> Cents:
        """Return how much to ask for by a tender: what remains, but not more than `most`.

        Cash that finishes is rounded. Positive in a refund too.
        """
        left = abs(self.remaining_cents)
        cents = left if most is None else min(most, left)
        return abs(self.cash_due_cents) if kind is TenderKind.CASH and cents == left else cents

    def cash(self, given: Cents | None = None) -> Payment:
        """Take cash; without an amount exactly what finishes the sale.

        Less than what cash has to come to is a part of the payment, exact and without rounding,
        and a multiple of the rounding step: so what is still to pay falls by just what was taken.
        Raises Refused for nothing or less, for a part between two steps, and for handing back more
        than a refund owes.
        """
        self._check_open()
        owed, rounded = abs(self.remaining_cents), abs(self.cash_due_cents)
        given = rounded if given is None else given
        self._check_given(given, at_least=0 if rounded == 0 else 1)
        if self.is_refund and given > rounded:
            self._refuse_more_than(rounded)
        if given < min(owed, rounded):
            self._check_steps(given, rounded)
        amount = rounded if given >= rounded else min(given, owed)
        rounding = rounded - owed if given >= rounded else 0
        return self._with(TenderKind.CASH, amount, given=given, rounding=rounding)

    def mpesa_push(self, amount: Cents | None = None, reference: str = "") -> Payment:
        """Take what a customer confirmed on the phone, in whole shillings.

        Raises Refused for parts of a shilling, and for more than finishes the sale.
        """
        self._check_open()
        owed, rounded = abs(self.remaining_cents), abs(self.mpesa_due_cents)
        amount = rounded if amount is None else amount
        self._check_given(amount)
        if amount % max(self.rules.mpesa_step_cents, 1):
            raise Refused(_("M-Pesa takes whole shillings: type an amount without cents."))
        if amount > rounded:
            self._refuse_more_than(rounded)
        rounding = rounded - owed if amount == rounded else 0
        return self._with(TenderKind.MPESA, amount, rounding=rounding, reference=reference)

    def exact(self, kind: TenderKind, amount: Cents | None = None, reference: str = "") -> Payment:
        """Take a tender to the cent: card, credit, voucher, or M-Pesa the customer sent himself.

        Without an amount all that remains. Raises Refused for more than that. Cash is never exact:
        a kind CASH is a ValueError.
        """
        if kind is TenderKind.CASH:
            raise ValueError("cash is taken by cash()")
        self._check_open()
        owed = abs(self.remaining_cents)
        amount = owed if amount is None else amount
        self._check_given(amount)
        if amount > owed:
            self._refuse_more_than(owed)
        return self._with(kind, amount, reference=reference)

    def over(self, amount: Cents, reference: str, back: TenderKind) -> Payment:
        """Take an M-Pesa payment of more than is due, whole: what is too much goes back at once.

        It goes back as change in cash, rounded, or onto the customer's account to the cent. So the
        sale counts all that has come in, and what has left the drawer. Raises Refused in a refund,
        and ValueError where no more than what is due was paid.
        """
        self._check_open()
        if self.is_refund or amount <= self.remaining_cents:
            raise ValueError(f"{amount} is no more than is due")
        self._check_given(amount)
        paid = self._with(TenderKind.MPESA, amount, reference=reference)
        left, change = paid.remaining_cents, 0
        cents = left
        if back is not TenderKind.CREDIT:
            cents = paid.cash_due_cents
            change = -cents
        tender = Tender(
            kind=back,
            amount_cents=cents,
            given_cents=cents + change,
            change_cents=change,
            rounding_cents=cents - left,
        )
        return replace(paid, tenders=(*paid.tenders, tender))

    def take_back(self) -> Payment:
        """Undo the last tender, before the sale is recorded; raises Refused where none is."""
        if not self.tenders:
            raise Refused(_("Nothing has been paid yet: take a payment first."))
        return replace(self, tenders=self.tenders[:-1])

    @property
    def is_refund(self) -> bool:
        """Whether money goes to the customer."""
        return self.due_cents < 0

    def _with(
        self,
        kind: TenderKind,
        amount: Cents,
        *,
        given: Cents | None = None,
        rounding: Cents = 0,
        reference: str = "",
    ) -> Payment:
        sign = -1 if self.is_refund else 1
        given = amount if given is None else given
        tender = Tender(
            kind=kind,
            amount_cents=sign * amount,
            given_cents=sign * given,
            change_cents=sign * (given - amount),
            rounding_cents=sign * rounding,
            reference=reference,
        )
        return replace(self, tenders=(*self.tenders, tender))

    def _check_open(self) -> None:
        if self.finished:
            raise Refused(_("This sale is paid: scan the next product to start another."))

    def _check_given(self, amount: Cents, at_least: Cents = 1) -> None:
        if amount < at_least:
            raise Refused(_("Type an amount of more than zero; if nothing is due, take cash."))
        check_amount(amount)

    def _check_steps(self, part: Cents, rounded: Cents) -> None:
        step = max(self.rules.cash_step_cents, 1)
        below, above = part // step * step, min(-(-part // step) * step, rounded)
        if below == part:
            return
        sentence = _("Cash is taken in steps of {step}: type {below} or {above}.")
        if not below:
            sentence = _("Cash is taken in steps of {step}: type {above}.")
        raise Refused(
            sentence.format(
                step=format_amount(step), below=format_amount(below), above=format_amount(above)
            )
        )

    def _refuse_more_than(self, limit: Cents) -> None:
        raise Refused(
            _("Only {amount} is due: type that or less.").format(amount=format_amount(limit))
        )
