"""The job that leaves the sales of a week to be mailed."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job, job

from pos_desktop.jobs.queues import UPKEEP
from pos_desktop.services.schedules.schedule_book import MAIL_WEEK
from pos_desktop.services.schedules.schedule_letters import ScheduleLetters

_LIMIT_SECONDS = 300.0


def mail_week(letters: ScheduleLetters) -> Job:
    """Declare the job; what came of it stands with its schedule."""

    @job(MAIL_WEEK, queue=UPKEEP, attempts=5, limit=_LIMIT_SECONDS)
    def body(context: JobContext, *, slot: str = "", by_hand: bool = False) -> None:
        letters.week(context, slot, by_hand=by_hand)

    return body
