"""Jobs whose end could not be written: they wait again, and not for ever.

Mostly the file is to blame, a full disk or a hand that locks it, and the next try succeeds. Where
the file takes everything but the end of one job, that job has failed.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_queue.backoff import Backoff
from pos_queue.departures import Ended
from pos_queue.engine.claims import Claim, is_held
from pos_queue.engine.storage import DurableStorage
from pos_queue.failures import Failure, Outcome

AGAIN = Backoff(first=0.5)
"""How long such a job waits: the fault may last, and its body did run."""
MOST_TIMES = 10
"""So often the file may refuse the end of one job, and could be used."""
UNWRITTEN = "its end could not be written"
REFUSED = "the file refuses its end"


class Unsettled:
    """The claims of one engine that nothing has become of yet."""

    def __init__(self, storage: DurableStorage, now: Callable[[], int]) -> None:
        self._storage = storage
        self._now = now
        self._all: list[tuple[Claim, str]] = []

    def add(self, claim: Claim, fault: BaseException | None) -> None:
        """Remember a job whose end could not be written, for a fault of the file or of its own."""
        is_its_own = fault is not None and not self._storage.database.is_to_blame(fault)
        self._all.append((claim, REFUSED if is_its_own else UNWRITTEN))

    def give_back(self) -> None:
        """Let all of them wait again, or end those that have been here too often.

        Raises what the first of them has met with which that could not be done; the others do not
        wait for it.
        """
        met: list[Exception] = []
        for one in [*self._all]:
            claim, why = one
            try:
                with self._storage.database.write_bulk():
                    if is_held(self._storage.database, claim):
                        self._give_back(claim, why)
            except Exception as error:  # noqa: BLE001 - raised once all had their turn
                met.append(error)
            else:
                self._all.remove(one)
        if met:
            raise met[0]

    def _give_back(self, claim: Claim, why: str) -> None:
        settling, now = self._storage.settling, self._now()
        if why == REFUSED and self._times_refused(claim) + 1 >= MOST_TIMES:
            failure = Failure(Outcome.FAILED, f"{REFUSED}, {MOST_TIMES} times")
            settling.end(claim, Ended.FAILED, now, failure=failure)
            return
        settling.keep_attempt(claim, Failure(Outcome.INTERRUPTED, why), now)
        run_at = now + round(1000 * AGAIN.ceiling(max(1, claim.attempts)))
        settling.requeue(claim, run_at=run_at, state="scheduled")
        self._storage.tell(run_at)

    def _times_refused(self, claim: Claim) -> int:
        found = self._storage.database.execute_sql(
            "SELECT count(*) FROM job_attempts WHERE number = ? AND error = ?",
            (claim.number, REFUSED),
        ).fetchone()
        return int(found[0])
