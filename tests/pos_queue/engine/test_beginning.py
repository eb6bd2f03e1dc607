"""What goes wrong before a body runs is an end of its job like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.engine.job_engine import JobEngine
from pos_queue.job import Job, RunsIn
from pos_queue.testing.practice_queue import PracticeQueue


def test_a_cursor_that_cannot_be_read_ends_the_job_as_failed(tmp_path: Path) -> None:
    def body(context: JobContext) -> None:
        context.checkpoint([1])
        raise ValueError

    queue = PracticeQueue(tmp_path, [Job(name="work", body=body)])
    number = queue.enqueue("work")
    queue.run_next()
    queue.database.execute_sql("UPDATE job_progress SET cursor = x'ff'")
    queue.clock.advance(60)
    queue.drain()
    assert queue.ended(number).state == "failed"
    assert "where it had come to cannot be told" in str(queue.ended(number).error)
    assert queue.ended(number).attempts == 2


def test_an_unreadable_job_whose_end_is_not_written_is_put_aside_later(tmp_path: Path) -> None:
    queue = PracticeQueue(tmp_path, [Job(name="work", body=lambda _context: None)])
    number = queue.enqueue("work")
    queue.database.execute_sql("UPDATE jobs SET payload = x'00'")
    departures = queue.engine.durable.departures

    def full(*_ended: object) -> None:
        departures.leaving = None
        raise OSError("no room")

    departures.leaving = full
    with pytest.raises(OSError, match="no room"):
        queue.run_next()
    queue.engine.unsettled.give_back()
    queue.clock.advance(60)
    queue.drain()
    assert queue.ended(number).state == "failed"


def test_a_job_for_a_child_waits_where_there_are_none_and_then_for_a_person(
    tmp_path: Path,
) -> None:
    heavy = Job(name="heavy", body=lambda _context: None, runs_in=RunsIn.CHILD)
    queue = PracticeQueue(tmp_path, [heavy])
    engine = JobEngine(
        "practice",
        registry=queue.registry,
        codec=queue.codec,
        chance=lambda: 0.5,
        database=queue.database,
        owner="without children",
        clock=queue.clock,
    )
    number = queue.enqueue("heavy")

    def run_next() -> None:
        engine.release_due(engine.now())
        engine.execute(engine.dequeue())
        queue.clock.advance(5)

    run_next()
    assert [one.state for one in queue.waiting()] == ["scheduled"]
    with pytest.raises(KeyError, match=r"scheduled, .* this program runs no children"):
        queue.ended(number)
    with pytest.raises(KeyError, match="no such job"):
        queue.ended(number + 1)
    for _try in range(24):
        assert len(queue.waiting()) == 1
        run_next()
    assert [one.state for one in queue.waiting()] == ["scheduled"]
    run_next()
    assert (queue.ended(number).state, queue.ended(number).attempts) == ("failed", 26)
    kept = queue.database.execute_sql("SELECT attempt, outcome, error FROM job_attempts").fetchall()
    assert kept == [(26, "unready", "no child can be started: this program runs no children")]


def test_a_job_that_was_asked_to_end_is_not_begun_again(tmp_path: Path) -> None:
    begun: list[int] = []

    def body(context: JobContext) -> None:
        begun.append(context.attempt)
        queue.database.execute_sql("UPDATE jobs SET cancel_asked = 1")
        raise ValueError("too late")

    queue = PracticeQueue(tmp_path, [Job(name="work", body=body)])
    number = queue.enqueue("work")
    queue.run_next()
    queue.clock.advance(60)
    queue.drain()
    assert begun == [1]
    assert queue.ended(number).state == "cancelled"


def test_a_practice_child_keeps_the_rules_of_a_real_one(tmp_path: Path) -> None:
    def rows(context: JobContext, *, many: int) -> int:
        for row in range(context.cursor or 0, many):
            with context.chunk():
                context.checkpoint(row + 1)
            if row == 1 and context.attempt == 1:
                raise OSError("torn")
        return many

    def completes(context: JobContext) -> None:
        context.at_completion(lambda: None)

    jobs = [
        Job(name="rows", body=rows, runs_in=RunsIn.CHILD),
        Job(name="completes", body=completes, runs_in=RunsIn.CHILD),
    ]
    queue = PracticeQueue(tmp_path, jobs)
    number, refused = queue.enqueue("rows", {"many": 4}), queue.enqueue("completes")
    queue.drain()
    queue.clock.advance(60)
    queue.drain()
    assert (queue.ended(number).result, queue.ended(number).attempts) == (4, 2)
    assert (queue.ended(refused).state, queue.ended(refused).attempts) == ("failed", 1)
    assert "declare `on_result`" in str(queue.ended(refused).error)


def test_a_job_that_is_asked_to_end_once_it_was_taken_again_is_not_begun(tmp_path: Path) -> None:
    begun: list[int] = []

    def body(context: JobContext) -> None:
        begun.append(context.attempt)
        raise ValueError

    queue = PracticeQueue(tmp_path, [Job(name="work", body=body)])
    number = queue.enqueue("work")
    queue.run_next()
    queue.clock.advance(60)
    queue.engine.release_due(queue.engine.now())
    task = queue.engine.dequeue()
    assert task is not None
    queue.database.execute_sql("UPDATE jobs SET cancel_asked = 1")
    queue.engine.execute(task)
    assert begun == [1]
    assert queue.ended(number).state == "cancelled"
