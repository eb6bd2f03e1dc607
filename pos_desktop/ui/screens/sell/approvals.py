"""Commands that may need a manager: carried out at once, or once somebody has approved them.

What waits is held here alone. An approver who is not enough leaves it waiting for another try.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from pos_desktop.domain import commands as do
from pos_desktop.services.counter.command_desk import CommandDesk, NotApproved, Waiting
from pos_desktop.services.counter.replies import Recording, Reply
from pos_desktop.services.counter.steps import Step
from pos_desktop.services.counter.till import Till
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.ui.screens.sell.approval_words import ApprovalWords, ready_reasons
from pos_desktop.ui.screens.sell.turns import Failed, Turns

Then = Callable[[Reply], None]


@dataclass(frozen=True, slots=True)
class Approval:
    """Something that waits for a manager: what it is, and who hears when it is done, or not."""

    sentence: str
    reasons: tuple[str, ...]
    """Why such a thing is done most often."""
    waiting: Waiting
    then: Then
    failed: Failed


class Approvals(QObject):
    """Begins commands at the desk, in their turn."""

    wanted = Signal(object)
    """An Approval waits."""
    accepted = Signal(object)
    """A manager may and does approve this command: it is being carried out."""
    over = Signal()
    """What waited for a manager waits no more."""

    def __init__(
        self,
        desk: CommandDesk,
        till: Till,
        turns: Turns,
        record: Callable[[Recording], None],
        words: ApprovalWords,
    ) -> None:
        """Take who records a paid cart (nobody waits for that), and what says what waits."""
        super().__init__()
        self._desk = desk
        self._till = till
        self._turns = turns
        self._record = record
        self._words = words
        self._approval: Approval | None = None

    def begin(self, command: do.Command, then: Then, failed: Failed) -> None:
        """Carry a command out within a turn; where it needs a manager, let it wait for one."""
        waiting_for, basket = self._desk.waiting_for(command), self._till.state.basket

        def not_done(error: Exception) -> None:
            if isinstance(error, NeedsApproval):
                what, why = self._words.what_waits(command, basket, error), ready_reasons(command)
                self._approval = Approval(what, why, waiting_for(error), then, failed)
                self.wanted.emit(self._approval)
            else:
                failed(error)

        self._turns.follow(lambda: self._paid(self._desk.begin(command)), then, not_done)

    def approve(self, login: str, pin: str, reason: str, not_enough: Failed) -> None:
        """Let a manager approve what waits, in turn; `not_enough` hears why if they may not.

        Then it still waits, for another try.
        """
        approval = self._approval
        if approval is not None:
            self._turns.take(lambda: self._approve(approval, login, pin, reason, not_enough))

    def dismiss(self) -> None:
        """Leave what waits for a manager undone."""
        self._approval = None

    def _approve(
        self, approval: Approval, login: str, pin: str, reason: str, not_enough: Failed
    ) -> None:
        if self._approval is not approval:
            return

        def then(reply: Reply) -> None:
            self._end(approval)
            approval.then(reply)

        def not_done(error: Exception) -> None:
            again = isinstance(error, NeedsApproval | NotApproved)
            if again and self._approval is approval:
                not_enough(error)
            else:
                self._end(approval)
                approval.failed(error)

        def begin() -> Reply | Step[Reply]:
            step = self._desk.approving(approval.waiting, login, pin, reason)
            return replace(step, then=lambda found: accepted(step.then(found)))

        def accepted(outcome: Reply | Step[Reply]) -> Reply | Step[Reply]:
            self.accepted.emit(approval.waiting.command)
            return self._paid(outcome)

        self._turns.follow(begin, then, not_done)

    def _paid(self, outcome: Reply | Step[Reply]) -> Reply | Step[Reply]:
        """Hand a cart that is paid over to be recorded; the till is ready for the next one.

        Where a step leads to that, it is handed over after the step.
        """
        if isinstance(outcome, Recording):
            self._record(outcome)
            return Reply(paid=True)
        if isinstance(outcome, Step):
            return replace(outcome, then=lambda found: self._paid(outcome.then(found)))
        return outcome

    def _end(self, approval: Approval) -> None:
        if self._approval is approval:
            self._approval = None
            self.over.emit()
