"""What a manager sees of the jobs at one look; who may look is checked here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from pos_queue.shown import Counts, Hour, JobDetail, JobView, QueueView
from pos_queue.views import Views

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.staff import Permission
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.queue_desk import QueueDesk
from pos_desktop.services.sign_in import Person, check_may

HOURS_AGAIN = timedelta(seconds=10)
"""The hours cost a look at each job of a day: they are read again after so long."""


class Part(Enum):
    """What is listed."""

    WORK = "work"
    """What runs and what waits."""
    FAILED = "failed"
    QUEUES = "queues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody wants to see."""

    part: Part = Part.WORK
    most: int = 200
    """How many jobs are listed at most."""
    job: int | None = None
    """The job that is looked at more closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is an alert when it is passed."""

    wait_seconds: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What was found."""

    look: Look
    now: datetime
    counts: Counts
    limits: Limits
    jobs: tuple[JobView, ...]
    queues: tuple[QueueView, ...]
    detail: JobDetail | None
    hours: tuple[Hour, ...]
    hours_at: datetime


class JobsBoard:
    """Reads the board; from any thread, nothing is written."""

    def __init__(
        self, views: Views, desk: QueueDesk, configuration: Configuration, clock: Clock
    ) -> None:
        """Take the machine's `clock`, by which jobs run."""
        self._views = views
        self._desk = desk
        self._configuration = configuration
        self._clock = clock

    def counts(self) -> Counts:
        """Return the figures that everybody may see."""
        return self._views.counts()

    def read(self, look: Look, before: Board | None = None, *, actor: Person | None) -> Board:
        """Return what is wanted; raise NeedsApproval where the actor may not see it.

        The hours of the board `before` are taken while they are fresh.
        """
        check_may(actor, Permission.JOBS)
        now = self._clock.now()
        if before is not None and abs(now - before.hours_at) < HOURS_AGAIN:
            hours, hours_at = before.hours, before.hours_at
        else:
            hours, hours_at = tuple(self._views.hours(24)), now
        return Board(
            look=look,
            now=now,
            counts=self._views.counts(),
            limits=self._limits(),
            jobs=tuple(self._jobs(look)),
            queues=tuple(self._queues()),
            detail=None if look.job is None else self._views.job(look.job),
            hours=hours,
            hours_at=hours_at,
        )

    def _jobs(self, look: Look) -> list[JobView]:
        if look.part is Part.WORK:
            return self._views.unfinished(most=look.most)
        if look.part is Part.FAILED:
            return self._views.failed(most=look.most)
        return []

    def _queues(self) -> list[QueueView]:
        """Return all queues, also those that never had a job."""
        seen = {queue.name: queue for queue in self._views.queues()}
        names = sorted({*self._desk.declared_queues(), *seen})
        return [seen.get(name) or QueueView(name=name, paused_at=None, queued=0) for name in names]

    def _limits(self) -> Limits:
        get = self._configuration.get
        return Limits(
            wait_seconds=get(settings.QUEUE_ALERT_WAIT_SECONDS),
            failed=get(settings.QUEUE_ALERT_FAILED),
        )
