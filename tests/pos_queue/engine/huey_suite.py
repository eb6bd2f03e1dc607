"""Huey's own tests on a storage and a consumer: `python huey_suite.py durable|sqlite`.

A program of its own, since it changes Huey's test case and its tests touch signals. Prints one JSON
object: how many passed and were skipped, and which failed.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sys
import tempfile
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ["HUEY_SLOW_TESTS"] = "1"

from huey import SqliteHuey
from huey.tests import base, test_consumer, test_storage, test_utils
from huey.tests.test_storage import StorageTests
from pos_queue.engine.consumer import QueueConsumer, QueueScheduler
from pos_queue.engine.engine import DurableHuey
from pos_queue.testing.file_database import FileDatabase

from pos_desktop.domain.clock import SystemClock

FILES = (
    "api consumer crontab helpers immediate mini priority registry serializer signals storage utils"
)

Make = Callable[[Any], Any]


def durable(folder: Path) -> Make:
    """Return what makes an engine of ours on a new file, with Huey's own serializer."""
    numbers, clock = itertools.count(), SystemClock()

    def make(_case: Any) -> DurableHuey:
        database = FileDatabase(folder / f"{next(numbers)}.sqlite", clock)
        database.make_tables()
        return DurableHuey("huey", database=database, owner="owner", clock=clock, utc=False)

    return make


def sqlite(folder: Path) -> Make:
    """Return what makes Huey's own engine on a new file."""
    numbers = itertools.count()
    return lambda _case: SqliteHuey(filename=str(folder / f"{next(numbers)}.db"), utc=False)


class _QuickScheduler(QueueScheduler):
    """Does not rest, as Huey's tests want it."""

    def sleep_for_interval(self, current: float, interval: float) -> None:
        """Do not rest."""


def _consumer(case: Any, **params: Any) -> Any:
    """Return the consumer that goes with the engine under test."""
    defaults = {"initial_delay": 0.001, "max_delay": 0.001, "workers": 2}
    params = {**defaults, "check_worker_health": False, **params}
    if not isinstance(case.huey, DurableHuey):
        return case.consumer_class(case.huey, **params)
    consumer = QueueConsumer(case.huey, **params)
    consumer.scheduler_class = _QuickScheduler
    return consumer


class TestGivenStorage(StorageTests, base.BaseTestCase):  # type: ignore[misc]
    """Huey's tests of any storage, on the one under test."""


def _of_its_own(place: Path) -> None:
    """Let Huey's tests of its own files use a place that no other run of them uses."""
    files = test_storage.TestFileStorageMethods
    files.path = str(place)
    files.result_path, files.queue_path = str(place / "results"), str(place / "queue")
    test_utils.TestFileLock.lock_file = str(place.with_name("file-lock") / ".lock")


def _cases(suite: Any) -> Iterator[Any]:
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from _cases(one)
        else:
            yield one


def main(which: str) -> None:
    """Run the tests and print what became of them."""
    logging.disable(logging.NOTSET)
    loader = unittest.defaultTestLoader
    suite = unittest.TestSuite([loader.loadTestsFromTestCase(TestGivenStorage)])
    suite.addTests(loader.loadTestsFromName(f"huey.tests.test_{name}") for name in FILES.split())
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        _of_its_own(Path(folder) / "file-storage")
        TestGivenStorage.supports_ttl = which == "durable"
        base.BaseTestCase.get_huey = (durable if which == "durable" else sqlite)(Path(folder))
        base.BaseTestCase.consumer = _consumer
        assert test_consumer.TestConsumerIntegration in {type(one) for one in _cases(suite)}
        result = unittest.TextTestRunner(stream=sys.stderr).run(suite)
    failed = [case.id() for case, _told in result.failures + result.errors]
    passed = result.testsRun - len(failed) - len(result.skipped)
    print(json.dumps({"passed": passed, "skipped": len(result.skipped), "failed": failed}))


if __name__ == "__main__":
    main(sys.argv[1])
