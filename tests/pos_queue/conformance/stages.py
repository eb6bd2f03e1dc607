"""One queue for each driver, so that a test of a promise need not know which it is."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from pos_queue.codec import Codec
from pos_queue.control.control import Control
from pos_queue.drivers import opening
from pos_queue.drivers.database_driver import DatabaseDriver
from pos_queue.drivers.driver import Driver, Runs
from pos_queue.drivers.driver_choice import DriverChoice, DriverName, RedisAddress
from pos_queue.drivers.redis_driver.board import LEASE_SECONDS
from pos_queue.drivers.redis_driver.driver import RedisDriver
from pos_queue.drivers.redis_driver.remote import RemoteRunner, RemoteTerms
from pos_queue.drivers.redis_driver.remote_run import Workshop
from pos_queue.drivers.sync_driver import SyncDriver
from pos_queue.job import Job, Registry
from pos_queue.premises import Premises, Terms
from pos_queue.testing.file_database import FileDatabase

from pos_desktop.domain.clock import SystemClock
from tests.pos_queue.processes import SECONDS, wait_until

SEAL_KEY = b"the seal of a test's own jobs 01"
DATABASE, SYNC, REDIS, REMOTE = "database", "sync", "redis", "redis, other machine"
DRIVERS = (DATABASE, SYNC, REDIS, REMOTE)

NOT_PROMISED = {
    (SYNC, "test_a_thread_is_robbed_of_a_job_past_its_limit"): (
        "the job runs in the caller's thread, which nobody can take away from its caller"
    ),
    (SYNC, "test_what_is_awaited_waits_for_no_job_of_another_queue"): (
        "jobs run in their callers' threads, one after the other"
    ),
    (REMOTE, "test_what_is_awaited_waits_for_no_job_of_another_queue"): (
        "a machine without the shop's file takes jobs by turns: what is awaited writes into the "
        "file, and the runner beside it has threads for that"
    ),
    (REMOTE, "test_what_is_left_for_the_completion_happens_once"): (
        "a machine without the shop's file has no transaction of it: such a job declares "
        "`on_result`, which is run beside the file"
    ),
}
"""What a driver cannot promise, by the test of it, and why."""


class XorCipher:
    """Hides a text from a test that looks for it."""

    def encrypt(self, plain: bytes, bound: bytes) -> bytes:
        return bytes(byte ^ 0x55 for byte in plain)

    def decrypt(self, text: bytes, bound: bytes) -> bytes:
        return self.encrypt(text, bound)


@dataclass(frozen=True)
class Ended:
    state: str
    attempts: int
    error: str | None
    result: Any


class Stage:
    """A shop's file, its jobs, its driver, and the runners that the test has started."""

    def __init__(
        self, folder: Path, name: str, jobs: Iterable[Job], address: RedisAddress, shop: str
    ) -> None:
        self.name = name
        self.folder = folder
        self.clock = SystemClock()
        path = folder / "queue.sqlite"
        is_new = not path.exists()
        self.database = FileDatabase(path, self.clock)
        if is_new:
            self.database.make_tables()
            self.database.execute_sql("CREATE TABLE effect (key INTEGER)")
        self.registry = Registry(tuple(jobs))
        self.codec = Codec(self.registry, seal_key=SEAL_KEY, cipher=XorCipher())
        self._address, self._shop = address, shop
        self.driver = self._driver()
        self.enqueue = self.driver.intake.enqueue
        self.control = Control(self.database, self.clock, self.driver.wake)
        self._started: list[tuple[Runs, threading.Thread]] = []

    def premises(self) -> Premises:
        return Premises(
            database=self.database,
            file=self.database.path,
            locks=self.folder / "locks" / "queue",
            registry=self.registry,
            codec=self.codec,
            clock=self.clock,
            chance=lambda: 0.5,
            zone=UTC,
            new_id=lambda: uuid.uuid4().hex,
        )

    def works(self, workers: int = 2) -> list[Runs]:
        """Return the runners that do all the work of this driver, not started."""
        if self.name != REMOTE:
            return [self.driver.runner(Terms(workers=workers))]
        carrier = self.driver.runner(Terms(workers=0, children=0))
        return [carrier, self.remote_runner(workers)]

    def remote_runner(
        self, workers: int = 2, *, machine: str = "other", lease: float = LEASE_SECONDS
    ) -> RemoteRunner:
        terms = RemoteTerms(
            queues=tuple({self.registry[name].queue for name in self.registry.names()}),
            workers=workers,
            locks=self.folder / machine / "locks",
            new_id=lambda: uuid.uuid4().hex,
        )
        workshop = Workshop(registry=self.registry, codec=self.codec, clock=self.clock)
        return RemoteRunner(workshop, self._address, terms, shop=self._shop, lease=lease)

    def work(self, workers: int = 2) -> None:
        """Start what works on the queue, in threads."""
        for one in self.works(workers):
            self.start(one)

    def start(self, runner: Runs) -> None:
        thread = threading.Thread(target=runner.run)
        self._started.append((runner, thread))
        thread.start()

    def aside(self, act: Callable[[], object]) -> threading.Thread:
        """Do something in a thread: a caller that may be the one who runs the job."""

        def run() -> None:
            act()
            self.database.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def ended(self, number: int) -> Ended:
        """Wait until a job has ended; return how."""
        wait_until(lambda: self._history(number))
        state, attempts, error, job, result = self._history(number)
        return Ended(state, attempts, error, self.codec.load(self.registry[job], result))

    def attempts(self, number: int) -> list[str]:
        sql = "SELECT outcome FROM job_attempts WHERE number = ? ORDER BY attempt"
        return [row[0] for row in self.database.execute_sql(sql, (number,)).fetchall()]

    def row(self, number: int) -> tuple[Any, ...] | None:
        sql = "SELECT state, attempts, failures FROM jobs WHERE number = ?"
        found: tuple[Any, ...] | None = self.database.execute_sql(sql, (number,)).fetchone()
        return found

    def value(self, sql: str) -> Any:
        return self.database.execute_sql(sql).fetchone()[0]

    def close(self) -> None:
        for runner, thread in self._started:
            runner.stop(0.5)
            thread.join(SECONDS)
            assert not thread.is_alive()
        self.driver.close()
        self.database.close()

    def _driver(self) -> Driver:
        if self.name in (REDIS, REMOTE):
            return RedisDriver(self.premises(), self._address, shop=self._shop)
        choice = DriverChoice(name=DriverName(self.name))
        found = opening.open_driver(choice, self.premises(), shop=self._shop)
        assert isinstance(found, SyncDriver if self.name == SYNC else DatabaseDriver)
        return found

    def _history(self, number: int) -> Any:
        return self.database.execute_sql(
            "SELECT state, attempts, error, job, result FROM job_history WHERE number = ?",
            (number,),
        ).fetchone()
