"""The job that tells the relay of a cart that waits for M-Pesa."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job

from pos_desktop.jobs.queues import payment_job
from pos_desktop.services.mpesa.claiming import TELL_MPESA_WAIT, Claiming
from pos_desktop.services.mpesa.setup.relay_line import RELAY

_ATTEMPTS = 8
_LIMIT_SECONDS = 60.0


def tell_mpesa_wait(claims: Claiming) -> Job:
    """Declare the job; it has no result."""

    @payment_job(
        TELL_MPESA_WAIT,
        priority=1,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        needs_network=RELAY,
    )
    def body(_context: JobContext, *, sale: str) -> None:
        claims.tell_wait(sale)

    return body
