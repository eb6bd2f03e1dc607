"""Jobs by way of Redis, each write on the disk: how many a second, beside what is the least.

The least is one RPUSH and one BLPOP for each, on the same server in the same run: what is lost when
its taker dies, and of which nothing is kept. Ours writes each job into the shop's file, offers it,
claims it, runs it, and keeps what became of it in the file.
"""

from __future__ import annotations

import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from pos_queue.job import Job

from pos_desktop.cli.bench.figure import Figure
from tests.benchmarks import scene
from tests.pos_queue import redis_server
from tests.pos_queue.conformance import worker
from tests.pos_queue.conformance.stages import DATABASE, REDIS, REMOTE, Stage
from tests.pos_queue.processes import wait_until
from tests.pos_queue.redis_server import RedisServer

ROUNDS = 3
JOBS = 1_000
LEASE = 2.0
PAYLOAD = {"text": "x" * 80}
Seconds = float


def _raw(server: RedisServer, _folder: Path) -> Seconds:
    began = time.perf_counter()
    with server.client() as client:
        for _job in range(JOBS):
            client.rpush("raw", b"x" * 300)
        for _job in range(JOBS):
            client.blpop(["raw"], 5)
    return (time.perf_counter() - began) / JOBS


def _stage(server: RedisServer, folder: Path, driver: str, done: Callable[[], None]) -> Stage:
    def body(_context: object, *, text: str) -> None:
        done()

    jobs = [Job(name="job", body=body)]
    return Stage(folder, driver, jobs, server.address, uuid.uuid4().hex)


def _enqueued(server: RedisServer, folder: Path) -> Seconds:
    """Enqueue one by one, each with a commit of its own."""
    stage = _stage(server, folder, REDIS, lambda: None)
    began = time.perf_counter()
    for _job in range(JOBS):
        stage.enqueue("job", PAYLOAD)
    taken = time.perf_counter() - began
    stage.close()
    return taken / JOBS


def _processed(driver: str) -> Callable[[RedisServer, Path], Seconds]:
    def measure(server: RedisServer, folder: Path) -> Seconds:
        left, lock, over = [JOBS], threading.Lock(), threading.Event()

        def done() -> None:
            with lock:
                left[0] -= 1
                if not left[0]:
                    over.set()

        stage = _stage(server, folder, driver, done)
        with stage.database.write():
            for _job in range(JOBS):
                stage.enqueue("job", PAYLOAD)
        began = time.perf_counter()
        stage.work(workers=2)
        over.wait()
        wait_until(lambda: not stage.value("SELECT count(*) FROM jobs"))
        taken = time.perf_counter() - began
        stage.close()
        return taken / JOBS

    return measure


def _recovered(where: str) -> Callable[[RedisServer, Path], Seconds]:
    """Kill a process in the middle of a job: how long until another one begins the job."""

    def measure(server: RedisServer, folder: Path) -> Seconds:
        shop, driver = uuid.uuid4().hex, REDIS if where == "beside the file" else REMOTE
        machine = "b" if where == "by lease" else "a"
        stage = worker.stage_in(folder, driver, server.port, shop)
        if driver == REMOTE:
            stage.start(stage.works()[0])
        with worker.process(folder, driver, server.port, shop, machine="a", lease=LEASE) as one:
            one.wait_for_work()
            stage.enqueue("hold", {"key": 1})
            wait_until(lambda: _begun(folder) == 1)
            other = stage.remote_runner(machine=machine, lease=LEASE)
            stage.start(stage.works()[0] if driver == REDIS else other)
            time.sleep(1.0)
            one.kill()
            began = time.perf_counter()
            while _begun(folder) < 2:
                time.sleep(0.002)
            taken = time.perf_counter() - began
        (folder / "release").touch()
        wait_until(lambda: not stage.value("SELECT count(*) FROM jobs"))
        stage.close()
        return taken

    return measure


def _begun(folder: Path) -> int:
    diary = folder / "diary"
    return diary.read_text().count("begun") if diary.exists() else 0


def run() -> Iterator[Figure]:
    """Measure all in turn; ratios are of speeds: above 1 is faster than the raw commands."""
    speeds: dict[str, Callable[[RedisServer, Path], Seconds]] = {
        "raw": _raw,
        "a job enqueued, with its commit": _enqueued,
        "a job run beside the file": _processed(REDIS),
        "a job run on another machine": _processed(REMOTE),
        "a job of the driver database": _processed(DATABASE),
    }
    recoveries = {
        name: _recovered(name) for name in ("beside the file", "same machine", "by lease")
    }
    server = redis_server.new_server()
    try:
        times = _measured(server, speeds)
        raw = times.pop("raw")
        for name, taken in times.items():
            yield _figure(name, taken, raw)
        for name, taken in _measured(server, recoveries).items():
            yield _figure(f"a dead worker's job begins again, {name}", taken, None)
    finally:
        redis_server.remove(server)


def _measured(
    server: RedisServer, measured: dict[str, Callable[[RedisServer, Path], Seconds]]
) -> dict[str, list[Seconds]]:
    times: dict[str, list[Seconds]] = {name: [] for name in measured}
    for _round in range(ROUNDS):
        for name, measure in measured.items():
            with scene.folder() as folder:
                times[name].append(measure(server, folder))
    return times


def _figure(name: str, taken: list[Seconds], raw: list[Seconds] | None) -> Figure:
    return Figure(
        what=name,
        p50=1e3 * statistics.median(taken),
        p99=1e3 * max(taken),
        reference="" if raw is None else "RPUSH, BLPOP",
        reference_p50=None if raw is None else 1e3 * statistics.median(raw),
        reference_p99=None if raw is None else 1e3 * max(raw),
        ratio=None if raw is None else statistics.median(raw) / statistics.median(taken),
        samples=len(taken),
    )
