"""The job that takes in a report of M-Pesa, which the relay has handed over."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job

from pos_desktop.jobs.queues import payment_job
from pos_desktop.services.mpesa.relay_reading import PROCESS_MPESA_CALLBACK
from pos_desktop.services.mpesa.report_intake import ReportIntake

_ATTEMPTS = 5
_LIMIT_SECONDS = 30.0


def process_mpesa_callback(taking: ReportIntake) -> Job:
    """Declare the job; the kind of the report is its result."""

    @payment_job(
        PROCESS_MPESA_CALLBACK,
        priority=2,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
    )
    def body(context: JobContext, *, report: int) -> str:
        return taking.run(context, report)

    return body
