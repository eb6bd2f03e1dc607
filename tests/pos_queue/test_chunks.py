"""Rows in chunks: bounded, gone on with after the last, and each written once under kills."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pos_queue.chunks import READ_AHEAD, Pace
from pos_queue.context import JobContext
from pos_queue.job import Job
from pos_queue.testing.file_database import FileDatabase
from pos_queue.testing.practice_queue import PracticeQueue

from tests.pos_queue.workers import Place, kill_again_and_again


class Chunked(PracticeQueue):
    """A queue whose job writes numbers in chunks; each takes its time."""

    def __init__(self, folder: Path, **declared: Any) -> None:
        self.rows: Any = []
        self.cursor: Any = None
        self.seconds = 0.0
        self.fails_at: int | None = None
        self.holds: list[list[int]] = []
        super().__init__(folder, [Job(name="work", body=self._body, **declared)])
        self.database.execute_sql("CREATE TABLE written (n INTEGER)")
        self.pace = Pace(self.clock, hold=0.002, rest=0.001)

    def _body(self, context: JobContext) -> None:
        rows = self.rows(context.cursor) if callable(self.rows) else self.rows
        context.in_chunks(rows, self._write, self.pace, cursor=self.cursor)

    def _write(self, n: int) -> None:
        if n == self.fails_at:
            raise OSError
        assert self.database.in_transaction()
        self.clock.advance(self.seconds)
        self.database.execute_sql("INSERT INTO written VALUES (?)", (n,))

    def written(self) -> list[int]:
        found = self.database.execute_sql("SELECT n FROM written ORDER BY rowid").fetchall()
        return [row[0] for row in found]


def test_a_chunk_holds_the_file_no_longer_than_it_may(tmp_path: Path) -> None:
    queue, sizes = Chunked(tmp_path), []
    queue.rows, queue.seconds = range(10), 0.0009
    assert isinstance(queue.database, FileDatabase)

    def watch(sql: str) -> None:
        if sql == "BEGIN IMMEDIATE":
            sizes.append(0)
        elif sql.startswith("INSERT INTO written"):
            sizes[-1] += 1

    number = queue.enqueue("work")
    before = queue.clock.now()
    connection = queue.database._connection()
    connection.set_trace_callback(watch)
    queue.drain()
    connection.set_trace_callback(None)
    assert queue.written() == list(range(10))
    assert queue.ended(number).state == "done"
    assert [size for size in sizes if size] == [3, 3, 3, 1]
    passed = (queue.clock.now() - before).total_seconds()
    assert passed == pytest.approx(10 * 0.0009 + 3 * 0.001)


def test_rows_are_read_while_the_file_is_free(tmp_path: Path) -> None:
    queue = Chunked(tmp_path)

    def read() -> Iterator[int]:
        for n in range(2 * READ_AHEAD + 7):
            assert not queue.database.in_transaction()
            yield n

    queue.rows = read()
    queue.enqueue("work")
    queue.drain()
    assert queue.written() == list(range(2 * READ_AHEAD + 7))


@pytest.mark.parametrize("number", [0, 1, 3, 7])
def test_a_later_attempt_goes_on_after_the_last_chunk(tmp_path: Path, number: int) -> None:
    queue = Chunked(tmp_path)
    queue.rows, queue.seconds, queue.fails_at = range(number), 0.001, 5
    queue.enqueue("work")
    queue.drain()
    queue.fails_at = None
    queue.clock.advance(60)
    queue.drain()
    assert queue.written() == list(range(number))


def test_a_cursor_may_be_what_the_rows_are_told_apart_by(tmp_path: Path) -> None:
    queue = Chunked(tmp_path)
    began: list[int | None] = []

    def after(cursor: int | None) -> Iterable[int]:
        began.append(cursor)
        return [n for n in range(100, 107) if cursor is None or n > cursor]

    queue.rows, queue.cursor, queue.seconds, queue.fails_at = after, lambda n: n, 0.001, 105
    queue.enqueue("work")
    queue.drain()
    queue.fails_at = None
    queue.clock.advance(60)
    queue.drain()
    assert began == [None, 103]
    assert queue.written() == list(range(100, 107))


def test_a_job_that_is_asked_to_end_ends_between_two_chunks(tmp_path: Path) -> None:
    queue = Chunked(tmp_path)
    queue.seconds = 0.3

    def rows() -> Iterator[int]:
        for n in range(1_000):
            if n == READ_AHEAD + 3:
                queue.database.execute_sql("UPDATE jobs SET cancel_asked = 1")
            yield n

    queue.rows = rows()
    number = queue.enqueue("work")
    queue.drain()
    assert queue.ended(number).state == "cancelled"
    assert queue.written() == list(range(4))


def pause(queue: Chunked, at: str) -> None:
    queue.database.execute_sql(
        f"INSERT INTO job_queues (name, paused_at) VALUES ('default', {at}) "
        f"ON CONFLICT (name) DO UPDATE SET paused_at = {at}"
    )


def test_a_job_whose_queue_is_paused_waits_and_goes_on(tmp_path: Path) -> None:
    queue = Chunked(tmp_path)
    queue.seconds = 0.3

    def rows() -> Iterator[int]:
        for n in range(READ_AHEAD + 20):
            if n == READ_AHEAD + 3 and not queue.written()[4:]:
                pause(queue, "1")
            yield n

    queue.rows = lambda _done: rows()
    number = queue.enqueue("work")
    queue.drain()
    assert queue.written() == list(range(4))
    assert [one.state for one in queue.waiting()] == ["queued"]
    queue.clock.advance(3_600)
    queue.drain()
    assert queue.written() == list(range(4))

    pause(queue, "NULL")
    queue.seconds = 0.0
    queue.drain()
    assert queue.ended(number).state == "done"
    assert queue.written() == list(range(READ_AHEAD + 20))


def test_progress_is_told(tmp_path: Path) -> None:
    queue, seen = Chunked(tmp_path), []
    queue.rows, queue.seconds = list(range(6)), 0.3

    def look() -> Iterator[int]:
        for n in range(READ_AHEAD + 6):
            if n > READ_AHEAD:
                sql = "SELECT done, total FROM job_progress"
                seen.extend(queue.database.execute_sql(sql).fetchall())
            yield n

    queue.rows = look()
    queue.enqueue("work")
    queue.drain()
    assert seen[0][0] >= 1
    assert [row[0] for row in seen] == sorted(row[0] for row in seen)


ROWS = 1_500


def jobs(place: Place) -> Iterable[Job]:
    pace = Pace(place.clock, hold=0.002, rest=0.0005)

    def body(context: JobContext) -> None:
        def write(row: int) -> None:
            time.sleep(0.0003)
            place.effect("row", row)

        context.in_chunks(range(ROWS), write, pace)

    return [Job(name="work", body=body, limit=None)]


def test_no_kill_loses_or_doubles_a_row(tmp_path: Path, torture: bool) -> None:
    chance, number, kills = random.Random(20261126), *((40, 300) if torture else (2, 8))
    with Place(tmp_path, jobs) as place:
        for _job in range(number):
            place.intake.enqueue("work")
        kill_again_and_again(place, kills, lambda: chance.random() * 0.1)
        assert sorted(place.effects("row")) == sorted(list(range(ROWS)) * number)
        interrupted = place.rows("SELECT count(*) FROM job_attempts WHERE outcome = 'interrupted'")
        assert interrupted[0][0] > kills // 2
