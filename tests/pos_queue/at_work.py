"""Runners in threads of the test, on a file with jobs that the test declares."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

from pos_queue import restarts
from pos_queue.codec import Codec
from pos_queue.intake import Intake
from pos_queue.job import Job, Registry
from pos_queue.premises import Premises, Terms
from pos_queue.runner import Runner
from pos_queue.settling import EndedJob
from pos_queue.testing.file_database import FileDatabase
from pos_queue.wake import WakeSender

from pos_desktop.domain.clock import SystemClock

SECONDS = 20.0


class AtWork:
    """A file, its jobs, and the runners that work on it."""

    def __init__(self, folder: Path, jobs: Iterable[Job]) -> None:
        self.clock = SystemClock()
        self.database = FileDatabase(folder / "queue.sqlite", self.clock)
        self.database.make_tables()
        self.registry = Registry(tuple(jobs))
        self.codec = Codec(self.registry, seal_key=b"the seal of a test's own jobs 01")
        self.locks = folder / "locks" / "queue"
        self.sender = WakeSender(self.locks)
        intake = Intake(
            self.database, self.registry, self.codec, self.clock, lambda _until: self.wake()
        )
        self.enqueue = intake.enqueue
        self.ended: list[EndedJob] = []
        self._started: list[tuple[Runner, threading.Thread]] = []

    def wake(self) -> None:
        self.sender.wake_others()

    def runner(self, **terms: Any) -> Runner:
        """Return a runner that is not started."""
        premises = Premises(
            database=self.database,
            file=self.database.path,
            locks=self.locks,
            registry=self.registry,
            codec=self.codec,
            clock=self.clock,
            chance=lambda: 0.5,
            new_id=lambda: uuid.uuid4().hex,
            zone=UTC,
        )
        return Runner(premises, Terms(on_ended=self.ended.append, **terms))

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
        return [row[1] for row in self.database.execute_sql(f"{sql} ORDER BY 1").fetchall()]

    def close(self) -> None:
        for runner, thread in self._started:
            runner.stop(0.5)
            thread.join(SECONDS)
        self.sender.close()
        self.database.close()
