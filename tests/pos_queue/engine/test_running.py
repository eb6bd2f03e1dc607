"""What becomes of declared jobs: done, tried again, failed, cancelled, followed by others."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.backoff import Backoff
from pos_queue.children.errors import ChildCrashed
from pos_queue.context import JobContext
from pos_queue.engine.claims import Claims
from pos_queue.engine.run import Run
from pos_queue.engine.watchdog import Watchdog
from pos_queue.errors import (
    GiveUp,
    JobCancelled,
    NoNetwork,
    PayloadMismatch,
    TryLater,
    UnknownJob,
)
from pos_queue.job import Job, Registry, RunsIn, job
from pos_queue.testing.practice_queue import PracticeQueue

Body = Callable[..., Any]


def queue_of(tmp_path: Path, body: Body, **declared: Any) -> PracticeQueue:
    declared = {"backoff": Backoff(first=10.0), **declared}
    return PracticeQueue(tmp_path, [Job(name="work", body=body, **declared)])


def attempts(queue: PracticeQueue, number: int) -> list[tuple[int, str, str]]:
    return queue.database.execute_sql(
        "SELECT attempt, outcome, error FROM job_attempts WHERE number = ? ORDER BY attempt",
        (number,),
    ).fetchall()


def test_a_job_is_run_once_with_its_payload_and_kept_in_the_history(tmp_path: Path) -> None:
    seen: list[Any] = []

    def body(context: JobContext, *, sale: str, copies: int = 1) -> dict[str, int]:
        seen.append((context.number, context.attempt, context.started_by, sale, copies))
        return {"pages": 2}

    queue = queue_of(tmp_path, body)
    number = queue.enqueue("work", {"sale": "é\ud800"}, started_by="njeri")
    assert queue.drain() == 1
    assert seen == [(number, 1, "njeri", "é\ud800", 1)]
    assert queue.ended(number).state == "done"
    assert queue.ended(number).result == {"pages": 2}
    assert not queue.waiting()


def test_a_failed_job_waits_longer_each_time_and_then_for_a_person(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context: 1 / 0, attempts=3)
    number = queue.enqueue("work")
    waits = []
    while queue.run_next():
        for one in queue.waiting():
            waits.append(one.run_at / 1000 - queue.clock.now().timestamp())
            queue.clock.advance(waits[-1])
    assert waits == [5.0, 10.0]
    ended = queue.ended(number)
    assert (ended.state, ended.attempts) == ("failed", 3)
    assert ended.error == "ZeroDivisionError: division by zero"
    assert [row[:2] for row in attempts(queue, number)] == [(n, "failed") for n in (1, 2, 3)]
    view = queue.database.execute_sql("SELECT number, error FROM failed_jobs").fetchall()
    assert view == [(number, ended.error)]


@pytest.mark.parametrize(
    ("error", "state", "failures", "outcome"),
    [
        (TryLater(60, "busy"), "scheduled", 0, "later"),
        (NoNetwork("smtp"), "waiting_for_network", 0, "offline"),
        (OSError("broken"), "scheduled", 1, "failed"),
    ],
)
def test_only_a_fault_of_the_job_counts(
    tmp_path: Path, error: Exception, state: str, failures: int, outcome: str
) -> None:
    def body(_context: JobContext) -> None:
        raise error

    queue = queue_of(tmp_path, body, attempts=2)
    number = queue.enqueue("work")
    queue.run_next()
    found = queue.database.execute_sql("SELECT state, failures, owner FROM jobs").fetchall()
    assert found == [(state, failures, None)]
    assert attempts(queue, number)[0][1] == outcome


@pytest.mark.parametrize(
    ("error", "state"), [(GiveUp("no such sale"), "failed"), (JobCancelled("asked"), "cancelled")]
)
def test_a_body_may_end_its_job_for_good(tmp_path: Path, error: Exception, state: str) -> None:
    def body(_context: JobContext) -> None:
        raise error

    queue = queue_of(tmp_path, body, attempts=9)
    number = queue.enqueue("work")
    assert queue.drain() == 1
    assert queue.ended(number).state == state
    assert queue.ended(number).error == str(error)


def test_a_call_for_the_end_of_the_program_is_a_failure_of_the_job(tmp_path: Path) -> None:
    def body(_context: JobContext) -> None:
        raise SystemExit(3)

    queue = queue_of(tmp_path, body, attempts=1)
    number = queue.enqueue("work")
    queue.drain()
    assert queue.ended(number).error == "JobExited: 3"


@pytest.mark.parametrize(
    "error", [asyncio.CancelledError(), GeneratorExit(), BaseExceptionGroup("all", [SystemExit()])]
)
@pytest.mark.parametrize("is_in_completion", [False, True])
def test_whatever_a_body_raises_is_a_failure_of_the_job(
    tmp_path: Path, error: BaseException, *, is_in_completion: bool
) -> None:
    def fail() -> None:
        raise error

    def body(context: JobContext) -> None:
        context.at_completion(fail)
        if not is_in_completion:
            fail()

    queue = queue_of(tmp_path, body, attempts=1)
    number = queue.enqueue("work")
    assert queue.drain() == 1
    assert queue.ended(number).error == f"JobExited: {type(error).__name__}"


def test_only_the_main_thread_is_interrupted_by_anybody_but_the_job(tmp_path: Path) -> None:
    def body(_context: JobContext) -> None:
        raise KeyboardInterrupt

    queue = queue_of(tmp_path, body, attempts=1)
    number = queue.enqueue("work")
    queue.run_next()
    assert [one.state for one in queue.waiting()] == ["queued"]
    worker = threading.Thread(target=queue.run_next)
    worker.start()
    worker.join()
    assert queue.ended(number).error == "JobExited: KeyboardInterrupt"


def test_a_transaction_that_a_body_leaves_open_holds_nobody_up(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context: queue.database.execute_sql("BEGIN IMMEDIATE"))
    queue.enqueue("work")
    queue.run_next()
    with closing(sqlite3.connect(tmp_path / "queue.sqlite", timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
    queue.engine.unsettled.give_back()
    assert [one.state for one in queue.waiting()] == ["scheduled"]


def test_the_last_of_many_waits_stands_for_all_without_a_traceback(tmp_path: Path) -> None:
    def body(_context: JobContext) -> None:
        if len(ran) < 4:
            ran.append(1)
            raise TryLater(1, "another import runs")
        raise OSError("broken")

    ran: list[int] = []
    queue = queue_of(tmp_path, body, attempts=1)
    number = queue.enqueue("work")
    for _try in range(5):
        queue.run_next()
        queue.clock.advance(2)
    assert [row[:2] for row in attempts(queue, number)] == [(4, "later"), (5, "failed")]
    kept = queue.database.execute_sql(
        "SELECT error, traceback FROM job_attempts WHERE attempt = 4"
    ).fetchone()
    assert kept == ("another import runs", "")


def refuses_the_end_of(queue: PracticeQueue, number: int) -> None:
    """Let the file take everything but that this job is done."""
    queue.database.execute_sql(
        "CREATE TRIGGER refuses BEFORE INSERT ON job_history "
        f"WHEN NEW.number = {number} AND NEW.state = 'done' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"
    )


@pytest.mark.parametrize("grouped", [False, True])
def test_a_job_whose_end_is_never_taken_fails_and_no_other_does(
    tmp_path: Path, *, grouped: bool
) -> None:
    queue = queue_of(tmp_path, lambda _context: None, grouped=grouped)
    numbers = [queue.enqueue("work") for _job in range(30)]
    bad = numbers[7]
    refuses_the_end_of(queue, bad)
    for _try in range(100):
        queue.run_next()
        queue.engine.unsettled.give_back()
        queue.clock.advance(600)
        if not queue.waiting():
            break
    states = {number: queue.ended(number).state for number in numbers}
    assert states == {number: "failed" if number == bad else "done" for number in numbers}
    assert queue.ended(bad).error == "the file refuses its end, 10 times"


@pytest.mark.parametrize(("seconds", "state"), [(1e300, "scheduled"), (float("nan"), "queued")])
def test_a_job_may_ask_for_any_moment(tmp_path: Path, seconds: float, state: str) -> None:
    def body(_context: JobContext) -> None:
        raise TryLater(seconds)

    queue = queue_of(tmp_path, body)
    queue.enqueue("work")
    queue.run_next()
    assert [one.state for one in queue.waiting()] == [state]


def test_a_job_past_its_limit_is_taken_away_once_the_file_lets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = queue_of(tmp_path, lambda _context: None, attempts=1, limit=1.0)
    number, engine = queue.enqueue("work"), queue.engine
    given_up: list[int] = []
    task = engine.dequeue()
    assert task is not None
    run = engine.running[1] = Run(engine.durable, task, task.claim, shares=False)
    run.limit, run.ends = 1.0, queue.clock.monotonic()
    watchdog = Watchdog(engine, given_up.append)
    with monkeypatch.context() as full:
        full.setattr(engine.durable.departures, "leaving", lambda *_ended: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            watchdog()
    watchdog()
    watchdog()
    assert given_up == [1]
    assert queue.ended(number).state == "failed"


def test_a_job_whose_end_is_being_written_is_not_taken_away(tmp_path: Path) -> None:
    def body(context: JobContext) -> None:
        context.at_completion(lambda: queue.clock.advance(60))
        context.at_completion(watch)

    queue = queue_of(tmp_path, body, attempts=1, limit=1.0)
    given_up: list[int] = []
    watch = Watchdog(queue.engine, given_up.append)
    number = queue.enqueue("work")
    queue.drain()
    assert queue.ended(number).state == "done"
    assert given_up == []


def test_others_hear_of_an_end_once_it_is_true(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context: None)
    told: list[tuple[str, bool]] = []

    def hear(signal: str, *_task: object) -> None:
        told.append((signal, queue.database.in_transaction()))

    queue.engine.signal()(hear)
    queue.enqueue("work")
    queue.engine.durable.departures.leaving = lambda *_ended: 1 / 0
    queue.run_next()
    assert told == [("executing", False)]
    queue.engine.durable.departures.leaving = None
    queue.engine.unsettled.give_back()
    queue.clock.advance(60)
    queue.drain()
    assert told[1:] == [("executing", False), ("complete", False)]


@pytest.mark.parametrize(("steps", "deaths"), [(0, 3), (4, 6)])
def test_deaths_count_in_a_row_since_the_last_progress(
    tmp_path: Path, steps: int, deaths: int
) -> None:
    def body(context: JobContext) -> None:
        if context.attempt <= steps:
            with context.chunk():  # as its child does: the parent's context stays where it was
                context._reports.keep_cursor(context.attempt)
        raise ChildCrashed("", -11, "")

    queue = queue_of(tmp_path, body, attempts=1)
    number = queue.enqueue("work")
    while queue.waiting():
        queue.drain()
        queue.clock.advance(600)
    assert queue.ended(number).state == "quarantined"
    assert queue.ended(number).attempts == deaths


class _Speechless(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (GiveUp("no file \udcff.csv"), "no file \\udcff.csv"),
        (OSError(2, "gone", "\udcff.csv"), "FileNotFoundError: [Errno 2] gone: '\\udcff.csv'"),
        (ValueError("\ud800"), "ValueError: \\ud800"),
        (_Speechless(), "_Speechless"),
    ],
)
def test_an_error_ends_its_job_whatever_its_words_are(
    tmp_path: Path, error: Exception, words: str
) -> None:
    def body(_context: JobContext) -> None:
        raise error

    queue = queue_of(tmp_path, body, attempts=1)
    number = queue.enqueue("work")
    assert queue.drain() == 1
    assert queue.ended(number).error == words


def test_a_job_is_enqueued_with_its_callers_transaction_or_not_at_all(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context: None)
    with pytest.raises(KeyError), queue.database.write():
        queue.enqueue("work")
        raise KeyError
    queue.assert_not_enqueued("work")
    with queue.database.write():
        queue.enqueue("work")
    queue.assert_enqueued("work")


def test_what_is_left_for_the_completion_happens_with_it_or_not_at_all(tmp_path: Path) -> None:
    fails = [True]

    def body(context: JobContext) -> None:
        context.at_completion(lambda: queue.database.execute_sql("INSERT INTO effect VALUES (1)"))
        context.at_completion(lambda: 1 / 0 if fails else None)

    queue = queue_of(tmp_path, body)
    queue.database.execute_sql("CREATE TABLE effect (n INTEGER)")
    queue.enqueue("work")
    queue.run_next()
    effects = "SELECT count(*) FROM effect"
    assert queue.database.execute_sql(effects).fetchone() == (0,)
    assert queue.waiting()[0].state == "scheduled"
    fails.clear()
    queue.clock.advance(100)
    queue.drain()
    assert queue.database.execute_sql(effects).fetchone() == (1,)


def test_a_result_is_handed_to_what_completes_the_job(tmp_path: Path) -> None:
    taken: list[Any] = []
    queue = queue_of(
        tmp_path,
        lambda _context: [1, 2],
        on_result=lambda context, value: taken.append((context.number, value)),
    )
    number = queue.enqueue("work")
    queue.drain()
    assert taken == [(number, [1, 2])]


def test_a_late_result_is_refused_once_the_job_has_other_hands(tmp_path: Path) -> None:
    def body(context: JobContext) -> None:
        context.at_completion(lambda: queue.database.execute_sql("INSERT INTO effect VALUES (1)"))
        if context.attempt == 1:
            queue.database.execute_sql(
                "UPDATE jobs SET state = 'queued', owner = NULL, fence = fence + 1"
            )

    queue = queue_of(tmp_path, body)
    queue.database.execute_sql("CREATE TABLE effect (n INTEGER)")
    number = queue.enqueue("work")
    assert queue.drain() == 2
    assert queue.database.execute_sql("SELECT count(*) FROM effect").fetchone() == (1,)
    assert queue.ended(number).attempts == 2


def test_chained_jobs_follow_with_what_came_before(tmp_path: Path) -> None:
    seen: list[Any] = []

    @job("first")
    def first(_context: JobContext, *, n: int) -> int:
        seen.append(("first", n))
        return n + 1

    @job("second")
    def second(context: JobContext, *, previous: int) -> None:
        seen.append(("second", previous, context.started_by))

    @job("third")
    def third(_context: JobContext, *, previous: None, word: str) -> None:
        seen.append(("third", previous, word))

    queue = PracticeQueue(tmp_path, [first, second, third])
    then = [("second", {}), ("third", {"word": "end"})]
    queue.enqueue("first", {"n": 1}, then=then, started_by="njeri")
    assert queue.drain() == 3
    assert seen == [("first", 1), ("second", 2, "njeri"), ("third", None, "end")]


def test_what_follows_a_failed_job_waits_with_it(tmp_path: Path) -> None:
    @job("first", attempts=1)
    def first(_context: JobContext) -> None:
        raise ValueError

    @job("second")
    def second(_context: JobContext) -> None:
        raise AssertionError

    queue = PracticeQueue(tmp_path, [first, second])
    number = queue.enqueue("first", then=[("second", {})])
    assert queue.drain() == 1
    assert queue.ended(number).state == "failed"
    assert b"second" in queue.database.execute_sql("SELECT payload FROM failed_jobs").fetchone()[0]


def test_jobs_run_by_priority_then_in_the_order_of_coming(tmp_path: Path) -> None:
    order: list[int] = []
    queue = queue_of(tmp_path, lambda _context, *, n: order.append(n))
    for n, priority in enumerate((0, 5, 0, 5, -1)):
        queue.enqueue("work", {"n": n}, priority=priority)
        queue.clock.advance(0.01)
    queue.drain()
    assert order == [1, 3, 0, 2, 4]


def test_a_job_with_a_moment_waits_for_it(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context: None)
    number = queue.enqueue("work", at=queue.clock.now() + timedelta(hours=1))
    assert queue.drain() == 0
    queue.clock.advance(3599.9)
    assert queue.drain() == 0
    queue.clock.advance(0.1)
    assert queue.drain() == 1
    assert queue.ended(number).state == "done"


def test_a_unique_job_waits_once_for_each_payload(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context, *, n: None, unique=True)
    first = queue.enqueue("work", {"n": 1})
    assert queue.enqueue("work", {"n": 1}) == first
    assert queue.enqueue("work", {"n": 2}) != first
    assert queue.drain() == 2
    assert queue.enqueue("work", {"n": 1}) > first + 1


def test_a_cursor_is_kept_for_the_next_attempt(tmp_path: Path) -> None:
    seen: list[Any] = []

    def body(context: JobContext) -> None:
        seen.append(context.cursor)
        with context.chunk():
            queue.database.execute_sql("INSERT INTO effect VALUES (?)", (len(seen),))
            context.checkpoint({"row": len(seen)})
        if len(seen) < 3:
            raise ValueError

    queue = queue_of(tmp_path, body, backoff=Backoff(first=0.001))
    queue.database.execute_sql("CREATE TABLE effect (n INTEGER)")
    queue.enqueue("work")
    while queue.waiting():
        queue.drain()
        queue.clock.advance(1)
    assert seen == [None, {"row": 1}, {"row": 2}]
    assert queue.database.execute_sql("SELECT count(*) FROM job_progress").fetchone() == (0,)


def test_progress_is_shown_now_and_then(tmp_path: Path) -> None:
    shown: list[Any] = []

    def body(context: JobContext) -> None:
        for done in range(100):
            context.progress(done, 1000, "reading")
            queue.clock.advance(0.01)
            found = queue.database.execute_sql("SELECT done, total, message FROM job_progress")
            shown.append(found.fetchone())

    queue = queue_of(tmp_path, body)
    queue.enqueue("work")
    queue.drain()
    assert set(shown) == {(0, 1000, "reading"), (50, 1000, "reading")}


def test_a_running_job_sees_that_it_was_asked_to_end(tmp_path: Path) -> None:
    def body(context: JobContext) -> None:
        assert not context.cancelled
        queue.database.execute_sql("UPDATE jobs SET cancel_asked = 1")
        queue.clock.advance(1)
        if context.cancelled:
            raise JobCancelled

    queue = queue_of(tmp_path, body)
    number = queue.enqueue("work")
    queue.drain()
    assert queue.ended(number).state == "cancelled"


def test_the_caller_hears_of_what_cannot_be_enqueued(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context, *, n: None)
    with pytest.raises(UnknownJob):
        queue.enqueue("wrok")
    for payload in ({}, {"m": 1}, {"n": 1, "m": 1}, {"n": object()}, {"n": float("nan")}):
        with pytest.raises(PayloadMismatch):
            queue.enqueue("work", payload)
    with pytest.raises(UnknownJob):
        queue.enqueue("work", {"n": 1}, then=[("wrok", {})])
    assert not queue.waiting()


def test_a_claim_needs_no_lock_where_nothing_waits(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context: None)
    other = sqlite3.connect(tmp_path / "queue.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert queue.engine.dequeue() is None
    other.close()


def test_a_queue_has_one_kind_of_workers() -> None:
    light = Job(name="light", body=lambda _context: None)
    heavy = Job(name="heavy", body=lambda _context: None, runs_in=RunsIn.CHILD)
    with pytest.raises(ValueError, match=r"the queue default.* declare another queue"):
        Registry((light, heavy))
    with pytest.raises(ValueError, match="two jobs"):
        Registry((light, light))


def test_a_queue_is_awaited_or_not_and_its_jobs_wait_for_no_child() -> None:
    usual = Job(name="usual", body=lambda _context: None)
    awaited = Job(name="awaited", body=lambda _context: None, awaited=True)
    with pytest.raises(ValueError, match=r"not the haste: declare another queue"):
        Registry((usual, awaited))
    with pytest.raises(ValueError, match="would wait for a child"):
        Registry((replace(awaited, runs_in=RunsIn.CHILD),))
    assert Registry((awaited,)).awaited_queues() == {"default"}


def test_the_claims_of_two_owners_never_meet(tmp_path: Path) -> None:
    queue = queue_of(tmp_path, lambda _context: None)
    numbers = [queue.enqueue("work") for _ in range(4)]
    taken = []
    for owner in ("a", "b", "a", "b"):
        with queue.database.write():
            claim = Claims(queue.database, owner).take(queue.engine.now())
        assert claim is not None
        taken.append(claim.number)
    assert taken == numbers
