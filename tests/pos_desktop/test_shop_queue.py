"""A shop's queue: light to open, hidden where it must be, readable in old shops too."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.departures import Ended
from pos_queue.errors import GiveUp, UnknownJob
from pos_queue.job import Job
from pos_queue.premises import Terms
from pos_queue.views.masking import MASK

from pos_desktop import settings
from pos_desktop.domain.errors import Unavailable
from pos_desktop.jobs.registry import JobServices
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.errors import DiskFull, FileBusy
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.queue_drivers import choose
from tests.pos_desktop.services.imports.test_import_jobs import wait_until

ROOT = Path(__file__).parents[2]
MAIL = JobName("send_mail")


@contextmanager
def opened(directory: Path, seen: list[str] | None = None) -> Iterator[Shop]:
    """A shop whose queue knows a job with a secret."""

    def send(_context: JobContext, *, password: str) -> str:
        if seen is not None:
            seen.append(password)
        return password

    def jobs(_services: JobServices) -> list[Job]:
        return [Job(name=MAIL, body=send, sensitive=True)]

    with closing(open_shop(directory, jobs=jobs)) as shop:
        yield shop


def run_all(shop: Shop) -> None:
    shop.queue.runner(Terms(when_empty=True)).run()


def forget_key(directory: Path, name: str) -> None:
    path = directory / "secrets"
    kept = json.loads(path.read_text())
    del kept[name], kept["sum"]
    path.write_text(json.dumps(kept))


@pytest.mark.parametrize("driver", ["database", "redis"])
def test_a_shop_is_opened_and_a_job_enqueued_without_what_runs_jobs(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch, driver: str
) -> None:
    choose(monkeypatch, driver, 1)
    script = f"""
import sys
from pathlib import Path
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.shop import open_shop
shop = open_shop(Path({str(shop_directory)!r}))
shop.queue.enqueue(PRUNE_JOBS)
shop.queue.views.counts()
shop.close()
heavy = ("huey", "redis", "cryptography", "multiprocessing", "PySide6", "requests", "urllib3")
found = {{name.partition(".")[0] for name in sys.modules}}
assert not found.intersection(heavy), found.intersection(heavy)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, cwd=ROOT)


def test_a_job_comes_with_its_callers_transaction_or_not_at_all(shop: Shop) -> None:
    door: Enqueues = shop.queue.intake
    with pytest.raises(KeyError), shop.database.write():
        door.enqueue(PRUNE_JOBS)
        raise KeyError
    assert shop.queue.views.counts().queued == 0
    with shop.database.write():
        number = door.enqueue(PRUNE_JOBS, started_by="njeri")
    assert shop.queue.views.counts().queued == 1
    assert door.enqueue(PRUNE_JOBS) == number
    with pytest.raises(UnknownJob):
        door.enqueue(JobName("no such job"))


def test_a_runner_hears_of_a_job_at_once_and_leaves_its_lock_as_open_as_the_shop(
    shop: Shop,
) -> None:
    runner = shop.queue.runner()
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        number = shop.queue.enqueue(PRUNE_JOBS)
        for _look in range(2000):
            detail = shop.queue.views.job(number)
            if detail is not None and detail.view.state == "done":
                break
            threading.Event().wait(0.01)
        (lock,) = (shop.directory / "locks" / "queue").iterdir()
        assert lock.stat().st_mode & 0o777 == 0o600
    finally:
        runner.stop()
        thread.join(20)
    assert detail is not None
    assert (detail.view.state, detail.result) == ("done", 0)
    assert bad_books(shop) == set()


def test_as_many_jobs_run_at_once_as_the_settings_say(shop_directory: Path) -> None:
    number = 3
    together = threading.Barrier(number)
    job = Job(name=MAIL, body=lambda _context: together.wait(20), attempts=1)
    with closing(open_shop(shop_directory, jobs=lambda _services: [job])) as shop:
        shop.configuration.set(settings.QUEUE_WORKERS, number, shop.books, actor=None)
        numbers = [shop.queue.enqueue(MAIL) for _each in range(number)]
        runner = shop.queue.runner()
        thread = threading.Thread(target=runner.run)
        thread.start()
        try:
            for _look in range(2500):
                found = [shop.queue.views.job(one) for one in numbers]
                if all(one is not None and one.view.is_over for one in found):
                    break
                threading.Event().wait(0.01)
        finally:
            runner.stop()
            thread.join(20)
    assert [one and one.view.state for one in found] == ["done"] * number


def test_a_secret_is_readable_nowhere_but_in_its_job(shop_directory: Path) -> None:
    seen: list[str] = []
    with opened(shop_directory, seen) as shop:
        number = shop.queue.enqueue(MAIL, {"password": "t0ps3cret"})
        run_all(shop)
        detail = shop.queue.views.job(number)
        assert detail is not None
        assert (detail.view.state, detail.view.payload.value, detail.result) == ("done", MASK, MASK)
        files = [path for path in shop_directory.rglob("*") if path.is_file()]
        assert len(files) > 4
        assert not [path for path in files if b"t0ps3cret" in path.read_bytes()]
    assert seen == ["t0ps3cret"]


def test_a_shop_without_a_payload_key_opens_and_reads_its_jobs_again(shop_directory: Path) -> None:
    forget_key(shop_directory, "payload")
    before = (shop_directory / "secrets").read_bytes()
    with opened(shop_directory) as shop:
        shop.queue.enqueue(MAIL, {"password": "t0ps3cret"})
    seen: list[str] = []
    with opened(shop_directory, seen) as shop:
        run_all(shop)
    assert seen == ["t0ps3cret"]
    assert (shop_directory / "secrets").read_bytes() == before


def test_jobs_sealed_with_other_keys_end_as_failed_and_run_once_the_keys_are_back(
    shop_directory: Path,
) -> None:
    whole = (shop_directory / "secrets").read_bytes()
    with opened(shop_directory) as shop:
        number = shop.queue.enqueue(MAIL, {"password": "t0ps3cret"})
    forget_key(shop_directory, "payload")
    with opened(shop_directory) as shop:
        run_all(shop)
        (failed,) = shop.queue.views.failed()
        assert (failed.number, failed.outcome) == (number, "unreadable")
    (shop_directory / "secrets").write_bytes(whole)
    seen: list[str] = []
    with opened(shop_directory, seen) as shop:
        shop.queue.desk.retry(number, actor=None)
        run_all(shop)
    assert seen == ["t0ps3cret"]


def test_the_history_is_pruned_as_the_settings_say(shop: Shop) -> None:
    old = shop.queue.enqueue(PRUNE_JOBS)
    run_all(shop)
    shop.database.execute_sql(
        "UPDATE job_history SET finished_at = finished_at - ?",
        (timedelta(days=40) // timedelta(milliseconds=1),),
    )
    setting = settings.QUEUE_KEEP_DAYS
    shop.configuration.set(setting, 60, shop.books, actor=None)
    kept = shop.queue.enqueue(PRUNE_JOBS)
    run_all(shop)
    assert shop.queue.views.job(old) is not None
    shop.configuration.set(setting, 30, shop.books, actor=None)
    last = shop.queue.enqueue(PRUNE_JOBS)
    run_all(shop)
    assert shop.queue.views.job(old) is None
    assert shop.queue.views.job(kept) is not None
    detail = shop.queue.views.job(last)
    assert detail is not None
    assert detail.result == 1


def test_pruning_ends_where_somebody_asks_for_it(shop: Shop) -> None:
    for _number in range(3):
        shop.queue.enqueue(PRUNE_JOBS)
        run_all(shop)
    shop.database.execute_sql("UPDATE job_history SET finished_at = 1")
    number = shop.queue.enqueue(PRUNE_JOBS)
    shop.database.execute_sql(
        "UPDATE jobs SET cancel_asked = 1, attempts = 0 WHERE number = ?", (number,)
    )
    run_all(shop)
    detail = shop.queue.views.job(number)
    assert detail is not None
    assert detail.view.state == "cancelled"


class Hears:
    """Stands for who left a job, and hears that it was not done; meets with some faults first."""

    def __init__(self, shop: Shop, *faults: Exception) -> None:
        self._faults = [*faults]
        self.heard: list[tuple[str, Ended]] = []
        shop.queue.undone[MAIL] = self

    def __call__(self, payload: Mapping[str, Any], state: Ended) -> None:
        if self._faults:
            raise self._faults.pop(0)
        self.heard.append((payload["to"], state))


@contextmanager
def letters(directory: Path) -> Iterator[Shop]:
    """A shop whose queue knows a job that can never be done."""

    def give_up(_context: JobContext, *, to: str) -> None:
        raise GiveUp(to)

    job = Job(name=MAIL, body=give_up)
    with closing(open_shop(directory, jobs=lambda _services: [job])) as shop:
        yield shop


@pytest.mark.parametrize("fault", [FileBusy, DiskFull])
def test_a_job_is_not_cancelled_while_the_file_keeps_nobody_informed(
    shop_directory: Path, fault: type[Unavailable]
) -> None:
    with letters(shop_directory) as shop:
        hears = Hears(shop, fault())
        number = shop.queue.enqueue(MAIL, {"to": "a"})
        with pytest.raises(fault):
            shop.queue.desk.cancel(number, actor=None)
        waits = shop.queue.views.job(number)
        assert waits is not None
        assert (waits.view.state, hears.heard) == ("queued", [])
        shop.queue.desk.cancel(number, actor=None)
        over = shop.queue.views.job(number)
        assert over is not None
        assert over.view.state == "cancelled"
        assert hears.heard == [("a", Ended.CANCELLED)]


def test_a_job_that_failed_ends_once_the_file_lets_it_be_told(
    shop_directory: Path,
) -> None:
    with letters(shop_directory) as shop:
        hears = Hears(shop, FileBusy())
        number = shop.queue.enqueue(MAIL, {"to": "a"})
        runner = shop.queue.runner()
        thread = threading.Thread(target=runner.run)
        thread.start()
        try:
            wait_until(lambda: shop.database.value("SELECT count(*) FROM job_history"))
        finally:
            runner.stop()
            thread.join(20)
        found = shop.queue.views.job(number)
        assert found is not None
        assert found.view.state == "failed"
        outcomes = shop.database.rows("SELECT outcome FROM job_attempts ORDER BY attempt")
        assert [row["outcome"] for row in outcomes] == ["interrupted", "gave_up"]
        assert hears.heard == [("a", Ended.FAILED)]


def test_what_hears_of_a_job_and_is_at_fault_itself_keeps_no_job_from_its_end(
    shop_directory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with letters(shop_directory) as shop:
        hears = Hears(shop, ZeroDivisionError())
        number = shop.queue.enqueue(MAIL, {"to": "a"})
        shop.queue.desk.cancel(number, actor=None)
        found = shop.queue.views.job(number)
        assert found is not None
        assert (found.view.state, hears.heard) == ("cancelled", [])
    assert f"what comes of job {number} ({MAIL}) could not be kept" in caplog.text
