"""The job that asks M-Pesa to give one payment back."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job

from pos_desktop.jobs.queues import payment_job
from pos_desktop.services.mpesa.setup.daraja_line import MPESA
from pos_desktop.services.mpesa.tray.reversals import REVERSE_MPESA
from pos_desktop.services.mpesa.tray.reversing import Reversing

_ATTEMPTS = 4
_LIMIT_SECONDS = 120.0
"""Above the limit that the call itself has."""


def reverse_mpesa(reversing: Reversing) -> Job:
    """Declare the job; how the request stands then is its result."""

    @payment_job(
        REVERSE_MPESA,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        needs_network=MPESA,
    )
    def body(_context: JobContext, *, receipt: str) -> str:
        return reversing.run(receipt)

    return body
