"""One attempt at one claimed job: its transaction, and what becomes of it.

Nothing is locked while the body runs. Its end opens a transaction; in it stand what the body left
for its completion, whatever Huey writes after a body (a following task, a result, a retry), and the
acknowledgement, which names the fence: all of it is undone where the job is no longer ours. One
commit makes all of it true.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from huey import signals

from pos_queue.children.cancel import Cancel
from pos_queue.departures import Ended
from pos_queue.engine.claims import Claim
from pos_queue.engine.storage import DurableStorage
from pos_queue.errors import EndNotWritten, JobCancelled, NotBegun
from pos_queue.failures import Failure, Outcome, failure_of
from pos_queue.owners.recovery import CLOSED
from pos_queue.progress import FileReports

_ENDS = {
    signals.SIGNAL_COMPLETE: Ended.DONE,
    signals.SIGNAL_REVOKED: Ended.CANCELLED,
    signals.SIGNAL_CANCELED: Ended.CANCELLED,
    signals.SIGNAL_EXPIRED: Ended.EXPIRED,
}
_NONE: AbstractContextManager[None] = nullcontext()


class Run:
    """One attempt; lives in one thread."""

    error: BaseException | None = None
    result: bytes | None = None
    is_interrupted = False
    cancel: Cancel | None = None
    """Ends a body that runs in a child; None for one that does not."""
    reports: FileReports | None = None
    was_asked_to_end = False
    """Whether a person wanted it to end."""
    turn: int | None = None
    """Which try of its endpoint it is, None where it needs none."""
    deaths = 0
    """How many children in a row have died of the job, this one among them."""
    verdict: Ended | None = None
    """How the job ends, where that is not for Huey to say."""
    is_over = False
    """Whether the job was taken away from its thread."""
    limit: float | None = None
    """Seconds for the body, None for as long as it takes."""
    ends: float | None = None
    """When the limit is reached, on the clock that never runs backwards."""
    _end = Ended.FAILED

    def __init__(self, storage: DurableStorage, task: Any, claim: Claim, *, shares: bool) -> None:
        """Take whether the run shares a transaction that is open already."""
        self.task = task
        self.claim = claim
        self.shares = shares
        self._storage = storage
        self._transaction = _NONE
        self._is_open = shares
        self._after: list[Callable[[], object]] = []

    @property
    def is_open(self) -> bool:
        """Whether the closing transaction has begun."""
        return self._is_open

    def open(self) -> None:
        """Begin the closing transaction; what ends the job there names its fence.

        Raises EndNotWritten where the file does not let it begin.
        """
        if not self._is_open:
            turn = self._storage.database.write_bulk()
            try:
                turn.__enter__()
            except Exception as error:
                raise EndNotWritten from error
            self._transaction, self._is_open = turn, True

    def begin_body(self) -> None:
        """Begin the body; in a shared transaction it is a part that can fail alone."""
        if self.shares:
            self._storage.database.execute_sql("SAVEPOINT body")

    def end_body(self, *, failed: bool) -> None:
        """End the body, and undo what it wrote if it has failed in a shared transaction."""
        if self.shares:
            if failed:
                self._storage.database.execute_sql("ROLLBACK TO body")
            self._storage.database.execute_sql("RELEASE body")

    def within(self) -> AbstractContextManager[None]:
        """Return a part of the closing transaction that can fail alone."""
        return self._storage.database.write_bulk()

    def note(self, signal: str) -> None:
        """Note what Huey says of the task."""
        self._end = _ENDS.get(signal, self._end)
        if signal == signals.SIGNAL_INTERRUPTED:
            self.is_interrupted = True

    def after(self, tell: Callable[[], object]) -> None:
        """Do this after the commit."""
        self._after.append(tell)

    @property
    def is_plainly_done(self) -> bool:
        """Whether there is nothing more to say of the job than that it is done."""
        is_done = self._end is Ended.DONE and self.error is None and self.result is None
        return is_done and self.task.claim is self.claim and not self.claim.is_taken

    def settle(self, now: int) -> None:
        """Write down what became of the job, in the closing transaction."""
        self.open()
        failure = self.failure()
        if self.task.claim is not self.claim:
            if failure is not None:
                self._storage.settling.keep_attempt(self.claim, failure, now)
        elif self.is_interrupted:
            interrupted = Failure(Outcome.INTERRUPTED, CLOSED)
            self._storage.settling.keep_attempt(self.claim, interrupted, now)
            self._storage.settling.requeue(self.claim, run_at=now, deaths=self.claim.deaths)
        else:
            self._storage.settling.end(
                self.claim, self._ended(), now, failure=failure, result=self.result
            )

    def close(self, error: BaseException | None = None) -> None:
        """Commit, or roll back for an error; then tell what was to be told.

        A commit that fails has rolled back: there is nothing left to close for its error.
        """
        transaction, self._transaction = self._transaction, nullcontext()
        if error is not None:
            transaction.__exit__(type(error), error, error.__traceback__)
            return
        transaction.__exit__(None, None, None)
        if not self.shares:
            self.tell()

    def tell(self) -> None:
        """Tell what was to be told after the commit."""
        for tell in self._after:
            tell()

    def failure(self) -> Failure | None:
        """Return what this attempt leaves behind, None where there is nothing to say."""
        if self.error is None or isinstance(self.error, NotBegun):
            return None
        return failure_of(self.error, hidden=self.claim.sensitive)

    def _ended(self) -> Ended:
        if isinstance(self.error, JobCancelled):
            return Ended.CANCELLED
        return self.verdict or self._end
