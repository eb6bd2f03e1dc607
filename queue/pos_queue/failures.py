"""What an attempt leaves behind that has not done its job, in words for whoever looks at it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import StrEnum

from pos_queue.children.errors import ChildCrashed, ChildNotReady, ChildTimedOut
from pos_queue.errors import GiveUp, JobCancelled, NoNetwork, TryLater


class Outcome(StrEnum):
    """How an attempt has ended without the job being done, as `job_attempts` tells it."""

    FAILED = "failed"
    GAVE_UP = "gave_up"
    """The job itself said that it can never succeed; its error is a sentence of its own."""
    TIMED_OUT = "timed_out"
    DIED = "died"
    """The child that ran it died while its parent lived."""
    INTERRUPTED = "interrupted"
    """Its process ended or let it go; counts against nobody."""
    LATER = "later"
    """The job asked for a later moment."""
    UNREADY = "unready"
    """No child could be started for it."""
    OFFLINE = "offline"
    """The network was not there."""
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"
    RESTORED = "restored"
    """It waited when the backup was made that the file comes from; it may have been done since."""


AGAINST_IT = (
    Outcome.FAILED,
    Outcome.GAVE_UP,
    Outcome.TIMED_OUT,
    Outcome.DIED,
    Outcome.UNREADABLE,
)
"""Outcomes of attempts that have failed; of the others nothing is wrong with the job."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How one attempt went."""

    outcome: Outcome
    error: str
    traceback: str = ""

    def __post_init__(self) -> None:
        """Say what a file cannot keep (half a character, out of the name of a file) in escapes."""
        for name in ("error", "traceback"):
            words: str = getattr(self, name)
            object.__setattr__(self, name, words.encode("utf-8", "backslashreplace").decode())


class FailedInChild(Exception):
    """The body has failed in its child, which tells how."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.error)


class GivenUpInChild(FailedInChild, GiveUp):
    """The body has given its job up in its child."""


def failure_of(error: BaseException, *, hidden: bool) -> Failure:
    """Return how an attempt failed; of a sensitive job no word but the program's own is kept."""
    if isinstance(error, FailedInChild):
        return error.failure
    if isinstance(error, ChildTimedOut):
        stack = _frames_alone(error.stderr) if hidden else error.stderr
        return Failure(Outcome.TIMED_OUT, out_of_time(error.seconds), stack)
    if isinstance(error, ChildCrashed) and error.died:
        stack = _frames_alone(error.stderr) if hidden else error.stderr
        return Failure(Outcome.DIED, f"its process died (exit code {error.exit_code})", stack)
    if isinstance(error, ChildNotReady):
        stack = _frames_alone(error.stderr) if hidden else error.stderr
        return Failure(Outcome.UNREADY, f"no child can be started: {error}", stack)
    outcome = _outcome(error)
    if hidden:
        frames = "".join(traceback.format_tb(error.__traceback__))
        return Failure(outcome, type(error).__name__, frames + type(error).__name__)
    words = _words(error)
    if isinstance(error, ChildCrashed):
        return Failure(outcome, words, error.traceback)
    if words and isinstance(error, JobCancelled | TryLater):
        return Failure(outcome, words)  # somebody wanted it so: where it stood tells nothing
    trace = "".join(traceback.format_exception(error))
    if words and isinstance(error, GiveUp | NoNetwork):
        return Failure(outcome, words, trace)
    return Failure(outcome, f"{type(error).__name__}: {words}".removesuffix(": "), trace)


def _words(error: BaseException) -> str:
    """Return what an error says; nothing where that fails too, since it may be anybody's code."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - whatever it is, the error is told without it
        return ""


def _outcome(error: BaseException) -> Outcome:
    found = (outcome for kind, outcome in _OUTCOMES if isinstance(error, kind))
    return next(found, Outcome.FAILED)


_OUTCOMES: tuple[tuple[type[Exception], Outcome], ...] = (
    (GiveUp, Outcome.GAVE_UP),
    (JobCancelled, Outcome.CANCELLED),
    (TryLater, Outcome.LATER),
    (NoNetwork, Outcome.OFFLINE),
)


def out_of_time(seconds: float) -> str:
    """Say that a limit was passed."""
    return f"not done within {seconds:g} s"


def _frames_alone(stderr: str) -> str:
    """Return the lines in which a stack is written, without anything that was printed."""
    kept = ('  File "', "Thread 0x", "Current thread 0x", "Fatal Python error: ")
    return "\n".join(line for line in stderr.splitlines() if line.startswith(kept))
