"""What came back with a backup waits for a person, whatever it was about to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.control.control import Control
from pos_queue.control.restored import RESTORED, lay_aside
from pos_queue.departures import LOT
from pos_queue.job import Job
from pos_queue.testing.practice_queue import PracticeQueue

NOW = 1_800_000_000_000


def _act(_context: JobContext, *, n: int = 0) -> None:
    raise AssertionError(n)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[PracticeQueue]:
    queue = PracticeQueue(tmp_path, [Job(name="mail", body=_act), Job(name="sweep", body=_act)])
    yield queue
    queue.database.close()


def _lay_aside(queue: PracticeQueue) -> int:
    with queue.database.write():
        return lay_aside(queue.database, NOW, dropped=["sweep"])


def _ended(queue: PracticeQueue) -> list[tuple[str, str, int]]:
    sql = "SELECT job, state, count(*) FROM job_history GROUP BY 1, 2 ORDER BY 1"
    return [tuple(row) for row in queue.database.execute_sql(sql).fetchall()]


def test_each_waits_for_a_person_and_rounds_are_dropped(queue: PracticeQueue) -> None:
    for _ in range(LOT + 1):
        queue.enqueue("mail", {"n": 1})
    queue.enqueue("sweep")
    assert _lay_aside(queue) == LOT + 1
    assert _ended(queue) == [("mail", "failed", LOT + 1), ("sweep", "cancelled", 1)]
    assert queue.drain() == 0


def test_one_that_ran_keeps_that_it_was_interrupted_and_can_be_tried_again(
    queue: PracticeQueue,
) -> None:
    number = queue.enqueue("mail")
    queue.database.execute_sql("UPDATE jobs SET state = 'running', owner = 'x', attempts = 1")
    assert _lay_aside(queue) == 1
    sql = "SELECT attempt, outcome, error FROM job_attempts ORDER BY attempt"
    assert queue.database.execute_sql(sql).fetchall() == [
        (1, "interrupted", RESTORED),
        (2, "restored", RESTORED),
    ]
    Control(queue.database, queue.clock).retry(number)
    assert [one.number for one in queue.waiting()] == [number]


def test_nothing_follows_at_the_end_of_a_batch(queue: PracticeQueue) -> None:
    queue.intake.batch("letters", [("mail", {"n": 1})], catch=("mail", {}), finally_=("mail", {}))
    assert _lay_aside(queue) == 1
    assert queue.waiting() == []
