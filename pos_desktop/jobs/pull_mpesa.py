"""The job that reads M-Pesa's list of payments; when it comes is said by what reads it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pos_queue.context import JobContext
from pos_queue.job import Job

from pos_desktop.jobs.queues import payment_job
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.missing_codes import MissingCodes
from pos_desktop.services.mpesa.payment_list import PULL_MPESA, PaymentList
from pos_desktop.services.mpesa.setup.daraja_line import MPESA

_ATTEMPTS = 3
_LIMIT_SECONDS = 900.0


def pull_mpesa(payments: PaymentList, claims: Claiming, overdue: MissingCodes) -> Job:
    """Declare the job; what the list held is its result, nothing where there are no keys.

    After it, what other tills of the number have taken is put away, and managers are told of what
    should be in it for a day.
    """

    @payment_job(
        PULL_MPESA,
        attempts=_ATTEMPTS,
        limit=_LIMIT_SECONDS,
        unique=True,
        needs_network=MPESA,
    )
    def body(context: JobContext) -> dict[str, Any] | None:
        if not payments.can_be_read:
            return None
        run = payments.run(context)
        claims.learn_taken()
        overdue.tell(context.number)
        return asdict(run)

    return body
