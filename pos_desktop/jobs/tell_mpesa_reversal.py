"""The job that tells managers of a payment that M-Pesa was to give back, and has not answered."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job

from pos_desktop.jobs.queues import payment_job
from pos_desktop.services.mpesa.tray.reversals import TELL_MPESA_REVERSAL
from pos_desktop.services.mpesa.tray.reversing import Reversing

_ATTEMPTS = 3
_LIMIT_SECONDS = 30.0


def tell_mpesa_reversal(reversing: Reversing) -> Job:
    """Declare the job; it has no result."""

    @payment_job(TELL_MPESA_REVERSAL, attempts=_ATTEMPTS, limit=_LIMIT_SECONDS)
    def body(context: JobContext, *, receipt: str) -> None:
        context.at_completion(lambda: reversing.tell_unanswered(receipt, context.number))

    return body
