"""Runners beside the shop's file: one of them forwards, all share the board, and they end clean."""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.drivers import opening
from pos_queue.drivers.database_driver import DatabaseDriver
from pos_queue.drivers.driver_choice import DriverChoice, DriverName, RedisAddress
from pos_queue.drivers.redis_driver.board import Board
from pos_queue.drivers.redis_driver.driver import RedisDriver
from pos_queue.drivers.redis_driver.shop import ShopRunner
from pos_queue.engine.closing_time import Why
from pos_queue.errors import GiveUp
from pos_queue.job import Job, RunsIn
from pos_queue.premises import Terms

from tests.pos_queue import redis_server
from tests.pos_queue.conformance.stages import REDIS, REMOTE, Stage
from tests.pos_queue.processes import SECONDS, wait_until
from tests.pos_queue.redis_server import RedisServer

Make = Callable[..., Stage]


@pytest.fixture
def make(tmp_path: Path, redis: RedisServer) -> Iterator[Make]:
    made: list[Stage] = []

    def new(
        body: Callable[..., Any],
        *,
        name: str = REDIS,
        address: RedisAddress = redis.address,
        **declared: Any,
    ) -> Stage:
        job = Job(name="work", body=body, **declared)
        made.append(Stage(tmp_path, name, [job], address, uuid.uuid4().hex))
        return made[-1]

    yield new
    for stage in made:
        stage.close()


def test_a_choice_opens_the_driver(make: Make, redis: RedisServer) -> None:
    stage = make(lambda _context: None)
    choice = DriverChoice(name=DriverName.REDIS, redis=redis.address)
    driver = opening.open_driver(choice, stage.premises(), shop="shop-1")
    assert isinstance(driver, RedisDriver)
    driver.close()


def test_a_runner_ends_when_nothing_waits(make: Make) -> None:
    stage = make(lambda _context, *, n: None)
    with stage.database.write():
        numbers = [stage.enqueue("work", {"n": n}) for n in range(30)]
    runner = stage.driver.runner(Terms(workers=2, when_empty=True))
    assert isinstance(runner, ShopRunner)
    runner.run()
    assert runner.ended_for is Why.EMPTY
    assert {stage.ended(number).state for number in numbers} == {"done"}


def test_a_runner_begins_no_more_jobs_than_it_may(make: Make) -> None:
    stage = make(lambda _context, *, n: None)
    with stage.database.write():
        for n in range(30):
            stage.enqueue("work", {"n": n})
    stage.driver.runner(Terms(workers=2, most_jobs=7)).run()
    assert stage.value("SELECT count(*) FROM job_history") == 7
    assert stage.value("SELECT count(*) FROM jobs WHERE state = 'queued' AND attempts = 0") == 23


def test_what_was_dealt_and_not_begun_waits_again_as_if_nobody_had_had_it(make: Make) -> None:
    begun, release = threading.Event(), threading.Event()

    def body(_context: JobContext, *, n: int) -> None:
        begun.set()
        assert release.wait(SECONDS)

    stage = make(body)
    with stage.database.write():
        for n in range(6):
            stage.enqueue("work", {"n": n})
    stage.work(workers=1)
    assert begun.wait(SECONDS)
    wait_until(lambda: stage.value("SELECT count(*) FROM jobs WHERE state = 'running'") > 1)
    runner = stage._started[0][0]
    stopper = stage.aside(lambda: runner.stop(SECONDS))
    release.set()
    stopper.join(SECONDS)
    done = stage.value("SELECT count(*) FROM job_history")
    left = stage.database.execute_sql("SELECT state, attempts FROM jobs").fetchall()
    assert left == [("queued", 0)] * (6 - done)
    assert stage.value("SELECT count(*) FROM job_attempts") == 0


def test_one_runner_forwards_and_another_takes_over(make: Make) -> None:
    stage = make(lambda _context, *, n: None)
    first, second = (stage.driver.runner(Terms(workers=0)) for _ in range(2))
    stage.start(first)
    number = stage.enqueue("work", {"n": 1})
    wait_until(lambda: stage.value("SELECT count(*) FROM job_forwards"))
    stage.start(second)
    first.stop(SECONDS)
    stage.enqueue("work", {"n": 2})
    wait_until(lambda: stage.value("SELECT count(*) FROM job_forwards") == 2)
    stage.start(stage.driver.runner(Terms(workers=1)))
    assert stage.ended(number).state == "done"


def test_a_shop_may_leave_its_server_and_come_back(make: Make) -> None:
    ran: list[int] = []
    stage = make(lambda _context, *, n: ran.append(n))
    carrier = stage.driver.runner(Terms(workers=0))
    stage.start(carrier)
    number = stage.enqueue("work", {"n": 1})
    wait_until(lambda: stage.value("SELECT count(*) FROM job_forwards"))
    carrier.stop(SECONDS)
    direct = DatabaseDriver(stage.premises())
    direct.runner(Terms(workers=1, when_empty=True)).run()
    direct.close()
    assert stage.ended(number).state == "done"
    stage.work()
    wait_until(lambda: not stage.value("SELECT count(*) FROM job_forwards"))
    stage.ended(stage.enqueue("work", {"n": 2}))
    assert ran == [1, 2]


def test_a_sale_needs_no_server_and_its_jobs_run_once_there_is_one(make: Make) -> None:
    server = redis_server.new_server()
    server.kill()
    stage = make(lambda _context, *, n: n, address=server.address)
    stage.work()
    numbers = [stage.enqueue("work", {"n": n}) for n in range(3)]
    assert stage.value("SELECT count(*) FROM job_forwards") == 0
    server.start()
    assert [stage.ended(number).result for number in numbers] == [0, 1, 2]
    stage.close()
    stage._started.clear()
    redis_server.remove(server)


def test_an_offer_that_passed_to_another_machine_is_not_run_here(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    stage = make(lambda _context, *, n: ran.append(n))
    take, losses = Board.take, [1]

    def late(board: Board, offers: Any) -> list[bool]:
        taken = take(board, offers)
        return [False] * len(taken) if losses and losses.pop() else taken

    monkeypatch.setattr(Board, "take", late)
    number = stage.enqueue("work", {"n": 1})
    stage.work()
    assert (stage.ended(number).attempts, ran, losses) == (1, [1], [])


def test_a_machine_without_the_file_says_what_it_cannot_do(make: Make) -> None:
    def body(context: JobContext) -> None:
        context.at_completion(lambda: None)

    stage = make(body, name=REMOTE)
    number = stage.enqueue("work")
    stage.work()
    ended = stage.ended(number)
    assert (ended.state, ended.attempts) == ("failed", 1)
    assert "declare `on_result`" in str(ended.error)


def test_a_machine_without_the_file_runs_no_children(make: Make) -> None:
    stage = make(lambda _context: None, name=REMOTE, runs_in=RunsIn.CHILD)
    number = stage.enqueue("work")
    stage.work()
    assert "runs in a child" in str(stage.ended(number).error)


def test_a_job_elsewhere_can_be_cancelled_while_it_runs(make: Make) -> None:
    begun, seen = threading.Event(), threading.Event()

    def body(context: JobContext) -> None:
        begun.set()
        wait_until(lambda: context.cancelled)
        seen.set()
        raise GiveUp("too late for this to be believed")

    stage = make(body, name=REMOTE)
    number = stage.enqueue("work")
    stage.work()
    assert begun.wait(SECONDS)
    stage.control.cancel(number)
    assert seen.wait(SECONDS)
    assert stage.ended(number).state == "cancelled"
    assert stage.attempts(number) == []


def test_a_runner_ends_in_time_beside_a_server_that_says_nothing(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = RedisAddress(host="127.0.0.1", port=silent.getsockname()[1])
        stage = make(lambda _context: None, address=address)
        with stage.database.write():
            number = stage.enqueue("work")
            stage.database.execute_sql("UPDATE jobs SET state = 'running', owner = 'dead'")
        runner = stage.driver.runner()
        stage.start(runner)
        wait_until(lambda: stage.row(number) == ("queued", 0, 0))
        assert runner.stop(2.0)
        assert runner.ended_for is None
    assert stage.row(number) == ("queued", 0, 0)


@pytest.mark.parametrize("is_asked", [True, False])
def test_what_was_dealt_is_nobodys_once_a_runner_may_begin_no_more(
    make: Make, monkeypatch: pytest.MonkeyPatch, is_asked: bool
) -> None:
    monkeypatch.setattr("pos_queue.drivers.redis_driver.server.FIRST_WAIT", 600.0)
    monkeypatch.setattr("pos_queue.drivers.redis_driver.server.LONGEST_WAIT", 600.0)
    begun, release = threading.Event(), threading.Event()

    def body(_context: JobContext, *, n: int) -> None:
        begun.set()
        assert release.wait(SECONDS)

    server = redis_server.new_server()
    stage = make(body, address=server.address)
    with stage.database.write():
        for n in range(6):
            stage.enqueue("work", {"n": n})
    runner = stage.driver.runner(Terms(workers=1, most_jobs=None if is_asked else 1))
    stage.start(runner)
    assert begun.wait(SECONDS)
    running = "SELECT count(*) FROM jobs WHERE state = 'running'"
    if is_asked:
        wait_until(lambda: stage.value(running) > 1)
    server.kill()
    if is_asked:
        runner.finish()
    wait_until(lambda: stage.value(running) == 1)
    release.set()
    stage._started[0][1].join(SECONDS)
    assert runner.ended_for is (Why.STOPPED if is_asked else Why.MOST_JOBS)
    assert stage.value("SELECT count(*) FROM job_history") == 1
    assert stage.value("SELECT count(*) FROM job_attempts") == 0
    server.start()
    redis_server.remove(server)
