"""The subscription of the shop: how it stands, its payments, and activations that are brought.

    subscription.paid(receipt, amount_cents, plan)

stands in its caller's transaction; a job then asks the supplier until there is an activation.
Nothing here stands in the way of a sale: whatever the state, it is only said.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pos_desktop import settings
from pos_desktop.domain.activation_json import read_activation
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import parse_mpesa_code
from pos_desktop.domain.licence import (
    Activation,
    Plan,
    Standing,
    in_force,
    parse_plans,
    standing,
)
from pos_desktop.domain.money import Cents
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.security.activation_seal import payload_of
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.licence.known_activations import KnownActivations
from pos_desktop.services.licence.licence_words import (
    NO_SERVER,
    SERVER_NAMED,
    line_words,
    training_words,
)
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import licence_rows
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.licence_rows import LicencePayment, PaymentState
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.node import first_began_at

if TYPE_CHECKING:
    from pos_queue.departures import Ended

ATTEMPT_ACTIVATION = JobName("attempt_subscription_activation")
"""Asks the supplier for the activation of a payment until there is one."""
MAY_SEE = Permission.SETTINGS
"""Who sees and pays the subscription, and hears of it."""

log = logging.getLogger(__name__)


class ForeignActivation(Refused):
    """This activation is for another shop: ask the supplier of the program for this shop's."""


class SpentActivation(Refused):
    """The time of this activation is over: pay the subscription, and ask for a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that a manager sees of the subscription."""

    standing: Standing
    plans: tuple[Plan, ...]
    pay_to: str
    """How the supplier is paid, as the supplier says it; may be empty."""
    payments: tuple[LicencePayment, ...]
    """The newest first."""


class Subscription:
    """Knows how the subscription stands; on any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        queue: Enqueues,
        clock: Clock,
        newest: Callable[[], datetime],
    ) -> None:
        """Take the queue's clock, and the `newest` moment that the books and the clock know."""
        self._database = database
        self._books = books
        self._configuration = configuration
        self._queue = queue
        self._clock = clock
        self._newest = newest
        self._known = KnownActivations(database, configuration)

    # how it stands

    def standing(self) -> Standing:
        """Return how it stands now; a clock that was set back lengthens nothing."""
        now = self._newest()
        activation = in_force(self._known.of(self._books.node.shop_id), now)
        return standing(activation, from_stored(first_began_at(self._database)), now)

    def line(self, person: Person | None) -> str:
        """Return the quiet line that this person is to read; empty for most people and days."""
        if self.is_training or person is None or not person.may(MAY_SEE):
            return ""
        return line_words(self.standing(), self._configuration.zone)

    @property
    def is_training(self) -> bool:
        """Whether this is a training shop, which has no subscription of its own."""
        return self._configuration.get(settings.SHOP_TRAINING)

    def overview(self, *, actor: Person | None) -> Overview:
        """Return all of it for a manager."""
        hand_of(actor, MAY_SEE)
        return Overview(
            standing=self.standing(),
            plans=parse_plans(self._configuration.get(settings.LICENCE_PLANS)),
            pay_to=self._configuration.get(settings.LICENCE_PAY_TO),
            payments=tuple(map(self._as_it_is_now, licence_rows.payments(self._database))),
        )

    def _as_it_is_now(self, payment: LicencePayment) -> LicencePayment:
        """Return a payment for which no server was named, and one is by now, as one that waits."""
        is_named = bool(self._configuration.get(settings.LICENCE_SERVER))
        if is_named and payment.outcome == NO_SERVER:
            return replace(payment, outcome=SERVER_NAMED)
        return payment

    # payments

    def paid(
        self,
        receipt: str,
        amount_cents: Cents,
        plan: str,
        *,
        is_confirmed: bool = True,
        actor: Person | None = None,
    ) -> LicencePayment:
        """Keep a payment and let its activation be asked for; in the caller's transaction, if any.

        A receipt that was activated stays so. Raises Refused where it is no receipt of M-Pesa, and
        in a training shop.
        """
        hand = hand_of(actor, MAY_SEE)
        self._refuse_in_training()
        receipt = parse_mpesa_code(receipt)
        with self._database.write():
            known = licence_rows.payment(self._database, receipt)
            if known is not None and known.state is PaymentState.GRANTED:
                return known
            payment = LicencePayment(
                receipt=receipt,
                plan=plan,
                amount_cents=amount_cents,
                is_confirmed=is_confirmed or bool(known and known.is_confirmed),
                noted_at=known.noted_at if known else to_stored(self._clock.now()),
            )
            detail = {"receipt": receipt, "plan": plan, "amount_cents": amount_cents}
            self._books.note("subscription paid", **hand.noted(**detail))
            return self._leave(payment)

    def typed(self, receipt: str, plan: str, *, actor: Person | None) -> LicencePayment:
        """Take a receipt that somebody has typed for a plan; the supplier checks the payment."""
        plans = {one.name: one for one in self.overview(actor=actor).plans}
        if plan not in plans:
            sentence = _("There is no plan {plan}; the plans are: {plans}.")
            raise Refused(sentence.format(plan=plan or "—", plans=", ".join(plans)))
        cents = plans[plan].price_cents
        return self.paid(receipt, cents, plan, is_confirmed=False, actor=actor)

    def again(self, receipt: str, *, actor: Person | None) -> LicencePayment:
        """Ask for the activation of a payment once more; raises Refused where none is known."""
        hand_of(actor, MAY_SEE)
        with self._database.write():
            payment = licence_rows.payment(self._database, receipt)
            if payment is None:
                sentence = _("No payment with the receipt {receipt} is known here: type it anew.")
                raise Refused(sentence.format(receipt=receipt))
            if payment.state is PaymentState.GRANTED:
                return payment
            waits = replace(payment, state=PaymentState.WAITING, tries=0, outcome="", words="")
            return self._leave(waits)

    def job_undone(self, payload: Mapping[str, Any], state: Ended) -> None:
        """Hear that a job has ended without an activation: its payment waits for a person."""
        payment = licence_rows.payment(self._database, str(payload["receipt"]))
        if payment is not None and payment.state is PaymentState.WAITING:
            code = "failed" if state.has_failed else "stopped"
            at = to_stored(self._clock.now())
            ended = replace(payment, state=PaymentState.DECLINED, outcome=code, outcome_at=at)
            with self._database.write():
                licence_rows.put_payment(self._database, ended)

    def _leave(self, payment: LicencePayment) -> LicencePayment:
        """Let a payment wait for its activation; a job of it that is there already asks at once."""
        if not self._configuration.get(settings.LICENCE_SERVER):
            at = to_stored(self._clock.now())
            payment = replace(payment, outcome=NO_SERVER, outcome_at=at)
        licence_rows.put_payment(self._database, payment)
        receipt = payment.receipt
        job = self._queue.enqueue(ATTEMPT_ACTIVATION, {"receipt": receipt, "title": receipt})
        self._queue.hurry(job)
        return payment

    # activations

    def keep(self, text: str, *, actor: Person | None) -> Activation:
        """Take an activation that was brought as a text, such as in a message of the supplier."""
        hand = hand_of(actor, MAY_SEE)
        self._refuse_in_training()
        activation = self.checked(text)
        with self._database.write():
            self.put(activation, text)
            self._books.note("subscription activated", **hand.noted(**noted(activation)))
            payment = licence_rows.payment(self._database, activation.receipt)
            if payment is not None:
                granted = replace(payment, state=PaymentState.GRANTED, outcome="")
                licence_rows.put_payment(self._database, granted)
        return activation

    def checked(self, text: str) -> Activation:
        """Return what an activation says; raises Refused unless it is genuine and for this shop.

        One whose time is over is refused too.
        """
        key = self._configuration.get(settings.LICENCE_PUBLIC_KEY)
        activation = read_activation(payload_of(text, key))
        if activation.shop_id != self._books.node.shop_id:
            raise ForeignActivation
        if activation.valid_until + timedelta(days=activation.grace_days) <= self._newest():
            raise SpentActivation
        return activation

    def put(self, activation: Activation, text: str) -> None:
        """Keep an activation that was checked, in the caller's transaction.

        For one payment the one with the highest serial stays.
        """
        granted_for = activation.receipt or str(activation.serial)
        before = self._known.said(licence_rows.activations(self._database).get(granted_for, ""))
        if before is None or before.serial <= activation.serial:
            licence_rows.put_activation(self._database, granted_for, text)

    def _refuse_in_training(self) -> None:
        if self.is_training:
            raise Refused(training_words())


def noted(activation: Activation) -> dict[str, Any]:
    """Return what the journal keeps of an activation."""
    return {
        "serial": activation.serial,
        "receipt": activation.receipt,
        "plan": activation.plan.name,
        "until": activation.valid_until.isoformat(),
    }
