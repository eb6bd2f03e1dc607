"""One attempt at one job on a machine without the shop's file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_queue.clock import Clock
from pos_queue.codec import Codec
from pos_queue.context import JobContext
from pos_queue.drivers.redis_driver.board import Board, Held
from pos_queue.drivers.redis_driver.messages import Task, task_of
from pos_queue.drivers.redis_driver.remote_reports import RemoteReports
from pos_queue.errors import PayloadMismatch
from pos_queue.failures import Failure, Outcome
from pos_queue.job import Job, Payload, Registry, RunsIn
from pos_queue.job_in_child import Answer, answer_to, failed_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a worker of another machine knows of the shop: its jobs and its keys."""

    registry: Registry
    codec: Codec
    clock: Clock


@dataclass(frozen=True, slots=True)
class Attempt:
    """A job that can be run."""

    job: Job
    run: Callable[[], Answer]


def unreadable(error: Exception) -> Answer:
    """Return the answer of a job that cannot be run by anybody who knows what we know."""
    failure = Failure(Outcome.UNREADABLE, str(error) or type(error).__name__)
    return failed_answer(failure, gives_up=True)


def attempt_at(workshop: Workshop, board: Board, held: Held) -> Attempt:
    """Return an attempt at an offer; raise Unreadable, UnknownJob or PayloadMismatch."""
    task = task_of(held.body)
    message = workshop.codec.read(task.job, task.payload, task.seal)
    declared = workshop.registry[task.job]
    declared.check(message.payload)
    if declared.runs_in is RunsIn.CHILD:
        raise PayloadMismatch(f"{task.job} runs in a child, which is beside the shop's file alone")

    def run() -> Answer:
        return answer_to(
            lambda: _packed_result(workshop, board, held, declared, task, message.payload),
            hidden=task.sensitive,
        )

    return Attempt(declared, run)


def _packed_result(
    workshop: Workshop, board: Board, held: Held, job: Job, task: Task, payload: Payload
) -> bytes | None:
    reports = RemoteReports(board, held, job, workshop.codec, workshop.clock)
    context = JobContext(
        number=held.number,
        attempt=task.attempt,
        started_by=task.started_by,
        batch=task.batch,
        cursor=reports.first_cursor(),
        reports=reports,
        completes=False,
    )
    return workshop.codec.dump(job, job.body(context, **payload))
