"""Attempts to have a phone pay for a cart: begun here, and moved by whatever is told of them.

Every move happens in one transaction with its event and with the question that comes next. A cart
that is gone, or sold, waits for nothing: what is paid for it then is late, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from pos_sync.mpesa.push import (
    LARGEST_PUSH_CENTS,
    PushAccepted,
    PushNotSent,
    PushOutcome,
    PushRejected,
    PushUnknown,
)
from pos_sync.mpesa.query import QueryEnded, QueryOpen, QueryOutcome, QueryPaid

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.mpesa_attempt import (
    NEVER_SENT,
    QUESTIONS_APART,
    SAME_AMOUNT_AFTER,
    TIRES_AFTER,
    UNDER_WAY,
    WITH_MONEY,
    AttemptEvent,
    AttemptState,
    next_ask,
)
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_reference import make_reference
from pos_desktop.domain.text import _
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.mpesa.attempt_ages import AttemptAges
from pos_desktop.services.mpesa.attempt_moves import happen, tell
from pos_desktop.services.mpesa.push_of_payment import own_receipt
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import carts, mpesa_attempts
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import raise_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.job_states import free_key
from pos_desktop.storage.moments import from_stored, span_stored, to_stored
from pos_desktop.storage.mpesa_attempts import Attempt

ASK_MPESA = JobName("ask_mpesa")

REFERENCES = "mpesa reference"
"""The counter of the references of a till, those of waits among them."""
_ASKS_AGAIN = timedelta(seconds=45)
"""When to ask once more about an end that may be none."""
_MOST_TOLD = 6
_HURRIED_MS = 300
_MOST_DOUBTS = 2


class AlreadyAsked(Refused):
    """The customer is being asked already: wait for the answer, or take another tender."""


class TooSoon(Refused):
    """M-Pesa refuses the same amount again so soon."""

    def __init__(self, until: datetime, seconds: int) -> None:
        sentence = _("M-Pesa refuses the same amount again so soon: ask again in {seconds} s.")
        super().__init__(sentence.format(seconds=seconds))
        self.until = until


class Attempts:
    """Begins attempts and lets things happen to them; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        queue: Enqueues,
        clock: Clock,
        hurries: Callable[[], bool],
        reports_come: Callable[[], bool],
        ahead: Callable[[], timedelta],
        ages: AttemptAges,
    ) -> None:
        """Take the machine's clock, which no replay moves.

        `hurries` tells whether to ask at once and often: a demo shop and a simulator beside it;
        `reports_come`, whether a report would be heard of at once; `ahead`, by how much M-Pesa's
        clock is ahead.
        """
        self._ahead = ahead
        self._ages = ages
        self._unkept: dict[Id, PushOutcome] = {}
        self._hurries = hurries
        self._reports_come = reports_come
        self._database = database
        self._books = books
        self._queue = queue
        self._clock = clock

    def begin(self, sale_id: Id, amount_cents: Cents, phone: str, person: Person) -> Attempt:
        """Keep the intent to ask a phone for money, before anything goes out.

        Raises AlreadyAsked, TooSoon, and Refused for an amount that a push cannot ask for.
        """
        _check_amount(amount_cents)
        self.keep_left()
        with self._database.write():
            earlier = mpesa_attempts.of_sale(self._database, sale_id)
            if any(one.state in UNDER_WAY for one in earlier):
                raise AlreadyAsked
            self._check_time(earlier, amount_cents, phone)
            attempt = self._new(sale_id, amount_cents, phone, person)
            mpesa_attempts.add(self._database, attempt)
            asked = {"by": person.id, "amount_cents": amount_cents}
            tell(self._database, attempt, EventKind.ASKED, attempt.created_at, **asked)
        return attempt

    def find(self, attempt_id: Id) -> Attempt:
        """Return an attempt as it is now; LookupError where there is none."""
        found = mpesa_attempts.find(self._database, attempt_id)
        if found is None:
            raise LookupError(attempt_id)
        return found

    def of_sale(self, sale_id: Id) -> list[Attempt]:
        """Return the attempts of a cart or sale in their order."""
        return mpesa_attempts.of_sale(self._database, sale_id)

    def start_sending(self, attempt_id: Id) -> Attempt | None:
        """Say that it goes out from here on; None where that was said before, or it is over."""
        with self._database.write():
            at = self._now()
            if not self._move(attempt_id, AttemptEvent.SEND, at, {"sent_at": at}):
                return None
        self._ages.sent(attempt_id)
        return self.find(attempt_id)

    def abandon(self, attempt_id: Id) -> bool:
        """End an attempt that was not begun; tell whether it was not."""
        with self._database.write():
            return self._move(attempt_id, AttemptEvent.ABANDON, self._now()) is not None

    def pushed(self, attempt_id: Id, outcome: PushOutcome) -> Attempt:
        """Keep what became of a push, and ask about it later where there is an id.

        Raises what the file raises; `keep_left` keeps it then, for as long as this program runs.
        """
        self._unkept[attempt_id] = outcome
        self._keep_outcome(attempt_id, outcome)
        self._unkept.pop(attempt_id, None)
        return self.find(attempt_id)

    def keep_left(self) -> None:
        """Keep what became of pushes while the file could not be written, such as on a full disk.

        What cannot be kept now is left for the next time.
        """
        for attempt_id, outcome in [*self._unkept.items()]:
            with suppress(Unavailable):
                self._keep_outcome(attempt_id, outcome)
                self._unkept.pop(attempt_id, None)

    def _keep_outcome(self, attempt_id: Id, outcome: PushOutcome) -> None:
        with self._database.write():
            at = self._now()
            match outcome:
                case PushAccepted():
                    self._name(attempt_id, outcome.checkout_id, outcome.merchant_id, at)
                case PushRejected():
                    values = {"code": outcome.refused.code, "reason": outcome.refused.why.value}
                    self._move(attempt_id, AttemptEvent.REJECT, at, values)
                case PushNotSent():
                    values = {"reason": outcome.error.why.value}
                    self._move(attempt_id, AttemptEvent.NOT_LEAVE, at, values)
                case PushUnknown():
                    values = {"reason": outcome.error.why.value}
                    self._move(attempt_id, AttemptEvent.LOSE, at, values)

    def told_id(self, attempt_id: Id, checkout_id: str, merchant_id: str) -> None:
        """Keep the id that a report names of an attempt whose answer was lost, and ask about it."""
        with self._database.write():
            self._name(attempt_id, checkout_id, merchant_id, self._now())

    def told_paid(self, attempt_id: Id, receipt: str | None) -> None:
        """Keep that a report says it is paid; nobody believes it before an answer says so too."""
        with self._database.write():
            at = self._now()
            mpesa_attempts.note(self._database, attempt_id, at, {"is_told_paid": 1})
            attempt = self.find(attempt_id)
            tell(self._database, attempt, EventKind.TOLD_PAID, at, receipt=receipt)

    def answered(
        self, attempt_id: Id, outcome: QueryOutcome, asks_since_report: int = 0
    ) -> Attempt:
        """Keep what a query says, in the caller's transaction or one of its own.

        `asks_since_report` counts the questions since a report has told of an end; none where
        none has.
        """
        with self._database.write():
            at = self._now()
            attempt = self.find(attempt_id)
            mpesa_attempts.note(self._database, attempt_id, at, {"asked_at": at})
            self._ages.asked(attempt_id)
            match outcome:
                case QueryPaid():
                    self._paid(attempt, at)
                case QueryEnded():
                    self._ended(attempt, outcome, at)
                case QueryOpen():
                    self._still_open(attempt, at, outcome.retry_after_seconds, asks_since_report)
        return self.find(attempt_id)

    def ask_told(self, attempt_id: Id) -> None:
        """Leave the first question about an end that was reported, in the caller's transaction."""
        self._ask_at(attempt_id, self._now(), 1)

    def ask_open(self) -> int:
        """Leave a question about each attempt that is under way; return about how many.

        One about which a question waits keeps that: after a restore none does.
        """
        with self._database.write():
            at = self._now()
            left = mpesa_attempts.in_states(self._database, UNDER_WAY)
            asked = [one for one in left if one.checkout_id is not None]
            for one in asked:
                self._ask_at(one.id, at)
        return len(asked)

    def unanswered(self, attempt_id: Id, asks_since_report: int = 0) -> None:
        """Ask again later: the question itself has failed; counted as in `answered`."""
        with self._database.write():
            at = self._now()
            attempt = self.find(attempt_id)
            mpesa_attempts.note(self._database, attempt_id, at, {"asked_at": at})
            self._ages.asked(attempt_id)
            self._still_open(attempt, at, None, asks_since_report)

    def end(self, attempt_id: Id, event: AttemptEvent, **detail: Any) -> bool:
        """End an attempt in doubt, by the list or by a manager; tell whether that was so.

        In the caller's transaction or one of its own; details stand with its event.
        """
        with self._database.write():
            attempt = self.find(attempt_id)
            state = happen(self._database, attempt, event, self._now(), **detail)
        return state is not None

    # what happens to one

    def _new(self, sale_id: Id, amount_cents: Cents, phone: str, person: Person) -> Attempt:
        at = self._now()
        number = raise_counter(self._database, REFERENCES)
        return Attempt(
            id=self._books.new_id(),
            sale_id=sale_id,
            no=mpesa_attempts.next_no(self._database, sale_id),
            amount_cents=amount_cents,
            phone=phone,
            reference=make_reference(self._books.node.till_code, number),
            staff_id=person.id,
            created_at=at,
            changed_at=at,
        )

    def _check_time(self, earlier: list[Attempt], amount_cents: Cents, phone: str) -> None:
        """Raise TooSoon while M-Pesa would refuse the same amount of the same customer."""
        now = self._now()
        for one in earlier:
            same = one.amount_cents == amount_cents and one.phone == phone
            if not same or one.sent_at is None or one.state in NEVER_SENT:
                continue
            until = one.sent_at + span_stored(SAME_AMOUNT_AFTER)
            if one.sent_at <= now < until:
                raise TooSoon(from_stored(until), -(-(until - now) // 1000))

    def _name(self, attempt_id: Id, checkout_id: str, merchant_id: str, at: int) -> None:
        """Keep the id by which M-Pesa knows it, whatever was reported before that came."""
        if self.find(attempt_id).checkout_id is not None:
            return
        values = {"checkout_id": checkout_id, "merchant_id": merchant_id}
        if self._move(attempt_id, AttemptEvent.ACCEPT, at, values) is None:
            mpesa_attempts.note(self._database, attempt_id, at, values)
        self._ask_later(self.find(attempt_id), at)

    def _paid(self, attempt: Attempt, at: int) -> None:
        """Let it be paid: for its sale while that waits, or has the very payment by its code."""
        receipt = own_receipt(self._database, attempt, self._ahead())
        waits = receipt is not None or carts.is_kept(self._database, attempt.sale_id)
        event = AttemptEvent.PAY if waits else AttemptEvent.PAY_LATE
        values: dict[str, Any] = {"code": "0", "reason": ""}
        if receipt is not None:
            values["receipt"] = receipt
        self._move(attempt.id, event, at, values)

    def _ended(self, attempt: Attempt, outcome: QueryEnded, at: int) -> None:
        """End it, unless the end is in doubt: by its code, or since a report says it is paid."""
        reason = outcome.reason.value if outcome.reason else ""
        values: dict[str, Any] = {"code": outcome.code, "reason": reason}
        doubts = attempt.doubts + 1
        if (outcome.is_doubtful and doubts < _MOST_DOUBTS) or attempt.is_told_paid:
            values["doubts"] = doubts
            if self._move(attempt.id, AttemptEvent.TIRE, at, values) is None:
                mpesa_attempts.note(self._database, attempt.id, at, values)
            if doubts < _MOST_DOUBTS:
                self._ask_at(attempt.id, at + span_stored(_ASKS_AGAIN))
            return
        self._move(attempt.id, AttemptEvent.DECLINE, at, values)

    def _still_open(
        self, attempt: Attempt, at: int, retry_after: int | None, asks_since_report: int
    ) -> None:
        if attempt.state in WITH_MONEY or attempt.sent_at is None:
            return
        if self._ages.age(attempt) >= TIRES_AFTER:
            self._move(attempt.id, AttemptEvent.TIRE, at)
        if not asks_since_report:
            self._ask_later(attempt, at, retry_after or 0)
        elif asks_since_report < _MOST_TOLD:
            wait = max(QUESTIONS_APART, timedelta(seconds=retry_after or 0))
            self._ask_at(attempt.id, at + span_stored(wait), asks_since_report + 1)

    def _ask_later(self, attempt: Attempt, at: int, at_least: int = 0) -> None:
        """Leave the next question to a job, unless the list of payments is left to find it."""
        since_sent = self._ages.age(attempt)
        due = next_ask(since_sent, reports_come=self._reports_come())
        if due is not None:
            ask_at = at + max(span_stored(due - since_sent), at_least * 1000)
            self._ask_at(attempt.id, at + _HURRIED_MS if self._hurries() else ask_at)

    def _ask_at(self, attempt_id: Id, at: int, asks_since_report: int = 0) -> None:
        # a till that follows a prompt asks, too, and leaves no second row of questions; a report
        # is asked about at once, also where a forged one has just been
        kind = ("open", "reported")[asks_since_report] if asks_since_report < 2 else "told"
        key = free_key(self._database, f"{ASK_MPESA} {attempt_id} {kind}", at)
        if key is not None:
            payload = {"attempt": attempt_id, "asks_since_report": asks_since_report}
            self._queue.enqueue(ASK_MPESA, payload, at=from_stored(at), unique_key=key)

    def _move(
        self, attempt_id: Id, event: AttemptEvent, at: int, values: dict[str, Any] | None = None
    ) -> AttemptState | None:
        return happen(self._database, self.find(attempt_id), event, at, values)

    def _now(self) -> int:
        return to_stored(self._clock.now())


def _check_amount(amount_cents: Cents) -> None:
    if amount_cents % 100 or amount_cents <= 0:
        raise Refused(_("M-Pesa takes whole shillings: type an amount without cents."))
    if amount_cents > LARGEST_PUSH_CENTS:
        most = format_amount(LARGEST_PUSH_CENTS)
        sentence = _("M-Pesa takes at most {most} at once: take a part of it by another tender.")
        raise Refused(sentence.format(most=most))
