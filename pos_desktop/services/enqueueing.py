"""What a service needs to leave work for later: the names of jobs, and the door they come in by.

Each service keeps the names of its jobs as constants beside it; `jobs` declares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NewType, Protocol

JobName = NewType("JobName", str)
"""The name of a job that `jobs` declares."""


class Enqueues(Protocol):
    """Takes jobs; in the caller's transaction, so that they come with what it writes, or never."""

    def enqueue(
        self,
        name: JobName,
        payload: dict[str, Any] | None = None,
        *,
        at: datetime | None = None,
        then: Sequence[tuple[JobName, dict[str, Any]]] = (),
        unique_key: str | None = None,
        started_by: str | None = None,
        batch: int | None = None,
    ) -> int:
        """Write a job down and return its number; it runs from `at` on, else as soon as it can.

        The jobs of `then` follow, each once the one before has succeeded. Of jobs with one unique
        key one waits or runs at a time: the number is then the other's.
        """
        ...
