"""The job that asks the supplier for the activation of a payment until there is one."""

from __future__ import annotations

from typing import Any

from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.job import Job, job

from pos_desktop.jobs.queues import UPKEEP
from pos_desktop.services.licence.activating import Activating
from pos_desktop.services.licence.activation_line import ACTIVATION
from pos_desktop.services.licence.subscription import ATTEMPT_ACTIVATION

_ATTEMPTS = 20
"""Of faults alone: what waits for the network or the supplier counts none."""
_LIMIT_SECONDS = 120.0
_AGAIN = Backoff(first=60.0, cap=4 * 3_600.0)


def attempt_subscription_activation(activating: Activating) -> Job:
    """Declare the job; what the activation says is its result."""

    @job(
        ATTEMPT_ACTIVATION,
        queue=UPKEEP,
        attempts=_ATTEMPTS,
        backoff=_AGAIN,
        limit=_LIMIT_SECONDS,
        unique=True,
        needs_network=ACTIVATION,
    )
    def body(
        context: JobContext,
        *,
        receipt: str,
        title: str = "",  # noqa: ARG001 - for whoever sees the job
    ) -> dict[str, Any]:
        return activating.run(context, receipt)

    return body
