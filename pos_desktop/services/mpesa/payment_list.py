"""Reads M-Pesa's list of the payments of the last two days: the net under everything else.

Each run begins a little before the end of the last one, and every six hours one goes back as far as
the list does: how late M-Pesa lists a payment is not known. What is known already changes nothing.
A run that covers the time of an attempt that is in doubt, and shows nothing for it, ends it; but
only where the list has ever shown a payment: that of a number without registration is empty too.

The times of the list end with Z and are said to be Nairobi's all the same. So it is read in pieces
that are shorter than the three hours between the two: only one of them lies in what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_queue.context import JobContext
from pos_queue.errors import NoNetwork
from pos_queue.rounds.cron import Cron, Missed
from pos_queue.rounds.round import Round
from pos_sync.mpesa.errors import NotSent
from pos_sync.mpesa.nairobi import EAT
from pos_sync.mpesa.pulled import Pulled

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.mpesa_attempt import (
    CLEARS_FROM,
    IN_DOUBT,
    MAY_CLEAR_AFTER,
    UNDER_WAY,
    AttemptEvent,
)
from pos_desktop.domain.mpesa_money import LISTED_FOR, MoneySource, MoneyState
from pos_desktop.domain.staff import Permission
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.money_book import MoneyBook
from pos_desktop.services.mpesa.setup.daraja_line import MPESA, DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaNotSetUp, MpesaSetup
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import mpesa_attempts, mpesa_money
from pos_desktop.storage.counters import counter, put_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.mpesa_money import Money

PULL_MPESA = JobName("pull_mpesa")

_UNTIL, _WHOLE = "mpesa pulled until", "mpesa pulled whole at"
_OVERLAP = timedelta(minutes=10)
_WHOLE_EVERY = timedelta(hours=6)
_PIECE = timedelta(minutes=150)
"""Shorter than the three hours between Nairobi and UTC, with what clocks may differ."""
_OFTEN, _SELDOM = "*/5 * * * *", "7 * * * *"
_AHEAD = timedelta(minutes=5)
"""How far the clocks of this computer and of M-Pesa may differ."""
_JUST_NOW = timedelta(minutes=1)
"""How much later than by this clock a payment may be that was made just now."""
_JUST_PAID = timedelta(minutes=20)
"""How old a payment is at most whose message a customer shows at the counter."""
_MOST_PAGES = 500


class TimesUnclear(Unavailable):
    """M-Pesa lists payments of other times than it was asked for; it is asked again later."""


@dataclass(frozen=True, slots=True)
class PulledRun:
    """What a run has read."""

    payments: int = 0
    new: int = 0
    unread: int = 0
    """Rows that nobody can read."""
    cleared: int = 0
    """Attempts in doubt that the list shows to be unpaid."""


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
    ) -> None:
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

        Where the shop has no number it is not.
        """
        if not self._setup.has_number or self._setup.is_training:
            return {}
        is_open = bool(mpesa_attempts.in_states(self._database, UNDER_WAY, 1)) or bool(
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
        now = self._clock.now()
        start = self._start(now)
        run = PulledRun()
        for first, end in _pieces(start, now):
            run = self._read_piece(first, end, run, context)
            self._keep(_UNTIL, end)
        if start == now - LISTED_FOR:
            self._keep(_WHOLE, now)
        self._money_book.settle_left()
        return replace(run, cleared=self._clear(start, now))

    @property
    def can_be_asked(self) -> bool:
        """Whether it is of use to ask it for one payment: it has shown payments before."""
        return self.can_be_read and self.shows_payments

    def look_for(self, receipt: str) -> Money | None:
        """Read the list of the last minutes; return a payment of it that was made just now.

        Raises what `run` raises.
        """
        self.read_from(self._clock.now() - _JUST_PAID)
        found = mpesa_money.find(self._database, receipt)
        return found if found is not None and found.is_confirmed else None

    def read_from(self, moment: datetime, context: JobContext | None = None) -> None:
        """Read the list from a moment on, as far as it goes back; raises what `run` raises."""
        now = self._clock.now()
        run = PulledRun()
        for first, end in _pieces(max(moment, now - LISTED_FOR), now + _JUST_NOW):
            run = self._read_piece(first, end, run, context)

    def _start(self, now: datetime) -> datetime:
        """Return from when on to read: before the last end, and before what is in doubt."""
        longest = now - LISTED_FOR
        if not timedelta() <= now - self._mark(_WHOLE, now) < _WHOLE_EVERY:
            return longest
        doubtful = mpesa_attempts.in_states(self._database, IN_DOUBT)
        sent = [from_stored(one.sent_at or one.created_at) + CLEARS_FROM for one in doubtful]
        return max(min([self._mark(_UNTIL, now) - _OVERLAP, *sent]), longest)

    def _read_piece(
        self, first: datetime, end: datetime, run: PulledRun, context: JobContext | None
    ) -> PulledRun:
        try:
            rows, unread = self._read(first, end, context)
        except NotSent as error:
            raise NoNetwork(MPESA, str(error)) from error
        payments = [one for one in _in_time(rows, first, end) if one.is_payment]
        new = sum(self._take_in(one) for one in payments)
        if payments and not self.shows_payments:
            self._keep(self._shown(), end)
        return PulledRun(run.payments + len(payments), run.new + new, run.unread + unread)

    def _read(
        self, start: datetime, end: datetime, context: JobContext | None
    ) -> tuple[list[Pulled], int]:
        """Return the rows of all pages, and how many of them nobody can read."""
        daraja = self._daraja.calls()
        rows: list[Pulled] = []
        offset = unread = 0
        for _page in range(_MOST_PAGES):
            page = daraja.pull(start, end, offset)
            rows += page.payments
            unread += page.unread
            offset += page.rows
            if not page.rows:
                break
            if context is not None:
                context.check()
        return rows, unread

    # what is done with it

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

    def _clear(self, start: datetime, end: datetime) -> int:
        """End attempts in doubt whose time the list covers, and which it does not show."""
        cleared = 0
        if not self.shows_payments:
            return cleared
        for one in mpesa_attempts.in_states(self._database, IN_DOUBT):
            sent_at = from_stored(one.sent_at or one.created_at)
            if start <= sent_at + CLEARS_FROM and sent_at + MAY_CLEAR_AFTER <= end:
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


def _pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        until = min(start + _PIECE, end)
        yield start, until
        start = until


def _in_time(rows: list[Pulled], first: datetime, end: datetime) -> list[Pulled]:
    """Return the rows of a piece with their true times; raises TimesUnclear where none fits."""
    for read in (_in_nairobi, _as_it_stands):
        found = [read(one) for one in rows]
        if all(first - _AHEAD <= one.at <= end + _AHEAD for one in found):
            return found
    raise TimesUnclear


def _in_nairobi(row: Pulled) -> Pulled:
    """Return a row whose time is read as Nairobi's, unless it says its zone."""
    return replace(row, at=row.at.replace(tzinfo=EAT)) if row.is_zone_doubtful else row


def _as_it_stands(row: Pulled) -> Pulled:
    return row
