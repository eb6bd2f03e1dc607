"""The job that sends a mail to the many who wait for it.

That is bulk work, which the process in which somebody sells never does: they go out of a process of
their own, and let imports and exports in between.
"""

from __future__ import annotations

from pos_queue.job import Job, RunsIn

from pos_desktop.jobs.queues import MAILINGS
from pos_desktop.jobs.send_mail import job_that_sends
from pos_desktop.services.mail.mail_post import SEND_MAILING
from pos_desktop.services.mail.mail_sending import COMES_AND_GOES, MailSending


def send_mailing(sending: MailSending) -> Job:
    """Declare the job; its result is that of the job for few."""
    return job_that_sends(
        SEND_MAILING, sending, COMES_AND_GOES, queue=MAILINGS, runs_in=RunsIn.CHILD
    )
