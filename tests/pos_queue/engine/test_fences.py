"""A late word changes nothing: that of a run whose job was taken back, or runs in other hands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import GiveUp, NoNetwork, TryLater
from pos_queue.job import Job
from pos_queue.owners import recovery
from pos_queue.testing.practice_queue import PracticeQueue

TABLES = ("jobs", "job_history", "job_attempts", "job_progress")


def all_rows(queue: PracticeQueue) -> list[Any]:
    return [queue.database.execute_sql(f"SELECT * FROM {table}").fetchall() for table in TABLES]


@pytest.mark.parametrize("runs_elsewhere", [False, True])
@pytest.mark.parametrize(
    "error", [None, ValueError("no ink"), GiveUp("never"), TryLater(5), NoNetwork("smtp")], ids=repr
)
def test_a_late_word_changes_nothing(
    tmp_path: Path, error: Exception | None, runs_elsewhere: bool
) -> None:
    def body(_context: JobContext) -> None:
        if error is not None:
            raise error

    queue = PracticeQueue(tmp_path, [Job(name="work", body=body)])
    queue.enqueue("work")
    task = queue.engine.dequeue()
    assert task is not None
    with queue.database.write():
        assert recovery.take_back(queue.database, "practice", queue.engine.now(), "it died") == 1
    if runs_elsewhere:
        assert queue.new_engine("other").dequeue() is not None
    before = all_rows(queue)
    queue.engine.execute(task)
    assert all_rows(queue) == before
