"""What goes wrong in the queue, and what the body of a job says by raising.

QueueError            the caller did something that cannot be
├── UnknownJob
├── PayloadMismatch
├── NotPossible       a person wants what cannot be done with this job
├── Unreadable        a stored payload is not what was put there
└── BatchEnded
    └── BatchCancelled    the body of a member may let it pass: it counts as JobCancelled
GiveUp, TryLater, NoNetwork, JobCancelled    raised by the body of a job
ClaimLost             the job is no longer this worker's; never an error of the job
EndNotWritten         the file cannot be written just now; never an error of the job
"""

from __future__ import annotations

from enum import StrEnum


class QueueError(Exception):
    """The queue cannot do that."""


class UnknownJob(QueueError):
    """No job of this name is known to this version of the program."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no job is called {name!r} in this version of the program")


class PayloadMismatch(QueueError):
    """The payload has not the values that the job takes."""


class Unreadable(QueueError):
    """A stored payload cannot be read: damaged, changed past the program, or of another key."""


class WhyNot(StrEnum):
    """Why something cannot be done with a job."""

    UNKNOWN = "unknown"
    """There is no job of this number, or not any more."""
    NOT_OVER = "not_over"
    """It waits or runs."""
    DONE = "done"
    NOT_FAILED = "not_failed"
    OVER = "over"
    """It has ended."""
    KEY_TAKEN = "key_taken"
    """Another job with its unique key waits or runs."""
    BATCH_CANCELLED = "batch_cancelled"
    """Its batch was cancelled: no member of that begins any more."""


class NotPossible(QueueError):
    """This cannot be done with the job as it is."""

    def __init__(self, number: int, why: WhyNot, other: int | None = None) -> None:
        """Take the other job, or the batch, that is in the way, where there is one."""
        self.number = number
        self.why = why
        self.other = other
        super().__init__(f"job {number}: {why}")


class BatchEnded(QueueError):
    """No batch of this number takes jobs any more."""

    def __init__(self, batch: int) -> None:
        super().__init__(f"batch {batch} takes no more jobs")


class GiveUp(Exception):
    """The job can never succeed: it fails at once, whatever attempts are left."""


class TryLater(Exception):
    """Not now, through no fault of the job: it runs again later and no attempt counts."""

    def __init__(self, seconds: float, reason: str = "") -> None:
        self.seconds = seconds
        super().__init__(reason or f"again in {seconds:g} s")


class NoNetwork(Exception):
    """The endpoint was not reached: the job waits for the network and no attempt counts."""

    def __init__(self, endpoint: str, reason: str = "") -> None:
        self.endpoint = endpoint
        super().__init__(reason or f"{endpoint} cannot be reached")


class NotBegun(NoNetwork):
    """The endpoint is known to be out of reach: the body was not even begun."""


class JobCancelled(Exception):
    """The job has ended because somebody asked it to."""


class BatchCancelled(BatchEnded, JobCancelled):
    """The batch was cancelled; a member that wants to add to it ends as cancelled."""


class JobExited(Exception):
    """The body of a job has called for the end of its thread or program; its attempt has failed."""


class NoCompletion(Exception):
    """A body has no transaction of the shop's file to leave its work for: it declares otherwise."""

    def __init__(self) -> None:
        super().__init__("nothing is completed where this job runs: declare `on_result`")


class ClaimLost(BaseException):
    """The job has passed into other hands: what this run did is rolled back and not recorded.

    A BaseException, so that no `except Exception` of a job takes it for one of its own errors.
    """


class EndNotWritten(BaseException):
    """The file does not let the end of a job be written: the job is not to blame, and waits again.

    A BaseException, so that Huey does not take it for a failure of the body.
    """


def own_words(error: Exception) -> str:
    """Return what an error says if it is the queue's, else its kind: words may be secret."""
    return str(error) if isinstance(error, QueueError) else type(error).__name__
