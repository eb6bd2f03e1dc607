"""Workers are killed, and the server too: no job is lost, and none has its effect twice.

With --torture 2,400 jobs and 60 kills; a kill of the server is one in six.
"""

from __future__ import annotations

import random
import time
import uuid
from pathlib import Path

import pytest

from tests.pos_queue import redis_server
from tests.pos_queue.conformance import worker
from tests.pos_queue.conformance.stages import REDIS, REMOTE, Stage
from tests.pos_queue.conformance.worker import Worker
from tests.pos_queue.processes import wait_until
from tests.pos_queue.redis_server import RedisServer

SERVER_IN = 6
LIMIT = 120.0


@pytest.mark.parametrize("where", [REDIS, REMOTE])
def test_no_kill_of_a_worker_or_the_server_loses_or_doubles_a_job(
    tmp_path: Path, where: str, torture: bool
) -> None:
    jobs, kills = (2_400, 60) if torture else (300, 6)
    server, shop = redis_server.new_server(), uuid.uuid4().hex
    stage = worker.stage_in(tmp_path, where, server.port, shop)
    if where == REMOTE:
        stage.start(stage.works()[0])
    try:
        _kill_one_that_works(stage, server, shop, key=jobs)
        _kill(stage, server, shop, jobs=jobs, kills=kills)
        stage.work()
        _wait(stage)
        _check(stage, jobs + 1)
    finally:
        stage.close()
        redis_server.remove(server)


def _kill_one_that_works(stage: Stage, server: RedisServer, shop: str, *, key: int) -> None:
    """Kill a worker in the middle of a job, for certain: the others are killed by chance."""
    one = Worker(stage.folder, stage.name, server.port, shop)
    one.wait_for_work()
    with stage.database.write():
        stage.enqueue("hold", {"key": key})
    wait_until((stage.folder / "diary").exists)
    one.kill()
    (stage.folder / "release").touch()


def _kill(stage: Stage, server: RedisServer, shop: str, *, jobs: int, kills: int) -> None:
    chance, lot = random.Random(20261126), jobs // kills
    for kill in range(1, kills + 1):
        one = Worker(stage.folder, stage.name, server.port, shop)
        one.wait_for_work()
        with stage.database.write():
            for key in range((kill - 1) * lot, kill * lot):
                stage.enqueue("count", {"key": key, "seconds": 0.01})
        time.sleep(chance.random() * 0.2)
        if kill % SERVER_IN == 0:
            server.kill()
            time.sleep(chance.random() * 0.1)
            server.start()
            time.sleep(chance.random() * 0.3)
        one.kill()


def _wait(stage: Stage) -> None:
    ends = time.monotonic() + LIMIT
    while stage.value("SELECT count(*) FROM jobs") and time.monotonic() < ends:
        time.sleep(0.02)


def _check(stage: Stage, jobs: int) -> None:
    assert stage.value("SELECT count(*) FROM jobs") == 0
    states = stage.database.execute_sql("SELECT state, count(*) FROM job_history GROUP BY state")
    assert states.fetchall() == [("done", jobs)]
    keys = stage.database.execute_sql("SELECT key FROM effect ORDER BY key").fetchall()
    assert keys == [(key,) for key in range(jobs)]
    assert stage.value("SELECT count(*) FROM job_forwards") == 0
    if stage.name == REDIS:
        interrupted = "SELECT count(*) FROM job_attempts WHERE outcome = 'interrupted'"
        assert stage.value(interrupted) > 0, "no kill met a running job"
