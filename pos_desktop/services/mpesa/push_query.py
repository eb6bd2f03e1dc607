"""Asks what has become of an attempt: the work of a job, since a question does no harm twice."""

from __future__ import annotations

from datetime import timedelta

from pos_queue.context import JobContext
from pos_queue.errors import NoNetwork, TryLater
from pos_sync.mpesa.errors import MpesaError, NotSent
from pos_sync.mpesa.query import QueryOutcome

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import UNDER_WAY, WATCHED, next_ask
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.mpesa.attempt_ages import AttemptAges
from pos_desktop.services.mpesa.attempts import ASK_MPESA, Attempts
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.setup.daraja_line import MPESA, DarajaLine
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.mpesa_attempts import Attempt

_LATE = timedelta(seconds=15)
"""How late a question may be that a job was to ask."""


class PushQuery:
    """Asks about attempts that are under way."""

    def __init__(
        self,
        database: ShopDatabase,
        attempts: Attempts,
        money_book: MoneyBook,
        daraja: DarajaLine,
        queue: Enqueues,
        ages: AttemptAges,
        clock: Clock,
    ) -> None:
        self._queue = queue
        self._ages = ages
        self._database = database
        self._attempts = attempts
        self._money_book = money_book
        self._daraja = daraja
        self._clock = clock

    def run(self, context: JobContext, attempt_id: Id, asks_since_report: int = 0) -> str:
        """Ask about one attempt; return its state, in which the next question is left too.

        `asks_since_report` counts the questions since a report has told of its end: the first is
        asked at once.
        Raises NoNetwork while M-Pesa is out of reach, and TryLater where one was asked just now.
        """
        attempt = self._attempts.find(attempt_id)
        if attempt.state not in UNDER_WAY or attempt.checkout_id is None:
            return attempt.state.value
        if asks_since_report != 1:
            self._keep_apart(attempt.asked_at)
        try:
            outcome = self._daraja.calls().query(attempt.checkout_id)
        except NotSent as error:
            raise NoNetwork(MPESA, str(error)) from error
        except MpesaError:
            context.at_completion(lambda: self._attempts.unanswered(attempt_id, asks_since_report))
            return attempt.state.value
        context.at_completion(lambda: self._keep(attempt_id, outcome, asks_since_report))
        return type(outcome).__name__

    def ask_if_due(self, attempt_id: Id) -> None:
        """Ask about an attempt where somebody waits for its answer, and it may be asked again.

        Whatever goes wrong with the question, it is asked once more later.
        """
        attempt = self._attempts.find(attempt_id)
        if attempt.checkout_id is None or attempt.state not in UNDER_WAY:
            return
        since = self._ages.since_asked(attempt)
        if since is not None and since < self._daraja.questions_apart:
            return
        try:
            self._keep(attempt_id, self._daraja.calls().query(attempt.checkout_id))
        except MpesaError:
            self._attempts.unanswered(attempt_id)

    def look_after(self, attempt: Attempt) -> None:
        """Let a job ask now about an attempt that somebody looks at, where none has in time.

        Jobs keep the moments at which they are due; a clock that was set back lets them wait.
        """
        self._attempts.keep_left()
        asked = self._ages.since_asked(attempt)
        if attempt.state not in WATCHED or asked is None:
            return
        age = self._ages.age(attempt)
        due = next_ask(age - asked)
        if due is not None and age > due + _LATE:
            self._ages.asked(attempt.id)
            with self._database.write():
                self._queue.enqueue(ASK_MPESA, {"attempt": attempt.id, "asks_since_report": 0})

    def _keep(self, attempt_id: Id, outcome: QueryOutcome, asks_since_report: int = 0) -> None:
        """Keep an answer, and with it the receipt that a report has told of."""
        with self._database.write():
            self._money_book.confirm_pushed(
                self._attempts.answered(attempt_id, outcome, asks_since_report)
            )

    def _keep_apart(self, asked_at: int | None) -> None:
        if asked_at is None:
            return
        waited = self._clock.now() - from_stored(asked_at)
        apart = self._daraja.questions_apart
        if timedelta() <= waited < apart:
            raise TryLater((apart - waited).total_seconds())
