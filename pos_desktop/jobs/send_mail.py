"""The job that sends a mail to those who wait for it."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, job

from pos_desktop.services.mail_post import SEND_MAIL
from pos_desktop.services.mail_sending import SMTP, MailSending

QUEUE = "mail"
_LIMIT_SECONDS = 6 * 3600.0
"""A mailing to ten thousand at the rate of a slow server; no part of it waits without a limit."""


def send_mail(sending: MailSending) -> Job:
    """Declare the job; what became of the mail, by number of recipients, is its result."""

    @job(
        SEND_MAIL,
        queue=QUEUE,
        attempts=8,
        limit=_LIMIT_SECONDS,
        unique=True,
        needs_network=SMTP,
    )
    def body(context: JobContext, *, mail: str, turn: int) -> dict[str, Any]:
        return sending.run(context, mail, turn)

    return body
