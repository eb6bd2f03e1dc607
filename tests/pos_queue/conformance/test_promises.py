"""What every driver promises of a job, in the same words for all of them.

Each test runs on each driver. What one of them cannot promise stands in `stages.NOT_PROMISED`.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.control.control import Cancelling
from pos_queue.errors import GiveUp, JobCancelled, NoNetwork, TryLater
from pos_queue.job import Job

from tests.pos_queue.conformance.stages import DRIVERS, NOT_PROMISED, SYNC, Stage
from tests.pos_queue.processes import SECONDS, wait_until
from tests.pos_queue.redis_server import RedisServer

SOON = Backoff(first=0.05, factor=1.0, cap=0.05)
Make = Callable[..., Stage]
Body = Callable[..., Any]


@pytest.fixture(params=DRIVERS)
def make(request: pytest.FixtureRequest, tmp_path: Path, redis: RedisServer) -> Iterator[Make]:
    name = request.param
    if why := NOT_PROMISED.get((name, request.function.__name__)):
        pytest.skip(why)
    made: list[Stage] = []

    def new(*jobs: Job) -> Stage:
        made.append(Stage(tmp_path, name, jobs, redis.address, uuid.uuid4().hex))
        return made[-1]

    yield new
    for stage in made:
        stage.close()


def work(body: Body, **declared: Any) -> Job:
    return Job(name="work", body=body, **{"backoff": SOON, **declared})


def wait(event: threading.Event) -> None:
    assert event.wait(SECONDS), "it never came"


def test_a_job_runs_once_with_its_payload_and_context(make: Make) -> None:
    seen: list[Any] = []

    def body(context: JobContext, *, sale: str) -> dict[str, str]:
        seen.append((context.number, context.attempt, context.started_by, sale))
        return {"sale": sale}

    stage = make(work(body))
    number = stage.enqueue("work", {"sale": "é\ud800"}, started_by="njeri")
    stage.work()
    ended = stage.ended(number)
    assert (ended.state, ended.attempts, ended.result) == ("done", 1, {"sale": "é\ud800"})
    assert seen == [(number, 1, "njeri", "é\ud800")]


def test_many_jobs_run_once_each(make: Make) -> None:
    seen: list[int] = []
    stage = make(work(lambda _context, *, n: seen.append(n)))
    stage.work()
    with stage.database.write():
        numbers = [stage.enqueue("work", {"n": n}) for n in range(60)]
    for number in numbers:
        assert stage.ended(number).state == "done"
    assert sorted(seen) == list(range(60))


def test_a_failed_job_is_tried_again_after_a_wait(make: Make) -> None:
    seen: list[int] = []

    def body(context: JobContext) -> None:
        seen.append(context.attempt)
        if context.attempt < 3:
            raise OSError("not yet")

    stage = make(work(body))
    number = stage.enqueue("work")
    stage.work()
    assert stage.ended(number).attempts == 3
    assert seen == [1, 2, 3]
    assert stage.attempts(number) == ["failed", "failed"]


def test_a_job_that_always_fails_waits_for_a_person(make: Make) -> None:
    stage = make(work(lambda _context: 1 / 0, attempts=2))
    number = stage.enqueue("work")
    stage.work()
    ended = stage.ended(number)
    assert (ended.state, ended.attempts) == ("failed", 2)
    assert ended.error == "ZeroDivisionError: division by zero"
    assert stage.value("SELECT count(*) FROM failed_jobs") == 1
    assert "ZeroDivisionError" in stage.value("SELECT traceback FROM job_attempts")


def test_a_body_may_give_its_job_up(make: Make) -> None:
    def body(_context: JobContext) -> None:
        raise GiveUp("no such sale")

    stage = make(work(body, attempts=9))
    number = stage.enqueue("work")
    stage.work()
    ended = stage.ended(number)
    assert (ended.state, ended.attempts, ended.error) == ("failed", 1, "no such sale")


def test_a_job_may_ask_for_a_later_moment_and_no_failure_counts(make: Make) -> None:
    def body(context: JobContext) -> None:
        if context.attempt < 4:
            raise TryLater(0.05)

    stage = make(work(body, attempts=1))
    number = stage.enqueue("work")
    stage.work()
    assert stage.ended(number).state == "done"
    assert stage.ended(number).attempts == 4
    assert stage.attempts(number) == ["later"], "the last one stands for those before"


def test_a_job_without_network_waits_and_no_failure_counts(make: Make) -> None:
    def body(_context: JobContext) -> None:
        raise NoNetwork("smtp")

    stage = make(work(body, attempts=1))
    number = stage.enqueue("work")
    stage.work()
    wait_until(lambda: (row := stage.row(number)) and row[0] == "waiting_for_network")
    _state, attempts, failures = stage.row(number) or (None, 0, None)
    assert (attempts >= 1, failures) == (True, 0), "it may have been tried again by now"
    assert stage.attempts(number) == ["offline"]


def test_a_job_with_a_moment_waits_for_it(make: Make) -> None:
    begun: list[Any] = []
    stage = make(work(lambda _context: begun.append(stage.clock.now())))
    moment = stage.clock.now() + timedelta(seconds=0.5)
    stage.work()
    number = stage.enqueue("work", at=moment)
    stage.ended(number)
    assert begun[0] >= moment - timedelta(milliseconds=1)


def test_chained_jobs_follow_with_what_came_before(make: Make) -> None:
    seen: list[Any] = []

    def first(_context: JobContext, *, n: int) -> int:
        return n + 1

    def second(context: JobContext, *, previous: int) -> int:
        seen.append((previous, context.started_by))
        return previous * 10

    def third(_context: JobContext, *, previous: int, word: str) -> None:
        seen.append((previous, word))

    stage = make(
        Job(name="first", body=first),
        Job(name="second", body=second),
        Job(name="third", body=third),
    )
    then = [("second", {}), ("third", {"word": "end"})]
    stage.enqueue("first", {"n": 1}, then=then, started_by="njeri")
    stage.work()
    wait_until(lambda: stage.value("SELECT count(*) FROM job_history") == 3)
    assert seen == [(2, "njeri"), (20, "end")]


def test_what_follows_a_failed_job_never_runs(make: Make) -> None:
    ran: list[str] = []
    first = Job(name="first", body=lambda _context: 1 / 0, attempts=1)
    stage = make(first, Job(name="second", body=lambda _context: ran.append("second")))
    number = stage.enqueue("first", then=[("second", {})])
    stage.work()
    assert stage.ended(number).state == "failed"
    after = stage.enqueue("second")
    stage.ended(after)
    assert ran == ["second"]


def test_a_unique_job_waits_or_runs_once(make: Make) -> None:
    release, begun = threading.Event(), threading.Event()

    def body(_context: JobContext, *, n: int) -> None:
        begun.set()
        wait(release)

    stage = make(work(body, unique=True))
    stage.work()
    numbers: list[int] = []
    caller = stage.aside(lambda: numbers.append(stage.enqueue("work", {"n": 1})))
    wait(begun)
    running = stage.value("SELECT number FROM jobs")
    assert stage.enqueue("work", {"n": 1}) == running
    release.set()
    caller.join(SECONDS)
    stage.ended(running)
    again = stage.enqueue("work", {"n": 1})
    assert (numbers, again > running) == ([running], True)
    stage.ended(again)


def test_higher_priorities_come_first_then_the_order_of_coming(make: Make) -> None:
    order: list[int] = []
    stage = make(work(lambda _context, *, n: order.append(n)))
    with stage.database.write():
        for n, priority in enumerate((0, 5, 0, -1, 5)):
            number = stage.enqueue("work", {"n": n}, priority=priority)
            stage.database.execute_sql(
                "UPDATE jobs SET run_at = run_at + number WHERE number = ?", (number,)
            )
            stage.database.execute_sql("UPDATE jobs SET run_at = run_at - 1000")
    stage.work(workers=1)
    wait_until(lambda: stage.value("SELECT count(*) FROM job_history") == 5)
    assert order == [1, 4, 0, 2, 3]


def test_a_job_that_waits_can_be_cancelled(make: Make) -> None:
    ran: list[int] = []
    stage = make(work(lambda _context, *, n: ran.append(n)))
    stage.work()
    later = stage.clock.now() + timedelta(seconds=0.3)
    number = stage.enqueue("work", {"n": 1}, at=later)
    assert stage.control.cancel(number) is Cancelling.CANCELLED
    other = stage.enqueue("work", {"n": 2}, at=later)
    assert stage.ended(number).state == "cancelled"
    stage.ended(other)
    assert ran == [2]


def test_a_job_that_runs_can_be_asked_to_end(make: Make) -> None:
    begun = threading.Event()

    def body(context: JobContext) -> None:
        begun.set()
        wait_until(lambda: context.cancelled)
        raise JobCancelled("in good order")

    stage = make(work(body))
    stage.work()
    caller = stage.aside(lambda: stage.enqueue("work"))
    wait(begun)
    number = stage.value("SELECT number FROM jobs")
    stage.control.cancel(number)
    assert stage.ended(number).state == "cancelled"
    caller.join(SECONDS)


def test_progress_is_seen_while_the_job_runs(make: Make) -> None:
    release = threading.Event()

    def body(context: JobContext) -> None:
        context.progress(3, 10, "reading")
        wait(release)

    stage = make(work(body))
    stage.work()
    caller = stage.aside(lambda: stage.enqueue("work"))
    wait_until(lambda: stage.value("SELECT count(*) FROM job_progress"))
    shown = stage.database.execute_sql("SELECT done, total, message FROM job_progress").fetchone()
    assert shown == (3, 10, "reading")
    release.set()
    caller.join(SECONDS)
    wait_until(lambda: not stage.value("SELECT count(*) FROM jobs"))


def test_a_job_goes_on_from_its_checkpoint(make: Make) -> None:
    cursors: list[Any] = []

    def body(context: JobContext) -> None:
        cursors.append(context.cursor)
        for row in range((context.cursor or {"row": 0})["row"], 6):
            context.checkpoint({"row": row + 1})
            if row in (1, 3):
                raise OSError("broken off")

    stage = make(work(body))
    number = stage.enqueue("work")
    stage.work()
    assert stage.ended(number).attempts == 3
    assert cursors == [None, {"row": 2}, {"row": 4}]
    assert stage.value("SELECT count(*) FROM job_progress") == 0


def test_a_thread_is_robbed_of_a_job_past_its_limit(make: Make) -> None:
    release = threading.Event()
    robbed: list[threading.Thread] = []

    def body(_context: JobContext, *, hangs: bool) -> str:
        if hangs:
            robbed.append(threading.current_thread())
            wait(release)
        return "late" if hangs else "done"

    stage = make(work(body, limit=0.4, attempts=1))
    stuck = stage.enqueue("work", {"hangs": True})
    stage.work(workers=1)
    ended = stage.ended(stuck)
    assert (ended.state, stage.attempts(stuck)) == ("failed", ["timed_out"])
    assert "wait(release)" in stage.value("SELECT traceback FROM job_attempts")
    free = stage.enqueue("work", {"hangs": False})
    assert stage.ended(free).state == "done"
    release.set()
    after = stage.enqueue("work", {"hangs": False})
    stage.ended(after)
    assert stage.ended(stuck).state == "failed"
    wait_until(lambda: not robbed[0].is_alive())


def test_what_is_awaited_waits_for_no_job_of_another_queue(make: Make) -> None:
    release, begun = threading.Event(), threading.Semaphore(0)

    def slow(_context: JobContext) -> None:
        begun.release()
        wait(release)

    stage = make(
        Job(name="slow", body=slow, queue="mail"),
        Job(name="quick", body=lambda _context: None, queue="payments", awaited=True),
    )
    stage.work(workers=2)
    slow_ones = [stage.enqueue("slow") for _job in range(4)]
    assert begun.acquire(timeout=SECONDS)
    assert begun.acquire(timeout=SECONDS)
    quick = stage.enqueue("quick")
    assert stage.ended(quick).state == "done"
    assert [state for number in slow_ones if (state := stage.row(number))], "they are at it still"
    release.set()
    for number in slow_ones:
        stage.ended(number)


def test_a_job_is_written_with_its_callers_transaction_or_not_at_all(make: Make) -> None:
    ran: list[int] = []
    stage = make(work(lambda _context, *, n: ran.append(n)))
    stage.work()
    with pytest.raises(KeyError), stage.database.write():
        stage.enqueue("work", {"n": 1})
        raise KeyError
    with stage.database.write():
        number = stage.enqueue("work", {"n": 2})
        with pytest.raises(KeyError), stage.database.write():
            stage.enqueue("work", {"n": 3})
            raise KeyError
        assert not ran
    stage.ended(number)
    assert ran == [2]
    assert stage.value("SELECT count(*) FROM jobs") == 0


def test_what_cannot_be_read_ends_in_failed_and_harms_nobody(make: Make) -> None:
    stage = make(work(lambda _context: None, attempts=5))
    stage.work()
    with stage.database.write():
        spoilt, unknown, whole = (stage.enqueue("work") for _ in range(3))
        stage.database.execute_sql(
            "UPDATE jobs SET payload = CAST(payload || 'x' AS BLOB) WHERE number = ?", (spoilt,)
        )
        stage.database.execute_sql("UPDATE jobs SET job = 'gone' WHERE number = ?", (unknown,))
    assert stage.ended(whole).state == "done"
    for number in (spoilt, unknown):
        wait_until(partial(stage.attempts, number))
        assert stage.attempts(number) == ["unreadable"]
    assert stage.value("SELECT count(*) FROM failed_jobs") == 2


def test_a_failed_job_can_be_tried_again_by_a_person(make: Make) -> None:
    fails = [True]
    stage = make(work(lambda _context: 1 / 0 if fails else "done", attempts=1))
    number = stage.enqueue("work")
    stage.work()
    assert stage.ended(number).state == "failed"
    fails.clear()
    stage.control.retry(number)
    wait_until(lambda: stage.value("SELECT count(*) FROM job_history WHERE state = 'done'"))
    assert stage.ended(number).attempts == 2


def test_a_result_is_handed_over_in_the_completing_transaction(make: Make) -> None:
    def keep(_context: JobContext, value: int) -> None:
        stage.database.execute_sql("INSERT INTO effect VALUES (?)", (value,))

    stage = make(work(lambda _context, *, n: n, on_result=keep))
    numbers = [stage.enqueue("work", {"n": n}) for n in range(3)]
    stage.work()
    for number in numbers:
        stage.ended(number)
    keys = stage.database.execute_sql("SELECT key FROM effect ORDER BY key").fetchall()
    assert keys == [(0,), (1,), (2,)]


def test_what_is_left_for_the_completion_happens_once(make: Make) -> None:
    def body(context: JobContext) -> None:
        context.at_completion(lambda: stage.database.execute_sql("INSERT INTO effect VALUES (1)"))
        if context.attempt == 1:
            raise OSError

    stage = make(work(body))
    number = stage.enqueue("work")
    stage.work()
    assert stage.ended(number).attempts == 2
    assert stage.value("SELECT count(*) FROM effect") == 1


def test_a_queue_that_is_paused_begins_nothing_until_it_is_resumed(make: Make) -> None:
    ran: list[int] = []
    stage = make(
        work(lambda _context, *, n: ran.append(n), queue="slow"),
        Job(name="other", body=lambda _context: None),
    )
    stage.control.pause("slow")
    stage.work()
    number = stage.enqueue("work", {"n": 1})
    stage.ended(stage.enqueue("other"))
    assert not ran
    stage.control.resume("slow")
    stage.ended(number)


def test_a_batch_calls_its_end_once(make: Make) -> None:
    ran: list[str] = []
    stage = make(
        work(lambda _context, *, n: ran.append("member")),
        Job(name="end", body=lambda _context, *, batch: ran.append(f"end of {batch}")),
    )
    stage.work()
    batch = stage.driver.intake.batch(
        "import", [("work", {"n": n}) for n in range(5)], finally_=("end", {})
    )
    wait_until(lambda: stage.value("SELECT count(*) FROM job_history") == 6)
    assert ran == ["member"] * 5 + [f"end of {batch}"]


def test_a_secret_job_runs_and_says_nothing_of_itself(make: Make) -> None:
    def body(_context: JobContext, *, pin: str) -> None:
        raise ValueError(f"the PIN is {pin}")

    stage = make(work(body, attempts=1, sensitive=True))
    number = stage.enqueue("work", {"pin": "1234"})
    stage.work()
    assert stage.ended(number).error == "ValueError"
    kept = stage.database.execute_sql("SELECT * FROM job_attempts").fetchall()
    assert "1234" not in str(kept)


def test_jobs_that_jobs_enqueue_run_too(make: Make) -> None:
    seen: list[int] = []

    def body(_context: JobContext, *, n: int) -> None:
        if n:
            stage.enqueue("work", {"n": n - 1})
        seen.append(n)

    stage = make(work(body))
    stage.enqueue("work", {"n": 3})
    stage.work()
    wait_until(lambda: stage.value("SELECT count(*) FROM job_history") == 4)
    assert sorted(seen) == [0, 1, 2, 3]
    assert stage.name != SYNC or seen == [3, 2, 1, 0], "one job was run within another"
