"""Jobs whose end could not be written are given back, each of them, and none runs in vain."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.job import Job
from pos_queue.testing.practice_queue import PracticeQueue

SECRET = "hunter2"


@pytest.fixture(params=[False, True])
def grouped(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def queue_of(tmp_path: Path, *, grouped: bool) -> PracticeQueue:
    def body(_context: JobContext, *, n: int) -> None:
        queue.database.execute_sql("INSERT INTO effect VALUES (?)", (n,))

    queue = PracticeQueue(tmp_path, [Job(name="work", body=body, grouped=grouped)])
    queue.database.execute_sql("CREATE TABLE effect (n INTEGER)")
    queue.engine.take_next_with_the_last(grouped)
    return queue


def full_disk(*_ended: object) -> None:
    raise OSError(f"no room for {SECRET}")


def states(queue: PracticeQueue) -> list[str]:
    return [one.state for one in queue.waiting()]


def test_each_of_them_waits_again_and_the_log_names_the_kind_of_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queue = queue_of(tmp_path, grouped=False)
    for n in range(3):
        queue.enqueue("work", {"n": n})
    queue.engine.durable.departures.leaving = full_disk
    for _job in range(3):
        queue.run_next()
    assert states(queue) == ["running"] * 3
    queue.engine.unsettled.give_back()
    assert states(queue) == ["scheduled"] * 3
    assert "was not written: OSError" in caplog.text
    assert SECRET not in caplog.text


def test_they_are_done_once_the_file_lets_it(tmp_path: Path, grouped: bool) -> None:
    queue = queue_of(tmp_path, grouped=grouped)
    numbers = [queue.enqueue("work", {"n": n}) for n in range(3)]
    queue.engine.durable.departures.leaving = full_disk
    queue.run_next()
    queue.engine.durable.departures.leaving = None
    queue.engine.unsettled.give_back()
    queue.clock.advance(60)
    queue.drain()
    assert [queue.ended(number).state for number in numbers] == ["done"] * 3
    if grouped:
        effects = queue.database.execute_sql("SELECT n FROM effect ORDER BY n").fetchall()
        assert effects == [(0,), (1,), (2,)]


def test_a_body_that_did_run_is_not_run_again_at_once(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, grouped=False)
    queue.enqueue("work", {"n": 1})
    queue.engine.durable.departures.leaving = full_disk
    waits = []
    for _attempt in range(3):
        queue.run_next()
        queue.engine.unsettled.give_back()
        (one,) = queue.waiting()
        waits.append(one.run_at - queue.engine.now())
        queue.clock.advance(60)
    assert waits == [500, 1000, 2000]


def test_what_has_passed_into_other_hands_meanwhile_is_left_to_them(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, grouped=False)
    queue.enqueue("work", {"n": 1})
    queue.engine.durable.departures.leaving = full_disk
    queue.run_next()
    queue.database.execute_sql("UPDATE jobs SET fence = fence + 1, owner = 'other'")
    queue.engine.unsettled.give_back()
    assert states(queue) == ["running"]
    queue.database.execute_sql("UPDATE jobs SET fence = fence - 1, owner = 'practice'")
    queue.engine.unsettled.give_back()
    assert states(queue) == ["running"], "it is not remembered"


def test_a_job_is_not_to_blame_for_a_file_that_cannot_be_used_for_long(tmp_path: Path) -> None:
    def locked(*_ended: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    queue = queue_of(tmp_path, grouped=False)
    number = queue.enqueue("work", {"n": 1})
    queue.engine.durable.departures.leaving = locked
    for _attempt in range(15):
        queue.run_next()
        queue.engine.unsettled.give_back()
        assert states(queue) == ["scheduled"]
        queue.clock.advance(600)
    queue.engine.durable.departures.leaving = None
    queue.drain()
    assert queue.ended(number).state == "done"


def test_one_that_can_neither_end_nor_wait_keeps_no_other_from_it(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, grouped=False)
    bad, good = (queue.enqueue("work", {"n": n}) for n in range(2))
    queue.engine.durable.departures.leaving = full_disk
    queue.run_next()
    queue.run_next()
    queue.database.execute_sql(
        f"CREATE TRIGGER no BEFORE UPDATE ON jobs WHEN NEW.number = {bad} "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        queue.engine.unsettled.give_back()
    assert states(queue) == ["running", "scheduled"]
    queue.database.execute_sql("DROP TRIGGER no")
    queue.engine.durable.departures.leaving = None
    queue.engine.unsettled.give_back()
    queue.clock.advance(60)
    queue.drain()
    assert [queue.ended(number).state for number in (bad, good)] == ["done", "done"]
