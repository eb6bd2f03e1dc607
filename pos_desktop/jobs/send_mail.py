"""The jobs that send a mail to those who wait for it.

A few letters leave at once, from the process in which somebody sells. Many are bulk work, which
that process never does: they go out of a process of their own, and let imports and exports in
between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn, job

from pos_desktop.services.mail_post import SEND_MAIL, SEND_MAILING
from pos_desktop.services.mail_sending import COMES_AND_GOES, SMTP, WAITS, MailSending, Stay

_OF_FEW, _OF_MANY = "mail", "mailings"
_ATTEMPTS = 8
_LIMIT_SECONDS = 1800.0
"""Far above the longest stay: no part of a run waits without a limit of its own."""


def send_mail(sending: MailSending) -> Job:
    """Declare the job for few; what became of the mail, by number of recipients, is its result."""
    return _declared(SEND_MAIL, sending, WAITS, queue=_OF_FEW, runs_in=RunsIn.THREAD)


def send_mailing(sending: MailSending) -> Job:
    """Declare the job for many; its result is that of the job for few."""
    return _declared(SEND_MAILING, sending, COMES_AND_GOES, queue=_OF_MANY, runs_in=RunsIn.CHILD)


def _declared(name: str, sending: MailSending, stay: Stay, **where: Any) -> Job:
    declare: Callable[[Callable[..., Any]], Job] = job(
        name,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        unique=True,
        needs_network=SMTP,
        **where,
    )

    def body(context: JobContext, *, mail: str, turn: int) -> dict[str, Any]:
        return sending.run(context, mail, turn, stay)

    return declare(body)
