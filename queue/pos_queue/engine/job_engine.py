"""The engine for declared jobs: JSON alone is read, and each job fails by its own rules."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn

from huey.api import Task
from huey.exceptions import CancelExecution, RetryTask

from pos_queue.arrivals import Arrival
from pos_queue.children.cancel import Cancel
from pos_queue.children.errors import ChildCancelled, ChildCrashed, ChildError, ChildNotReady
from pos_queue.codec import SECRET, Codec, Message
from pos_queue.departures import Ended
from pos_queue.engine.child_runs import MOST_DEATHS, Children, in_child
from pos_queue.engine.claims import Claim
from pos_queue.engine.declared import DeclaredTask
from pos_queue.engine.engine import DurableHuey
from pos_queue.engine.retrying import Retrying
from pos_queue.engine.run import Run
from pos_queue.engine.storage import TaskBytes
from pos_queue.errors import (
    ClaimLost,
    GiveUp,
    JobCancelled,
    NoNetwork,
    NotBegun,
    TryLater,
    Unreadable,
)
from pos_queue.failures import Failure, Outcome
from pos_queue.job import Job, Registry, RunsIn
from pos_queue.network.network import Network
from pos_queue.progress import FileReports, context_of

_ANY_MOMENT = datetime(2000, 1, 1)  # noqa: DTZ001 - as Huey has them
UNREADY_SECONDS = 120.0
"""How long a job waits for which no child can be started, until a person must look at it."""


class HiddenFailure(Exception):
    """A job has failed: what Huey may log of it, since the words of its error may be secret."""


log = logging.getLogger(__name__)


class NoPickles:
    """The serializer of an engine that has none: whatever asks for one is refused."""

    def serialize(self, _data: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("only declared jobs are kept here")

    def deserialize(self, _data: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("only declared jobs are read here")


class JobEngine(DurableHuey):
    """Runs the jobs of a registry."""

    def __init__(
        self,
        name: str,
        *,
        registry: Registry,
        codec: Codec,
        chance: Callable[[], float],
        pool: Children | None = None,
        **options: Any,
    ) -> None:
        """Take `chance`, which draws from [0, 1) for the delay of a retry."""
        self.registry = registry
        self.codec = codec
        self._pool = pool
        self.network: Network | None = None
        """The endpoints that are out of reach; None where nobody minds."""
        rates = registry.rates()
        super().__init__(name, results=False, serializer=NoPickles(), rates=rates, **options)
        self._retrying = Retrying(self.durable, chance)

    def look_again(self) -> None:
        """Hear that another program has written to the file."""
        if self.network is not None:
            self.network.look_again()
        super().look_again()

    def task_of(self, claim: Claim) -> DeclaredTask:
        """Return the task of a claim; raises UnknownJob, Unreadable or PayloadMismatch."""
        message = self.codec.read(claim.job, claim.payload, claim.seal)
        claim.sensitive = bool(claim.sensitive) or claim.payload.startswith(SECRET)
        declared = self.registry[claim.job]
        declared.check(message.payload)
        return following(self.registry, declared, message, claim)

    def serialize_task(self, task: Task) -> TaskBytes:
        """Return a declared task as bytes that know how it comes into the table."""
        data = TaskBytes()
        data.task = task
        if task.claim is None:
            data.arrival = self.arrival(task)
        return data

    def arrival(self, task: DeclaredTask) -> Arrival:
        """Return how a task that follows another comes into the table."""
        declared, before = task.declared, self._run
        message = Message(declared.name, task.message.version, dict(task.kwargs), task.message.then)
        packed = self.codec.pack(message)
        return Arrival(
            job=declared.name,
            queue=declared.queue,
            payload=packed.body,
            seal=packed.seal,
            priority=declared.priority,
            run_at=self.now(),
            endpoint=declared.needs_network,
            sensitive=self.codec.is_sensitive(message),
            started_by=before.claim.started_by if before else None,
            batch=before.claim.batch if before else None,
        )

    def is_revoked(self, task: Task, timestamp: datetime | None = None, peek: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002 - Huey's signature
        """Tell whether the claimed job, or its batch, was cancelled before it began."""
        claim: Claim | None = task.claim
        if claim is None or claim.batch is None:
            return claim is not None and bool(claim.cancel_asked)
        batches = self.durable.departures.batches
        return bool(claim.cancel_asked) or batches.is_cancelled(claim.batch)

    def delete(self, key: str) -> bool:  # noqa: ARG002 - Huey's signature
        """Return False: declared jobs keep nothing by key."""
        return False

    def shares_commit(self, task: Task) -> bool:
        """Tell whether the job only writes to the shop's file, and runs in a worker."""
        return bool(task.declared.grouped) and self.takes_next

    def attempt(self, run: Run, timestamp: datetime | None = None) -> Any:
        """Run a claimed task; no declared job expires, so that Huey need not know when it is."""
        return super().attempt(run, timestamp or _ANY_MOMENT)

    def begin(self, run: Run) -> None:
        """Give the job its context, its time limit, and the place where it runs.

        What goes wrong with that is raised in the place of its body.
        """
        try:
            self._prepare(run)
        except Unreadable as error:
            run.task.call = _raises(GiveUp(f"where it had come to cannot be told: {error}"))
        except (Exception, ClaimLost) as error:  # noqa: BLE001 - whatever it is, it is the job's
            run.task.call = _raises(error)

    def _prepare(self, run: Run) -> None:
        task, claim = run.task, run.claim
        if task.declared.runs_in is RunsIn.CHILD:
            run.cancel, claim.has_progress = Cancel(), True
        database, declared = self.durable.database, task.declared
        run.reports = FileReports(database, declared, claim, self.codec, self.clock)
        if claim.attempts > 1 and run.reports.is_cancelled():
            raise JobCancelled("it was asked to end")
        task.context = context_of(claim, run.reports)
        if declared.needs_network and not self._may_begin(run, declared.needs_network):
            task.call = _raises(NotBegun(declared.needs_network))
        elif run.cancel is not None:
            task.call = in_child(self._pool_of_children(), run)
        elif task.declared.limit is not None:
            run.limit = task.declared.limit
            run.ends = self.clock.monotonic() + run.limit

    def _may_begin(self, run: Run, endpoint: str) -> bool:
        if self.network is None:
            return True
        run.turn = self.network.turn_of(endpoint, run.claim.number)
        return run.turn is not None

    def _pool_of_children(self) -> Children:
        if self._pool is None:
            raise ChildNotReady("this program runs no children")
        return self._pool

    def complete(self, run: Run) -> None:
        """Write what the body left for the closing transaction; it fails alone."""
        task, declared = run.task, run.task.declared
        if self.network is not None and run.turn is not None:
            self.network.answered(declared.needs_network, run.turn)
        if declared.runs_in is RunsIn.CHILD:
            run.result = task.value
            task.value = self.codec.load(declared, run.result)
        else:
            run.result = self.codec.dump(declared, task.value)
        if task.context.leaves_work or declared.on_result:
            self.durable.claims.check(run.claim)
            with run.within():
                task.context.complete()
                if declared.on_result:
                    declared.on_result(task.context, task.value)

    def tell_huey(self, run: Run, error: Exception) -> NoReturn:
        """Raise what makes Huey do with the failed task what its job declares."""
        if isinstance(error, ChildCancelled):
            self._tell_of_cancelled_child(run)
        self._tell_network(run, error)
        if isinstance(error, TryLater | NoNetwork) or self._has_died(run, error):
            raise RetryTask from error
        if isinstance(error, ChildNotReady):
            if not self._has_waited_long(run):
                raise RetryTask from error
            run.task.retries = 0
        if isinstance(error, JobCancelled):
            raise CancelExecution(retry=False) from error
        if isinstance(error, GiveUp):
            run.task.retries = 0
        kind, claim = type(error).__name__, run.claim
        log.warning("job %s (%s), attempt %s: %s", claim.number, claim.job, claim.attempts, kind)
        raise HiddenFailure(kind) from None

    def _has_waited_long(self, run: Run) -> bool:
        """Tell whether no child could be started for a job for so long that a person must look."""
        since = self.durable.settling.waits_since(run.claim, Outcome.UNREADY)
        return since is not None and self.now() - since > 1000 * UNREADY_SECONDS

    def _tell_network(self, run: Run, error: Exception) -> None:
        if self.network is None or isinstance(error, NotBegun):
            return
        if isinstance(error, NoNetwork):
            self.network.failed(error.endpoint, run.turn or 0)
        elif run.turn is not None and not isinstance(error, ChildError):
            self.network.answered(run.task.declared.needs_network, run.turn)

    def _tell_of_cancelled_child(self, run: Run) -> NoReturn:
        """Tell whether a person wanted a child to end, or the program ends."""
        if run.was_asked_to_end:
            run.error = JobCancelled("it was asked to end")
            raise CancelExecution(retry=False)
        run.error = None
        raise KeyboardInterrupt

    def _has_died(self, run: Run, error: Exception) -> bool:
        """Tell whether a child has died and its job may be tried again; else it is quarantined."""
        if not (isinstance(error, ChildCrashed) and error.died):
            return False
        assert run.reports is not None
        has_progressed = run.reports.first_cursor() != run.task.context.cursor
        run.deaths = 1 if has_progressed else run.claim.deaths + 1
        if run.deaths < MOST_DEATHS:
            return True
        run.verdict, run.task.retries = Ended.QUARANTINED, 0
        return False

    def _requeue_task(
        self,
        task: Task,
        timestamp: datetime,  # noqa: ARG002 - Huey's signature
        retry_eta: datetime | None = None,  # noqa: ARG002
    ) -> None:
        run = self._run
        assert run is not None
        task.claim = None
        if run.deaths:
            self._retrying.after_death(run.claim, task.declared, run.deaths)
        else:
            self._retrying.after(run.error, run.claim, task.declared)

    def end_from_outside(self, run: Run, failure: Failure) -> None:
        """Take a job away from the thread that runs it; raises ClaimLost if it has just ended."""
        claim, declared = run.claim, run.task.declared
        with self.durable.database.write_bulk():
            if claim.failures + 1 < declared.attempts:
                self.durable.settling.keep_attempt(claim, failure, self.now())
                self._retrying.after_failure(claim, declared)
            else:
                self.durable.settling.end(claim, Ended.FAILED, self.now(), failure=failure)


def _raises(error: BaseException) -> Callable[[], NoReturn]:
    def body() -> NoReturn:
        raise error

    return body


def following(
    registry: Registry, declared: Job, message: Message, claim: Claim | None = None
) -> DeclaredTask:
    """Return a message as a task, with the tasks that follow it hung on."""
    task = DeclaredTask(declared, message, claim)
    if message.then:
        first = message.then[0]
        rest = Message(first.job, first.version, first.payload, message.then[1:])
        task.on_complete = following(registry, registry[first.job], rest)
    return task
