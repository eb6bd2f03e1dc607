"""The inside of a child that runs jobs: it opens the file itself, and knows the same jobs.

    ChildPool(..., prepare=("package.module:prepare", {"directory": "..."}))

where `prepare` opens what the jobs need and hands it to `open_with`. Progress and chunks go to the
file under the fence of the job, so that a child whose job was taken away cannot write any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pos_queue.clock import Clock
from pos_queue.codec import Codec
from pos_queue.database import Database
from pos_queue.engine.claims import Claim
from pos_queue.errors import ClaimLost, GiveUp, JobCancelled, NoCompletion, NoNetwork, TryLater
from pos_queue.failures import FailedInChild, Failure, GivenUpInChild, Outcome, failure_of
from pos_queue.job import Job, Payload, Registry
from pos_queue.progress import FileReports, context_of

TARGET = "pos_queue.job_in_child:run"

Answer = tuple[Any, ...]
"""What a child says of a job: one word, and what belongs to it."""
DONE, FAILED, GIVE_UP, LATER, OFFLINE, CANCELLED, LOST = (
    "done", "failed", "give up", "later", "offline", "cancelled", "lost",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """What a child has opened for its jobs."""

    database: Database
    registry: Registry
    codec: Codec
    clock: Clock


_opened: list[Opened] = []


def open_with(opened: Opened) -> None:
    """Say what the jobs of this process run with; once, before the first."""
    _opened[:] = [opened]


def run(claim: Answer, payload: Payload) -> Answer:
    """Run the body of a claimed job with what is open here, and tell what came of it."""
    return answer_of(_opened[0], claim, payload)


def answer_of(opened: Opened, claim: Answer, payload: Payload) -> Answer:
    """Run the body of a claimed job and tell what came of it."""
    held = Claim(*claim)
    declared = opened.registry[held.job]
    return answer_to(
        lambda: opened.codec.dump(declared, _run_body(opened, held, declared, payload)),
        hidden=held.sensitive,
    )


def answer_to(body: Callable[[], bytes | None], *, hidden: bool) -> Answer:
    """Run what returns a job's packed result, and tell what came of it in plain values.

    Of a hidden one no word is kept but the program's own.
    """
    try:
        return (DONE, body())
    except ClaimLost:
        return (LOST,)
    except JobCancelled as error:
        return (CANCELLED, str(error))
    except TryLater as error:
        return (LATER, error.seconds, str(error))
    except NoNetwork as error:
        return (OFFLINE, error.endpoint, str(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
        gives_up = isinstance(error, GiveUp | NoCompletion)
        return failed_answer(failure_of(error, hidden=hidden), gives_up=gives_up)


def failed_answer(failure: Failure, *, gives_up: bool = False) -> Answer:
    """Return the answer of a job that has failed, or that no further try can help."""
    word = GIVE_UP if gives_up else FAILED
    return (word, str(failure.outcome), failure.error, failure.traceback)


def _run_body(opened: Opened, claim: Claim, declared: Job, payload: Payload) -> Any:
    reports = FileReports(opened.database, declared, claim, opened.codec, opened.clock)
    return declared.body(context_of(claim, reports, completes=False), **payload)


def raise_answer(answer: Answer) -> None:
    """Raise in the parent what the body has raised in its child; return where it is done."""
    match answer:
        case (word, outcome, error, trace) if word in (FAILED, GIVE_UP):
            failure = Failure(Outcome(outcome), error, trace)
            raise (GivenUpInChild if word == GIVE_UP else FailedInChild)(failure)
        case (word, seconds, reason) if word == LATER:
            raise TryLater(seconds, reason)
        case (word, endpoint, reason) if word == OFFLINE:
            raise NoNetwork(endpoint, reason)
        case (word, reason) if word == CANCELLED:
            raise JobCancelled(reason)
        case (word,) if word == LOST:
            raise ClaimLost("the child has found the job in other hands")
