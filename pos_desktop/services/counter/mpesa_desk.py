"""M-Pesa at the counter: a phone is asked, a code is typed, and what has come becomes a tender.

A play waits for the customer's answer here; the window has a page of its own that follows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.mpesa_attempt import TIRES_AFTER, UNDER_WAY
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment, Tender, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.counter.steps import Step, step
from pos_desktop.services.counter.till import Till
from pos_desktop.services.counter.till_state import NothingToPay
from pos_desktop.services.mpesa.attempt_words import attempt_words
from pos_desktop.services.mpesa.cart_waits import ReadyPayment
from pos_desktop.services.mpesa.mpesa_room import MpesaRoom
from pos_desktop.services.mpesa.sale_payments import PaymentUsed
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaNotSetUp, refuse_in_training
from pos_desktop.services.people.acting import Approval, NeedsApproval, may, require
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.sales.held_carts import HeldCarts, OpenCart
from pos_desktop.storage.mpesa_attempts import Attempt

_LOOK_SECONDS = 0.2
"""How often a play looks whether the customer has answered."""


class NotPaid(Refused):
    """The customer has not paid by M-Pesa; ask again, or take another tender."""


class Overpaid(NeedsApproval):
    """More was paid by M-Pesa than is due; a manager lets it be given back."""

    def __init__(self, paid_cents: Cents, due_cents: Cents) -> None:
        sentence = _(
            "The customer has paid {paid} by M-Pesa, and {due} is due: add goods for the rest, or "
            "let a manager give it back."
        )
        super().__init__(
            Permission.MPESA,
            sentence.format(paid=format_amount(paid_cents), due=format_amount(due_cents)),
        )
        self.over_cents = paid_cents - due_cents


class OtherAmount(Refused):
    """A phone was asked for another amount: type the code with that, or wait until it is clear."""

    def __init__(self, asked_cents: Cents) -> None:
        sentence = _(
            "The customer's phone was asked for {amount}, and may have paid it: type the code with "
            "that amount, or wait until it is clear."
        )
        super().__init__(sentence.format(amount=format_amount(asked_cents)))


class HasPaid(Refused):
    """The customer has paid by M-Pesa already: F9 shows it; take that before asking for more."""


class MpesaDesk:
    """Asks phones and takes what has come; the commands of the till about M-Pesa."""

    def __init__(
        self,
        *,
        till: Till,
        carts: HeldCarts,
        mpesa: MpesaRoom,
        configuration: Configuration,
        clock: Clock,
    ) -> None:
        self._till = till
        self._carts = carts
        self._mpesa = mpesa
        self._configuration = configuration
        self._clock = clock

    def asked_for(self) -> Payment:
        """Return the payment of the open cart, for which M-Pesa may be asked.

        Raises NothingToPay, and Refused for money that goes back, in training, and where the shop
        has no number.
        """
        payment = self._due()
        refuse_in_training(self._configuration)
        if not self._mpesa.setup.has_number:
            raise MpesaNotSetUp
        return payment

    def ask(self, command: do.PayMpesa) -> Step[Payment]:
        """Return what asks a phone and waits for its answer; it leads to the payment with it.

        Where something has come that is not taken yet, nobody is asked, and that is taken.

        Raises Refused for an amount that cannot be asked for, in training, and where M-Pesa is not
        set up; the step raises NotPaid.
        """
        payment = self.asked_for()
        if not self._mpesa.setup.can_ask_phones:
            raise MpesaNotSetUp
        cents = payment.mpesa_due_cents if command.amount_cents is None else command.amount_cents
        payment.mpesa_push(cents)
        cart, person = self._cart(), self._till.person

        def work() -> str:
            try:
                attempt = self.begin(cart, cents, command.phone, person)
            except HasPaid:
                return ""
            attempt = self._mpesa.pushing.push(attempt.id)
            return attempt_words(self._watch(attempt, payment.tenders))

        def then(words: str) -> Payment:
            found = self._mpesa.waits.come(cart.id, payment.tenders)
            if not found:
                raise NotPaid(words)
            return self._with_come(payment, found[0], None)

        return step(work, then)

    def begin(self, cart: OpenCart, cents: Cents, phone: str, person: Person) -> Attempt:
        """Keep the cart, its wait and an attempt, before anything goes out; from any thread.

        Raises HasPaid where the customer has paid already what the cart has not taken yet.
        """
        self._carts.keep_open(cart)
        if self._mpesa.waits.come(cart.id, cart.payment.tenders if cart.payment else ()):
            raise HasPaid
        self._mpesa.waits.open(cart.id, cents, phone)
        return self._mpesa.attempts.begin(cart.id, cents, phone, person)

    def taken(self, command: do.TakeMpesa, approval: Approval | None) -> Payment:
        """Return the payment with what has come for the open cart; raises NotPaid, Overpaid."""
        payment, cart = self._due(), self._cart()
        for come in self._mpesa.waits.come(cart.id, payment.tenders):
            if command.reference in come.names:
                return self._with_come(payment, come, approval)
        raise NotPaid

    def by_code(self, command: do.PayMpesaCode, approval: Approval | None) -> Step[Payment]:
        """Return what takes a payment by the code of the customer's message.

        A payment that M-Pesa has told of is taken as it is; of another the code is all there is: it
        is taken unverified up to the shop's limit, or as a manager approves, and looked for later.
        While a push may be paid, a code is that of the push: another amount would count it twice.
        Raises OtherAmount and NeedsApproval; the step raises PaymentUsed.
        """
        payment, cart, person = self._due(), self._cart(), self._till.person
        asked, whole = self._mpesa.waits.asked_cents(cart.id), payment.mpesa_due_cents
        cents = command.amount_cents or asked or payment.remaining_cents
        if command.amount_cents is None and self._mpesa.waits.was_asked(cart.id, whole):
            cents = whole
        is_push = cents == asked
        known = self._mpesa.waits.known(command.code)
        if known is None and asked is not None and not is_push:
            raise OtherAmount(asked)
        if known is None:
            told = ReadyPayment(cents, command.code, frozenset({command.code}), is_push)
            self._with_come(payment, told, approval)
            self._check_unverified(cents, approval)

        def work() -> ReadyPayment:
            self._carts.keep_open(cart)
            come = self._mpesa.waits.take_code(cart.id, command.code, cents, person.id)
            if known is None and not come.is_push:
                come = replace(come, is_push=is_push)
            if come.names & {one.reference for one in payment.tenders}:
                raise PaymentUsed
            return come

        return step(work, lambda come: self._with_come(payment, come, approval))

    def unconfirmed(self, payment: Payment) -> frozenset[str]:
        """Return the codes of a payment that M-Pesa has not confirmed."""
        named = {one.reference for one in payment.tenders if one.kind is TenderKind.MPESA}
        return frozenset(one for one in named if self._mpesa.waits.is_unconfirmed(one))

    def ending(self, approval: Approval | None) -> Callable[[], Attempt]:
        """Return what ends the open cart's attempt in doubt, as who looked at the phone says.

        It raises NeedsApproval, and Refused before three minutes have passed or without an attempt.
        """
        cart, person = self._cart(), self._till.person

        def work() -> Attempt:
            attempts = self._mpesa.attempts.of_sale(cart.id)
            if not attempts:
                raise Refused(_("No phone was asked for this sale."))
            attempt_id = attempts[-1].id
            return self._mpesa.overriding.override(attempt_id, actor=person, approval=approval)

        return work

    def _with_come(
        self, payment: Payment, come: ReadyPayment, approval: Approval | None
    ) -> Payment:
        """Return a payment with what has come; what is too much goes back as the shop's rule says.

        The sale is rounded to what a push has asked for, and to whole shillings that a person has
        picked or typed. Raises Overpaid where nobody has approved what goes back (the cart has
        become smaller than what a push has asked for, say), and Refused for more than is due by a
        code that M-Pesa has not confirmed.
        """
        due = payment.mpesa_due_cents
        if come.amount_cents == due or (come.is_push and come.amount_cents < due):
            return payment.mpesa_push(come.amount_cents, come.reference)
        if come.amount_cents <= payment.remaining_cents:
            return payment.exact(TenderKind.MPESA, come.amount_cents, come.reference)
        over = Overpaid(come.amount_cents, payment.remaining_cents)
        if not come.is_push and self._mpesa.waits.known(come.reference) is None:
            raise Refused(over.sentence)
        if not may(self._till.person, Permission.MPESA, approval):
            raise over
        return payment.over(come.amount_cents, come.reference, self._goes_back_by())

    def _goes_back_by(self) -> TenderKind:
        """Return by what goes back what was paid too much: the account of who buys, or cash."""
        policy = self._configuration.get(settings.MPESA_PART_REFUND)
        is_known = self._till.state.basket.customer_id is not None
        return TenderKind.CREDIT if policy == "credit" and is_known else TenderKind.CASH

    def _check_unverified(self, cents: Cents, approval: Approval | None) -> None:
        if cents > self._configuration.get(settings.MPESA_UNVERIFIED_CENTS):
            require(self._till.person, Permission.ACCEPT_UNVERIFIED, approval)

    def _watch(self, attempt: Attempt, tenders: Sequence[Tender]) -> Attempt:
        """Wait for the end of an attempt, or what these tenders lack; ask about it meanwhile."""
        until = self._clock.now() + TIRES_AFTER + timedelta(seconds=1)
        while attempt.state in UNDER_WAY and self._clock.now() < until:
            if self._mpesa.waits.come(attempt.sale_id, tenders):
                break
            self._mpesa.push_query.ask_if_due(attempt.id)
            attempt = self._mpesa.attempts.find(attempt.id)
            if attempt.state in UNDER_WAY:
                self._clock.sleep(_LOOK_SECONDS)
        return attempt

    def _due(self) -> Payment:
        if self._till.state.basket.is_empty:
            raise NothingToPay
        payment = self._till.payment()
        if payment.is_refund:
            raise Refused(_("Money goes back here: choose by what."))
        return payment

    def _cart(self) -> OpenCart:
        cart = self._till.state.open_cart()
        if cart is None:
            raise NothingToPay
        return cart
