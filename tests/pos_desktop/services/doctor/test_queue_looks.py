"""Jobs: failed ones, ones that wait too long, who runs them, and a server that is away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pos_queue.premises import Terms

from pos_desktop import settings
from pos_desktop.domain.clock import ManualClock
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.doctor.finding import State
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.cli.queue_program import jobs
from tests.pos_desktop.cli.queue_shop import wait_until
from tests.pos_desktop.queue_drivers import choose, running_server
from tests.pos_desktop.services.doctor.looked import looked, seen, states
from tests.pos_desktop.services.mails import working


@pytest.fixture
def queue_shop(shop_directory: Path) -> Iterator[Shop]:
    shop = open_shop(shop_directory, jobs=jobs)
    yield shop
    shop.close()


def _enqueue(shop: Shop, job: str, **payload: object) -> None:
    shop.queue.enqueue(JobName(job), payload)


def test_nothing_waits_and_nobody_works(shop_directory: Path) -> None:
    found = states(looked(shop_directory, "queue"))
    assert found.pop("queue-workers") is State.NOTE
    assert {*found.values()} == {State.OK}


def test_a_failed_job_is_broken_unless_the_shop_says_otherwise(queue_shop: Shop) -> None:
    _enqueue(queue_shop, "secret", word="tulip")
    queue_shop.queue.runner(Terms(when_empty=True)).run()
    found = seen(queue_shop.directory, "queue", "queue-failed")
    assert (found.state, found.detail) == (State.BROKEN, "1 job has failed")
    assert "posctl queue failed" in found.advice
    queue_shop.configuration.set(settings.QUEUE_ALERT_FAILED, 3, queue_shop.books, actor=None)
    assert seen(queue_shop.directory, "queue", "queue-failed").state is State.NOTE


def test_a_job_that_waits_too_long_says_what_would_help(queue_shop: Shop) -> None:
    _enqueue(queue_shop, "quick", name="one")
    later = ManualClock(datetime.now(UTC) + timedelta(hours=1))
    assert seen(queue_shop.directory, "queue", "queue").state is State.OK
    found = seen(queue_shop.directory, "queue", "queue", later)
    assert (found.state, "posctl queue work" in found.advice) == (State.BROKEN, True)
    queue_shop.queue.control.pause("default")
    found = seen(queue_shop.directory, "queue", "queue", later)
    assert "resume" in found.advice
    assert seen(queue_shop.directory, "queue", "queue-paused").detail == "default"


def test_who_runs_jobs_is_told(queue_shop: Shop) -> None:
    with working(queue_shop):
        wait_until(queue_shop.queue.workers)
        found = seen(queue_shop.directory, "queue", "queue-workers")
        assert (found.state, found.detail) == (State.OK, "1 program runs jobs")
    assert seen(queue_shop.directory, "queue", "queue-workers").state is State.NOTE


def test_a_redis_that_is_away_is_told_without_its_password(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, "redis", 1)
    monkeypatch.setenv("POS_REDIS_URL", "redis://:tulips@127.0.0.1:1/0")
    found = looked(shop_directory, "queue", "program")
    assert states(found)["queue-driver"] is State.BROKEN
    assert "tulips" not in repr(found)
    assert "POS_REDIS_URL is set" in repr(found)


def test_a_redis_that_answers_is_told(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_server() as server:
        choose(monkeypatch, "redis", server.port)
        found = seen(shop_directory, "queue", "queue-driver")
    assert (found.state, "answers" in found.detail) == (State.OK, True)


def test_a_driver_that_there_is_none_is_told(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_QUEUE_CONNECTION", "pigeons")
    found = states(looked(shop_directory, "queue", "program"))
    assert (found["queue-driver"], found["environment"]) == (State.BROKEN, State.BROKEN)
