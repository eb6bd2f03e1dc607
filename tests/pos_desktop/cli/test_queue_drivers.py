"""A real shop and posctl with each driver of the queue."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from pos_queue.drivers.driver import Works
from pos_queue.premises import Terms

from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.shop import open_shop
from pos_desktop.shops.new_shop import make_shop
from tests.pos_desktop.cli.queue_program import jobs
from tests.pos_desktop.cli.queue_shop import QueueShop, wait_until
from tests.pos_desktop.conftest import NEW_SHOP, bad_books
from tests.pos_desktop.queue_drivers import choose, running_server
from tests.pos_queue.redis_server import RedisServer

Opened = Callable[[str], QueueShop]


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def with_driver(
    shop_directory: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    server: RedisServer,
) -> Iterator[Opened]:
    shops: list[QueueShop] = []

    def opened(driver: str) -> QueueShop:
        choose(monkeypatch, driver, server.port)
        shops.append(QueueShop(shop_directory, capsys))
        return shops[-1]

    yield opened
    for shop in shops:
        shop.close()


@pytest.mark.parametrize("driver", ["database", "sync", "redis"])
def test_jobs_come_with_their_callers_transaction_and_are_run(
    with_driver: Opened, driver: str
) -> None:
    queue = with_driver(driver)
    with pytest.raises(KeyError), queue.shop.database.write():
        queue.enqueue("quick", name="never")
        raise KeyError
    with queue.shop.database.write():
        number = queue.enqueue("quick", name="once")
        assert queue.begun() == []
    assert queue.begun() == (["once"] if driver == "sync" else [])
    assert queue.json("monitor")["queued"] == (0 if driver == "sync" else 1)
    queue("work", "--stop-when-empty")
    assert queue.state(number) == "done"
    assert queue.effects() == {"once": 1}
    assert bad_books(queue.shop) == set()


def test_what_the_caller_does_not_run_is_left_to_a_worker(with_driver: Opened) -> None:
    queue = with_driver("sync")
    soon = queue.shop.clock.base.now() + timedelta(seconds=0.5)
    number = queue.shop.queue.enqueue(JobName("quick"), {"name": "later"}, at=soon)
    assert queue.state(number) == "scheduled"
    worker = queue.work("--json")
    queue.wait_for(number, "done")
    worker.tell(signal.SIGTERM)
    assert [told["id"] for told in worker.end()] == [number]


def test_a_signal_ends_a_worker_of_redis_once_its_job_is_done(with_driver: Opened) -> None:
    queue = with_driver("redis")
    worker = queue.work("--workers", "1", "--json")
    held = queue.enqueue("held", name="held")
    wait_until(queue.begun)
    after = queue.enqueue("quick", name="after")
    worker.tell(signal.SIGTERM)
    queue.tell("go")
    assert [told["id"] for told in worker.end()] == [held]
    assert "1 done" in worker.err
    assert queue.state(after) == "queued"


def test_limits_end_a_worker_of_redis(with_driver: Opened) -> None:
    queue = with_driver("redis")
    for key in range(5):
        queue.enqueue("quick", name=str(key))
    told = queue("work", "--once", "--json").splitlines()
    assert [json.loads(line)["state"] for line in told] == ["done"]
    assert len(queue("work", "--max-jobs", "2", "--json").splitlines()) == 2
    assert queue("work", "--queue", "slow,upkeep", "--stop-when-empty", "--json") == ""
    assert len(queue("work", "--stop-when-empty", "--json").splitlines()) == 2
    assert queue("work", "--once", "--json") == ""
    queue("work", "--max-time", "0")
    assert "time is over" in queue.err


def test_jobs_wait_for_a_server_that_is_away_and_can_be_looked_at(with_driver: Opened) -> None:
    with running_server() as away:
        queue = with_driver("redis")
        away.kill()
        with pytest.MonkeyPatch.context() as patch:
            choose(patch, "redis", away.port)
            queue.shop.close()
            queue.shop = open_shop(queue.directory, jobs=jobs)
            number = queue.enqueue("quick", name="waits")
            assert queue.json("monitor")["queued"] == 1
            assert f"Redis at 127.0.0.1:{away.port}: while it is away" in queue("monitor")
            queue("work", "--max-time", "0.3")
            assert queue.state(number) == "queued"
            worker = queue.work("--json")
            worker.tell(signal.SIGTERM)
            assert worker.end() == []
            assert queue.state(number) == "queued"
            away.start()
            queue.drain()
        assert queue.effects() == {"waits": 1}


def test_two_shops_on_one_server_have_boards_of_their_own(
    with_driver: Opened,
    server: RedisServer,
    tmp_path: Path,
    kept_books: Callable[[Path], None],
) -> None:
    first = with_driver("redis")
    kept_books(tmp_path / "second")
    make_shop(tmp_path / "second", NEW_SHOP)
    with closing(open_shop(tmp_path / "second", jobs=jobs)) as second, server.client() as client:
        shops = [first.shop, second]
        for shop in shops:
            carrier = shop.queue.runner(Terms(workers=0, children=0))
            thread = _started(carrier)
            shop.queue.enqueue(JobName("quick"), {"name": "own"})
            board = f"{{pos-{shop.books.node.shop_id}}}*"
            wait_until(partial(client.keys, board))
            carrier.stop()
            thread.join()
    first.drain()
    assert first.begun() == ["own"]


def _started(runner: Works) -> threading.Thread:
    thread = threading.Thread(target=runner.run)
    thread.start()
    return thread


def test_a_worker_without_its_server_says_what_it_waits_for(
    with_driver: Opened, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = with_driver("redis")
    choose(monkeypatch, "redis", 9)
    queue("work", "--max-time", "0.2")
    assert "127.0.0.1:9: while it is away they wait" in queue.err
    choose(monkeypatch, "database", server.port)
    queue("work", "--stop-when-empty")
    assert "while it is away" not in queue.err
