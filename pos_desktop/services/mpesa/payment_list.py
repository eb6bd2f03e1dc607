"""Reads M-Pesa's list of the payments of the last two days: the net under everything else.

Each run begins a little before the end of the last one, and every six hours one goes back as far as
the list does: how late M-Pesa lists a payment is not known. What is known already changes nothing.
A run that covers the time of an attempt that is in doubt, and shows nothing for it, ends it; but
only where the list has ever shown a payment, for that of a number without registration is empty
too, and where every piece of that time was read for certain. What may have failed is read again.

All times are M-Pesa's, which tells its own with each answer; how old an attempt is goes by no clock
of the day where that is known.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_queue.context import JobContext
from pos_queue.errors import NoNetwork
from pos_queue.rounds.cron import Cron, Missed
from pos_queue.rounds.round import Round
from pos_sync.mpesa.errors import NotSent
from pos_sync.mpesa.pulled import Pulled

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.mpesa_attempt import (
    CLEARS_FROM,
    IN_DOUBT,
    MAY_CLEAR_AFTER,
    UNDER_WAY,
    AttemptEvent,
)
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import LISTED_FOR, MoneySource, MoneyState
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.mpesa.attempt_ages import AttemptAges
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.list_reading import Piece, pieces, read_piece
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.push_of_payment import may_be_listed
from pos_desktop.services.mpesa.setup.daraja_line import MPESA, DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaNotSetUp, MpesaSetup
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.people.telling import tell_all_who_may
from pos_desktop.storage import mpesa_attempts, mpesa_events, mpesa_money
from pos_desktop.storage.counters import counter, put_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_money import Money

log = logging.getLogger(__name__)

PULL_MPESA = JobName("pull_mpesa")

_UNTIL, _WHOLE = "mpesa pulled until", "mpesa pulled whole at"
_OVERLAP = timedelta(minutes=10)
_WHOLE_EVERY = timedelta(hours=6)
_OFTEN, _SELDOM = "*/5 * * * *", "7 * * * *"
_JUST_NOW = timedelta(minutes=1)
"""How much later than by this clock a payment may be that was made just now."""
_JUST_PAID = timedelta(minutes=20)
"""How old a payment is at most whose message a customer shows at the counter."""


@dataclass(frozen=True, slots=True)
class PulledRun:
    """What a run has read."""

    payments: int = 0
    new: int = 0
    unread: int = 0
    """Rows that nobody can read."""
    cleared: int = 0
    """Attempts in doubt that the list shows to be unpaid."""

    def __add__(self, other: PulledRun) -> PulledRun:
        """Return both together."""
        return PulledRun(
            self.payments + other.payments,
            self.new + other.new,
            self.unread + other.unread,
            self.cleared + other.cleared,
        )


class PaymentList:
    """Reads the list: the work of a job, or of a technician at the console."""

    def __init__(
        self,
        database: ShopDatabase,
        setup: MpesaSetup,
        daraja: DarajaLine,
        money_book: MoneyBook,
        attempts: Attempts,
        queue: Enqueues,
        clock: Clock,
        ages: AttemptAges,
    ) -> None:
        self._ages = ages
        self._queue = queue
        self._database = database
        self._setup = setup
        self._daraja = daraja
        self._money_book = money_book
        self._attempts = attempts
        self._clock = clock

    @property
    def can_be_read(self) -> bool:
        """Whether number and keys are there, and nobody only trains."""
        return self._setup.can_call and not self._setup.is_training

    @property
    def read_until(self) -> datetime | None:
        """Up to when it was read; None where it never was."""
        at = counter(self._database, _UNTIL)
        return from_stored(at) if at else None

    @property
    def shows_payments(self) -> bool:
        """Whether it has ever shown a payment of this number; one that is not registered cannot."""
        return self._setup.has_number and counter(self._database, self._shown()) > 0

    def rounds(self) -> dict[str, Round]:
        """Return when it is read: every five minutes while anything is open, else each hour.

        What was open before the list begins is not told by it any more. Where the shop has no
        number it is not read.
        """
        if not self._setup.has_number or self._setup.is_training:
            return {}
        since = to_stored(self._clock.now() - LISTED_FOR)
        is_open = bool(mpesa_attempts.in_states(self._database, UNDER_WAY, 1, since=since)) or bool(
            mpesa_money.in_states(self._database, (MoneyState.UNVERIFIED,), 1)
        )
        return {PULL_MPESA: Round(Cron(_OFTEN if is_open else _SELDOM, Missed.ONCE))}

    def read_soon(self, *, actor: Person | None) -> None:
        """Let a job read the list now; who asked is told. Raises MpesaNotSetUp."""
        hand = hand_of(actor, Permission.MPESA)
        if not self.can_be_read:
            raise MpesaNotSetUp
        with self._database.write():
            self._queue.enqueue(PULL_MPESA, started_by=hand.actor_id)

    def run(self, context: JobContext | None = None) -> PulledRun:
        """Read the list since the last time; return what it held.

        Raises NoNetwork, MpesaError and TimesUnclear; what was read by then is kept, and the next
        run begins where this one did.
        """
        self._attempts.keep_left()
        now = self._now()
        start, before = self._start(now), self._mark(_UNTIL, now)
        run, gaps = PulledRun(), []
        for first, end in pieces(start, now):
            for piece, found in self._read(first, end, context):
                run += found
                if not piece.is_whole or found.unread:
                    gaps.append(piece)
                if not gaps:
                    self._keep(_UNTIL, self._reached(piece.end))
        if gaps:
            # what lies further back is read again with the next whole run
            until = max(gaps[0].first, before, self._reached(now) - _WHOLE_EVERY)
            self._keep(_UNTIL, self._reached(until))
        if start == now - LISTED_FOR:
            self._keep(_WHOLE, self._reached(now))
        self._money_book.settle_left()
        return replace(run, cleared=self._clear(start, self._reached(now), gaps))

    @property
    def can_be_asked(self) -> bool:
        """Whether it is of use to ask it for one payment: it has shown payments before."""
        return self.can_be_read and self.shows_payments

    def look_for(self, receipt: str) -> Money | None:
        """Read the list of the last minutes; return a payment of it that was made just now.

        Raises what `run` raises.
        """
        self.read_from(self._now() - _JUST_PAID)
        found = mpesa_money.find(self._database, receipt)
        return found if found is not None and found.is_confirmed else None

    def read_from(self, moment: datetime, context: JobContext | None = None) -> None:
        """Read the list from a moment on, as far as it goes back; raises what `run` raises."""
        now = self._now()
        for first, end in pieces(max(moment, now - LISTED_FOR), now + _JUST_NOW):
            for _found in self._read(first, end, context):
                pass

    def _start(self, now: datetime) -> datetime:
        """Return from when on to read: before the last end, and before what is in doubt."""
        longest = now - LISTED_FOR
        if not timedelta() <= now - self._mark(_WHOLE, now) < _WHOLE_EVERY:
            return longest
        doubtful = mpesa_attempts.in_states(self._database, IN_DOUBT)
        sent = [self._sent(one, now)[0] + CLEARS_FROM for one in doubtful]
        told = [at for at in sent if at >= longest]  # the list says nothing of older ones any more
        return max(min([self._mark(_UNTIL, now) - _OVERLAP, *told]), longest)

    def _read(
        self, first: datetime, end: datetime, context: JobContext | None
    ) -> Iterator[tuple[Piece, PulledRun]]:
        """Read a piece and take it in; what of it was refused counts as unread."""
        try:
            for piece in read_piece(self._daraja.calls(), first, end, context):
                if piece.payments and not self.shows_payments:
                    self._keep(self._shown(), piece.end)
                new, failed = self._take_all(piece.payments)
                yield piece, PulledRun(len(piece.payments), new, piece.unread + failed)
        except NotSent as error:
            raise NoNetwork(MPESA, str(error)) from error

    # by M-Pesa's clock

    def _now(self) -> datetime:
        """Return M-Pesa's time, as it was told with its last answer; asks where none was told."""
        try:
            self._daraja.calls().check_keys()
        except NotSent as error:
            raise NoNetwork(MPESA, str(error)) from error
        return self._clock.now() + self._daraja.skew

    def _reached(self, end: datetime) -> datetime:
        """Return up to when the list is known: this computer's clock may have been set ahead.

        Raises ClockFarOff: what was asked for then was of another time.
        """
        self._daraja.check_clock()
        return min(end, self._clock.now() + self._daraja.skew)

    def _sent(self, attempt: Attempt, now: datetime) -> tuple[datetime, datetime]:
        """Return from when to when an attempt was sent, by M-Pesa's clock."""
        if self._ages.is_known(attempt):
            at = now - self._ages.age(attempt)
            return at, at
        at = from_stored(attempt.sent_at or attempt.created_at)
        both = (at, at + self._daraja.skew)  # a clock may have been set right since
        return min(both), max(both)

    def _take_all(self, rows: Sequence[Pulled]) -> tuple[int, int]:
        """Take rows in, each on its own; return how many are new, and how many were refused.

        The list forgets after two days, so no row may stand in the way of those behind it.
        """
        new = failed = 0
        for row in rows:
            try:
                new += self._take_in(row)
            except Unavailable:  # the file, not the row: all are read again
                raise
            except Exception:
                log.exception("a payment of the list is not taken in: %s", row.receipt)
                failed += 1
                self._tell_of(row)
        return new, failed

    def _tell_of(self, row: Pulled) -> None:
        """Tell managers once of a payment that could not be taken in."""
        with self._database.write():
            told = mpesa_events.of_receipt(self._database, row.receipt)
            if any(one.kind is EventKind.NOT_TAKEN_IN for one in told):
                return
            at, cents = to_stored(self._clock.now()), row.amount_cents
            kind = EventKind.NOT_TAKEN_IN
            mpesa_events.add(self._database, kind, at, receipt=row.receipt, amount_cents=cents)
            tell_all_who_may(
                self._database,
                Permission.MPESA,
                lambda: _not_taken_words(row),
                at,
                job=None,
                has_failed=True,
            )

    def _take_in(self, row: Pulled) -> bool:
        is_new = mpesa_money.find(self._database, row.receipt) is None
        at = to_stored(self._clock.now())
        self._money_book.take_in(
            Money(
                receipt=row.receipt,
                amount_cents=row.amount_cents,
                paid_at=to_stored(row.at),
                short_code=self._setup.account.short_code,
                reference=row.reference,
                payer_phone=row.payer.phone,
                payer_digest=row.payer.digest,
                payer_mask=row.payer.mask,
                payer_name=row.name,
                source=MoneySource.PULL,
                is_confirmed=True,
                told_at=at,
                changed_at=at,
            )
        )
        return is_new

    def _clear(self, start: datetime, end: datetime, gaps: Sequence[Piece]) -> int:
        """End attempts in doubt whose time was read for certain, and which the list does not show.

        One that may have a payment of the list stays: a person has to pick.
        """
        cleared = 0
        if not self.shows_payments:
            return cleared
        for one in mpesa_attempts.in_states(self._database, IN_DOUBT):
            sent = self._sent(one, end)
            first, until = sent[0] + CLEARS_FROM, sent[1] + MAY_CLEAR_AFTER
            is_read = start <= first and until <= end
            has_gap = any(gap.first < until and first < gap.end for gap in gaps)
            if not is_read or has_gap or may_be_listed(self._database, one, self._daraja.skew):
                continue
            self._attempts.end(one.id, AttemptEvent.TIRE)
            cleared += self._attempts.end(one.id, AttemptEvent.CLEAR)
        return cleared

    def _shown(self) -> str:
        return f"mpesa list shows {self._setup.account.short_code}"

    def _mark(self, name: str, now: datetime) -> datetime:
        """Return when something was last done; a clock may have been set back since."""
        return min(from_stored(counter(self._database, name)), now)

    def _keep(self, name: str, moment: datetime) -> None:
        with self._database.write():
            put_counter(self._database, name, to_stored(moment))


def _not_taken_words(row: Pulled) -> str:
    sentence = _(
        "M-Pesa lists {code} over {amount}, and the till could not take it in: look at it in "
        "M-Pesa's portal, and send the till's log to who looks after it."
    )
    return sentence.format(code=row.receipt, amount=format_amount(row.amount_cents))
