"""A shop's files that cannot be written or read: the queue says so and leaves all as it was."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.logbook import log_path
from tests.pos_desktop.cli.queue_shop import ROOT, QueueShop, queue_shop

CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24
BOUND_BY_RIGHTS = f"""
import ctypes, os, sys
ctypes.CDLL(None).prctl({PR_CAPBSET_DROP}, {CAP_DAC_OVERRIDE}, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""Begins a program that the rights of files bind, also where the tests run as root."""
needs_rights = pytest.mark.skipif(sys.platform != "linux", reason="rights as Linux has them")


@pytest.fixture
def queue(shop_directory: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[QueueShop]:
    with queue_shop(shop_directory, capsys) as found:
        yield found


def told(directory: Path, *arguments: str) -> str:
    """Run posctl queue, bound by rights; return the last sentence of its failure."""
    program = ["-m", "tests.pos_desktop.cli.queue_program", "queue", *arguments]
    ended = subprocess.run(
        [sys.executable, "-c", BOUND_BY_RIGHTS, *program, "--data", str(directory)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert "fault of the program" not in ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip().splitlines()[-1]


@needs_rights
@pytest.mark.parametrize(
    ("place", "arguments", "sentence"),
    [
        ("shop.sqlite", ["cancel", "1"], "may not write"),
        ("locks/queue", ["work", "--stop-when-empty"], "No worker can begin here"),
    ],
)
def test_what_may_not_be_written_is_told_by_its_name_and_the_job_waits(
    queue: QueueShop, place: str, arguments: list[str], sentence: str
) -> None:
    number = queue.enqueue("quick", name="k")
    queue.shop.close()
    path = queue.directory / place
    path.mkdir(parents=True, exist_ok=True) if "/" in place else None
    rights = path.stat().st_mode
    path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        found = told(queue.directory, *arguments)
    finally:
        path.chmod(rights)
    assert sentence in found
    assert str(path) in found
    assert number == 1
    queue.drain()
    assert queue.json("show", "1")["state"] == "done"


def test_a_lock_that_cannot_be_kept_ends_the_worker_with_a_sentence(queue: QueueShop) -> None:
    queue.enqueue("quick", name="k")
    locks = queue.directory / "locks" / "queue"
    locks.parent.mkdir(exist_ok=True)
    locks.write_text("")
    queue("work", "--stop-when-empty", code=1)
    assert "see that this login may write in the shop's folder" in queue.err
    locks.unlink()
    queue.drain()
    assert queue.effects() == {"k": 1}


def spoil_page(path: Path, name: str) -> None:
    """Write nonsense over the first page of a table or index."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        ((page,),) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [name])
        ((size,),) = database.execute("PRAGMA page_size")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(os.urandom(1) * size)


@pytest.mark.spoils_books
@pytest.mark.parametrize("name", ["jobs_in_turn", "job_queues"])
def test_a_damaged_page_ends_the_worker_at_its_start_with_a_sentence(
    queue: QueueShop, name: str
) -> None:
    queue.enqueue("quick", name="k")
    queue.shop.close()
    spoil_page(path := queue.directory / "shop.sqlite", name)
    before = path.read_bytes()
    queue("work", "--stop-when-empty", code=1)
    assert "start the till anew: it offers help" in queue.err
    assert queue.begun() == []
    assert path.read_bytes() == before


@pytest.mark.spoils_books
def test_a_history_that_cannot_be_written_loses_no_job_and_lets_none_run_wild(
    queue: QueueShop,
) -> None:
    number = queue.enqueue("quick", name="k")
    queue.shop.close()
    spoil_page(queue.directory / "shop.sqlite", "job_history")
    queue("work", "--max-time", "2", "--grace", "0", "--workers", "1")
    with closing(sqlite3.connect(queue.directory / "shop.sqlite")) as database:
        rows = database.execute("SELECT number, job, state FROM jobs").fetchall()
        tried = database.execute("SELECT outcome, error FROM job_attempts").fetchall()
    assert [row[:2] for row in rows] == [(number, "quick")]
    assert set(tried) == {("interrupted", "its end could not be written")}
    assert 1 <= len(queue.begun()) <= 4
    assert "was not written: FileUnusable" in log_path(queue.directory).read_text(encoding="utf-8")


@pytest.mark.spoils_books
def test_a_worker_whose_file_is_destroyed_still_ends_when_its_time_is_over(
    queue: QueueShop,
) -> None:
    worker = queue.work("--max-time", "2")
    number = queue.enqueue("quick", name="k")
    queue.wait_for(number, "done")
    queue.shop.close()
    os.truncate(queue.directory / "shop.sqlite", 0)
    worker.end(code=1)
