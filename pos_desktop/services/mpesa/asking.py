"""Asks what has become of an attempt: the work of a job, since a question does no harm twice."""

from __future__ import annotations

from datetime import timedelta

from pos_queue.context import JobContext
from pos_queue.errors import NoNetwork, TryLater
from pos_sync.mpesa.errors import MpesaError, NotSent

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import UNDER_WAY, WITH_MONEY, WITHOUT_MONEY
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.daraja_office import DarajaOffice
from pos_desktop.storage.moments import from_stored

MPESA = "mpesa"
"""The endpoint that the queue waits for."""
APART = timedelta(seconds=12)
"""Questions that come closer are refused."""
_SETTLED = WITH_MONEY | WITHOUT_MONEY


class Asking:
    """Asks about attempts that are under way."""

    def __init__(self, attempts: Attempts, office: DarajaOffice, clock: Clock) -> None:
        self._attempts = attempts
        self._office = office
        self._clock = clock

    def run(self, context: JobContext, attempt_id: Id) -> str:
        """Ask about one attempt; return its state, in which the next question is left too.

        Raises NoNetwork while M-Pesa is out of reach, and TryLater where one was asked just now.
        """
        attempt = self._attempts.find(attempt_id)
        if attempt.state not in UNDER_WAY or attempt.checkout_id is None:
            return attempt.state.value
        self._keep_apart(attempt.asked_at)
        try:
            outcome = self._office.daraja().query(attempt.checkout_id)
        except NotSent as error:
            raise NoNetwork(MPESA, str(error)) from error
        except MpesaError:
            context.at_completion(lambda: self._attempts.unanswered(attempt_id))
            return attempt.state.value
        context.at_completion(lambda: self._attempts.answered(attempt_id, outcome))
        return type(outcome).__name__

    def _keep_apart(self, asked_at: int | None) -> None:
        if asked_at is None:
            return
        waited = self._clock.now() - from_stored(asked_at)
        if timedelta() <= waited < APART:
            raise TryLater((APART - waited).total_seconds())
