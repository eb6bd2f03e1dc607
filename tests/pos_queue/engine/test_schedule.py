"""Jobs that wait for a moment, also where the clock was set back meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.engine.job_engine import JobEngine
from pos_queue.errors import TryLater
from pos_queue.job import Job
from pos_queue.testing.practice_queue import PracticeQueue

YEARS = 4 * 365 * 86_400.0


def waits(queue: PracticeQueue) -> list[float]:
    now = queue.clock.now().timestamp()
    return [round(one.run_at / 1000 - now, 3) for one in queue.waiting()]


def look(engine: JobEngine) -> None:
    for chore in engine.chores:
        chore()


@pytest.fixture
def queue(tmp_path: Path) -> PracticeQueue:
    def later(_context: JobContext) -> None:
        raise TryLater(300)

    def fail(_context: JobContext) -> None:
        raise OSError

    return PracticeQueue(
        tmp_path,
        [
            Job(name="later", body=later),
            Job(name="fail", body=fail, backoff=Backoff(first=20.0)),
            Job(name="work", body=lambda _context: None),
        ],
    )


@pytest.mark.parametrize("by_another", [False, True])
def test_what_was_tried_on_a_clock_that_ran_ahead_waits_no_longer_than_it_should(
    queue: PracticeQueue, *, by_another: bool
) -> None:
    look(queue.engine)
    queue.enqueue("later")
    queue.enqueue("fail")
    queue.run_next()
    queue.run_next()
    assert waits(queue) == [300.0, 10.0]
    queue.clock.advance(-YEARS)
    engine = queue.new_engine("another") if by_another else queue.engine
    look(engine)
    assert waits(queue) == [300.0, 10.0]
    queue.clock.advance(5)
    look(engine)
    look(queue.new_engine("a third"))
    assert waits(queue) == [295.0, 5.0]


def test_a_moment_that_was_promised_stays_where_it_is_and_so_does_a_short_step_back(
    queue: PracticeQueue,
) -> None:
    look(queue.engine)
    queue.enqueue("work", at=queue.clock.now() + timedelta(hours=1))
    queue.enqueue("later")
    queue.run_next()
    queue.clock.advance(-30)
    look(queue.engine)
    assert waits(queue) == [3630.0, 330.0]
    queue.clock.advance(-YEARS)
    look(queue.engine)
    assert waits(queue) == [3630.0 + YEARS, 300.0]


def test_what_waits_for_a_moment_can_be_hurried_and_nothing_else(queue: PracticeQueue) -> None:
    number = queue.enqueue("later")
    assert not queue.intake.hurry(number), "it waits for a worker as it is"
    queue.run_next()
    assert queue.waiting()[0].state == "scheduled"
    assert queue.intake.hurry(number)
    assert queue.waiting()[0].state == "queued"
    assert waits(queue) == [0.0]
    assert not queue.intake.hurry(number + 1)
