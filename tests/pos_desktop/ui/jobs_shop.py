"""A demo shop with jobs for tests, which run in the till's own window."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled
from pos_queue.job import Job
from pos_queue.premises import Terms

from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.sealed_rows import sealed_table

SECRET = "hunter2-very-secret"
MAIL = JobName("mail_receipt")
IMPORT = JobName("import_prices")
HELD = JobName("send_statements")
SOON = Backoff(first=0.05, factor=1.0, cap=0.05)
MOST_RUNS = 100
"""A run may end while a job waits for its next attempt."""


class TestJobs:
    """Jobs that fail, run on, and wait, as they are told."""

    __test__ = False

    def __init__(self) -> None:
        self.mended = threading.Event()
        self.go = threading.Event()
        self.sent: list[str] = []

    def all(self) -> list[Job]:
        return [
            Job(name=MAIL, body=self._mail, attempts=2, backoff=SOON, queue="mail"),
            Job(name=IMPORT, body=self._import, queue="prices"),
            Job(name=HELD, body=lambda _context: None, queue="statements"),
        ]

    def _mail(self, _context: JobContext, *, to: str, password: str) -> None:
        if not self.mended.is_set():
            raise ValueError(f"the mail server refused {to} with {password}: no such user")
        self.sent.append(to)

    def _import(self, context: JobContext, *, file: str, rows: int) -> None:
        context.progress(rows * 2 // 3, rows, file)
        while not self.go.wait(0.02):
            if context.cancelled:
                raise JobCancelled


@contextmanager
def shop_with(folder: Path, jobs: Sequence[Job]) -> Iterator[Shop]:
    """Open the shop beside the window, with these jobs."""
    shop = open_shop(folder, jobs=lambda _services: jobs)
    try:
        yield shop
    finally:
        shop.close()


def fail_some(folder: Path, count: int, jobs: TestJobs) -> None:
    """Leave so many failed jobs."""
    with shop_with(folder, jobs.all()) as shop:
        with shop.database.write():
            for number in range(count):
                to = f"a{number}@example.com"
                shop.queue.enqueue(MAIL, {"to": to, "password": SECRET}, started_by="Njeri")
        for _attempt in range(MOST_RUNS):
            shop.queue.runner(Terms(when_empty=True)).run()
            if shop.queue.views.counts().failed == count:
                return
        pytest.fail("they have not failed")


def copy_failed(folder: Path, count: int) -> None:
    """Make many failed jobs of the one that is there, as SQL: running them takes long."""
    with shop_with(folder, []) as shop, shop.database.write():
        names = {one for one, *_more in sealed_table(shop.database, "job_history").columns}
        others = ", ".join(sorted(names - {"number"}))
        shop.database.execute_sql(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})"
            f" INSERT INTO job_history (number, {others}) SELECT 100000 + i, {others} "
            "FROM n, job_history WHERE state = 'failed'"
        )
        shop.database.execute_sql(
            "UPDATE sqlite_sequence SET seq = (SELECT max(number) FROM job_history) "
            "WHERE name = 'jobs'"
        )
