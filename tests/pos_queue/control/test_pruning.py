"""What ended long ago is removed, in lots that no sale waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.control.control import Control
from pos_queue.control.lots import HOLD_SECONDS, in_lots
from pos_queue.control.pruning import prune
from pos_queue.job import Job
from pos_queue.testing.clock import StandingClock
from pos_queue.testing.practice_queue import PracticeQueue


class TickingClock(StandingClock):
    """Each look at it takes a third of what a lot may take."""

    def monotonic(self) -> float:
        self.advance(HOLD_SECONDS / 3)
        return super().monotonic()


def _act(context: JobContext, *, n: int = 0) -> None:
    context.progress(1)
    if n:
        raise ValueError(n)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[PracticeQueue]:
    queue = PracticeQueue(tmp_path, [Job(name="work", body=_act, attempts=1)])
    yield queue
    queue.database.close()


def numbers(queue: PracticeQueue, table: str = "job_history") -> list[int]:
    sql = f"SELECT number FROM {table} ORDER BY number"
    return [row[0] for row in queue.database.execute_sql(sql).fetchall()]


def a_day_later(queue: PracticeQueue) -> Control:
    queue.clock.advance(86_400)
    return Control(queue.database, queue.clock)


def test_what_is_old_goes_with_all_that_was_kept_of_it(queue: PracticeQueue) -> None:
    forgotten = queue.enqueue("work", {"n": 1})
    done = queue.enqueue("work")
    queue.drain()
    control = a_day_later(queue)
    control.forget(forgotten)
    assert numbers(queue, "job_attempts") == numbers(queue, "job_progress") == [forgotten]
    new = queue.enqueue("work")
    waiting = queue.enqueue("work", at=queue.clock.now() + timedelta(days=9))
    queue.drain()
    assert control.prune(queue.clock.now() - timedelta(hours=1)) == 2
    assert numbers(queue) == [new]
    assert numbers(queue, "jobs") == [waiting]
    assert numbers(queue, "job_attempts") == numbers(queue, "job_progress") == []
    assert done not in numbers(queue)


def test_what_ended_at_the_very_moment_stays(queue: PracticeQueue) -> None:
    number = queue.enqueue("work")
    batch = queue.intake.batch("a batch", [("work", {})])
    queue.drain()
    ended = queue.clock.now()
    control = a_day_later(queue)
    assert control.prune(ended) == 0
    assert (numbers(queue), numbers(queue, "job_batches")) == ([number, number + 1], [batch])
    assert control.prune(ended + timedelta(milliseconds=1)) == 2
    assert (numbers(queue), numbers(queue, "job_batches")) == ([], [])


def test_what_a_person_must_look_at_stays(queue: PracticeQueue) -> None:
    failed = [queue.enqueue("work", {"n": 1}) for _number in range(2)]
    queue.drain()
    sql = "UPDATE job_history SET state = 'quarantined' WHERE number = ?"
    queue.database.execute_sql(sql, (failed[0],))
    assert a_day_later(queue).prune(queue.clock.now()) == 0
    assert numbers(queue) == failed


def test_the_members_of_a_batch_stay_until_it_has_ended_long_ago(queue: PracticeQueue) -> None:
    sql = queue.database.execute_sql
    for name in ("open", "just ended", "old"):
        sql("INSERT INTO job_batches (name, created_at, is_open) VALUES (?, 1, 1)", (name,))
    sql(
        "INSERT INTO job_callbacks SELECT number, 'catch', 'work', 'mail', 0, NULL, NULL, 0, NULL, "
        "x'00' FROM job_batches"
    )
    members = [queue.enqueue("work", batch=batch) for batch in (1, 2, 3)]
    queue.drain()
    ended = int(queue.clock.now().timestamp() * 1000)
    control = a_day_later(queue)
    sql("UPDATE job_batches SET ended_at = ? WHERE number = 2", (ended + 86_400_000,))
    sql("UPDATE job_batches SET ended_at = ? WHERE number = 3", (ended,))
    assert control.prune(queue.clock.now() - timedelta(hours=1)) == 1
    assert numbers(queue) == members[:2]
    assert numbers(queue, "job_batches") == [1, 2]
    kept = sql("SELECT batch FROM job_callbacks ORDER BY batch").fetchall()
    assert kept == [(1,), (2,)]


def test_the_members_of_a_batch_stay_for_as_long_as_one_may_be_retried(
    queue: PracticeQueue,
) -> None:
    jobs = [("work", {"n": n}) for n in (0, 1, 2)]
    batch = queue.intake.batch("a batch", jobs, then=("work", {}))
    queue.drain()
    control = a_day_later(queue)
    members = numbers(queue)
    control.forget(members[1])
    assert control.prune(queue.clock.now()) == 0
    control.forget(members[2])
    assert control.prune(queue.clock.now()) == len(members)
    sql = queue.database.execute_sql
    assert sql("SELECT count(*) FROM job_history WHERE batch = ?", (batch,)).fetchone() == (0,)
    assert sql("SELECT count(*) FROM job_callbacks").fetchone() == (0,)


def test_many_go_in_lots_and_whoever_stops_asking_stops_it(tmp_path: Path) -> None:
    queue = PracticeQueue(tmp_path, [Job(name="work", body=_act)], clock=TickingClock())
    for _number in range(20):
        queue.enqueue("work")
    queue.drain()
    a_day_later(queue)
    before = int(queue.clock.now().timestamp() * 1000)
    lots: list[int] = []
    begun = []

    @contextmanager
    def chunk() -> Iterator[None]:
        with queue.database.write_bulk():
            begun.append(1)
            yield

    for removed in prune(queue.database, queue.clock, before, chunk):
        assert not queue.database.in_transaction()
        lots.append(removed)
        if len(lots) == 2:
            break
    assert len(begun) == 2
    assert len(numbers(queue)) == 20 - sum(lots)
    assert all(0 < removed < 10 for removed in lots)
    assert sum(prune(queue.database, queue.clock, before)) == 20 - sum(lots)
    queue.database.close()


def test_a_job_that_was_retried_meanwhile_keeps_its_attempts(queue: PracticeQueue) -> None:
    number = queue.enqueue("work", {"n": 1})
    queue.enqueue("work")
    queue.drain()
    control = a_day_later(queue)
    control.forget(number)
    before = int(queue.clock.now().timestamp() * 1000)

    @contextmanager
    def chunk() -> Iterator[None]:
        if number in numbers(queue):
            control.retry(number)
        with queue.database.write_bulk():
            yield

    assert sum(prune(queue.database, queue.clock, before, chunk)) == 1
    assert numbers(queue, "jobs") == numbers(queue, "job_attempts") == [number]


def test_a_lot_is_one_transaction_and_the_file_is_free_between_two(queue: PracticeQueue) -> None:
    clock = TickingClock()
    seen: list[tuple[int, bool]] = []
    rests: list[int] = []

    class Counted(TickingClock):
        def sleep(self, seconds: float) -> None:
            assert not queue.database.in_transaction()
            rests.append(len(seen))

    clock = Counted()
    in_lots(
        queue.database,
        clock,
        range(10),
        lambda number: seen.append((number, queue.database.in_transaction())),
    )
    assert seen == [(number, True) for number in range(10)]
    assert rests
    in_lots(queue.database, clock, [], lambda _number: pytest.fail("nothing to do"))
