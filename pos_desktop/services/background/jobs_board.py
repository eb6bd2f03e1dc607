"""What a manager sees of the jobs at one look; who may look is checked here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from pos_queue.views.shown import Counts, Hour, JobDetail, JobView, QueueView
from pos_queue.views.views import Views

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.services.background.notifications import Inbox, Notifications
from pos_desktop.services.background.queue_desk import QueueDesk
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import staff
from pos_desktop.storage.database import ReadOnlyDatabase

HOURS_AGAIN = timedelta(seconds=10)
"""The hours cost a look at each job of a day: they are read again after so long."""


class Part(Enum):
    """What is listed."""

    WORK = "work"
    """What runs and what waits."""
    FAILED = "failed"
    QUEUES = "queues"
    MESSAGES = "messages"
    """What jobs have told the person who looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody wants to see."""

    part: Part = Part.WORK
    most: int = 200
    """How many jobs are listed at most."""
    job: int | None = None
    """The job that is looked at more closely."""
    told_by: int | None = None
    """The job of the message that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLimits:
    """What is an alert when it is passed."""

    wait_seconds: int
    failed: int

    def is_late(self, counts: Counts) -> bool:
        """Tell whether a job waits for too long."""
        return counts.oldest_wait_seconds > self.wait_seconds

    def is_failing(self, counts: Counts) -> bool:
        """Tell whether too many jobs have failed."""
        return counts.wrong > self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What everybody may see, from any screen."""

    counts: Counts
    inbox: Inbox | None
    """What the person at the till has not read; None where nobody is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What was found."""

    look: Look
    now: datetime
    counts: Counts
    limits: AlertLimits
    jobs: tuple[JobView, ...]
    queues: tuple[QueueView, ...]
    detail: JobDetail | None
    hours: tuple[Hour, ...]
    hours_at: datetime
    inbox: Inbox | None
    file: Path | None
    """What the job of the message has made that can be opened."""
    is_whole: bool
    """Whether the person may see the jobs; else only the messages and the counts are told."""


class JobsBoard:
    """Reads the board; from any thread, nothing is written."""

    def __init__(
        self,
        views: Views,
        desk: QueueDesk,
        notifications: Notifications,
        configuration: Configuration,
        clock: Clock,
        reader: ReadOnlyDatabase,
    ) -> None:
        """Take the machine's `clock`, by which jobs run."""
        self._views = views
        self._desk = desk
        self._notifications = notifications
        self._configuration = configuration
        self._clock = clock
        self._reader = reader

    def glance(self, person: Person | None) -> Glance:
        """Return the figures that everybody may see, and what a person has not read."""
        return Glance(counts=self._views.counts(), inbox=self._inbox(person))

    def read(self, look: Look, before: Board | None = None, *, actor: Person | None) -> Board:
        """Return what is wanted; raise NeedsApproval where the actor may not see it.

        Everybody may see their messages. The hours of the board `before` are taken while they are
        fresh.
        """
        is_whole = actor is None or actor.may(Permission.JOBS)
        if look.part is not Part.MESSAGES:
            hand_of(actor, Permission.JOBS)
        now = self._clock.now()
        hours, hours_at = self._hours(before, now) if is_whole else ((), now)
        return Board(
            look=look,
            now=now,
            counts=self._views.counts(),
            limits=self.limits(),
            jobs=tuple(self._jobs(look)),
            queues=tuple(self._queues()) if is_whole else (),
            detail=self._detail(look.job) if is_whole and look.job is not None else None,
            hours=hours,
            hours_at=hours_at,
            inbox=(inbox := self._inbox(actor)),
            file=self._file(look.told_by, inbox),
            is_whole=is_whole,
        )

    def limits(self) -> AlertLimits:
        """Return what the settings allow."""
        get = self._configuration.get
        return AlertLimits(
            wait_seconds=get(settings.QUEUE_ALERT_WAIT_SECONDS),
            failed=get(settings.QUEUE_ALERT_FAILED),
        )

    def _hours(self, before: Board | None, now: datetime) -> tuple[tuple[Hour, ...], datetime]:
        if before is not None and before.is_whole and abs(now - before.hours_at) < HOURS_AGAIN:
            return before.hours, before.hours_at
        return tuple(self._views.hours(24)), now

    def _inbox(self, person: Person | None) -> Inbox | None:
        return None if person is None else self._notifications.inbox(person)

    def _file(self, job: int | None, inbox: Inbox | None) -> Path | None:
        """Return the file that a job has made, for one whom the job has told of it."""
        if job is None or inbox is None or job not in {one.job for one in inbox.latest}:
            return None
        detail = self._views.job(job)
        made = detail.result if detail is not None else None
        path = made.get("path") if isinstance(made, dict) else None
        return Path(path) if isinstance(path, str) and Path(path).is_file() else None

    def _detail(self, number: int) -> JobDetail | None:
        """Return a job with the name of whoever started it in place of their id."""
        detail = self._views.job(number)
        if detail is None or detail.view.started_by is None:
            return detail
        person = staff.by_id(self._reader, Id(detail.view.started_by))
        if person is None:
            return detail
        return replace(detail, view=replace(detail.view, started_by=person.name))

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
