"""One try to get the activation of a payment: what the job does, and what a kill may not spoil.

The supplier gives one activation for one receipt, however often it is asked. What came of a try,
the activation, and the message to the managers are one transaction: before it nothing has
happened, and after it nobody asks again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.errors import GiveUp, NoNetwork, TryLater

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.country import written_day
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.licence import Activation
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.licence.activation_line import ACTIVATION, ActivationLine
from pos_desktop.services.licence.licence_words import NO_SERVER, outcome_words
from pos_desktop.services.licence.subscription import MAY_SEE, Subscription, noted
from pos_desktop.services.people.telling import tell_all_who_may
from pos_desktop.storage import licence_rows
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.licence_rows import LicencePayment, PaymentState
from pos_desktop.storage.moments import to_stored

NOT_SET_UP_SECONDS = 120.0
AGAIN = Backoff(first=120.0, cap=4 * 3_600.0)
"""How long it waits between two tries while the supplier has no clear answer yet."""
_AT_ONCE_SECONDS = 1.0
NOT_USABLE = "not_usable"
"""The outcome of an activation that was sent and is none for this payment."""


class OtherReceipt(Refused):
    """The supplier has sent the activation of another payment: ask the supplier for this one's."""


class Activating:
    """Asks for activations; on a thread of the queue."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        subscription: Subscription,
        line: ActivationLine,
        clock: Clock,
        chance: Callable[[], float],
    ) -> None:
        """Take the queue's clock, and `chance`, which draws from [0, 1) for the waits."""
        self._database = database
        self._books = books
        self._configuration = configuration
        self._subscription = subscription
        self._line = line
        self._clock = clock
        self._chance = chance

    def run(self, context: JobContext, receipt: str) -> dict[str, Any]:
        """Ask once for the activation of a payment; return what it says.

        Raises NoNetwork while the supplier is out of reach, TryLater while there is no clear
        answer, GiveUp where a person must act: the managers are told, and the receipt is kept.
        """
        self._configuration.refresh()
        payment = licence_rows.payment(self._database, receipt)
        if payment is None or payment.state is PaymentState.GRANTED:
            return {"receipt": receipt}
        if not self._line.is_set_up:
            self._note(context, payment, NO_SERVER)
            raise TryLater(NOT_SET_UP_SECONDS, outcome_words(NO_SERVER, ""))
        return self._settle(context, payment)

    def _settle(self, context: JobContext, payment: LicencePayment) -> dict[str, Any]:
        from pos_sync.activation.outcomes import (
            Declined,
            Granted,
            OutOfReach,
            Pending,
            Unclear,
            Wanted,
            WhyDeclined,
        )

        node = self._books.node
        wanted = Wanted(
            shop=node.shop_id,
            till=node.till_id,
            plan=payment.plan,
            receipt=payment.receipt,
            amount_cents=payment.amount_cents,
            is_confirmed=payment.is_confirmed,
        )
        match self._line.ask(wanted, payment.asked_id):
            case Granted(text):
                return self._granted(context, payment, text)
            case Pending(asked_id, again):
                raise self._later(context, replace(payment, asked_id=asked_id), "pending", again)
            case Declined(WhyDeclined.GONE):
                raise self._later(context, replace(payment, asked_id=""), "unclear", None)
            case Declined(why, words):
                raise self._declined(context, payment, why.value, words)
            case OutOfReach():
                self._note(context, payment, "out_of_reach")
                raise NoNetwork(ACTIVATION, outcome_words("out_of_reach", ""))
            case Unclear(error, again):
                raise self._later(context, payment, "unclear", again, error.words)

    def _granted(self, context: JobContext, payment: LicencePayment, text: str) -> dict[str, Any]:
        try:
            activation = self._subscription.checked(text)
            if activation.receipt != payment.receipt:
                raise OtherReceipt
        except Refused as error:
            raise self._declined(context, payment, NOT_USABLE, str(error)) from error
        with context.chunk():
            self._subscription.put(activation, text)
            self._keep(payment, "", "", PaymentState.GRANTED)
            self._books.note("subscription activated", actor_id=None, detail=noted(activation))
            self._tell(context, lambda: self._paid_words(activation), has_failed=False)
        return noted(activation)

    def _declined(
        self, context: JobContext, payment: LicencePayment, code: str, words: str
    ) -> GiveUp | TryLater:
        """Keep a no and tell the managers, each once; return what ends the job."""
        with context.chunk():
            if self._was_typed_anew(payment):
                return TryLater(_AT_ONCE_SECONDS, _("Its plan was changed meanwhile."))
            self._keep(payment, code, words, PaymentState.DECLINED)
            if payment.state is not PaymentState.DECLINED:
                detail = {"receipt": payment.receipt, "why": code}
                self._books.note("subscription declined", actor_id=None, detail=detail)
                self._tell(
                    context, lambda: _no_words(payment.receipt, code, words), has_failed=True
                )
        return GiveUp(_no_words(payment.receipt, code, words))

    def _later(
        self,
        context: JobContext,
        payment: LicencePayment,
        code: str,
        again: int | None,
        words: str = "",
    ) -> TryLater:
        """Keep that there is no answer yet; return when to ask again: rarer and rarer."""
        tried = replace(payment, tries=payment.tries + 1)
        self._note(context, tried, code, words)
        seconds = (AGAIN.ceiling(tried.tries) + AGAIN.delay(tried.tries, self._chance())) / 2
        return TryLater(max(seconds, again or 0), outcome_words(code, words))

    def _note(
        self, context: JobContext, payment: LicencePayment, code: str, words: str = ""
    ) -> None:
        with context.chunk():
            self._keep(payment, code, words, PaymentState.WAITING)

    def _keep(self, payment: LicencePayment, code: str, words: str, state: PaymentState) -> None:
        """Keep what came of a try, in the job's transaction.

        What was granted or typed anew since it began stays as it is.
        """
        now = licence_rows.payment(self._database, payment.receipt) or payment
        if now.state is PaymentState.GRANTED:
            return
        if self._was_typed_anew(payment) and state is not PaymentState.GRANTED:
            return
        at = to_stored(self._clock.now())
        licence_rows.put_payment(
            self._database,
            replace(payment, state=state, outcome=code, words=words, outcome_at=at),
        )

    def _was_typed_anew(self, payment: LicencePayment) -> bool:
        """Tell whether somebody has typed the receipt for another plan since it was asked for."""
        now = licence_rows.payment(self._database, payment.receipt) or payment
        return (now.plan, now.amount_cents) != (payment.plan, payment.amount_cents)

    def _tell(self, context: JobContext, say: Callable[[], str], *, has_failed: bool) -> None:
        """Leave a message to each manager, in the language of each."""
        at = to_stored(self._clock.now())
        tell_all_who_may(
            self._database, MAY_SEE, say, at, job=context.number, has_failed=has_failed
        )

    def _paid_words(self, activation: Activation) -> str:
        until = written_day(activation.valid_until.astimezone(self._configuration.zone))
        words = _("The subscription to this program is paid until {day}. Thank you.")
        return words.format(day=until)


def _no_words(receipt: str, code: str, words: str) -> str:
    sentence = _("The subscription could not be activated with the receipt {receipt}. {why}")
    return sentence.format(receipt=receipt, why=outcome_words(code, words))
