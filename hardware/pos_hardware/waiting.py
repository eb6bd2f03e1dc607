"""Waits for a printer to acknowledge a print that it holds, and asks meanwhile what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_hardware.clock import Deadline
from pos_hardware.faults import Fault
from pos_hardware.status import QUESTIONS, ReplyKind, ReplyReader, fault_of, question
from pos_hardware.transports.base import Transport

_LOOK = 0.1
_ASK_EVERY = 0.4
_ANSWER_WITHIN = 0.6


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How many seconds to wait: without any reply, and for a healthy or a faulty printer.

    After `notice` seconds of silence it is told as a fault; waiting goes on.
    """

    silence: float
    notice: float
    healthy: float
    faulty: float


class AcknowledgementWait:
    """One wait. `answered` and `fault` tell afterwards what was heard."""

    def __init__(
        self,
        transport: Transport,
        patience: Patience,
        *,
        make_deadline: Callable[[float], Deadline],
        tell: Callable[[Fault | None], None],
        meanwhile: Callable[[Fault | None], None],
    ) -> None:
        self._transport = transport
        self._patience = patience
        self._make_deadline = make_deadline
        self._tell = tell
        self._meanwhile = meanwhile
        self._reader = ReplyReader()
        self._replies: dict[int, int] = {}
        self._asked = 0
        self._rest = b""
        self.answered = False
        self.fault: Fault | None = None

    def run(self) -> bool:
        """Return whether the acknowledgement came; `Lost` if the connection ended."""
        self._limit = self._make_deadline(self._patience.healthy)
        self._hear()
        self._next_question = self._make_deadline(_ASK_EVERY)
        while self._limit.left() and self._silence.left():
            data = self._transport.read(64, self._limit.within(_LOOK))
            if any(self._take(reply.kind, reply.value) for reply in self._reader.feed(data)):
                return True
            self._meanwhile(self.fault)
            self._ask()
            if not self._notice.left():
                self._tell(self.fault or Fault.SILENT)
        return False

    def _hear(self) -> None:
        self._silence = self._make_deadline(self._patience.silence)
        self._notice = self._make_deadline(self._patience.notice)

    def _take(self, kind: ReplyKind, value: int) -> bool:
        if kind is ReplyKind.STRANGE:
            return False
        self.answered = True
        self._hear()
        if kind is ReplyKind.ACKNOWLEDGED:
            return True
        if self._asked:
            self._replies[self._asked] = value
            self._asked = 0
            self._next_question = self._make_deadline(
                _ASK_EVERY if len(self._replies) == len(QUESTIONS) else 0
            )
        if len(self._replies) == len(QUESTIONS):
            self._judge()
        return False

    def _judge(self) -> None:
        fault = fault_of(self._replies)
        self._replies = {}
        if bool(fault) is not bool(self.fault):
            patience = self._patience
            self._limit = self._make_deadline(patience.faulty if fault else patience.healthy)
        self.fault = fault
        self._tell(fault)

    def _ask(self) -> None:
        """Ask one question at a time, so that a reply is known to belong to it."""
        if self._rest:
            self._write()
        elif not self._next_question.left():
            self._asked = QUESTIONS[len(self._replies)]
            self._rest = question(self._asked)
            self._next_question = self._make_deadline(_ANSWER_WITHIN)
            self._write()

    def _write(self) -> None:
        self._rest = self._rest[self._transport.write(self._rest, self._limit.within(_LOOK)) :]
