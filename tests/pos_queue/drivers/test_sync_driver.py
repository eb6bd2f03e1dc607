"""The driver `sync`: the caller runs his jobs, after his commit, and is hurt by none of them."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.departures import Ended
from pos_queue.drivers.database_driver import DatabaseDriver
from pos_queue.drivers.sync_driver import SyncDriver
from pos_queue.engine.claims import Claim
from pos_queue.job import Job
from pos_queue.owners.owner import Owner

from tests.pos_queue.conformance.stages import SYNC, Stage
from tests.pos_queue.redis_server import RedisServer

Make = Callable[..., Stage]


@pytest.fixture
def make(tmp_path: Path, redis: RedisServer) -> Iterator[Make]:
    made: list[Stage] = []

    def new(body: Callable[..., Any], **declared: Any) -> Stage:
        job = Job(name="work", body=body, **declared)
        made.append(Stage(tmp_path, SYNC, [job], redis.address, uuid.uuid4().hex))
        return made[-1]

    yield new
    for stage in made:
        stage.close()


def test_jobs_run_after_the_outermost_commit_and_before_control_returns(make: Make) -> None:
    seen: list[Any] = []

    def body(_context: JobContext, *, n: int) -> None:
        seen.append((n, stage.database.in_transaction()))

    stage = make(body)
    with stage.database.write():
        with stage.database.write():
            stage.enqueue("work", {"n": 1})
        stage.enqueue("work", {"n": 2}, priority=1)
        assert not seen
    assert seen == [(2, False), (1, False)]


def test_a_job_that_fails_hurts_no_caller_and_waits_for_a_worker(make: Make) -> None:
    stage = make(lambda _context: 1 / 0, attempts=2)
    number = stage.enqueue("work")
    assert stage.row(number) == ("scheduled", 1, 1)
    stage.database.execute_sql("UPDATE jobs SET run_at = 0")
    stage.enqueue("work")
    assert stage.row(number) == ("scheduled", 1, 1)
    stage.work()
    assert stage.ended(number).state == "failed"


def test_a_caller_who_is_interrupted_is_and_his_job_waits(make: Make) -> None:
    hits: list[int] = []

    def body(context: JobContext) -> None:
        hits.append(context.attempt)
        if len(hits) == 1:
            raise KeyboardInterrupt

    stage = make(body)
    with pytest.raises(KeyboardInterrupt):
        stage.enqueue("work")
    number = stage.value("SELECT number FROM jobs")
    assert stage.attempts(number) == ["interrupted"]
    stage.enqueue("work")
    assert (stage.ended(number).state, hits) == ("done", [1, 2, 1])


def test_what_a_dead_program_was_running_is_run_with_the_next_job(make: Make) -> None:
    ran: list[int] = []
    stage = make(lambda context: ran.append(context.number))
    other = DatabaseDriver(stage.premises())
    with stage.database.write():
        dead = other.intake.enqueue("work")
        stage.database.execute_sql(
            "UPDATE jobs SET state = 'running', owner = 'dead', attempts = 1"
        )
    other.close()
    assert not ran
    number = stage.enqueue("work")
    assert ran == [dead, number]
    assert stage.attempts(dead) == ["interrupted"]


def test_what_the_queue_itself_gets_wrong_is_logged_and_not_raised(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage = make(lambda _context: None)
    driver = stage.driver
    assert isinstance(driver, SyncDriver)

    def dequeue() -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken, caplog.at_level(logging.CRITICAL):
        broken.setattr(driver._opened()._engine, "dequeue", dequeue)
        number = stage.enqueue("work")
    assert stage.row(number) == ("queued", 0, 0)
    driver.run_waiting()
    assert stage.ended(number).state == "done"


def test_a_driver_that_is_closed_leaves_no_lock(make: Make, tmp_path: Path) -> None:
    stage = make(lambda _context: None)
    assert isinstance(stage.driver, SyncDriver)
    stage.enqueue("work")
    owner: Owner = stage.driver._opened()._owner
    locks = tmp_path / "locks" / "queue"
    assert [path.name for path in locks.iterdir()] == [f"{owner.id}.0"]
    stage.driver.close()
    assert list(locks.iterdir()) == []


def test_a_job_with_a_moment_wakes_the_workers_and_is_left_to_them(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    stage = make(lambda _context: None)
    monkeypatch.setattr(stage.driver, "wake", lambda: woken.append("woken"))
    number = stage.enqueue("work", at=stage.clock.now() + timedelta(hours=1))
    assert (stage.row(number), woken) == (("scheduled", 0, 0), ["woken"])


def test_who_minds_the_end_of_jobs_is_told_of_it(make: Make) -> None:
    told: list[tuple[int, str]] = []
    stage = make(lambda _context: None)

    def leave(claim: Claim, state: Ended, _error: str | None, _result: bytes | None) -> None:
        assert stage.database.in_transaction()
        told.append((claim.number, state.value))

    driver = SyncDriver(replace(stage.premises(), leaving=leave))
    number = driver.intake.enqueue("work")
    driver.close()
    assert told == [(number, "done")]


def test_a_driver_can_be_opened_before_its_jobs_are_declared(make: Make) -> None:
    ran: list[int] = []
    stage = make(lambda _context: None)
    late = Job(name="late", body=lambda context: ran.append(context.number))
    assert list((stage.folder / "locks").glob("*/*")) == []
    stage.registry.add(late)
    number = stage.enqueue("late")
    assert ran == [number]
