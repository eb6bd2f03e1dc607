"""What the disk and other programs may do to the queue of a shop: nothing is lost, each is told."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from pos_queue.drivers.driver import Works

from pos_desktop.shops.new_shop import make_shop
from pos_desktop.storage import database as storage
from pos_desktop.storage.errors import DiskFull, FileBusy
from tests.pos_desktop.cli.queue_disks import CountedPages, Disk, MountedDisk, mounted
from tests.pos_desktop.cli.queue_shop import QueueShop, Worker, queue_shop, wait_until
from tests.pos_desktop.conftest import NEW_SHOP, assert_in_order

LONG = "x" * 50_000
"""More than the file has room for without growing."""


class Full:
    """A shop on a disk that can be full, with a worker whose log can be heard."""

    def __init__(
        self,
        queue: QueueShop,
        disk: Disk,
        start: Callable[[], object],
        hears: Callable[[str], object],
    ) -> None:
        self.queue, self.start_worker, self._hears = queue, start, hears
        self.fill, self.free = disk.fill, disk.free

    def hear(self, words: str) -> None:
        """Wait until the worker says so."""
        wait_until(lambda: self._hears(words))


@contextmanager
def running(runner: Works) -> Iterator[Works]:
    """Let a runner run in a thread."""
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        yield runner
    finally:
        runner.stop()
        thread.join(30)
        assert not thread.is_alive()


@contextmanager
def on_a_real_disk(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Full]:
    """The shop lies on a small disk, and a process works."""
    with mounted(folder), made(folder, capsys) as queue:
        workers: list[Worker] = []

        def hears(words: str) -> bool:
            assert workers[0].process.stderr is not None
            return words in workers[0].process.stderr.readline()

        yield Full(
            queue,
            MountedDisk(folder),
            lambda: workers.append(queue.work("--workers", "1", "-v")),
            hears,
        )


@contextmanager
def in_a_file_that_may_not_grow(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Full]:
    """SQLite itself is told how large the file may be, and a thread works."""
    disk = CountedPages(folder, monkeypatch)
    with made(folder, capsys) as queue, ExitStack() as stack:
        yield Full(
            queue,
            disk,
            lambda: stack.enter_context(running(queue.shop.queue.runner())),
            lambda words: words in caplog.text,
        )


@contextmanager
def made(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[QueueShop]:
    """Make a shop; its books are verified at the end."""
    make_shop(folder / "shop", NEW_SHOP)
    with queue_shop(folder / "shop", capsys) as queue:
        yield queue
    assert_in_order(folder / "shop")


@pytest.fixture(params=["mounted", "counted"])
def full(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Full]:
    (folder := tmp_path / "disk").mkdir()
    if request.param == "mounted":
        place = on_a_real_disk(folder, capsys)
    else:
        place = in_a_file_that_may_not_grow(folder, capsys, caplog, monkeypatch)
    with place as found:
        yield found


def test_a_sale_on_a_full_disk_is_refused_with_its_jobs_and_both_come_once_there_is_room(
    full: Full,
) -> None:
    database = full.queue.shop.database

    def sell() -> int:
        with database.write():
            database.execute_sql("INSERT INTO job_counters (key, value) VALUES ('sale', 1)")
            return full.queue.enqueue("quick", name="k", pad=LONG)

    full.fill()
    with pytest.raises(DiskFull, match="free some room"):
        sell()
    assert full.queue.shop.queue.views.counts().queued == 0
    assert database.value("SELECT count(*) FROM job_counters") == 0
    full.free()
    number = sell()
    full.queue.drain()
    assert full.queue.state(number) == "done"
    assert full.queue.effects() == {"k": 1}


def outcomes(queue: QueueShop, number: int) -> list[tuple[str, str]]:
    """Return how the attempts of a job have ended, with their errors."""
    detail = queue.shop.queue.views.job(number)
    assert detail is not None
    return [(one.outcome, one.error) for one in detail.tried]


NOT_WRITTEN = ("interrupted", "its end could not be written")


def test_a_job_that_ends_on_a_full_disk_is_run_again_once_there_is_room(full: Full) -> None:
    full.start_worker()
    number = full.queue.enqueue("held", name="held", pad=LONG)
    wait_until(full.queue.begun)
    full.fill()
    full.queue.tell("go")
    full.hear("was not written: DiskFull")
    full.free()
    full.queue.wait_for(number, "done")
    assert outcomes(full.queue, number) == [NOT_WRITTEN, ("done", "")]
    assert full.queue.effects() == {"held": 1}


def test_a_chunk_on_a_full_disk_is_written_once_when_there_is_room(full: Full) -> None:
    full.start_worker()
    number = full.queue.enqueue("counted", name="row", rows=3, pad=LONG)
    wait_until(full.queue.begun)
    full.fill()
    full.queue.tell("go")
    full.hear("was not written: DiskFull")
    full.free()
    full.queue.wait_for(number, "done")
    assert outcomes(full.queue, number)[-1] == ("done", "")
    assert full.queue.effects() == {"row0": 1, "row1": 1, "row2": 1}


@pytest.fixture
def queue(
    shop_directory: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[QueueShop]:
    """A shop whose programs wait but a moment for each other."""
    monkeypatch.setattr(storage, "BUSY_SECONDS", 0.05)
    with queue_shop(shop_directory, capsys) as found:
        yield found


@contextmanager
def locked(queue: QueueShop) -> Iterator[None]:
    """Let another program hold the file, and write nothing."""
    path = queue.directory / "shop.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def test_a_sale_that_meets_a_locked_file_is_refused_with_its_jobs(queue: QueueShop) -> None:
    def sell() -> None:
        with queue.shop.database.write():
            queue.enqueue("quick", name="k")

    with locked(queue):
        with pytest.raises(FileBusy, match="try again in a moment"):
            sell()
        with pytest.raises(FileBusy):
            queue.enqueue("quick", name="alone")
    assert queue.shop.queue.views.counts().queued == 0
    sell()
    queue.drain()
    assert queue.effects() == {"k": 1}


def times_told(caplog: pytest.LogCaptureFixture, words: str) -> int:
    return sum(words in record.getMessage() for record in caplog.records)


def test_a_job_is_claimed_once_another_program_has_let_the_file_go(
    queue: QueueShop, caplog: pytest.LogCaptureFixture
) -> None:
    number = queue.enqueue("quick", name="k")
    with ExitStack() as stack:
        with locked(queue):
            stack.enter_context(running(queue.shop.queue.runner()))
            wait_until(lambda: times_told(caplog, "Error reading from queue") > 6)
        queue.wait_for(number, "done")
    assert queue.effects() == {"k": 1}


def test_a_job_that_ends_while_the_file_is_locked_is_not_to_blame(
    queue: QueueShop, caplog: pytest.LogCaptureFixture
) -> None:
    with running(queue.shop.queue.runner()):
        number = queue.enqueue("held", name="held")
        wait_until(queue.begun)
        with locked(queue):
            queue.tell("go")
            wait_until(lambda: "was not written: FileBusy" in caplog.text)
        queue.wait_for(number, "done")
    assert outcomes(queue, number) == [NOT_WRITTEN, ("done", "")]
    assert queue.shop.database.value("SELECT failures FROM job_history") == 0
    assert queue.effects() == {"held": 1}


def test_what_the_dead_have_left_is_taken_back_once_the_file_is_free(queue: QueueShop) -> None:
    number = queue.enqueue("quick", name="k")
    sql = "UPDATE jobs SET state = 'running', owner = 'dead', attempts = 1, fence = 1"
    queue.shop.database.execute_sql(sql)
    with locked(queue):
        queue("work", "--stop-when-empty", code=1)
    assert "Another program holds the shop's file; try again in a moment." in queue.err
    assert queue.state(number) == "running"
    queue.drain()
    assert [outcome for outcome, _error in outcomes(queue, number)] == ["interrupted", "done"]
    assert queue.effects() == {"k": 1}


def test_a_worker_begins_in_no_file_that_it_may_not_write(
    queue: QueueShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.enqueue("quick", name="k")
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    queue("work", "--stop-when-empty", code=1)
    assert "ask your technician" in queue.err
    assert queue.begun() == []
