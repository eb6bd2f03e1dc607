"""What the views tell of jobs, as plain values; moments are aware, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pos_queue.departures import Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many jobs there are of each state that people must know of."""

    queued: int
    scheduled: int
    running: int
    waiting_for_network: int
    failed: int
    quarantined: int
    let_go: int
    """Cancelled, expired or forgotten."""
    oldest_wait_seconds: float
    """How long the queued job has waited that waits longest; 0 where none does."""
    paused: tuple[str, ...]
    """The names of the queues that are paused."""

    @property
    def wrong(self) -> int:
        """How many a person must look at."""
        return self.failed + self.quarantined


class Trouble(StrEnum):
    """Why a payload cannot be read by this version of the program."""

    UNKNOWN_JOB = "unknown_job"
    UNREADABLE = "unreadable"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPayload:
    """A payload with its secrets covered."""

    value: Any
    """A dictionary; a text where it cannot be read or is a secret as a whole."""
    then: tuple[str, ...] = ()
    """The jobs that follow."""
    trouble: Trouble | None = None
    reason: str = ""
    """What is wrong with it, in the words of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is."""

    done: int
    total: int | None
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One job in a list."""

    number: int
    job: str
    queue: str
    state: str
    attempts: int
    failures: int
    priority: float
    endpoint: str | None
    batch: int | None
    started_by: str | None
    is_sensitive: bool
    cancel_asked: bool
    created_at: datetime
    run_at: datetime
    """From when on it can run, or could."""
    started_at: datetime | None
    finished_at: datetime | None
    outcome: str | None
    """How the last attempt has ended that did not do the job."""
    error: str
    """What it left, without secrets."""
    traceback: str
    payload: ShownPayload
    progress: Progress | None

    @property
    def is_over(self) -> bool:
        """Whether it has ended, however."""
        return self.finished_at is not None

    @property
    def has_failed(self) -> bool:
        """Whether a person must look at it."""
        return self.state in (Ended.FAILED, Ended.QUARANTINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a job."""

    attempt: int
    outcome: str
    """`done` and `running` besides those of an attempt that failed."""
    started_at: datetime | None
    ended_at: datetime | None
    error: str
    traceback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetail:
    """One job with all that is known of it."""

    view: JobView
    tried: tuple[Attempt, ...]
    result: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch; its members are counted from their rows."""

    number: int
    name: str
    started_by: str | None
    created_at: datetime
    cancelled_at: datetime | None
    ended_at: datetime | None
    is_open: bool
    """Whether more members may come."""
    waiting: int
    running: int
    done: int
    failed: int
    let_go: int
    """Cancelled, expired or forgotten."""

    @property
    def total(self) -> int:
        """How many members it has."""
        return self.waiting + self.running + self.done + self.failed + self.let_go

    @property
    def percent(self) -> int:
        """How much of it is over, rounded down: 100 only when all is."""
        total = self.total
        return 100 * (total - self.waiting - self.running) // total if total else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What has ended within one hour."""

    begins: datetime
    done: int
    """Jobs."""
    failed: int
    """Attempts: one that has failed counts though its job was retried and is done since."""
    mean_wait_seconds: float
    """How long those that ran waited from when they could run."""
    longest_wait_seconds: float
    mean_run_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One queue."""

    name: str
    paused_at: datetime | None
    queued: int
