"""Every driver promises: whoever is killed while he runs a job, the job is run to its end."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pos_queue.premises import Terms

from tests.pos_queue.conformance import worker
from tests.pos_queue.conformance.stages import DRIVERS, REDIS, REMOTE, SYNC, Stage
from tests.pos_queue.processes import wait_until
from tests.pos_queue.redis_server import RedisServer


@pytest.fixture
def shop() -> str:
    return uuid.uuid4().hex


@pytest.fixture(params=DRIVERS)
def stage(
    request: pytest.FixtureRequest, tmp_path: Path, redis: RedisServer, shop: str
) -> Iterator[Stage]:
    found = worker.stage_in(tmp_path, request.param, redis.port, shop)
    yield found
    found.close()


def begun(folder: Path) -> int:
    diary = folder / "diary"
    return diary.read_text().count("begun") if diary.exists() else 0


def test_a_killed_worker_loses_nothing(
    stage: Stage, tmp_path: Path, redis: RedisServer, shop: str
) -> None:
    if stage.name == REMOTE:
        stage.start(stage.works()[0])
    with worker.process(tmp_path, stage.name, redis.port, shop) as killed:
        killed.wait_for_work()
        if stage.name != SYNC:
            stage.enqueue("hold", {"key": 1})
        wait_until(lambda: begun(tmp_path) == 1)
    assert stage.value("SELECT count(*) FROM job_history") == 0
    (tmp_path / "release").touch()
    number = stage.value("SELECT number FROM jobs")
    stage.work()
    assert stage.ended(number).state == "done"
    assert begun(tmp_path) == 2
    assert stage.value("SELECT count(*) FROM effect") == 1
    told = [] if stage.name == REMOTE else ["interrupted"]
    assert stage.attempts(number) == told


@pytest.mark.parametrize("stage", [REMOTE], indirect=True)
def test_a_silent_machine_loses_its_jobs_to_others_with_its_lease(
    stage: Stage, tmp_path: Path, redis: RedisServer, shop: str
) -> None:
    stage.start(stage.works()[0])
    stage.enqueue("hold", {"key": 1})
    with worker.process(tmp_path, REMOTE, redis.port, shop, machine="a", lease=0.5):
        wait_until(lambda: begun(tmp_path) == 1)
    (tmp_path / "release").touch()
    stage.start(stage.remote_runner(machine="b", lease=0.5))
    number = stage.value("SELECT max(number) FROM jobs")
    assert stage.ended(number).state == "done"
    assert stage.value("SELECT count(*) FROM effect") == 1


@pytest.mark.parametrize("stage", [REDIS], indirect=True)
def test_a_job_may_take_longer_than_a_lease(
    stage: Stage, tmp_path: Path, redis: RedisServer, shop: str
) -> None:
    """It is renewed by a machine that is there, so nobody else begins the job."""
    stage.start(stage.driver.runner(Terms(workers=0)))
    stage.enqueue("hold", {"key": 1})
    for machine in ("a", "b"):
        stage.start(stage.remote_runner(machine=machine, lease=1.5))
    wait_until(lambda: begun(tmp_path) == 1)
    for _part_of_lease in range(7):
        for key in (2, 3):
            number = stage.enqueue("count", {"key": key, "seconds": 0.3})
        stage.ended(number)
    assert begun(tmp_path) == 1
    (tmp_path / "release").touch()
    wait_until(lambda: not stage.value("SELECT count(*) FROM jobs"))
    assert stage.value("SELECT count(*) FROM effect WHERE key = 1") == 1
