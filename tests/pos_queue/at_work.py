"""Runners in threads of the test, on a file with jobs that the test declares."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pos_queue.control import restarts
from pos_queue.engine.runner import Runner
from pos_queue.engine.settling import EndedJob
from pos_queue.job import Job
from pos_queue.premises import Terms

from tests.pos_queue.processes import SECONDS
from tests.pos_queue.workers import Place


class AtWork(Place):
    """A file, its jobs, and the runners that work on it."""

    def __init__(self, folder: Path, jobs: Iterable[Job]) -> None:
        super().__init__(folder, lambda _place: jobs)
        self.chance = lambda: 0.5
        self.enqueue = self.intake.enqueue
        self.ended: list[EndedJob] = []
        self._started: list[tuple[Runner, threading.Thread]] = []

    def runner(self, **terms: Any) -> Runner:
        """Return a runner that is not started."""
        return Runner(self.premises(), Terms(on_ended=self.ended.append, **terms))

    def start(self, **terms: Any) -> Runner:
        """Start a runner in a thread of its own."""
        runner = self.runner(**terms)
        self.run(runner)
        return runner

    def run(self, runner: Runner) -> None:
        """Start a runner that was made before."""
        thread = threading.Thread(target=runner.run)
        self._started.append((runner, thread))
        thread.start()

    def wait(self, runner: Runner) -> None:
        """Wait until a runner has ended by itself."""
        thread = next(thread for one, thread in self._started if one is runner)
        thread.join(SECONDS)
        assert not thread.is_alive(), "it works on"

    def restart(self) -> None:
        """Ask all runners to end."""
        with self.database.write():
            restarts.ask(self.database)
        self.wake()

    def states(self) -> list[str]:
        """Return the states of all jobs, by their numbers."""
        sql = "SELECT number, state FROM jobs UNION SELECT number, state FROM job_history"
        return [row[1] for row in self.rows(f"{sql} ORDER BY 1")]

    def close(self) -> None:
        for runner, thread in self._started:
            runner.stop(0.5)
            thread.join(SECONDS)
        super().close()
