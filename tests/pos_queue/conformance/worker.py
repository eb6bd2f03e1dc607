"""Real processes that work on a queue until they are killed: `python worker.py FOLDER DRIVER ...`.

The jobs keep a diary beside the file, since a killed process can tell nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.drivers.driver_choice import RedisAddress
from pos_queue.job import Job
from pos_queue.premises import Terms

from tests.pos_queue.conformance.stages import REMOTE, SYNC, Stage
from tests.pos_queue.processes import SECONDS
from tests.pos_queue.redis_server import PASSWORD

ROOT = Path(__file__).parent.parent.parent.parent
SOON = Backoff(first=0.02, factor=1.0, cap=0.02)


def jobs_of(folder: Path) -> list[Job]:
    """Return the jobs that write into a folder."""

    def count(_context: JobContext, *, key: int, seconds: float = 0.0) -> int:
        time.sleep(seconds)
        return key

    def hold(_context: JobContext, *, key: int) -> int:
        with (folder / "diary").open("a") as diary:
            diary.write("begun\n")
        while not (folder / "release").exists():
            time.sleep(0.01)
        return key

    def keep(_context: JobContext, key: int) -> None:
        stage = _stages[folder]
        stage.database.execute_sql("INSERT INTO effect VALUES (?)", (key,))

    return [
        Job(name="count", body=count, on_result=keep, backoff=SOON, attempts=1000),
        Job(name="hold", body=hold, on_result=keep, backoff=SOON),
    ]


_stages: dict[Path, Stage] = {}


def stage_in(folder: Path, driver: str, port: int, shop: str) -> Stage:
    """Return a stage with these jobs, this process's one of a folder."""
    address = RedisAddress(host="127.0.0.1", port=port, password=PASSWORD)
    _stages[folder] = stage = Stage(folder, driver, jobs_of(folder), address, shop)
    return stage


@contextmanager
def process(
    folder: Path, driver: str, port: int, shop: str, *, machine: str = "other", lease: float = 30.0
) -> Iterator[Worker]:
    """Run a worker, and kill it at the end if that was not done before."""
    worker = Worker(folder, driver, port, shop, machine=machine, lease=lease)
    try:
        yield worker
    finally:
        worker.kill()


class Worker:
    """A process that works."""

    def __init__(
        self, folder: Path, driver: str, port: int, shop: str, *, machine: str = "other",
        lease: float = 30.0,
    ) -> None:  # fmt: skip
        arguments = [str(folder), driver, str(port), shop, machine, str(lease)]
        self.process = subprocess.Popen(
            [sys.executable, __file__, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    def wait_for_work(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "working\n"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()


def main(folder: Path, driver: str, port: int, shop: str, machine: str, lease: float) -> None:
    """Work until killed."""
    stage = stage_in(folder, driver, port, shop)
    print("working", flush=True)
    if driver == SYNC:
        stage.enqueue("hold", {"key": 1})
    elif driver == REMOTE:
        stage.remote_runner(machine=machine, lease=lease).run()
    else:
        stage.driver.runner(Terms(workers=2)).run()


if __name__ == "__main__":
    _program, place, name, number, its_shop, its_machine, seconds = sys.argv
    main(Path(place), name, int(number), its_shop, its_machine, float(seconds))
