"""What a service needs to leave work for later: the names of jobs, and the door they come in by.

Each service keeps the names of its jobs as constants beside it; `jobs` declares them. The door is
`pos_queue.intake.Intake`, which says more of each act; here stands what services use of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NewType, Protocol

JobName = NewType("JobName", str)
"""The name of a job that `jobs` declares."""
NamedJob = tuple[JobName, dict[str, Any]]
"""A job that follows, or one of a batch: its name and payload."""


class Enqueues(Protocol):
    """Takes jobs; in the caller's transaction, so that they come with what it writes, or never."""

    def enqueue(
        self,
        name: JobName,
        payload: dict[str, Any] | None = None,
        *,
        at: datetime | None = None,
        then: Sequence[NamedJob] = (),
        unique_key: str | None = None,
        started_by: str | None = None,
        batch: int | None = None,
    ) -> int:
        """Write a job down and return its number; it runs from `at` on, else as soon as it can.

        The jobs of `then` follow, each once the one before has succeeded. Of jobs with one unique
        key one waits or runs at a time: the number is then the other's.
        """
        ...

    def hurry(self, number: int) -> bool:
        """Let a job that waits for a moment run as soon as it can; tell whether it did."""
        ...

    def batch(
        self,
        name: str,
        jobs: Iterable[NamedJob] = (),
        *,
        then: NamedJob | None = None,
        catch: NamedJob | None = None,
        finally_: NamedJob | None = None,
        started_by: str | None = None,
        keep_open: bool = False,
    ) -> int:
        """Write jobs down that belong together, and return the number of their batch.

        `then` runs when all have succeeded, `catch` at the first that has failed for good,
        `finally_` when none waits or runs any more. A batch that is kept open takes more jobs with
        `add`, in lots beside a till, and ends after `close`.
        """
        ...

    def add(self, batch: int, jobs: Iterable[NamedJob], *, started_by: str | None = None) -> None:
        """Write more jobs of a batch down; raises BatchEnded, BatchCancelled."""
        ...

    def close(self, batch: int) -> None:
        """Let a batch end that was kept open."""
        ...

    def cancel_batch(self, batch: int) -> bool:
        """Let no more members of a batch run; tell whether there was anything to cancel."""
        ...
