"""The job that asks the relay for a payment where several tills are paid by one number."""

from __future__ import annotations

from pos_queue.context import JobContext
from pos_queue.job import Job

from pos_desktop.jobs.queues import payment_job
from pos_desktop.services.mpesa.claiming import CLAIM_MPESA, Claiming
from pos_desktop.services.mpesa.setup.relay_line import RELAY

_ATTEMPTS = 8
_LIMIT_SECONDS = 60.0


def claim_mpesa(claims: Claiming) -> Job:
    """Declare the job; what the relay says is its result."""

    @payment_job(
        CLAIM_MPESA,
        priority=1,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        needs_network=RELAY,
    )
    def body(context: JobContext, *, receipt: str) -> str:
        return claims.run(context, receipt)

    return body
