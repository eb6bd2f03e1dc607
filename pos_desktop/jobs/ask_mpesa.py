"""The job that asks M-Pesa what has become of one attempt."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job

from pos_desktop.jobs.queues import payment_job
from pos_desktop.services.mpesa.attempts import ASK_MPESA
from pos_desktop.services.mpesa.push_query import PushQuery
from pos_desktop.services.mpesa.setup.daraja_line import MPESA

_ATTEMPTS = 8
_LIMIT_SECONDS = 120.0
"""Above the limit that the call itself has."""


def ask_mpesa(asking: PushQuery) -> Job:
    """Declare the job; what was answered is its result."""

    @payment_job(
        ASK_MPESA,
        priority=1,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        needs_network=MPESA,
    )
    def body(context: JobContext, *, attempt: str, asks_since_report: int = 0) -> str:
        return asking.run(context, attempt, asks_since_report)

    return body
