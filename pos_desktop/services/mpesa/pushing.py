"""Asks a phone for money, now or not at all: no job of the queue ever does.

A push made later, when the network is back, would charge a customer who has left.
"""

from __future__ import annotations

from datetime import timedelta

from pos_sync.mpesa.addresses import push_path
from pos_sync.mpesa.errors import NoAnswer, NotSent, Unasked, WhyNoAnswer, WhyNotSent
from pos_sync.mpesa.push import PushNotSent, PushOrder, PushUnknown

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import PUSH_GOOD_FOR
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.mpesa_attempts import Attempt

_DESCRIPTION = "Sale"


class Pushing:
    """Sends attempts out, one call each; from a thread that may wait for the network."""

    def __init__(self, attempts: Attempts, daraja: DarajaLine, clock: Clock) -> None:
        self._attempts = attempts
        self._daraja = daraja
        self._clock = clock

    def push(self, attempt_id: Id) -> Attempt:
        """Ask the phone of a new attempt, once; return what has become of it.

        One that is too old is not begun, nor one that another has begun. Raises MpesaNotSetUp, and
        the attempt is then not begun either. Whatever else is raised leaves no attempt that is
        being sent for ever. Waits for the network, 45 s at most.
        """
        attempt = self._attempts.find(attempt_id)
        age = self._clock.now() - from_stored(attempt.created_at)
        if not timedelta() <= age <= PUSH_GOOD_FOR:
            self._attempts.abandon(attempt_id)
            return self._attempts.find(attempt_id)
        try:
            daraja = self._daraja.calls()
            order = _order(attempt)
        except BaseException:
            self._attempts.abandon(attempt_id)
            raise
        begun = self._attempts.start_sending(attempt_id)
        if begun is None:
            return self._attempts.find(attempt_id)
        try:
            outcome = daraja.push(order)
        except Unasked:
            self._attempts.pushed(attempt_id, PushNotSent(NotSent(WhyNotSent.NOT_REACHED)))
            raise
        except BaseException:
            self._attempts.pushed(attempt_id, PushUnknown(NoAnswer(WhyNoAnswer.BROKE_OFF)))
            raise
        return self._attempts.pushed(attempt_id, outcome)


def _order(attempt: Attempt) -> PushOrder:
    return PushOrder(
        phone=attempt.phone,
        amount_cents=attempt.amount_cents,
        reference=attempt.reference,
        description=_DESCRIPTION,
        callback_path=push_path(attempt.id),
    )
