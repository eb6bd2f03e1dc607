"""One print, or one pulse of a drawer, over one transport: the protocol with the printer.

Connect, ask for faults (skipped where the printer is silent), send everything, and wait for the
reply to GS r 1, which a printer gives only when it has consumed all before it. What is not known
for certain is said so: a print that may have come out is never sent again by the machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pos_hardware.clock import Clock, Deadline
from pos_hardware.errors import Lost, NotSent
from pos_hardware.faults import Fault
from pos_hardware.status import (
    ACKNOWLEDGE,
    OFF_LINE,
    QUESTIONS,
    PrinterStatus,
    ReplyKind,
    ReplyReader,
    fault_of,
    question,
)
from pos_hardware.transports.base import Transport
from pos_hardware.waiting import AcknowledgementWait, Patience

GRACE = 0.6
"""Seconds that a print under way may still use after a stop was asked for."""
_CLOSED_LOOK = 0.05
"""Seconds in which a printer that had closed says so when a pulse comes."""
_ENDED_BY_STOP = {Fault.UNREACHABLE, Fault.SILENT, Fault.BUSY}
"""What a wait finds that a stop has cut short."""


class Outcome(StrEnum):
    """What became of a print."""

    PRINTED = "printed"
    """The printer said that it has consumed everything."""
    SENT = "sent"
    """Handed over; this printer never says more."""
    UNKNOWN = "unknown"
    """Some of it may be on paper: a person decides whether to print again."""
    NOT_SENT = "not_sent"
    """Nothing has left; trying again is safe."""


@dataclass(frozen=True)
class Result:
    """The outcome, what was wrong, and whether this printer answers (None: not learned)."""

    outcome: Outcome
    fault: Fault | None = None
    answers: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Time limits in seconds."""

    connect: float = 3.0
    notice: float = 1.5
    """A wait that is told to a person."""
    reply: float = 0.6
    """For the answer to one question."""
    stall: float = 20.0
    """Without the device taking a byte."""
    slowest: float = 400.0
    """Bytes a second that the slowest device takes; makes the limit for sending all."""
    learn: float = 3.0
    """Without any reply ever, until a printer is taken for one that never answers; it is told
    as silent before, this once: perhaps nothing reads there at all."""
    silence: float = 10.0
    """Without a reply of one that answers; grows with what it has to print."""
    consume: float = 180.0
    """For a healthy printer to print what it holds."""
    waiting: float = 900.0
    """For a person to put in paper, while the print waits in the printer."""
    quiet: float = 0.4
    """Without a late acknowledgement, until none is expected any more."""
    settle: float = 5.0
    """For a spooler to pass the print on."""


def _ignore(_: object) -> None:
    return None


def _nothing() -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """What the caller hears and does meanwhile.

    `fault` hears of a fault as soon as it is seen, and None when it is over; `sending` is called
    once, before the first byte of the print leaves; `meanwhile` is called again and again while
    the print waits inside the printer, and may use the transport for a drawer.
    """

    fault: Callable[[Fault | None], None] = _ignore
    sending: Callable[[], None] = _nothing
    meanwhile: Callable[[Transport, Fault | None], None] = lambda _transport, _fault: None


def print_once(
    transport: Transport,
    data: bytes,
    *,
    clock: Clock,
    answers: bool | None = None,
    after_unknown: bool = False,
    stop: threading.Event | None = None,
    limits: Limits | None = None,
    hooks: Hooks | None = None,
) -> Result:
    """Print once, or tell why not. Never raises for what devices do, never sends twice.

    `after_unknown`: an earlier print may still be inside the printer; its late acknowledgement
    must not be taken for this one's, so it is waited for first.
    """
    once = _Print(transport, clock, stop, limits or Limits(), hooks or Hooks(), answers)
    try:
        return once.run(data, after_unknown=after_unknown)
    finally:
        transport.close()


def pulse_once(
    transport: Transport,
    data: bytes,
    *,
    clock: Clock,
    offline: bytes | None = None,
    answers: bool | None = None,
    stop: threading.Event | None = None,
    limits: Limits | None = None,
    hooks: Hooks | None = None,
) -> Result:
    """Send a drawer's pulse and wait for nothing: the cashier is waiting for the drawer.

    A printer known to answer is asked whether it is off line. It would keep the pulse until it
    has paper, and open the drawer with nobody there; so it gets `offline`, which it obeys at once.
    """
    once = _Print(transport, clock, stop, limits or Limits(), hooks or Hooks(), answers)
    try:
        return once.pulse(data, offline)
    finally:
        transport.close()


def ask_once(
    transport: Transport,
    *,
    clock: Clock,
    stop: threading.Event | None = None,
    limits: Limits | None = None,
) -> PrinterStatus:
    """Ask a printer how it is, without printing: for settings, a technician, the status bar."""
    once = _Print(transport, clock, stop, limits or Limits(), Hooks(), None)
    try:
        return once.ask()
    finally:
        transport.close()


class _Print:
    """The state of one print."""

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        stop: threading.Event | None,
        limits: Limits,
        hooks: Hooks,
        answers: bool | None,  # noqa: FBT001 - a private constructor
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._stop = stop
        self._limits = limits
        self._hooks = hooks
        self._answers = answers
        self._told: Fault | None = None
        self._sent = 0

    def run(self, data: bytes, *, after_unknown: bool) -> Result:
        try:
            self._connect()
            asks = self._transport.can_answer and self._answers is not False
            fault = self._ask_before() if asks else None
            if asks and self._answers and after_unknown and fault is None:
                fault = self._wait_for_earlier()
            if fault is not None:
                return self._result(Outcome.NOT_SENT, fault)
            self._hooks.sending()
            self._send(data + (ACKNOWLEDGE if asks else b""))
            return self._wait(len(data)) if asks else self._settle()
        except NotSent as error:
            return self._failed(error.fault)
        except Lost as error:
            return self._failed(Fault.LOST, uncertain=error.uncertain)

    def pulse(self, data: bytes, offline: bytes | None) -> Result:
        try:
            self._connect()
            if offline is not None and self._answers and self._transport.can_answer:
                data = offline if (self._ask(1) or 0) & OFF_LINE else data
            self._hooks.sending()
            self._send(data)
            if self._transport.can_answer:
                self._transport.read(16, self.deadline(_CLOSED_LOOK))
            return self._result(Outcome.SENT)
        except NotSent as error:
            return self._failed(error.fault)
        except Lost as error:
            return self._failed(Fault.LOST, uncertain=error.uncertain)

    def ask(self) -> PrinterStatus:
        try:
            self._connect()
            replies = self._ask_all() if self._transport.can_answer else {}
        except (NotSent, Lost) as error:
            fault = error.fault if isinstance(error, NotSent) else Fault.LOST
            return PrinterStatus(answers=False, fault=fault)
        return PrinterStatus.of(replies)

    def deadline(self, seconds: float, grace: float = 0) -> Deadline:
        return Deadline(self._clock, seconds, self._stop, grace=grace)

    def tell(self, fault: Fault | None) -> None:
        if fault is not self._told:
            self._told = fault
            self._hooks.fault(fault)

    def _result(self, outcome: Outcome, fault: Fault | None = None) -> Result:
        stopped = self._stop is not None and self._stop.is_set()
        if outcome is Outcome.NOT_SENT and stopped and fault in _ENDED_BY_STOP:
            fault = Fault.STOPPED
        return Result(outcome, fault, self._answers)

    def _failed(self, fault: Fault, *, uncertain: bool = False) -> Result:
        sent = self._sent or uncertain
        return self._result(Outcome.UNKNOWN if sent else Outcome.NOT_SENT, fault)

    def _connect(self) -> None:
        self._transport.open(self._told_when_long(self._limits.connect, Fault.UNREACHABLE))

    def _told_when_long(self, seconds: float, fault: Fault) -> Deadline:
        return Deadline(
            self._clock,
            seconds,
            self._stop,
            overdue=lambda: self.tell(fault),
            overdue_after=self._limits.notice,
        )

    def _ask_all(self) -> dict[int, int]:
        replies: dict[int, int] = {}
        for number in QUESTIONS:
            reply = self._ask(number)
            if reply is None:
                break
            replies[number] = reply
        return replies

    def _ask_before(self) -> Fault | None:
        replies = self._ask_all()
        if replies:
            self._answers = True
        elif self._answers:
            return Fault.SILENT
        return fault_of(replies)

    def _wait_for_earlier(self) -> Fault | None:
        """Let the printer finish what it holds; return why it does not."""
        limits = self._limits
        rest, deadline = ACKNOWLEDGE, self.deadline(limits.reply)
        while rest and deadline.left():
            rest = rest[self._transport.write(rest, deadline) :]
        wait = self._make_wait(limits.silence)
        if not wait.run():
            return wait.fault or Fault.BUSY
        quiet = self.deadline(limits.quiet)
        while quiet.left():
            self._transport.read(16, quiet)
        return None

    def _make_wait(self, silence: float) -> AcknowledgementWait:
        limits = self._limits
        return AcknowledgementWait(
            self._transport,
            Patience(
                silence=silence,
                notice=limits.notice - (0 if self._answers else limits.reply),
                healthy=limits.consume,
                faulty=limits.waiting,
            ),
            make_deadline=lambda seconds: self.deadline(seconds, GRACE),
            tell=self.tell,
            meanwhile=lambda fault: self._hooks.meanwhile(self._transport, fault),
        )

    def _ask(self, number: int) -> int | None:
        deadline = self.deadline(self._limits.reply)
        reader = ReplyReader()
        rest = question(number)
        while rest and deadline.left():
            rest = rest[self._transport.write(rest, deadline) :]
        while deadline.left():
            for reply in reader.feed(self._transport.read(16, deadline)):
                if reply.kind is ReplyKind.STATUS:
                    return reply.value
                if reply.kind is ReplyKind.STRANGE:
                    raise NotSent(Fault.NOT_A_PRINTER)
        return None

    def _send(self, data: bytes) -> None:
        """Send all of it, or raise; the first byte that leaves makes the outcome uncertain."""
        limits = self._limits
        total = self.deadline(limits.stall + len(data) / limits.slowest, GRACE)
        whole = self._transport.takes_whole
        stall = self._told_when_long(limits.stall, Fault.SILENT)
        rest = memoryview(data)
        while rest:
            limit = stall if whole else total.within(limits.notice)
            count = self._transport.write(bytes(rest), limit)
            self._sent += count
            rest = rest[count:]
            if count:
                stall = self.deadline(limits.stall, GRACE)
                self.tell(None)
            else:
                self.tell(Fault.SILENT)
            if rest and not (total.left() and stall.left()):
                raise NotSent(Fault.SILENT)

    def _wait(self, size: int) -> Result:
        limits = self._limits
        silence = limits.silence + size / limits.slowest if self._answers else limits.learn
        wait = self._make_wait(silence)
        if wait.run():
            self._answers = True
            self.tell(None)
            return self._result(Outcome.PRINTED)
        if self._answers or wait.answered:
            return self._result(Outcome.UNKNOWN, wait.fault or Fault.SILENT)
        result = self._settle()
        if result.fault is not None:
            return result
        self._answers = False
        return self._result(Outcome.SENT, Fault.SILENT)

    def _settle(self) -> Result:
        """Wait until what was sent is taken, as far as the way to the printer lets one see it."""
        limits = self._limits
        stream = self._transport.can_answer
        limit = Deadline(
            self._clock,
            limits.stall if stream else limits.settle,
            self._stop,
            grace=GRACE,
            overdue=lambda: self.tell(Fault.SILENT) if stream else None,
            overdue_after=limits.notice,
        )
        fault = self._transport.settle(limit)
        if fault is None and not stream:
            self.tell(None)
        elif fault is not None:
            self.tell(fault)
        return self._result(Outcome.UNKNOWN if stream and fault else Outcome.SENT, fault)
