"""A queue with a rate lets no more go than it allows, whoever asks, and is held up by no clock."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.engine.choice import Choice
from pos_queue.job import Job, Registry
from pos_queue.rate import Rate
from pos_queue.testing.file_database import FileDatabase
from pos_queue.testing.practice_queue import PracticeQueue

from tests.pos_queue.processes import wait_until
from tests.pos_queue.workers import Place

RATE = Rate(4, 1.0, burst=2)
"""Two at once, then one every 334 ms."""


def queue_of(tmp_path: Path, rate: Rate | None = RATE, *, grouped: bool = False) -> PracticeQueue:
    body = lambda _context: None  # noqa: E731
    limited = Job(name="mail", queue="mail", rate=rate, body=body, grouped=grouped)
    queue = PracticeQueue(tmp_path, [limited, Job(name="free", body=body)])
    queue.engine.take_next_with_the_last(grouped)
    return queue


def began(queue: PracticeQueue) -> list[int]:
    """Return when each mail has begun, in milliseconds after the first."""
    rows = queue.database.execute_sql(
        "SELECT started_at FROM job_history WHERE job = 'mail' ORDER BY started_at"
    ).fetchall()
    return [row[0] - rows[0][0] for row in rows]


def drain_for(queue: PracticeQueue, seconds: float) -> list[int]:
    """Run what may run, each millisecond for a while."""
    for _step in range(int(seconds * 1000)):
        queue.drain()
        queue.clock.advance(0.001)
    return began(queue)


@pytest.mark.parametrize("grouped", [False, True])
def test_a_queue_lets_go_what_its_rate_allows(tmp_path: Path, grouped: bool) -> None:
    queue = queue_of(tmp_path, grouped=grouped)
    for _job in range(9):
        queue.enqueue("mail")
    assert drain_for(queue, 1.5) == [0, 0, 334, 668, 1002, 1336]


def test_a_queue_that_is_held_up_holds_up_no_other(tmp_path: Path) -> None:
    queue = queue_of(tmp_path)
    for name in ("mail", "mail", "mail", "free"):
        queue.enqueue(name, priority=9 if name == "mail" else 0)
    assert queue.drain() == 3
    assert [one.job for one in queue.waiting()] == ["mail"]


def test_two_programs_share_what_may_go_at_once(tmp_path: Path) -> None:
    queue = queue_of(tmp_path)
    for _job in range(6):
        queue.enqueue("mail")
    queue.drain()
    queue.engine = queue.new_engine("other")
    assert drain_for(queue, 1.0) == [0, 0, 334, 668]


def test_a_claim_that_is_rolled_back_gives_its_turn_back(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, Rate(1, 1.0))
    queue.enqueue("mail")
    claims = queue.engine.lanes[0].claims
    with pytest.raises(KeyError), queue.database.write():
        assert claims.take(queue.engine.now())
        raise KeyError
    assert queue.drain() == 1


def test_what_cannot_be_read_takes_no_turn(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, grouped=True)
    numbers = [queue.enqueue("mail") for _job in range(3)]
    queue.database.execute_sql("UPDATE jobs SET payload = x'7b7d' WHERE number = ?", numbers[1:2])
    queue.run_next()
    assert [queue.ended(number).state for number in numbers] == ["done", "failed", "done"]


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(hours=-1), timedelta(days=1)])
def test_a_clock_that_jumps_holds_a_queue_up_for_one_gap_at_most(
    tmp_path: Path, jump: timedelta
) -> None:
    queue = queue_of(tmp_path, Rate(1, 1.0))
    for _job in range(2):
        queue.enqueue("mail")
    queue.drain()
    queue.clock.advance(jump.total_seconds())
    drain_for(queue, 1.1)
    assert not queue.waiting()


def test_a_queue_that_has_lost_its_rate_is_free(tmp_path: Path) -> None:
    before = queue_of(tmp_path)
    for _job in range(3):
        before.enqueue("mail")
    before.drain()
    after = PracticeQueue(
        tmp_path, [Job(name="mail", queue="mail", body=lambda _context: None)],
        database=before.database,
    )  # fmt: skip
    after.engine.limits.free_others()
    assert after.drain() == 1


def test_the_scheduler_wakes_the_workers_when_a_queue_is_free(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, Rate(1, 1.0))
    engine, bell = queue.engine, queue.engine.lanes[0].bell
    for _job in range(2):
        queue.enqueue("mail")
    queue.drain()
    engine.held()
    assert engine.due.moment == engine.now() + 1000
    while bell.wait(0):
        pass
    for seconds, rings in ((0.5, False), (0.5, True)):
        queue.clock.advance(seconds)
        engine.held()
        assert bell.wait(0) is rings
    assert queue.drain() == 1
    bell.wait(0)
    queue.clock.advance(5)
    engine.held()
    assert not bell.wait(0)


def test_a_clock_set_back_under_a_sleeping_program_wakes_the_workers(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, Rate(1, 1.0))
    bell = queue.engine.lanes[0].bell
    for _job in range(2):
        queue.enqueue("mail")
    queue.drain()
    while bell.wait(0):
        pass
    queue.clock.advance(-3600)
    queue.engine.held()
    assert bell.wait(0)


def _count(steps: Iterator[int]) -> int:
    next(steps)
    return 0


def test_a_claim_does_not_look_at_the_jobs_of_a_queue_that_is_held_up(tmp_path: Path) -> None:
    queue = queue_of(tmp_path)
    with queue.database.write():
        for _job in range(3_000):
            queue.enqueue("mail")
    claims, counted = queue.engine.lanes[0].claims, []
    assert isinstance(queue.database, FileDatabase)
    connection = queue.database._connection()
    for _look in range(3):
        steps = itertools.count()
        connection.set_progress_handler(partial(_count, steps), 1)
        claims.waits(queue.engine.now())
        connection.set_progress_handler(None, 1)
        counted.append(next(steps))
        queue.run_next()
    assert not claims.waits(queue.engine.now())
    assert counted[2] < counted[0] < 100


def test_two_jobs_of_a_queue_cannot_declare_two_rates() -> None:
    def declared(name: str, rate: Rate | None) -> Job:
        return Job(name=name, rate=rate, body=lambda _context: None)

    registry = Registry((declared("a", RATE), declared("b", None), declared("c", RATE)))
    assert registry.rates() == {"default": RATE}
    with pytest.raises(ValueError, match="rate"):
        registry.add(declared("d", Rate(1, 1.0)))


def test_queues_held_up_are_told_to_those_alone_who_take_from_them(tmp_path: Path) -> None:
    queue = queue_of(tmp_path)
    for _job in range(3):
        queue.enqueue("mail")
    queue.drain()
    now, limits = queue.engine.now(), queue.engine.limits
    assert limits.held(Choice(only=("mail",)), now) == {"mail": now + 334}
    assert limits.held(Choice(besides=("mail",)), now) == {}


SHARED = Rate(40, 1.0)


def jobs(place: Place) -> Iterable[Job]:
    def body(context: JobContext) -> None:
        context.at_completion(lambda: place.effect("mail", os.getpid()))

    return [Job(name="mail", queue="mail", rate=SHARED, body=body)]


def test_two_processes_keep_one_rate_together(tmp_path: Path) -> None:
    numbers: list[int] = []
    with Place(tmp_path, jobs) as place, ExitStack() as stack:
        for _process in range(2):
            stack.enter_context(place.worker())
        with place.database.write():
            numbers += [place.intake.enqueue("mail") for _job in range(2 * SHARED.count)]
        place.wake()

        def both_have_worked() -> bool:
            """Give more work while one of them, on a busy machine, has not come to any yet."""
            if place.unfinished():
                return False
            if len(set(place.effects("mail"))) == 2:
                return True
            numbers.append(place.intake.enqueue("mail"))
            return False

        wait_until(both_have_worked)
        rows = place.rows("SELECT started_at FROM job_history ORDER BY started_at")
        began, done = [row[0] for row in rows], place.effects("mail")
    assert len(began) == len(done) == len(numbers)
    window = zip(began, began[SHARED.count :], strict=False)
    least = SHARED.seconds * 1000
    assert [later - first for first, later in window if later - first < least] == []


def test_what_waits_for_its_rate_runs_when_the_other_program_is_gone(tmp_path: Path) -> None:
    with Place(tmp_path, jobs) as place:
        with place.worker() as first:
            for _job in range(3):
                place.intake.enqueue("mail")
            place.wake()
            wait_until(lambda: place.effects("mail"))
            first.kill()
        place.work_until_done()
        assert len(place.effects("mail")) == 3
