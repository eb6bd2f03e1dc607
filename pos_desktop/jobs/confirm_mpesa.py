"""The job that confirms money that M-Pesa has reported."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job

from pos_desktop.jobs.queues import payment_job
from pos_desktop.services.mpesa.confirming import CONFIRM_MPESA, Confirming
from pos_desktop.services.mpesa.setup.daraja_line import MPESA

_ATTEMPTS = 8
_LIMIT_SECONDS = 300.0


def confirm_mpesa(confirming: Confirming) -> Job:
    """Declare the job; what confirms the payment is its result."""

    @payment_job(
        CONFIRM_MPESA,
        priority=1,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        needs_network=MPESA,
    )
    def body(context: JobContext, *, receipt: str) -> str:
        return confirming.run(context, receipt)

    return body
