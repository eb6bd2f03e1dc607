"""The job that makes a mail ready: who gets it, and the files that go along."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.jobs.queues import PAPERS
from pos_desktop.services.mail.mail_post import PREPARE_MAIL
from pos_desktop.services.mail.mail_preparing import MailPreparing

_LIMIT_SECONDS = 6 * 3600.0
"""Statements for ten thousand customers, on a slow machine."""


def prepare_mail(preparing: MailPreparing) -> Job:
    """Declare the job; how many wait for the mail is its result."""

    @job(PREPARE_MAIL, queue=PAPERS, attempts=3, limit=_LIMIT_SECONDS, runs_in=RunsIn.CHILD)
    def body(
        context: JobContext,
        *,
        mail: str,
        turn: int,
        title: str = "",  # noqa: ARG001 - for whoever sees the job
    ) -> int:
        return preparing.run(context, mail, turn)

    return body
