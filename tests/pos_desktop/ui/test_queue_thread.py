"""The queue in the till's own thread: it works, dies, comes back, and ends in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pos_queue.intake import Intake
from pos_queue.premises import Terms
from pos_queue.runner import Runner
from pos_queue.testing.file_database import FileDatabase
from pytestqt.qtbot import QtBot

from pos_desktop.ui.threads.queue_thread import QueueThread
from tests.pos_queue import premises

CLOSE_SECONDS = 2.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[FileDatabase]:
    premises._databases.clear()
    premises.RELEASED.clear()
    database = premises.database_of(tmp_path)
    yield database
    premises.RELEASED.set()
    database.close()


@pytest.fixture
def intake(tmp_path: Path, database: FileDatabase) -> Iterator[Intake]:
    with premises.sender_of(tmp_path) as sender:
        yield premises.intake_of(tmp_path, sender)


def runner_of(folder: Path) -> Callable[[], Runner]:
    return lambda: Runner(premises.premises_of(folder), Terms(workers=3, children=1))


def count(database: FileDatabase, table: str) -> int:
    return int(database.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_job_runs_in_the_tills_own_process(
    qtbot: QtBot, tmp_path: Path, database: FileDatabase, intake: Intake
) -> None:
    queue = QueueThread(runner_of(tmp_path), start_after=0)
    with qtbot.waitSignal(queue.working) as told:
        queue.start()
    assert told.args == [True]
    intake.enqueue("plain", {"key": 1})
    qtbot.waitUntil(lambda: count(database, "effect") == 1)
    assert queue.stop(CLOSE_SECONDS)
    assert queue.isFinished()


def test_a_queue_that_has_died_is_started_again_and_says_so(
    qtbot: QtBot, tmp_path: Path, database: FileDatabase, intake: Intake,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("pos_desktop.ui.threads.queue_thread.PAUSES_SECONDS", (0.01,))
    made: list[Runner] = []

    def make() -> Runner:
        if len(made) < 2:
            made.append(runner_of(tmp_path)())
            raise OSError("no disk")
        return runner_of(tmp_path)()

    queue = QueueThread(make, start_after=0)
    told: list[bool] = []
    queue.working.connect(told.append)
    queue.start()
    qtbot.waitUntil(lambda: told == [False, False, True])
    intake.enqueue("plain", {"key": 1})
    qtbot.waitUntil(lambda: count(database, "effect") == 1)
    assert queue.stop(CLOSE_SECONDS)


def test_it_need_not_have_begun_to_end(qtbot: QtBot, tmp_path: Path) -> None:
    queue = QueueThread(runner_of(tmp_path), start_after=60)
    queue.start()
    assert queue.stop(CLOSE_SECONDS)


def test_it_ends_in_time_again_and_again_whatever_runs(
    qtbot: QtBot, tmp_path: Path, database: FileDatabase, intake: Intake, torture: bool
) -> None:
    rounds = 200 if torture else 8
    for round_ in range(rounds):
        with database.write():
            intake.enqueue("stuck", {"key": round_})
            intake.enqueue("long", {"polite": False})
            for key in range(20):
                intake.enqueue("slow", {"key": round_ * 20 + key, "seconds": 0.02})
        queue = QueueThread(runner_of(tmp_path), start_after=0)
        queue.start()
        before = count(database, "effect")
        qtbot.waitUntil(lambda before=before: count(database, "effect") > before)  # type: ignore[misc]
        queue.tell_to_stop()
        assert queue.stop(CLOSE_SECONDS)
        assert database.execute_sql(
            "SELECT count(*) FROM jobs WHERE state = 'running'"
        ).fetchone() == (0,)
    premises.RELEASED.set()
    last = QueueThread(runner_of(tmp_path), start_after=0)
    last.start()
    slow = "jobs WHERE job = 'slow'"
    qtbot.waitUntil(lambda: count(database, slow) == 0, timeout=60_000)
    database.execute_sql("UPDATE jobs SET cancel_asked = 1")
    assert last.stop(CLOSE_SECONDS)
    keys = database.execute_sql("SELECT key FROM effect WHERE job = 'slow' ORDER BY key").fetchall()
    assert keys == [(key,) for key in range(rounds * 20)]
    left = [one.name for one in threading.enumerate() if one.name.startswith("Worker-")]
    qtbot.waitUntil(lambda: not any(one.name in left for one in threading.enumerate()))
