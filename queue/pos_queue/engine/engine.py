"""Huey, with a storage that loses nothing: where its steps become one transaction of ours.

Everything is done by subclassing. `dequeue` claims, `_timeout_context` wraps the body and opens the
closing transaction behind it, and what Huey writes from there on (a retry, a following task, a
result, a revocation) joins it until `execute` acknowledges the task and commits. With the same
commit a worker takes its next job: one write to the disk for each job.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from typing import Any

from huey import Huey
from huey.api import Task
from huey.signals import SIGNAL_EXECUTING

from pos_queue.clock import Clock
from pos_queue.database import Database
from pos_queue.departures import Ended
from pos_queue.engine import schedule
from pos_queue.engine.allowance import Allowance
from pos_queue.engine.body import Body
from pos_queue.engine.choice import Choice
from pos_queue.engine.claims import Claim, Claims
from pos_queue.engine.consumer import QueueConsumer
from pos_queue.engine.due import AT_ONCE, Due
from pos_queue.engine.group import Group
from pos_queue.engine.lane import Lane
from pos_queue.engine.limits import HeldQueues, Limits
from pos_queue.engine.run import Run
from pos_queue.engine.storage import DurableStorage, TaskBytes, claimed_bytes
from pos_queue.engine.unsettled import Unsettled
from pos_queue.errors import ClaimLost, EndNotWritten, own_words
from pos_queue.failures import Failure, Outcome
from pos_queue.moments import to_ms
from pos_queue.rate import Rate
from pos_queue.schema import jobs_of

SETTLED_PER_CHECKPOINT = 100
"""After how many jobs a worker brings the log into the file: some 2 MB of it."""

log = logging.getLogger(__name__)


_NOTHING: AbstractContextManager[None] = nullcontext()


class DurableHuey(Huey):  # type: ignore[misc]
    """The engine of one owner on one file."""

    def __init__(
        self,
        name: str,
        *,
        database: Database,
        owner: str,
        clock: Clock,
        choices: Sequence[Choice] = (Choice(),),
        rates: Mapping[str, Rate] | None = None,
        wake_others: Callable[[], None] = lambda: None,
        **options: Any,
    ) -> None:
        """Take `choices`, one for each kind of workers, and the rates of queues by their names.

        `wake_others` is called after a commit that gives other programs work.
        """
        self.due = Due()
        self.clock = clock
        self.allowance = Allowance()
        """How many jobs may still be begun."""
        self.rests: Callable[[], object] = lambda: None
        """Called by each worker that has found nothing to do."""
        self._wake_others = wake_others
        self.running: dict[int, Run] = {}
        """What each thread runs just now, by its ident."""
        self._has_met_fault = False
        self._thread = threading.local()
        self.durable = DurableStorage(
            name,
            database=database,
            owner=owner,
            now=self.now,
            arrived=self.arrived,
        )
        self.unsettled = Unsettled(self.durable, self.now)
        self.chores: list[Callable[[], object]] = [
            self.unsettled.give_back,
            self.look_after_fault,
            schedule.SetBack(database, self.now, self.due.note),
        ]
        """What the scheduler does besides, each time it looks."""
        self.limits = Limits(database, rates or {})
        self.lanes = [Lane(Claims(database, owner, choice, self.limits)) for choice in choices]
        self.held = HeldQueues(self.limits, self.now, self.ring, self.due.note)
        self.chores.append(self.held)
        super().__init__(name, **options)

    def get_storage(self, **_kwargs: Any) -> DurableStorage:
        """Return the storage: always the same, whose owner the operating system knows."""
        return self.durable

    def create_consumer(self, **options: Any) -> QueueConsumer:
        """Return a consumer of this engine."""
        return QueueConsumer(self, **options)

    def arrived(self, until: int | None) -> None:
        """Hear that a job waits, until a moment or for a worker; may be called in any thread."""
        if until is None:
            self.ring()
        else:
            self.due.note(until)
        self._wake_others()

    def ring(self) -> None:
        """Wake a worker of each kind."""
        for lane in self.lanes:
            lane.bell.ring()

    def look_again(self) -> None:
        """Hear that another program has written to the file."""
        self.ring()
        self.due.note(AT_ONCE)

    def open_bells(self) -> None:
        """Let workers and scheduler sleep."""
        for lane in self.lanes:
            lane.bell.open()
        self.due.bell.open()

    def close_bells(self) -> None:
        """Wake workers and scheduler for good."""
        for lane in self.lanes:
            lane.bell.close()
        self.due.bell.close()

    def release_due(self, moment: int) -> None:
        """Let the jobs go whose moment has come; looks into the file only if there may be some."""
        database = self.durable.database
        while moment >= self.due.moment:
            mark = self.due.look()
            first = schedule.next_due(database)
            if first is None or first > moment:
                self.due.found(first, mark)
                continue
            with database.write_bulk():
                schedule.release_due(database, moment)
            self.ring()

    def now(self) -> int:
        """Return the present moment in milliseconds, on the clock that Huey goes by."""
        return to_ms(self.clock.now() if self.utc else self._get_timestamp())

    def _get_timestamp(self) -> datetime:
        if getattr(self, "utc", True):
            return self.clock.now().replace(tzinfo=None)
        moment: datetime = super()._get_timestamp()
        return moment

    @property
    def _run(self) -> Run | None:
        return getattr(self._thread, "run", None)

    # Taking

    def work_in(self, lane: Lane) -> None:
        """Take this thread's jobs as the workers of a kind do."""
        self._thread.lane = lane

    @property
    def _lane(self) -> Lane:
        return getattr(self._thread, "lane", self.lanes[0])

    def take_next_with_the_last(self, wanted: bool) -> None:  # noqa: FBT001 - a switch
        """Let this thread take a job with the commit that ends the one before, or not."""
        self._thread.takes_next = wanted

    def dequeue(self) -> Task | None:
        """Return the task whose turn it is, claimed; what cannot be read is put aside as failed."""
        try:
            while (claim := self._next_claim()) is not None:
                if (task := self.readable(claim)) is not None:
                    return task
        except Exception:
            self._has_met_fault = True
            raise
        return None

    def look_after_fault(self) -> None:
        """Wake workers that went to sleep because the file could not be used: a chore."""
        if self._has_met_fault:
            self._has_met_fault = False
            self.ring()

    def readable(self, claim: Claim) -> Task | None:
        """Return the task of a claim; None after one that cannot be read was put aside."""
        try:
            return self.task_of(claim)
        except Exception as error:  # noqa: BLE001 - a payload may be wrong in any way
            why = own_words(error)
            log.warning("job %s (%s) cannot be read: %s", claim.number, claim.job, why)
            try:
                self._put_aside(claim, why)
            except Exception as fault:
                self.unsettled.add(claim, fault)
                raise
            return None

    def _next_claim(self) -> Claim | None:
        claim: Claim | None = getattr(self._thread, "taken", None)
        if claim is None:
            lane, since = self._lane, self.now()
            claim = self._within_allowance(lambda: lane.take(self.durable, self.now))
            if claim is None:
                self.held.look(lane.claims.choice, since)
                return None
            self._thread.taken = claim
        if self.allowance.is_closed:
            self.give_back()
            return None
        self._thread.taken = None
        return claim

    def _within_allowance(self, take: Callable[[], Claim | None]) -> Claim | None:
        if not self.allowance.take():
            return None
        claim = None
        try:
            claim = take()
        finally:
            self.allowance.took(1, 0 if claim is None else 1)
        return claim

    def task_of(self, claim: Claim) -> Task:
        """Return the task of a claim; raises whatever a payload can be wrong with."""
        return self.deserialize_task(claimed_bytes(claim))

    def give_back(self) -> None:
        """Let the job that this thread has taken ahead wait again."""
        taken: Claim | None = getattr(self._thread, "taken", None)
        self._thread.taken = None
        if taken is None:
            return
        with suppress(ClaimLost), self.durable.database.write_bulk():
            self.durable.settling.put_back(taken)
            self.durable.tell(None)
        self.allowance.give_back(1)

    def has_running(self) -> bool:
        """Tell whether the file says that this owner runs a job."""
        return self._is_there([self._running()])

    def is_idle(self) -> bool:
        """Tell whether this owner runs no job, and none waits that it could take now.

        One look for all: a job that is taken between two looks would be seen by neither.
        """
        now = self.now()
        waiting = [lane.claims.waiting(now) for lane in self.lanes]
        return not self._is_there([self._running(), *waiting])

    def _running(self) -> tuple[str, tuple[object, ...]]:
        owner = self.durable.claims.owner
        return f"SELECT 1 FROM {jobs_of('running')} WHERE j.owner = ?", (owner,)

    def _is_there(self, queries: Sequence[tuple[str, tuple[object, ...]]]) -> bool:
        """Tell whether any of some queries finds a row; all see the file at one moment."""
        sql = " OR ".join(f"EXISTS ({query})" for query, _values in queries)
        values = [value for _query, its in queries for value in its]
        found = self.durable.database.execute_sql(f"SELECT {sql}", values).fetchone()
        return bool(found[0])

    def _put_aside(self, claim: Claim, why: str) -> None:
        failure = Failure(Outcome.UNREADABLE, why)
        with self.durable.transaction():
            self.durable.settling.end(claim, Ended.FAILED, self.now(), failure=failure)

    # Words between Huey and the storage

    def serialize_task(self, task: Task) -> TaskBytes:
        """Return the task as bytes that remember it."""
        data = TaskBytes(super().serialize_task(task))
        data.task = task
        return data

    def deserialize_task(self, data: bytes) -> Task:
        """Return the task, which carries the claim that the bytes carried."""
        task = super().deserialize_task(data)
        task.claim = getattr(data, "claim", None)
        return task

    # Running

    def execute(self, task: Task, timestamp: datetime | None = None) -> Any:
        """Run a task and acknowledge it; one that was not claimed is run as Huey runs it."""
        claim: Claim | None = getattr(task, "claim", None)
        if claim is None:
            return super().execute(task, timestamp)
        if self.shares_commit(task):
            return Group(self, task).execute()
        return self.attempt(Run(self.durable, task, claim, shares=False), timestamp)

    def attempt(self, run: Run, timestamp: datetime | None = None) -> Any:
        """Run a claimed task as its thread's present one; commit, unless it shares a commit."""
        self._thread.run = self.running[threading.get_ident()] = run
        try:
            self.begin(run)
            if run.shares:
                return super().execute(run.task, timestamp)
            return self._executed(run, timestamp)
        finally:
            self._thread.run = None
            self.running.pop(threading.get_ident(), None)

    def _executed(self, run: Run, timestamp: datetime | None) -> Any:
        taken = None
        try:
            value = super().execute(run.task, timestamp)
            now = self.now()
            run.settle(now)
            run.task.claim = None
            taken = self.take_next(now)
            run.close()
        except ClaimLost as lost:
            run.close(lost)
            log.warning("%s; what this run did is not recorded", lost)
            return None
        except BaseException as error:
            self.is_unsettled(run.claim, _undone(run, error), taken is not None)
            if not isinstance(error, Exception | EndNotWritten):
                raise
            return None
        self.has_taken(taken)
        return value

    def is_unsettled(self, claim: Claim, error: BaseException, begun: int) -> None:
        """Hear that the end of a job could not be written, nor what else was begun with it.

        The log gets the kind of the error alone: what it followed may tell of the payload.
        """
        fault = error.__cause__ if isinstance(error, EndNotWritten) else error
        self.unsettled.add(claim, fault)
        self.allowance.give_back(begun)
        with suppress(Exception):
            self.durable.close()  # and with it a transaction that the body has left open
        kind = type(fault).__name__
        log.error("the end of job %s (%s) was not written: %s", claim.number, claim.job, kind)

    def take_next(self, now: int) -> Claim | None:
        """Claim this thread's next job in the present transaction, where it wants one."""
        if not self.takes_next:
            return None
        return self._within_allowance(lambda: self._lane.claims.take(now))

    def has_taken(self, taken: Claim | None) -> None:
        """Remember what was claimed, once that is committed."""
        self._thread.taken = taken
        self._keep_log_short()

    @property
    def takes_next(self) -> bool:
        """Whether this thread takes its next job with the commit of the one before."""
        return getattr(self._thread, "takes_next", False)

    def _keep_log_short(self) -> None:
        """Bring the log into the file now and then, with no lock held.

        A log that is written over again takes half the time of one that grows, for the sale too.
        """
        self._thread.settled = settled = getattr(self._thread, "settled", 0) + 1
        if settled % SETTLED_PER_CHECKPOINT == 0:
            self.durable.database.checkpoint()

    def _timeout_context(self, task: Task) -> AbstractContextManager[Any]:
        within = super()._timeout_context(task) if task.timeout else _NOTHING
        return within if self._run is None else Body(self, self._run, within)

    # What an engine may add

    def shares_commit(self, task: Task) -> bool:  # noqa: ARG002 - for others to use
        """Tell whether a task may share one commit with others like it."""
        return False

    def begin(self, run: Run) -> None:
        """Make ready what the body needs."""

    def end_from_outside(self, run: Run, failure: Failure) -> None:
        """Take a job away from the thread that runs it; only declared jobs have such limits."""

    def complete(self, run: Run) -> None:
        """Do in the closing transaction what the body has left for it."""

    def tell_huey(self, run: Run, error: Exception) -> None:  # noqa: ARG002 - for others to use
        """Raise what makes Huey do the right thing with a task that has failed."""
        raise error

    # What Huey writes behind the body

    def add_schedule(self, task: Task) -> None:
        """Let a task wait for its moment, in the closing transaction of the run."""
        self._open()
        super().add_schedule(task)

    def delete(self, key: str) -> Any:
        """Remove a value, in the closing transaction of the run."""
        self._open()
        return super().delete(key)

    def _abort_chord_member(self, task: Task, value: Any) -> None:
        self._open()
        super()._abort_chord_member(task, value)

    def _open(self) -> None:
        if (run := self._run) is not None:
            run.open()

    def _emit(self, signal: str, task: Task, *args: Any, **kwargs: Any) -> None:
        run = self._run
        is_of_run = run is not None and task is run.task and signal != SIGNAL_EXECUTING
        if run is not None and is_of_run:
            run.note(signal)
        if not any(self._signal.receivers.values()):
            return
        emit = super()._emit
        if run is not None and (is_of_run or (task is not run.task and run.is_open)):
            run.after(lambda: emit(signal, task, *args, **kwargs))
        else:
            emit(signal, task, *args, **kwargs)

    def _run_post_execute(self, task: Task, task_value: Any, exception: Any) -> None:
        run, hooks = self._run, super()._run_post_execute
        if run is None:
            hooks(task, task_value, exception)
        elif self._post_execute:
            run.after(lambda: hooks(task, task_value, exception))


def _undone(run: Run, error: BaseException) -> BaseException:
    """Roll a run back; return its error as the database words it."""
    try:
        run.close(error)
    except Exception as worded:  # noqa: BLE001 - one of them is told
        return worded
    return error
