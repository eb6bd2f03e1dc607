"""The job that sends a mail to the few who wait for it, from the process that sells."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, job

from pos_desktop.jobs.queues import MAIL
from pos_desktop.services.mail.mail_post import SEND_MAIL
from pos_desktop.services.mail.mail_sending import SMTP, WAITS, MailSending, Stay

_ATTEMPTS = 8
_LIMIT_SECONDS = 1800.0
"""Far above the longest stay: no part of a run waits without a limit of its own."""


def send_mail(sending: MailSending) -> Job:
    """Declare the job; what became of the mail, by number of recipients, is its result."""
    return job_that_sends(SEND_MAIL, sending, WAITS, queue=MAIL)


def job_that_sends(name: str, sending: MailSending, stay: Stay, **where: Any) -> Job:
    """Declare a job that sends a mail, and how long it stays in its worker."""

    @job(
        name,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        unique=True,
        needs_network=SMTP,
        **where,
    )
    def body(
        context: JobContext,
        *,
        mail: str,
        turn: int,
        title: str = "",  # noqa: ARG001 - for whoever sees the job
    ) -> dict[str, Any]:
        return sending.run(context, mail, turn, stay)

    return body
