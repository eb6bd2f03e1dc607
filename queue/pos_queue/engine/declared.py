"""Declared jobs as tasks of Huey, so that its engine runs them like any other."""

from __future__ import annotations

from typing import Any

from huey.api import Task

from pos_queue.codec import Message
from pos_queue.context import JobContext
from pos_queue.engine.claims import Claim
from pos_queue.job import PREVIOUS, Job


class DeclaredTask(Task):  # type: ignore[misc]
    """One job on its way through Huey; its payload stands in `kwargs`."""

    claim: Claim | None = None
    context: JobContext | None = None

    def __init__(self, declared: Job, message: Message, claim: Claim | None = None) -> None:
        """Take the message that was read from the file, or that follows another."""
        number = claim.number if claim else 0
        tried = claim.failures + 1 if claim else 1
        super().__init__(
            kwargs=dict(message.payload),
            id=str(number),
            retries=max(0, declared.attempts - tried),
            priority=declared.priority,
        )
        self.name = declared.name
        self.declared = declared
        self.message = message
        self.claim = claim
        self.value: Any = None

    def execute(self) -> Any:
        """Run the body with its context, wherever it runs."""
        self.value = self.call()
        return self.value

    def call(self) -> Any:
        """Run the body in this thread."""
        return self.declared.body(self.context, **self.kwargs)

    def extend_data(self, data: Any) -> None:
        """Take what the job before in the chain has returned, where the body asks for it."""
        if self.declared.takes_previous:
            self.kwargs.setdefault(PREVIOUS, data)
