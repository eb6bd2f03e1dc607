"""Sends a mail to those who wait for it: each of them once, whatever is killed on the way.

Before anything goes out to a recipient, `sending` is committed for them; what came of it is
committed with those who come next, so that each turn is one transaction. Whoever is found in
`sending` when a mail is taken up again may have got it, and becomes `unknown`: a person decides.
As many letters are on their way at once as there are lines, and no more are ever in doubt.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled, NoNetwork, TryLater
from pos_queue.rate import Rate
from pos_sync.mail.errors import BadLetter, MailError, ServerBusy, ServerRefused, Unreachable
from pos_sync.mail.outcomes import Accepted, NotSent, Outcome, PutOff, RefusedForGood, Unknown
from pos_sync.mail.replies import Reply

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Fate, MailState
from pos_desktop.domain.text import _
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_addresses import Addressee, LeftOut
from pos_desktop.services.mail.mail_faults import mail_fault_words
from pos_desktop.services.mail.mail_stops import Transaction
from pos_desktop.services.mail.mail_words import sent_result
from pos_desktop.storage import mail_recipients, mails
from pos_desktop.storage.counters import counter, put_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.job_states import job_states
from pos_desktop.storage.mail_recipients import Recipient
from pos_desktop.storage.mails import Mail
from pos_desktop.storage.moments import to_stored

log = logging.getLogger(__name__)

SMTP = "smtp"
"""The endpoint of the queue by which mail leaves."""
MOST_TRIES = 6
"""How often a server may put one recipient off."""
_AGAIN = Backoff(first=120.0, factor=4.0, cap=4 * 3600.0)
_LANDING_SECONDS = 1.0
_NOT_ALLOWED = "5.7.1"
"""As which a server refuses everybody outside, where it takes no mail of the shop's to pass on."""
_MOST_DENIED = 5
_BUSY_SECONDS = 120.0
_BREATH_SECONDS = 0.25
"""The longest sleep before it is asked again whether the rate lets the next one go."""
_NEXT_FREE = "mail next free"
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


class PostOffice(Protocol):
    """Takes letters to the shop's mail server, over lines that stay open; from any thread."""

    def check(self) -> None:
        """Make ready what takes long; raise TryLater while the shop has said no mail server."""
        ...

    def prepare(self, mail: Mail, no: int, to: Addressee) -> Callable[[], Outcome]:
        """Return what sends a mail to one; it raises MailError where it could not be begun."""
        ...


@dataclass(frozen=True, kw_only=True)
class Stay:
    """How long a run keeps its worker from other jobs; in seconds."""

    rate: float
    """How long it waits for the rate to let the next letter go; beyond that it comes back later."""
    away: float
    """How long it is away at least, where it does not wait for the rate."""
    most: float
    """After which time it lets the others go first, though there is more to send. Far below the
    time limit of its job: whoever it was writing to at that limit would be in doubt."""


WAITS = Stay(rate=5.0, away=1.0, most=300.0)
"""For a few letters: somebody stands at the counter for theirs."""
COMES_AND_GOES = Stay(rate=0.0, away=10.0, most=15.0)
"""For many, in the worker that also imports and exports: what the rate has room for in ten seconds
goes out in one go."""


@dataclass(slots=True)
class _Turn:
    """One run over those who wait for a mail."""

    context: JobContext
    mail: Mail
    stay: Stay
    ends: float
    """When it lets other jobs go first, by the clock that never runs back."""
    flying: dict[Future[Outcome], Recipient] = field(default_factory=dict)
    settled: list[tuple[Recipient, Fate]] = field(default_factory=list)
    """For whom the mail is over, which nobody was told yet."""
    total: int = 0
    left: int = 0
    """For how many of the total the mail is not over."""
    stopped_by: MailError | None = None
    accepted: int = 0
    denied: int = 0
    """How many were refused since the server takes nothing of the shop's for anybody outside."""
    is_halted: bool = False
    """Somebody has paused or stopped the mail, or taken it up anew."""
    is_over: bool = False
    """Other jobs go first now."""
    is_landing: bool = False
    """Nobody else is begun with, whatever ends the run."""

    @property
    def goes_on(self) -> bool:
        """Whether anybody else is to be written to in this run."""
        held = self.is_halted or self.is_over or self.is_landing
        asked = self.context.cancelled or self.context.is_paused
        return self.stopped_by is None and not held and not asked

    def note_refusal(self, reply: Reply) -> None:
        """Stop where the server refuses one after the other: it is not these people's fault."""
        self.denied += reply.enhanced == _NOT_ALLOWED
        if self.denied >= _MOST_DENIED and not self.accepted:
            self.stopped_by = self.stopped_by or ServerRefused(reply)


class MailSending:
    """Sends mails from the queue."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        addressee: Callable[[Mail, Recipient], Addressee],
        office: PostOffice,
        clock: Clock,
        chance: Callable[[], float],
        *,
        settled: Callable[[Id, Recipient, Fate], object] = lambda _mail, _one, _fate: None,
        over: Callable[[Id], object] = lambda _mail: None,
        stopped: Callable[[Id, int, Transaction], object] = lambda _mail, _turn, _chunk: None,
    ) -> None:
        """Take who is told of each for whom a mail is over, and of a mail that is over for all.

        Both are told after it is committed. `stopped` leaves out who waits for a mail that was
        stopped in a turn: also those whom the server has put off since.
        """
        self._stopped = stopped
        self._database = database
        self._configuration = configuration
        self._addressee = addressee
        self._office = office
        self._clock = clock
        self._chance = chance
        self._settled = settled
        self._over = over

    def run(self, context: JobContext, mail_id: Id, number: int, stay: Stay) -> dict[str, Any]:
        """Send a mail, in one of its turns, to all who wait for it now; return `sent_result`.

        A job of an earlier turn does nothing. Raises TryLater where the stay is over.

        Raises NoNetwork where the server is out of reach, TryLater while it wants less, or some
        were put off; MailError where a person must act.
        """
        self._configuration.refresh()
        with as_job():
            mail = mails.by_id(self._database, mail_id)
        if mail is None or mail.turn != number or mail.state is not MailState.UNDER_WAY:
            self._stopped(mail_id, number, context.chunk)
            return self._result(mail, number)
        self._office.check()
        self._begin(context, mail)
        turn = _Turn(context, mail, stay, self._clock.monotonic() + stay.most)
        turn.total, turn.left = self._total_and_left(mail.id)
        with self._lines() as (pool, lines):
            try:
                self._turns(turn, pool, lines)
            finally:
                self._land(turn)
        self._stopped(mail.id, mail.turn, context.chunk)
        return self._ended(turn)

    def _begin(self, context: JobContext, mail: Mail) -> None:
        """Doubt what earlier runs have left; raise TryLater while one of another turn lands.

        Whoever would wait for longer than anybody is put off was put off by a clock that has been
        set back since: they wait no longer than others.
        """
        with context.chunk():
            others = [job for job in self._senders(mail) if job != context.number]
            if "running" in job_states(self._database, others).values():
                raise TryLater(_LANDING_SECONDS, _("Another job is just ending with this mail."))
            reason = _("the program ended while it was being sent")
            now = self._now()
            mail_recipients.doubt(self._database, mail.id, now, reason)
            latest = now + round(_AGAIN.cap * 1000)
            mail_recipients.bring_forward(self._database, mail.id, latest, now)
            mails.set_job(self._database, mail.id, context.number)

    def _senders(self, mail: Mail) -> list[int]:
        return mail_recipients.senders(self._database, mail.id)

    @contextmanager
    def _lines(self) -> Iterator[tuple[ThreadPoolExecutor, int]]:
        lines = self._configuration.get(settings.MAIL_CONNECTIONS)
        with ThreadPoolExecutor(lines, thread_name_prefix="mail") as pool:
            yield pool, lines

    def _turns(self, turn: _Turn, pool: ThreadPoolExecutor, lines: int) -> None:
        while True:
            landed = [one for one in turn.flying if one.done()]
            letters = self._commit(turn, landed, lines)
            for recipient, send in letters:
                turn.flying[pool.submit(send)] = recipient
            self._tell(turn)
            if turn.flying:
                wait(turn.flying, return_when=FIRST_COMPLETED)
            elif not letters and not self._breathes(turn):
                return
            turn.is_over = self._clock.monotonic() >= turn.ends

    def _commit(
        self, turn: _Turn, landed: list[Future[Outcome]], lines: int
    ) -> list[tuple[Recipient, Callable[[], Outcome]]]:
        """Keep what came of letters and who is written to next, in one transaction.

        The letters that it returns must go out before anything else is done that may fail: their
        recipients are `sending` now, and would be in doubt for nothing.
        """
        over: list[tuple[Recipient, Fate]] = []
        letters: list[tuple[Recipient, Callable[[], Outcome]]] = []
        free = lines - len(turn.flying) + len(landed)
        with turn.context.chunk():
            for one in landed:
                recipient = turn.flying[one]
                fate = self._keep(turn, recipient, one)
                if fate is not None:
                    over.append((recipient, fate))
            goes = mails.is_under_way(self._database, turn.mail.id, turn.mail.turn)
            turn.is_halted = turn.is_halted or not goes
            if turn.goes_on:
                letters = self._take(turn, free, over)
        for one in landed:
            del turn.flying[one]
        turn.settled += over
        return letters

    def _take(
        self, turn: _Turn, most: int, over: list[tuple[Recipient, Fate]]
    ) -> list[tuple[Recipient, Callable[[], Outcome]]]:
        """Choose whom to write to next, as far as the rate allows, and mark them `sending`."""
        mail, now = turn.mail, self._now()
        letters: list[tuple[Recipient, Callable[[], Outcome]]] = []
        for recipient in mail_recipients.due(self._database, mail.id, now, most):
            try:
                to = self._addressee(mail, recipient)
            except LeftOut as error:
                over.append((recipient, self._settle(turn, recipient, Fate.SKIPPED, str(error))))
                continue
            if not self._may_go(now):
                break
            try:
                letters.append((recipient, self._office.prepare(mail, recipient.no, to)))
            except Refused as error:
                over.append((recipient, self._settle(turn, recipient, Fate.FAILED, str(error))))
        nos = [recipient.no for recipient, _send in letters]
        mail_recipients.mark_sending(self._database, mail.id, nos, now, turn.context.number)
        return letters

    def _may_go(self, now: int) -> bool:
        """Count one mail in if the rate allows it now."""
        turn = self._rate().reserve(counter(self._database, _NEXT_FREE), now)
        put_counter(self._database, _NEXT_FREE, turn.free_at_ms)
        return turn.at_ms <= now

    def _rate(self) -> Rate:
        most = self._configuration.get(settings.MAIL_MOST_PER_MINUTE)
        return Rate(most, 60.0, burst=max(1, most // 5))

    def _breathes(self, turn: _Turn) -> bool:
        """Wait for the rate where somebody is due; tell whether there is anything to go on with."""
        due = mail_recipients.next_due(self._database, turn.mail.id)
        if not turn.goes_on or due is None or due > self._now():
            return False
        wait_ms = counter(self._database, _NEXT_FREE) - self._now()
        if wait_ms > turn.stay.rate * 1000:
            return False
        self._clock.sleep(min(max(wait_ms / 1000, 0.001), _BREATH_SECONDS))
        return True

    # what came of a letter

    def _keep(self, turn: _Turn, recipient: Recipient, landed: Future[Outcome]) -> Fate | None:
        """Keep what came of a letter; None where the recipient waits again."""
        try:
            outcome = landed.result()
        except BadLetter as error:
            return self._settle(turn, recipient, Fate.FAILED, mail_fault_words(error))
        except MailError as error:
            turn.stopped_by = turn.stopped_by or error
            mail_recipients.give_back(self._database, turn.mail.id, recipient, self._now())
            return None
        except Exception:
            log.exception("a letter of mail %s ended as nobody expected", turn.mail.number)
            reason = _("the program had a fault while it was being sent")
            return self._settle(turn, recipient, Fate.UNKNOWN, reason)
        match outcome:
            case Accepted():
                turn.accepted += 1
                return self._settle(turn, recipient, Fate.SENT, "")
            case RefusedForGood(reply=reply):
                turn.note_refusal(reply)
                return self._settle(turn, recipient, Fate.FAILED, reply.shown)
            case PutOff(reply=reply):
                return self._put_off(turn, recipient, reply.shown)
            case NotSent():
                return self._put_off(turn, recipient, _("the connection broke off"))
            case Unknown():
                reason = _("the connection broke off before the server's answer")
                return self._settle(turn, recipient, Fate.UNKNOWN, reason)

    def _settle(self, turn: _Turn, recipient: Recipient, fate: Fate, reason: str) -> Fate:
        mail_recipients.settle(
            self._database, turn.mail.id, recipient, fate, self._now(), without_address(reason)
        )
        return fate

    def _put_off(self, turn: _Turn, recipient: Recipient, reason: str) -> Fate | None:
        if recipient.tries + 1 >= MOST_TRIES:
            words = _("put off {count} times; at last: {reason}")
            words = words.format(count=MOST_TRIES, reason=reason)
            return self._settle(turn, recipient, Fate.FAILED, words)
        failures = recipient.tries + 1
        seconds = (_AGAIN.ceiling(failures) + _AGAIN.delay(failures, self._chance())) / 2
        now = self._now()
        mail_recipients.put_off(
            self._database,
            turn.mail.id,
            recipient,
            now + round(seconds * 1000),
            now,
            without_address(reason),
        )
        return None

    # how a run ends

    def _land(self, turn: _Turn) -> None:
        """Wait for what is on its way and keep what came of it, whatever has ended the run."""
        turn.is_landing = True
        while turn.flying:
            wait(turn.flying)
            self._commit(turn, [*turn.flying], 0)
            self._tell(turn)

    def _ended(self, turn: _Turn) -> dict[str, Any]:
        if turn.stopped_by is not None:
            self._raise(turn.stopped_by)
        if turn.context.cancelled:
            raise JobCancelled(_("Who has not got the mail yet does not get it."))
        with turn.context.chunk():
            goes = mails.is_under_way(self._database, turn.mail.id, turn.mail.turn)
            due = mail_recipients.next_due(self._database, turn.mail.id) if goes else None
            if goes and due is None:
                mails.set_state(self._database, turn.mail.id, MailState.DONE, self._now())
        if goes and due is None:
            self._over(turn.mail.id)
        if due is not None:
            raise self._later(turn, due)
        return self._result(turn.mail, turn.mail.turn)

    def _later(self, turn: _Turn, due: int) -> TryLater:
        """Return when a run goes on that has not come to its end, and why."""
        now, free = self._now(), counter(self._database, _NEXT_FREE)
        if turn.context.is_paused:
            return TryLater(max(due - now, 0) / 1000, _("Its queue is paused."))
        if turn.is_over and due <= now:
            return TryLater(0.0, _("Other jobs go first for a moment."))
        away = turn.stay.away if due < free else _LANDING_SECONDS
        seconds = max((max(due, free) - now) / 1000, away)
        if due <= now:
            return TryLater(seconds, _("So many mails may go out in a minute: the rest is next."))
        return TryLater(seconds, _("Some were put off: they get it later."))

    def _raise(self, error: MailError) -> None:
        words = mail_fault_words(error)
        if isinstance(error, Unreachable):
            raise NoNetwork(SMTP, words) from error
        if isinstance(error, ServerBusy):
            raise TryLater(_BUSY_SECONDS, words) from error
        raise error

    def _tell(self, turn: _Turn) -> None:
        """Tell for whom the mail is over since the last time, and how far it is."""
        settled, turn.settled = turn.settled, []
        if not settled:
            return
        for recipient, fate in settled:
            self._settled(turn.mail.id, recipient, fate)
        turn.left -= len(settled)
        turn.context.progress(turn.total - turn.left, turn.total)

    def _total_and_left(self, mail_id: Id) -> tuple[int, int]:
        counts = self._counts(mail_id)
        left = counts.get(Fate.WAITING, 0) + counts.get(Fate.SENDING, 0)
        return sum(counts.values()), left

    def _result(self, mail: Mail | None, number: int) -> dict[str, Any]:
        """Return what one of the turns has done; empty where the mail was removed meanwhile.

        The mail is over by this turn though an attempt before has said so: its job had not ended.
        """
        if mail is None:
            return {}
        now = mails.by_id(self._database, mail.id) or mail
        is_over = now.turn == number and now.state is MailState.DONE
        shop = self._configuration.get(settings.SHOP_NAME)
        first = next(iter(mail_recipients.listed(self._database, mail.id, limit=1)), None)
        reason = first.reason if first is not None else ""
        return sent_result(now, self._counts(mail.id), shop, is_over=is_over, reason=reason)

    def _counts(self, mail_id: Id) -> Mapping[Fate, int]:
        return mail_recipients.counts(self._database, [mail_id]).get(mail_id, {})

    def _now(self) -> int:
        return to_stored(self._clock.now())


def without_address(words: str) -> str:
    """Return what a server has said without the address that it may repeat."""
    return _ADDRESS.sub(_("(address)"), words)
