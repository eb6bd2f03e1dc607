"""Whichever driver carries the jobs: whoever left one hears that it ends without a run."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.control.control import Control
from pos_queue.departures import Ended
from pos_queue.drivers.driver import Driver
from pos_queue.drivers.driver_choice import DriverChoice, DriverName, RedisAddress
from pos_queue.drivers.opening import open_driver
from pos_queue.drivers.sync_driver import SyncDriver
from pos_queue.engine.runner import Runner
from pos_queue.errors import TryLater
from pos_queue.job import Job
from pos_queue.premises import Terms
from pos_queue.testing.practice_queue import PracticeQueue
from pos_queue.views.views import Views

from tests.pos_queue.conformance.stages import DATABASE, Stage
from tests.pos_queue.processes import SECONDS, wait_until
from tests.pos_queue.redis_server import RedisServer

Told = list[tuple[int, str, Ended, bool]]
"""Number, name, how it ended, and whether that was told in the transaction that ends it."""


@pytest.fixture
def stage(tmp_path: Path, redis: RedisServer) -> Iterator[Stage]:
    job = Job(name="work", body=lambda _context: None)
    stage = Stage(tmp_path, DATABASE, [job], redis.address, uuid.uuid4().hex)
    yield stage
    stage.close()


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture(params=[*DriverName])
def driver(
    request: pytest.FixtureRequest, stage: Stage, told: Told, redis: RedisServer
) -> Iterator[Driver]:
    """A driver that tells of what is dropped."""

    def dropped(number: int, job: str, state: Ended) -> None:
        told.append((number, job, state, stage.database.in_transaction()))

    address: RedisAddress | None = redis.address if request.param is DriverName.REDIS else None
    choice = DriverChoice(name=request.param, redis=address)
    premises = replace(stage.premises(), dropped=dropped)
    driver = open_driver(choice, premises, shop=uuid.uuid4().hex)
    yield driver
    driver.close()


def held(stage: Stage, driver: Driver, count: int = 2) -> list[int]:
    """Leave jobs that wait, since their queue is paused; return their numbers."""
    stage.control.pause("default")
    return [driver.intake.enqueue("work") for _job in range(count)]


def test_of_each_job_of_a_batch_that_is_cancelled(stage: Stage, driver: Driver, told: Told) -> None:
    stage.control.pause("default")
    batch = driver.intake.batch("files", [("work", {})] * 2)
    numbers = [row[0] for row in stage.database.execute_sql("SELECT number FROM jobs").fetchall()]
    assert driver.intake.cancel_batch(batch)
    assert sorted(told) == [(one, "work", Ended.CANCELLED, True) for one in sorted(numbers)]


def test_of_each_job_that_who_works_takes_away(stage: Stage, driver: Driver, told: Told) -> None:
    numbers = held(stage, driver)
    runner = driver.runner(Terms(workers=1))
    assert isinstance(runner, Runner)
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        wait_until(lambda: runner._consumer is not None)
        assert runner._engine is not None
        runner._engine.durable.flush_queue()
    finally:
        runner.stop()
        thread.join(SECONDS)
    assert sorted(told) == [(one, "work", Ended.CANCELLED, True) for one in numbers]


def test_of_each_job_that_a_caller_takes_away_who_runs_his_jobs_himself(
    stage: Stage, told: Told
) -> None:
    def dropped(number: int, job: str, state: Ended) -> None:
        told.append((number, job, state, stage.database.in_transaction()))

    driver = SyncDriver(replace(stage.premises(), dropped=dropped))
    try:
        numbers = held(stage, driver)
        driver._opened()._engine.durable.flush_queue()
        assert sorted(told) == [(one, "work", Ended.CANCELLED, True) for one in numbers]
    finally:
        driver.close()


class Halfway:
    """A queue with a job that has come halfway and waits again."""

    def __init__(self, folder: Path) -> None:
        self.queue = PracticeQueue(folder, [Job(name="work", body=self._act)])
        queue = self.queue
        self.views = Views(queue.database, queue.registry, queue.codec, queue.clock)
        self.number = queue.enqueue("work")
        queue.drain()

    @staticmethod
    def _act(context: JobContext) -> None:
        context.progress(5, 10, "halfway")
        context.checkpoint(5)
        raise TryLater(3600.0)

    def rows(self) -> int:
        sql = "SELECT count(*) FROM job_progress"
        return int(self.queue.database.execute_sql(sql).fetchone()[0])


@pytest.fixture
def halfway(tmp_path: Path) -> Iterator[Halfway]:
    made = Halfway(tmp_path)
    yield made
    made.queue.database.close()


def _cancel(halfway: Halfway) -> None:
    Control(halfway.queue.database, halfway.queue.clock).cancel(halfway.number)


def _clear(halfway: Halfway) -> None:
    assert Control(halfway.queue.database, halfway.queue.clock).clear("default") == 1


def _flush(halfway: Halfway) -> None:
    halfway.queue.engine.durable.flush_schedule()


def _expire(halfway: Halfway) -> None:
    departures = halfway.queue.engine.durable.departures
    with halfway.queue.database.write():
        departures.end_waiting("number = ?", (halfway.number,), 1, state=Ended.EXPIRED)


@pytest.mark.parametrize("drop", [_cancel, _clear, _flush, _expire])
def test_a_job_that_is_dropped_halfway_is_not_shown_under_way(
    halfway: Halfway, drop: Callable[[Halfway], object]
) -> None:
    before = halfway.views.job(halfway.number)
    assert before is not None
    assert before.view.progress is not None
    drop(halfway)
    found = halfway.views.job(halfway.number)
    assert found is not None
    assert found.view.is_over
    assert found.view.progress is None
    assert halfway.rows() == 0


def test_one_that_is_laid_aside_as_failed_goes_on_from_there_once_it_is_tried_again(
    halfway: Halfway,
) -> None:
    departures = halfway.queue.engine.durable.departures
    with halfway.queue.database.write():
        departures.end_waiting("1", (), 1, state=Ended.FAILED)
    assert halfway.rows() == 1
    control = Control(halfway.queue.database, halfway.queue.clock)
    control.retry(halfway.number)
    assert halfway.rows() == 1
    control.cancel(halfway.number)
    assert halfway.rows() == 0
