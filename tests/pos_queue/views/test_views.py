"""What people see of the queue: counts, lists, one job, batches, hours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.control.control import Control
from pos_queue.errors import GiveUp, NoNetwork
from pos_queue.job import Job
from pos_queue.testing.practice_queue import PracticeQueue
from pos_queue.views.masking import MASK
from pos_queue.views.shown import Trouble
from pos_queue.views.views import Views


class XorCipher:
    """Hides a text from a test that looks for it."""

    def encrypt(self, plain: bytes, bound: bytes) -> bytes:
        return bytes(byte ^ 0x55 for byte in plain)

    def decrypt(self, text: bytes, bound: bytes) -> bytes:
        return self.encrypt(text, bound)


MENDED = {"is": False}


def _act(context: JobContext, *, how: str = "", token: str = "", phone: str = "") -> Any:
    if how == "give up":
        raise GiveUp(f"not with {token} of {phone}")
    if how == "not mended" and not MENDED["is"]:
        raise GiveUp("not yet")
    if how == "offline":
        raise NoNetwork("smtp")
    if how == "error":
        context.progress(3, 10, "rows")
        raise ValueError(token)
    return {"pages": 2, "token": token}


JOBS = [
    Job(name="work", body=_act, masked=frozenset({"phone"}), attempts=2),
    Job(name="after", body=lambda _context: None),
    Job(name="secret", body=_act, sensitive=True, attempts=1, queue="vault"),
]


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[PracticeQueue]:
    queue = PracticeQueue(tmp_path, JOBS, cipher=XorCipher())
    yield queue
    queue.database.close()


@pytest.fixture
def views(queue: PracticeQueue, tmp_path: Path) -> Iterator[Views]:
    """Views over a connection that cannot write."""
    file = f"{(tmp_path / 'queue.sqlite').as_uri()}?mode=ro"
    connection = sqlite3.connect(file, uri=True)

    class Reader:
        def __getattr__(self, name: str) -> Any:
            return connection.execute if name == "execute_sql" else getattr(queue.database, name)

    yield Views(Reader(), queue.registry, queue.codec, queue.clock)
    connection.close()


def test_every_state_is_counted(queue: PracticeQueue, views: Views) -> None:
    assert (views.done(), views.counts().oldest_wait_seconds) == (0, 0)
    queue.enqueue("work", {"how": "give up"})
    queue.enqueue("work", {"how": "offline"})
    for _number in range(3):
        queue.enqueue("work")
    queue.drain()
    queue.enqueue("work", at=queue.clock.now() + timedelta(hours=1))
    numbers = [queue.enqueue("work") for _number in range(4)]
    sql = queue.database.execute_sql
    sql("UPDATE jobs SET state = 'running' WHERE number = ?", (numbers[0],))
    sql("UPDATE job_history SET state = 'quarantined' WHERE number = 3")
    sql("UPDATE job_history SET state = 'forgotten' WHERE number = 4")
    sql("UPDATE job_queues SET paused_at = 1")
    queue.clock.advance(7.5)
    counts = views.counts()
    assert (counts.queued, counts.scheduled, counts.running) == (3, 1, 1)
    assert (counts.waiting_for_network, counts.failed, counts.quarantined) == (1, 1, 1)
    assert (views.done(), counts.let_go, counts.oldest_wait_seconds) == (1, 1, 7.5)
    assert counts.paused == ("default",)


def test_a_failed_job_is_listed_with_its_cause_and_without_its_secrets(
    queue: PracticeQueue, views: Views
) -> None:
    payload = {"how": "give up", "token": "t0ps3cret", "phone": "0722000000"}
    number = queue.enqueue("work", payload, started_by="njeri", then=[("after", {})])
    queue.drain()
    (failed,) = views.failed()
    assert (failed.number, failed.state, failed.attempts) == (number, "failed", 1)
    assert failed.error == "not with *** of ***"
    assert "GiveUp" in failed.traceback
    assert "t0ps3cret" not in failed.traceback
    assert failed.payload.value == {"how": "give up", "token": MASK, "phone": MASK}
    assert failed.payload.then == ("after",)
    assert failed.finished_at == queue.clock.now()
    assert failed.started_by == "njeri"


def test_the_latest_failures_come_first_and_can_be_narrowed(
    queue: PracticeQueue, views: Views
) -> None:
    batch = queue.intake.batch("Mails", keep_open=True)
    first = queue.enqueue("work", {"how": "give up"}, batch=batch)
    queue.drain()
    queue.clock.advance(1)
    second = queue.enqueue("secret", {"how": "give up"})
    queue.drain()
    assert [one.number for one in views.failed()] == [second, first]
    assert [one.number for one in views.failed(most=1)] == [second]
    assert [one.number for one in views.failed(queue="default")] == [first]
    assert [one.number for one in views.failed(batch=batch)] == [first]


def test_nothing_of_a_sensitive_job_is_shown(queue: PracticeQueue, views: Views) -> None:
    number = queue.enqueue("secret", {"token": "t0ps3cret", "how": "error"})
    queue.drain()
    done = queue.enqueue("secret", {"token": "t0ps3cret"})
    queue.drain()
    for shown in (views.failed(), views.job(number), views.job(done)):
        assert "t0ps3cret" not in repr(shown)
    detail = views.job(done)
    assert detail is not None
    assert (detail.view.payload.value, detail.result) == (MASK, MASK)
    queue.database.execute_sql("UPDATE job_history SET sensitive = 0")
    assert "t0ps3cret" not in repr((views.failed(), views.job(number)))


def test_one_job_is_told_with_all_its_attempts_and_its_result(
    queue: PracticeQueue, views: Views
) -> None:
    number = queue.enqueue("work", {"how": "error", "token": "t0ps3cret"})
    queue.run_next()
    waiting = views.job(number)
    assert waiting is not None
    assert (waiting.view.state, waiting.view.outcome) == ("scheduled", "failed")
    assert waiting.view.error == "ValueError: ***"
    assert waiting.view.progress is not None
    assert (waiting.view.progress.done, waiting.view.progress.total) == (3, 10)
    new = queue.codec.pack(queue.codec.message(queue.registry["work"], {"token": "t0ps3cret"}))
    queue.database.execute_sql("UPDATE jobs SET payload = ?, seal = ?", (new.body, new.seal))
    queue.clock.advance(60)
    queue.drain()
    detail = views.job(number)
    assert detail is not None
    assert [(one.attempt, one.outcome) for one in detail.tried] == [(1, "failed"), (2, "done")]
    assert detail.tried[0].error == "ValueError: ***"
    assert detail.result == {"pages": 2, "token": MASK}
    assert (detail.view.state, detail.view.error, detail.view.outcome) == ("done", "", None)
    assert views.job(number + 1) is None


@pytest.mark.parametrize(
    ("change", "trouble", "shown"),
    [
        ("job = 'gone'", Trouble.UNKNOWN_JOB, '"token": "***"'),
        ("payload = x'7b1b5b324a'", Trouble.UNREADABLE, r"{\x1b[2J"),
        ("seal = NULL", Trouble.UNREADABLE, '"token": "***"'),
    ],
)
def test_a_payload_that_cannot_be_read_is_shown_raw_with_the_reason(
    queue: PracticeQueue, views: Views, change: str, trouble: Trouble, shown: str
) -> None:
    number = queue.enqueue("work", {"token": "t0ps3cret"})
    queue.database.execute_sql(f"UPDATE jobs SET {change}")
    if trouble is Trouble.UNKNOWN_JOB:
        body, registry = b'{"v":1,"data":{"token":"t0ps3cret"}}', queue.codec
        seal = registry.seal("gone", body)
        queue.database.execute_sql("UPDATE jobs SET payload = ?, seal = ?", (body, seal))
    (waiting,) = views.unfinished()
    queue.drain()
    (failed,) = views.failed()
    for view in (waiting, failed):
        assert view.number == number
        assert view.payload.trouble is trouble
        assert shown in view.payload.value
        assert view.payload.reason
    assert failed.error == failed.payload.reason
    assert (failed.outcome, failed.traceback) == ("unreadable", "")


def test_what_is_not_done_yet_is_listed_in_its_turn(queue: PracticeQueue, views: Views) -> None:
    later = queue.enqueue("work", at=queue.clock.now() + timedelta(hours=1))
    low = queue.enqueue("work", priority=-1)
    high = queue.enqueue("work", priority=1)
    running = queue.enqueue("work")
    queue.database.execute_sql("UPDATE jobs SET state = 'running' WHERE number = ?", (running,))
    assert [one.number for one in views.unfinished()] == [running, high, low, later]
    assert [one.number for one in views.unfinished(most=2)] == [running, high]
    assert views.unfinished(queue="vault") == []


def test_the_members_of_a_batch_are_counted_from_their_rows(
    queue: PracticeQueue, views: Views
) -> None:
    sql = queue.database.execute_sql
    sql("INSERT INTO job_batches (name, created_at) VALUES ('Invoices', 5)")
    for how in ("", "give up", "", "offline"):
        queue.enqueue("work", {"how": how}, batch=1)
    queue.drain()
    sql("UPDATE job_history SET state = 'cancelled' WHERE number = 3")
    queue.enqueue("work", batch=1)
    (batch,) = views.batches()
    assert (batch.waiting, batch.running, batch.done, batch.failed, batch.let_go) == (2, 0, 1, 1, 1)
    assert (batch.total, batch.percent, batch.name) == (5, 60, "Invoices")
    assert views.batch(1) == batch
    assert views.batch(2) is None


def test_hours_tell_how_much_was_done_and_how_long_it_waited(
    queue: PracticeQueue, views: Views
) -> None:
    for wait in (1.0, 3.0):
        queue.enqueue("work")
        queue.clock.advance(wait)
        queue.drain()
    queue.clock.advance(7200)
    queue.enqueue("work", {"how": "give up"})
    queue.enqueue("work", at=queue.clock.now() + timedelta(seconds=50))
    queue.drain()
    queue.clock.advance(50)
    queue.drain()
    hours = views.hours(3)
    assert [(hour.done, hour.failed) for hour in hours] == [(2, 0), (0, 0), (1, 1)]
    assert (hours[0].mean_wait_seconds, hours[0].longest_wait_seconds) == (2.0, 3.0)
    assert hours[2].longest_wait_seconds == 0.0
    assert hours[1].begins - hours[0].begins == timedelta(hours=1)


def test_hours_count_the_failed_attempts_of_jobs_that_were_retried_since(
    queue: PracticeQueue, views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a job that came in that hour and of one that came long before; waiting, then done."""
    control = Control(queue.database, queue.clock, lambda: None)
    old = queue.enqueue("work", {"how": "not mended"})
    queue.enqueue("work")
    queue.drain()
    queue.clock.advance(30 * 3600)
    control.retry(old)
    new = queue.enqueue("work", {"how": "not mended"})
    queue.enqueue("work", {"how": "offline"})
    queue.drain()
    assert [hour.failed for hour in views.hours(31)] == [1, *[0] * 29, 2]
    for number in (old, new):
        control.retry(number)
    assert [hour.failed for hour in views.hours(24)] == [*[0] * 23, 2]
    monkeypatch.setitem(MENDED, "is", True)
    queue.clock.advance(3600)
    queue.drain()
    hours = [(hour.done, hour.failed) for hour in views.hours(24)]
    assert hours == [*[(0, 0)] * 22, (0, 2), (2, 0)]


def test_hours_find_what_came_long_before_and_leave_out_what_ended_before(
    queue: PracticeQueue, views: Views
) -> None:
    queue.enqueue("work")
    queue.drain()
    for wait in (timedelta(hours=30), timedelta(hours=26, minutes=30), timedelta(hours=27)):
        queue.enqueue("work", at=queue.clock.now() + wait)
    queue.clock.advance(26 * 3600)
    queue.enqueue("work")
    queue.drain()
    for _half_hour in range(3):
        queue.clock.advance(1800)
        queue.drain()
    assert [hour.done for hour in views.hours(24)] == [*[0] * 22, 2, 1]
    assert [hour.done for hour in views.hours(48)] == [*[0] * 20, 1, *[0] * 25, 2, 1]


def test_a_job_that_was_asked_to_end_waits_for_nobody(queue: PracticeQueue, views: Views) -> None:
    number = queue.enqueue("work", {"how": "error"})
    task = queue.engine.dequeue()
    assert task is not None
    queue.database.execute_sql("UPDATE jobs SET cancel_asked = 1")
    queue.engine.execute(task)
    assert views.counts().queued == 1
    assert views.counts().oldest_wait_seconds == 0.0
    queue.drain()
    detail = views.job(number)
    assert detail is not None
    assert detail.view.state == "cancelled"
    (hour,) = views.hours(1)
    assert (hour.done, hour.failed, hour.longest_wait_seconds) == (0, 1, 0.0)


def test_queues_are_listed(queue: PracticeQueue, views: Views) -> None:
    queue.enqueue("work")
    queue.enqueue("secret")
    queue.database.execute_sql("UPDATE job_queues SET paused_at = 1000 WHERE name = 'vault'")
    found = {one.name: (one.queued, one.paused_at is not None) for one in views.queues()}
    assert found == {"default": (1, False), "vault": (1, True)}


def test_what_is_asked_often_is_answered_by_an_index(queue: PracticeQueue) -> None:
    from pos_queue.views import views

    def plan(sql: str, values: tuple[Any, ...] = ()) -> str:
        rows = queue.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        return "\n".join(row[3] for row in rows)

    for sql in (views._UNFINISHED, views._ENDED):
        scans = [line for line in plan(sql).splitlines() if "SCAN job" in line]
        assert scans
        assert all("INDEX" in line for line in scans), scans
    hours = plan(views._HOURS, (0, 1, 2))
    assert "SEARCH job_history USING INTEGER PRIMARY KEY" in hours
    assert "SEARCH job_history USING INDEX job_history_late" in hours
    assert "SCAN job_history" not in hours
    asked: list[tuple[str, Any]] = []
    seen = Views(queue.database, queue.registry, queue.codec, queue.clock)
    seen._rows.views = lambda *query: asked.append(query) or []  # type: ignore[method-assign, func-returns-value]
    for look in (seen.failed, seen.unfinished):
        look()
    failed, unfinished = (plan(*query) for query in asked)
    assert "SCAN j USING COVERING INDEX job_history_failed" in failed
    assert "job_history_late" not in failed
    assert "SEARCH j USING INTEGER PRIMARY KEY" in unfinished
    batches = plan(views._BATCHES)
    assert "USING COVERING INDEX job_history_batch (batch=? AND state=?)" in batches
