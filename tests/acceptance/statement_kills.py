"""Kills a process before and after every single statement of the life of some jobs.

`python statement_kills.py FOLDER` forks a process for each statement, lets it die there, finishes
the work in a second process, and prints how many places were tried and what was wrong.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.job import Job, job
from pos_queue.owners import recovery
from pos_queue.testing.clock import StandingClock
from pos_queue.testing.file_database import FileDatabase
from pos_queue.testing.practice_queue import PracticeQueue

SOON = Backoff(first=1.0)
MOST_PLACES = 2_000


class DyingDatabase(FileDatabase):
    """Ends its process at one of its statements, before or after it."""

    place = -1
    """Twice the number of the statement, and one more for the moment after it; -1: never."""
    seen = 0

    def execute_sql(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """Run one statement, unless this is the place to die."""
        self._die_at(self.seen * 2)
        cursor = super().execute_sql(sql, params)
        self._die_at(self.seen * 2 + 1)
        self.seen += 1
        return cursor

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for many rows, unless this is the place to die."""
        self._die_at(self.seen * 2)
        super().executemany(sql, rows)
        self._die_at(self.seen * 2 + 1)
        self.seen += 1

    @contextmanager
    def write(self) -> Iterator[None]:
        """Run a transaction; its begin and its commit are statements too."""
        self._die_at(self.seen * 2)
        with super().write():
            self._die_at(self.seen * 2 + 1)
            self.seen += 1
            yield
            self._die_at(self.seen * 2)
        self._die_at(self.seen * 2 + 1)
        self.seen += 1

    write_bulk = write

    def _die_at(self, moment: int) -> None:
        if moment == self.place:
            os.kill(os.getpid(), signal.SIGKILL)


def jobs_of(database: FileDatabase) -> list[Job]:
    """Return jobs that are tried again, follow one another, write in chunks, and share a commit."""

    def effect(name: str) -> Callable[[], object]:
        return lambda: database.execute_sql("INSERT INTO effect VALUES (?)", (name,))

    @job("first", backoff=SOON)
    def first(context: JobContext) -> int:
        if context.attempt == 1:
            raise OSError
        context.at_completion(effect("first"))
        return 1

    @job("second", backoff=SOON)
    def second(context: JobContext, *, previous: int) -> None:
        for row in range(context.cursor or 0, 2):
            with context.chunk():
                effect(f"second {previous} {row}")()
                context.checkpoint(row + 1)

    @job("grouped", backoff=SOON, grouped=True)
    def grouped(_context: JobContext, *, n: int) -> None:
        effect(f"grouped {n}")()

    @job("moment", backoff=SOON)
    def moment(context: JobContext, *, name: str, batch: int) -> None:
        context.at_completion(effect(f"{name} {batch}"))

    @job("failing", backoff=SOON, attempts=2)
    def failing(_context: JobContext) -> None:
        raise ValueError

    return [first, second, grouped, moment, failing]


WANTED = sorted(
    [
        *("first", "second 1 0", "second 1 1", "grouped 0", "grouped 1", "grouped 2"),
        *("grouped 3", "then 1", "finally 1", "catch 2", "finally 2"),
    ]
)


def queue_of(database: FileDatabase, owner: str) -> PracticeQueue:
    """Return the queue of a file as one process sees it."""
    clock = StandingClock()
    queue = PracticeQueue(Path(), jobs_of(database), clock=clock, database=database)
    queue.engine = queue.new_engine(owner)
    queue.engine.take_next_with_the_last(True)
    return queue


def live(path: Path, place: int) -> bool:
    """Enqueue and work until all is done, or the place to die is reached; tell whether it was."""
    pid = os.fork()
    if pid == 0:
        database = DyingDatabase(path, StandingClock(), synchronous="OFF")
        database.place = place
        work(queue_of(database, "doomed"), enqueues=True)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def work(queue: PracticeQueue, *, enqueues: bool) -> None:
    """Work until nothing is left, moving the clock on."""
    if enqueues:
        with queue.database.write():
            queue.enqueue("first", then=[("second", {})])
            queue.enqueue("failing")
            for n in range(2):
                queue.enqueue("grouped", {"n": n})
            batch(queue, [("grouped", {"n": 2}), ("grouped", {"n": 3})])
            batch(queue, [("failing", {})])
    while queue.database.execute_sql("SELECT count(*) FROM jobs").fetchone()[0]:
        queue.drain()
        queue.clock.advance(60)


def batch(queue: PracticeQueue, jobs: list[tuple[str, dict[str, int]]]) -> None:
    """Enqueue a batch that tells of each of its moments."""
    queue.intake.batch(
        "a batch",
        jobs,
        then=("moment", {"name": "then"}),
        catch=("moment", {"name": "catch"}),
        finally_=("moment", {"name": "finally"}),
    )


def what_is_wrong(path: Path) -> str:
    """Finish what the dead process has left, and say what is not as it must be."""
    database = FileDatabase(path, StandingClock(), synchronous="OFF")
    queue = queue_of(database, "heir")
    ever = database.execute_sql("SELECT count(*) FROM jobs").fetchone()[0]
    ever += database.execute_sql("SELECT count(*) FROM job_history").fetchone()[0]
    with database.write():
        recovery.take_back(database, "doomed", queue.engine.now(), "it died")
    work(queue, enqueues=not ever)
    effects = sorted(row[0] for row in database.execute_sql("SELECT name FROM effect").fetchall())
    states = sorted(database.execute_sql("SELECT job, state FROM job_history").fetchall())
    check = database.execute_sql("PRAGMA integrity_check").fetchone()[0]
    database.close()
    done = [
        *[("failing", "failed")] * 2,
        ("first", "done"),
        *[("grouped", "done")] * 4,
        *[("moment", "done")] * 4,
        ("second", "done"),
    ]
    if (effects, states, check) == (WANTED, done, "ok"):
        return ""
    return f"{effects} {states} {check}"


def main(folder: Path) -> None:
    """Try every place, and print what came of it."""
    logging.disable()
    wrong: dict[int, str] = {}
    fresh = folder / "fresh.sqlite"
    database = FileDatabase(fresh, StandingClock(), synchronous="OFF")
    database.make_tables()
    database.execute_sql("CREATE TABLE effect (name TEXT)")
    database.close()
    for place in range(MOST_PLACES):
        path = Path(shutil.copy(fresh, folder / f"{place}.sqlite"))
        has_died = live(path, place)
        if told := what_is_wrong(path):
            wrong[place] = told
        path.unlink()
        if not has_died:
            break
    print(json.dumps({"places": place, "wrong": wrong}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
