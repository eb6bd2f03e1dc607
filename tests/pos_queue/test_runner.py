"""Runners: several on one file, woken and idle, stopped and killed, and taken over from."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pos_queue.intake import Intake
from pos_queue.premises import Terms
from pos_queue.runner import Runner
from pos_queue.testing.file_database import FileDatabase

from pos_desktop.domain.clock import SystemClock
from tests.pos_queue import premises

WAIT = 30.0
ROOT = Path(premises.__file__).parent.parent.parent


def wait(is_so: Callable[[], Any]) -> Any:
    pause = threading.Event()
    for _ in range(int(WAIT / 0.005)):
        if found := is_so():
            return found
        pause.wait(0.005)
    raise AssertionError("it did not happen")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[FileDatabase]:
    premises._databases.clear()
    database = premises.database_of(tmp_path)
    yield database
    database.close()


@pytest.fixture
def intake(tmp_path: Path, database: FileDatabase) -> Iterator[Intake]:
    with premises.sender_of(tmp_path) as sender:
        yield premises.intake_of(tmp_path, sender)


@contextmanager
def running(folder: Path) -> Iterator[Runner]:
    runner = Runner(premises.premises_of(folder), Terms(workers=2, children=1))
    thread = threading.Thread(target=runner.run)
    thread.start()
    wait(lambda: runner._consumer is not None)
    try:
        yield runner
    finally:
        runner.stop()
        thread.join(WAIT)
        assert not thread.is_alive()


@contextmanager
def worker_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    worker = subprocess.Popen(
        [sys.executable, premises.__file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        assert worker.stdout.readline() == "working\n"
        yield worker
    finally:
        worker.kill()
        worker.wait(WAIT)
        worker.stdin.close()
        worker.stdout.close()


def states(database: FileDatabase) -> dict[str, int]:
    sql = "SELECT state, count(*) FROM job_history GROUP BY state"
    return dict(database.execute_sql(sql).fetchall())


def test_an_idle_runner_asks_the_file_for_nothing(
    tmp_path: Path, database: FileDatabase, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = FileDatabase.execute_sql

    def counted(self: FileDatabase, sql: str, params: Sequence[Any] = ()) -> Any:
        asked.append(sql)
        return execute(self, sql, params)

    with running(tmp_path):
        intake.enqueue("plain", {"key": 1})
        wait(lambda: states(database) == {"done": 1})
        pause = threading.Event()
        pause.wait(2.5)
        monkeypatch.setattr(FileDatabase, "execute_sql", counted)
        pause.wait(2.5)
        assert asked == []


def test_a_job_of_another_program_is_heard_at_once(
    tmp_path: Path, database: FileDatabase, intake: Intake
) -> None:
    with worker_process(tmp_path):
        intake.enqueue("plain", {"key": 1})
        wait(lambda: states(database) == {"done": 1})


def test_a_job_is_found_without_being_woken(tmp_path: Path, database: FileDatabase) -> None:
    silent = Intake(database, premises.REGISTRY, premises.CODEC, SystemClock())
    with running(tmp_path):
        threading.Event().wait(0.2)
        silent.enqueue("plain", {"key": 1})
        wait(lambda: states(database) == {"done": 1})


def test_two_programs_share_the_work_and_do_each_job_once(
    tmp_path: Path, database: FileDatabase, intake: Intake
) -> None:
    with worker_process(tmp_path), running(tmp_path):
        for start in range(0, 300, 50):
            with database.write():
                for key in range(start, start + 50):
                    intake.enqueue("slow", {"key": key, "seconds": 0.005})
        wait(lambda: states(database) == {"done": 300})
    keys = database.execute_sql("SELECT key FROM effect ORDER BY key").fetchall()
    assert keys == [(key,) for key in range(300)]


def test_what_a_killed_program_ran_is_run_again_by_its_neighbour(
    tmp_path: Path, database: FileDatabase, intake: Intake
) -> None:
    with worker_process(tmp_path) as worker:
        intake.enqueue("slow", {"key": 1, "seconds": 3})
        wait(lambda: database.execute_sql("SELECT 1 FROM jobs WHERE state = 'running'").fetchone())
        with running(tmp_path):
            worker.send_signal(signal.SIGKILL)
            worker.wait(WAIT)
            wait(lambda: states(database) == {"done": 1})
    outcome = database.execute_sql("SELECT outcome, error FROM job_attempts").fetchall()
    assert outcome == [("interrupted", "the program that ran it has died")]
    assert database.execute_sql("SELECT failures FROM job_history").fetchone() == (0,)


def test_orphans_run_again_at_the_next_start(
    tmp_path: Path, database: FileDatabase, intake: Intake
) -> None:
    with worker_process(tmp_path) as worker:
        intake.enqueue("long", {"polite": True})
        wait(lambda: database.execute_sql("SELECT 1 FROM job_progress").fetchone())
        worker.send_signal(signal.SIGKILL)
        worker.wait(WAIT)
    database.execute_sql("DELETE FROM job_progress")
    with running(tmp_path):
        wait(lambda: database.execute_sql("SELECT 1 FROM job_attempts").fetchone())
        wait(lambda: database.execute_sql("SELECT 1 FROM job_progress").fetchone())


def test_a_worker_thread_that_has_ended_is_replaced(
    tmp_path: Path, database: FileDatabase, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as runner:
        assert runner._consumer is not None
        dead = [thread for _worker, thread in runner._consumer.worker_threads]
        lanes = [worker.lane for worker, _thread in runner._consumer.worker_threads]
        for worker, _thread in runner._consumer.worker_threads:
            worker.is_given_up = True

        def have_ended() -> bool:
            for lane in lanes:
                lane.bell.ring()
            return not any(thread.is_alive() for thread in dead)

        wait(have_ended)
        intake.enqueue("plain", {"key": 1})
        wait(lambda: states(database) == {"done": 1})


def test_a_runner_that_stops_leaves_nothing_behind(
    tmp_path: Path, database: FileDatabase, intake: Intake
) -> None:
    threads = set(threading.enumerate())
    with running(tmp_path):
        intake.enqueue("number", {"how": "return"})
        wait(lambda: states(database) == {"done": 1})
    wait(lambda: set(threading.enumerate()) <= threads)
    assert list((tmp_path / "locks" / "queue").iterdir()) == []


def test_the_file_is_free_again_after_it_was_held_too_long(
    tmp_path: Path, database: FileDatabase, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_queue.testing.file_database.BUSY_SECONDS", 0.2)
    with running(tmp_path):
        intake.enqueue("slow", {"key": 1, "seconds": 0.3})
        wait(lambda: database.execute_sql("SELECT 1 FROM jobs WHERE state = 'running'").fetchone())
        with database.write():
            threading.Event().wait(1.0)
        wait(lambda: states(database) == {"done": 1})
    assert database.execute_sql("SELECT count(*) FROM effect").fetchone() == (1,)
