"""Batches: counted from their rows, and each of their moments comes once."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pos_queue.context import JobContext
from pos_queue.departures import LOT
from pos_queue.errors import BatchCancelled, BatchEnded, GiveUp, PayloadMismatch, UnknownJob
from pos_queue.job import Job
from pos_queue.testing.file_database import FileDatabase
from pos_queue.testing.practice_queue import PracticeQueue

from tests.pos_queue.batch_counts import Counted, count


class Batched(PracticeQueue):
    """A queue whose members do as they are told, and which remembers the moments of its batches."""

    def __init__(self, folder: Path) -> None:
        self.fails: set[int] = set()
        self.moments: list[tuple[str, int]] = []
        self.on_run: Callable[[JobContext], object] = lambda _context: None
        told = [Job(name=name, body=self._telling(name)) for name in ("then", "catch", "finally")]
        members = [
            Job(name="member", body=self._member, attempts=1),
            Job(name="grouped", body=self._member, attempts=1, grouped=True),
            Job(name="unique", body=self._member, unique=True),
        ]
        super().__init__(folder, [*members, *told])

    def _telling(self, name: str) -> Callable[..., None]:
        def tell(_context: JobContext, *, batch: int) -> None:
            self.moments.append((name, batch))

        return tell

    def _member(self, context: JobContext, *, n: int = 0) -> None:
        self.on_run(context)
        if n in self.fails:
            raise GiveUp("as it was told")

    def make(self, jobs: Any, name: str = "member", **options: Any) -> int:
        named = [(name, {"n": n}) for n in jobs]
        moments: dict[str, Any] = {
            "then": ("then", {}),
            "catch": ("catch", {}),
            "finally_": ("finally", {}),
        }
        return self.intake.batch("import", named, **{**moments, **options})

    def progress(self, batch: int) -> Counted:
        return count(self, batch)

    def names(self, batch: int) -> list[str]:
        """Return which moments have come, once for each time."""
        self.drain()
        return [name for name, of in self.moments if of == batch]

    def retry(self, batch: int) -> None:
        """Let the failed members wait again, as a person does."""
        columns = (
            "number, job, queue, priority, failures, batch, sensitive, started_by, created_at, "
            "seal, payload"
        )
        with self.database.write():
            self.database.execute_sql(
                f"INSERT INTO jobs ({columns}, state, run_at) SELECT {columns}, 'queued', 0 "
                "FROM job_history WHERE batch = ? AND state = 'failed'",
                (batch,),
            )
            self.database.execute_sql(
                "DELETE FROM job_history WHERE batch = ? AND state = 'failed'", (batch,)
            )


@pytest.fixture
def queue(tmp_path: Path) -> Batched:
    return Batched(tmp_path)


@pytest.mark.parametrize("name", ["member", "grouped"])
def test_then_and_finally_come_once_when_all_have_succeeded(queue: Batched, name: str) -> None:
    queue.engine.take_next_with_the_last(name == "grouped")
    batch = queue.make(range(5), name)
    assert queue.progress(batch) == Counted(waiting=5)
    assert queue.names(batch) == ["then", "finally"]
    assert queue.progress(batch) == Counted(done=5)
    assert queue.progress(batch).total == 5


@pytest.mark.parametrize("name", ["member", "grouped"])
def test_catch_comes_at_the_first_failure_and_finally_at_the_end(queue: Batched, name: str) -> None:
    queue.fails = {1, 3}
    batch = queue.make(range(5), name)
    for _run in range(2):
        queue.run_next()
    queue.assert_enqueued("catch", batch=batch)
    assert queue.progress(batch).failed == 1
    assert queue.names(batch) == ["catch", "finally"]
    assert queue.progress(batch) == Counted(done=3, failed=2)


def test_then_comes_when_the_failed_ones_have_been_tried_again(queue: Batched) -> None:
    queue.fails = {1, 3}
    batch = queue.make(range(5))
    queue.drain()
    queue.fails = {3}
    queue.retry(batch)
    assert queue.names(batch) == ["catch", "finally"]
    queue.fails.clear()
    queue.retry(batch)
    assert queue.names(batch) == ["catch", "finally", "then"]
    assert queue.progress(batch) == Counted(done=5)


def test_a_batch_without_jobs_ends_at_once_unless_it_is_kept_open(queue: Batched) -> None:
    assert queue.names(queue.make([])) == ["then", "finally"]
    batch = queue.make([], keep_open=True)
    assert queue.names(batch) == []
    queue.intake.add(batch, [("member", {"n": 1})])
    assert queue.names(batch) == []
    queue.intake.close(batch)
    assert queue.names(batch) == ["then", "finally"]


def test_a_batch_does_not_end_while_a_member_adds_to_it(queue: Batched) -> None:
    def add(context: JobContext) -> None:
        assert context.batch is not None
        assert queue.moments == []
        if queue.progress(context.batch).total < 20:
            jobs = [("member", {"n": 1})] * 3
            batch = context.batch
            context.at_completion(lambda: queue.intake.add(batch, jobs))

    queue.on_run = add
    batch = queue.make([0])
    assert queue.names(batch) == ["then", "finally"]
    assert queue.progress(batch).done >= 20


def test_what_follows_a_member_belongs_to_its_batch(queue: Batched) -> None:
    batch = queue.make([], keep_open=True)
    queue.intake.enqueue("member", batch=batch, then=[("member", {"n": 7})])
    queue.intake.close(batch)
    queue.run_next()
    assert queue.progress(batch) == Counted(done=1, waiting=1)
    assert queue.names(batch) == ["then", "finally"]


def test_a_batch_that_has_ended_takes_no_jobs_unless_one_is_tried_again(queue: Batched) -> None:
    queue.fails = {1}
    batch = queue.make([1])
    queue.drain()
    for wrong in (batch, batch + 1):
        with pytest.raises(BatchEnded):
            queue.intake.add(wrong, [("member", {})])
        with pytest.raises(BatchEnded):
            queue.intake.enqueue("member", batch=wrong)
    queue.fails.clear()
    queue.retry(batch)
    queue.intake.add(batch, [("member", {"n": 2})])
    assert queue.names(batch) == ["catch", "finally", "then"]


def test_a_cancelled_batch_runs_no_more_members_and_has_no_then(queue: Batched) -> None:
    number = LOT + 50
    batch = queue.make(range(number))
    queue.run_next()
    assert queue.intake.cancel_batch(batch)
    assert queue.names(batch) == ["finally"]
    assert queue.progress(batch) == Counted(done=1, let_go=number - 1)
    assert not queue.intake.cancel_batch(batch)
    with pytest.raises(BatchCancelled):
        queue.intake.add(batch, [("member", {})])


def test_a_running_member_is_asked_to_end_and_the_batch_waits_for_it(queue: Batched) -> None:
    seen = []

    def cancel(context: JobContext) -> None:
        assert context.batch is not None
        queue.intake.cancel_batch(context.batch)
        seen.append((context.cancelled, queue.progress(context.batch)))
        queue.intake.add(context.batch, [("member", {})])

    queue.on_run = cancel
    batch = queue.make(range(3))
    assert queue.names(batch) == ["finally"]
    assert seen == [(True, Counted(running=1, let_go=2))]
    assert queue.progress(batch) == Counted(let_go=3)


def test_a_member_that_comes_late_to_a_cancelled_batch_never_begins(queue: Batched) -> None:
    ran = []
    queue.on_run = lambda context: ran.append(context.number)
    batch = queue.make([], keep_open=True)
    queue.intake.enqueue("member", batch=batch, then=[("member", {"n": 7})])
    task = queue.engine.dequeue()
    queue.intake.cancel_batch(batch)
    queue.engine.execute(task)
    assert queue.names(batch) == ["finally"]
    assert not ran


def test_a_retry_of_a_member_that_was_asked_to_end_does_not_wait(queue: Batched) -> None:
    def body(context: JobContext) -> None:
        assert context.batch is not None
        queue.intake.cancel_batch(context.batch)
        raise OSError

    queue.registry.add(Job(name="stubborn", body=body))
    batch = queue.make([], keep_open=True)
    queue.intake.add(batch, [("stubborn", {})])
    assert queue.names(batch) == ["finally"]
    assert queue.progress(batch) == Counted(let_go=1)


def test_an_unreadable_member_has_failed(queue: Batched) -> None:
    batch = queue.make(range(2))
    queue.database.execute_sql("UPDATE jobs SET payload = x'7b7d' WHERE number = 1")
    assert queue.names(batch) == ["catch", "finally"]
    assert queue.progress(batch) == Counted(done=1, failed=1)


def test_a_queue_that_is_emptied_ends_its_batches(queue: Batched) -> None:
    batch = queue.make(range(3))
    queue.engine.durable.flush_queue()
    assert queue.names(batch) == ["finally"]
    assert queue.progress(batch) == Counted(let_go=3)


def test_a_unique_job_that_waits_already_is_no_member(queue: Batched) -> None:
    queue.enqueue("unique", {"n": 1})
    batch = queue.make([1, 2, 2], "unique")
    assert queue.progress(batch).total == 1
    assert queue.names(batch) == ["then", "finally"]


def test_a_batch_stands_in_its_callers_transaction(queue: Batched) -> None:
    with pytest.raises(KeyError), queue.database.write():
        queue.make(range(3))
        raise KeyError
    assert not queue.waiting()
    with pytest.raises(UnknownJob):
        queue.make([1], then=("nothing", {}))
    with pytest.raises(PayloadMismatch):
        queue.make([1], catch=("catch", {"colour": "red"}))
    with pytest.raises(PayloadMismatch):
        queue.make([object()])
    assert not queue.waiting()
    found = queue.database.execute_sql("SELECT count(*) FROM job_batches, job_callbacks")
    assert found.fetchone() == (0,)


def test_the_jobs_of_its_moments_are_started_by_who_started_the_batch(queue: Batched) -> None:
    queue.make([1], started_by="njeri")
    queue.drain()
    rows = queue.database.execute_sql("SELECT DISTINCT started_by FROM job_history").fetchall()
    assert rows == [("njeri",)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_happens_the_moments_come_once_and_the_counts_are_those_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    queue = Batched(tmp_path_factory.mktemp("batch"))
    queue.fails = data.draw(st.sets(st.integers(0, 5)))
    batch = queue.make(data.draw(st.lists(st.integers(0, 5), max_size=4)), keep_open=True)
    is_open, is_cancelled, ever_failed = True, False, False
    for step in data.draw(st.lists(st.sampled_from("raaxcfu"), max_size=14)):
        if step == "r":
            queue.run_next()
        elif step == "a":
            try:
                queue.intake.add(batch, [("member", {"n": data.draw(st.integers(0, 5))})])
            except BatchEnded:
                assert not is_open
        elif step == "x":
            queue.intake.close(batch)
            is_open = False
        elif step == "c" and data.draw(st.integers(0, 3)) == 0:
            is_cancelled = queue.intake.cancel_batch(batch) or is_cancelled
            is_open = is_open and not is_cancelled
        elif step == "f":
            queue.fails.clear()
        elif step == "u":
            queue.retry(batch)
        ever_failed = ever_failed or queue.progress(batch).failed > 0
    queue.intake.close(batch)
    queue.drain()
    found = queue.progress(batch)
    ever_failed = ever_failed or found.failed > 0
    names = queue.names(batch)
    assert found.waiting == found.running == 0
    assert names.count("finally") == 1
    assert names.count("catch") == int(ever_failed)
    assert names.count("then") == int(not is_cancelled and found.done == found.total)


def _steps_of_an_end(folder: Path, members: int) -> int:
    """Return how many steps SQLite takes to run a member of such a batch."""
    folder.mkdir()
    queue = Batched(folder)
    queue.make(range(members))
    task, steps = queue.engine.dequeue(), itertools.count()
    assert isinstance(queue.database, FileDatabase)
    connection = queue.database._connection()
    connection.set_progress_handler(lambda: next(steps) and 0, 1)
    queue.engine.execute(task)
    connection.set_progress_handler(None, 1)
    return next(steps)


def test_the_cost_of_an_end_does_not_grow_with_the_batch(tmp_path: Path) -> None:
    few, many = (_steps_of_an_end(tmp_path / str(number), number) for number in (3, 3_000))
    assert few > 100
    assert many <= few * 1.1


def test_the_moment_of_the_first_failure_is_kept(queue: Batched) -> None:
    queue.fails = {1, 2}
    batch = queue.make([1, 2])
    queue.run_next()
    sql = "SELECT caught_at FROM job_batches"
    first = queue.database.execute_sql(sql).fetchone()
    queue.clock.advance(60)
    assert sorted(queue.names(batch)) == ["catch", "finally"]
    assert queue.database.execute_sql(sql).fetchone() == first
