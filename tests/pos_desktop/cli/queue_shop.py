"""A shop for the tests of posctl queue: jobs are put in, posctl is run, workers are processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.cli.main import main
from pos_desktop.jobs.registry import JobServices
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.cli.queue_program import FOLDER, jobs

ROOT = Path(__file__).parents[3]
SECONDS = 30.0


def wait_until(is_so: Callable[[], Any]) -> Any:
    """Return what is so, once it is; fails the test if it never is."""
    pause = threading.Event()
    for _look in range(int(SECONDS / 0.01)):
        if found := is_so():
            return found
        pause.wait(0.01)
    pytest.fail("it was never so")


class Worker:
    """A process of posctl queue work."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.pos_desktop.cli.queue_program", "queue", "work"]
        self.process = subprocess.Popen(
            [*command, *arguments, "--data", str(directory)],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stderr is not None
        self.begun = self.process.stderr.readline()
        self.out = self.err = ""

    def tell(self, number: int) -> None:
        """Send a signal, and wait until the worker has heard it: it catches no more then."""
        self.process.send_signal(number)
        wait_until(lambda: not self._catches(number))

    def _catches(self, number: int) -> bool:
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except (OSError, ProcessLookupError):
            return False
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught.split()[1], 16) >> (number - 1) & 1)

    def end(self, code: int = 0) -> list[Any]:
        """Wait for its end; return the objects that it printed."""
        self.out, self.err = self.process.communicate(timeout=SECONDS)
        assert self.process.returncode == code, self.err
        return [json.loads(line) for line in self.out.splitlines()]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class QueueShop:
    """An open shop with jobs for tests."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self.folder = directory / FOLDER
        self.shop: Shop = open_shop(directory, jobs=jobs)
        self._capsys = capsys
        self._workers: list[Worker] = []

    def enqueue(self, job: str, **payload: Any) -> int:
        return self.shop.queue.enqueue(JobName(job), payload)

    def __call__(
        self,
        *arguments: str,
        code: int = 0,
        jobs: Callable[[JobServices], Any] = jobs,
    ) -> str:
        """Run posctl queue in this process; return its standard output."""
        found = main(["queue", *arguments, "--data", str(self.directory)], jobs=jobs)
        self.out, self.err = self._capsys.readouterr()
        assert found == code, self.err
        assert "Traceback" not in self.err
        return self.out

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run it with --json; return its one document."""
        return json.loads(self(*arguments, "--json", code=code))

    def work(self, *arguments: str) -> Worker:
        """Start a worker and wait until it says that it works."""
        worker = Worker(self.directory, *arguments)
        self._workers.append(worker)
        return worker

    def drain(self) -> str:
        """Run jobs in this process until none waits."""
        return self("work", "--stop-when-empty")

    def tell(self, word: str) -> None:
        """Tell all jobs something, by a file."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / word).touch()

    def begun(self) -> list[str]:
        """Return the keys of the bodies that were begun, each as often as it was."""
        file = self.folder / "begun"
        return file.read_text().split() if file.exists() else []

    def effects(self) -> dict[str, int]:
        """Return how often each key has had its effect."""
        rows = self.shop.database.execute_sql(
            "SELECT key, value FROM job_counters WHERE key LIKE 'effect/%'"
        ).fetchall()
        return {key.removeprefix("effect/"): value for key, value in rows}

    def state(self, number: int) -> str:
        detail = self.shop.queue.views.job(number)
        return detail.view.state if detail else ""

    def wait_for(self, number: int, state: str) -> None:
        wait_until(lambda: self.state(number) == state)

    def close(self) -> None:
        for worker in self._workers:
            worker.close()
        self.shop.close()


@contextmanager
def queue_shop(directory: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[QueueShop]:
    found = QueueShop(directory, capsys)
    try:
        yield found
    finally:
        found.close()


KILL = signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM
