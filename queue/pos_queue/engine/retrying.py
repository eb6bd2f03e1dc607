"""How a job waits that was tried and is not done."""

from __future__ import annotations

from collections.abc import Callable

from pos_queue.children.errors import ChildNotReady
from pos_queue.engine.claims import Claim
from pos_queue.engine.storage import DurableStorage, behind
from pos_queue.errors import NoNetwork, NotBegun, TryLater
from pos_queue.job import Job

NOT_READY_SECONDS = 5.0
"""How long a job waits for which no child could be made ready."""
LONGEST_SECONDS = 366 * 86_400.0
"""How long a job waits at most, whatever it, or a server that it asked, has said."""


class Retrying:
    """Lets jobs wait again; each method stands in the caller's transaction."""

    def __init__(self, storage: DurableStorage, chance: Callable[[], float]) -> None:
        """Take `chance`, which draws from [0, 1) for the delay of a retry."""
        self._storage = storage
        self._chance = chance

    def after(self, error: BaseException | None, claim: Claim, declared: Job) -> None:
        """Let a job wait as its error asks for; the attempt counts where the job is to blame."""
        if isinstance(error, NoNetwork):
            if isinstance(error, NotBegun):
                claim.attempts -= 1
            self._storage.settling.wait_for_network(claim, error.endpoint)
        elif isinstance(error, TryLater):
            self._wait(claim, error.seconds)
        elif isinstance(error, ChildNotReady):
            self._wait(claim, NOT_READY_SECONDS, deaths=claim.deaths)
        else:
            self.after_failure(claim, declared)

    def after_failure(self, claim: Claim, declared: Job) -> None:
        """Let a job wait after a failure that counts."""
        delay = declared.backoff.delay(claim.failures + 1, self._chance())
        self._wait(claim, delay, failures=1)

    def after_death(self, claim: Claim, declared: Job, deaths: int) -> None:
        """Let a job wait of which so many children in a row have died."""
        self._wait(claim, declared.backoff.delay(deaths, self._chance()), deaths=deaths)

    def _wait(self, claim: Claim, seconds: float, *, failures: int = 0, deaths: int = 0) -> None:
        now = self._storage.now()
        delay = int(min(LONGEST_SECONDS, max(0.0, seconds)) * 1000)
        self._storage.settling.requeue(
            claim,
            run_at=now + delay if delay else behind(now),
            state="scheduled" if delay else "queued",
            failures=failures,
            deaths=deaths,
        )
        self._storage.tell(now + delay if delay else None)
