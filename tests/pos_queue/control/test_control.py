"""What people do with jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.control.control import Cancelling, Control
from pos_queue.errors import ClaimLost, NotPossible, WhyNot
from pos_queue.job import Job
from pos_queue.testing.practice_queue import PracticeQueue
from pos_queue.views.views import Views


class Desk:
    """A queue, its control, and what the jobs do."""

    def __init__(self, folder: Path) -> None:
        self.fails = True
        self.cursors: list[Any] = []
        self.woken = 0
        job = Job(name="work", body=self._act, attempts=1)
        other = Job(name="mail", body=self._act, attempts=1, queue="mail")
        self.queue = PracticeQueue(folder, [job, other])
        self.control = Control(self.queue.database, self.queue.clock, self._wake)
        self.views = Views(
            self.queue.database, self.queue.registry, self.queue.codec, self.queue.clock
        )

    def _act(self, context: JobContext, *, n: int = 0) -> None:
        self.cursors.append(context.cursor)
        context.checkpoint(n)
        if self.fails:
            raise ValueError(n)

    def _wake(self) -> None:
        assert not self.queue.database.in_transaction()
        self.woken += 1

    def failed(self, *names: str, **options: Any) -> list[int]:
        numbers = [self.queue.enqueue(name, **options) for name in names or ("work",)]
        self.queue.drain()
        return numbers

    def states(self) -> dict[int, str]:
        sql = "SELECT number, state FROM jobs UNION ALL SELECT number, state FROM job_history"
        return dict(self.queue.database.execute_sql(sql).fetchall())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.queue.database.close()


def refused(act: Callable[..., object], number: int) -> tuple[WhyNot, int | None]:
    with pytest.raises(NotPossible) as told:
        act(number)
    assert told.value.number == number
    return told.value.why, told.value.other


def test_a_failed_job_waits_again_under_its_number_and_goes_on(desk: Desk) -> None:
    (number,) = desk.failed(payload={"n": 5}, started_by="njeri", unique_key="k", priority=3)
    before = desk.views.failed()[0]
    desk.control.retry(number)
    assert desk.woken == 1
    (waiting,) = desk.views.unfinished()
    assert (waiting.number, waiting.state, waiting.attempts) == (number, "queued", 1)
    assert waiting.failures == 0
    for same in ("started_by", "priority", "created_at", "payload", "queue", "job"):
        assert getattr(waiting, same) == getattr(before, same)
    assert desk.queue.enqueue("work", unique_key="k") == number
    desk.fails = False
    desk.queue.drain()
    assert desk.cursors == [None, 5]
    detail = desk.views.job(number)
    assert detail is not None
    assert [(one.attempt, one.outcome) for one in detail.tried] == [(1, "failed"), (2, "done")]


def test_a_retried_job_may_start_over(desk: Desk) -> None:
    (number,) = desk.failed(payload={"n": 5})
    desk.control.retry(number, from_start=True)
    desk.queue.drain()
    assert desk.cursors == [None, None]


def test_a_retried_job_fails_again_after_as_many_attempts_as_it_declares(desk: Desk) -> None:
    (number,) = desk.failed()
    desk.control.retry(number)
    desk.queue.drain()
    (failed,) = desk.views.failed()
    assert (failed.attempts, failed.failures) == (2, 1)


def test_what_cannot_be_retried_is_refused_with_the_reason(desk: Desk) -> None:
    retry = desk.control.retry
    assert refused(retry, 99) == (WhyNot.UNKNOWN, None)
    assert refused(retry, desk.queue.enqueue("work")) == (WhyNot.NOT_OVER, None)
    desk.fails = False
    desk.queue.drain()
    assert refused(retry, 1) == (WhyNot.DONE, None)
    assert desk.woken == 0


def test_a_job_whose_key_is_taken_meanwhile_is_refused_and_stays_failed(desk: Desk) -> None:
    (number,) = desk.failed(unique_key="k")
    other = desk.queue.enqueue("work", unique_key="k")
    assert refused(desk.control.retry, number) == (WhyNot.KEY_TAKEN, other)
    assert desk.states() == {number: "failed", other: "queued"}
    free = desk.queue.enqueue("mail")
    desk.queue.database.execute_sql("UPDATE jobs SET unique_key = NULL WHERE number = ?", (free,))
    desk.queue.run_next()
    retried = desk.control.retry_failed()
    assert [one.number for one in retried.refused] == [other]
    assert retried.numbers == (number,)


@pytest.mark.parametrize("state", ["quarantined", "forgotten", "cancelled", "expired"])
def test_whatever_was_not_done_may_be_retried_by_its_number(desk: Desk, state: str) -> None:
    (number,) = desk.failed()
    desk.queue.database.execute_sql("UPDATE job_history SET state = ?", (state,))
    desk.control.retry(number)
    assert desk.states() == {number: "queued"}


def test_all_that_failed_are_retried_or_those_of_a_queue_or_a_batch(desk: Desk) -> None:
    first, second = desk.failed("work", "mail")
    batch = desk.queue.intake.batch("Mails", keep_open=True)
    (third,) = desk.failed("work", batch=batch)
    assert desk.control.retry_failed(queue="mail").numbers == (second,)
    assert desk.control.retry_failed(batch=batch).numbers == (third,)
    assert desk.control.retry_failed().numbers == (first,)
    assert set(desk.states().values()) == {"queued"}
    assert desk.control.retry_failed().numbers == ()


def test_a_late_word_of_an_attempt_before_is_still_refused(desk: Desk) -> None:
    queue = desk.queue
    number = queue.enqueue("work")
    task = queue.engine.dequeue()
    assert task is not None
    late = task.claim
    queue.engine.execute(task)
    desk.control.retry(number)
    for _attempt in range(5):
        again = queue.engine.dequeue()
        assert again is not None
        assert again.claim.fence > late.fence + 1000
        with pytest.raises(ClaimLost):
            queue.engine.durable.claims.check(late)
        queue.engine.durable.settling.put_back(again.claim)


def test_a_failed_job_is_forgotten_and_stays_in_the_history(desk: Desk) -> None:
    (number,) = desk.failed()
    desk.control.forget(number)
    assert desk.views.failed() == []
    assert desk.states() == {number: "forgotten"}
    assert refused(desk.control.forget, number) == (WhyNot.NOT_FAILED, None)
    assert refused(desk.control.forget, 99) == (WhyNot.UNKNOWN, None)
    assert refused(desk.control.forget, desk.queue.enqueue("work")) == (WhyNot.NOT_OVER, None)


def test_failed_jobs_are_flushed_the_old_ones_alone_where_that_is_wanted(desk: Desk) -> None:
    (old,) = desk.failed()
    desk.queue.clock.advance(3600)
    (new,) = desk.failed()
    now = desk.queue.clock.now()
    assert desk.control.flush(before=now - timedelta(hours=2)) == 0
    assert desk.control.flush(before=now - timedelta(minutes=30)) == 1
    assert desk.states() == {old: "forgotten", new: "failed"}
    assert desk.control.flush() == 1


def test_what_waits_in_a_queue_is_cleared_and_never_what_runs(desk: Desk) -> None:
    queue = desk.queue
    running, batch = queue.enqueue("work"), queue.intake.batch("Mails", keep_open=True)
    queued = queue.enqueue("work", batch=batch)
    scheduled = queue.enqueue("work", at=queue.clock.now() + timedelta(hours=1))
    other = queue.enqueue("mail")
    queue.database.execute_sql("UPDATE jobs SET state = 'running' WHERE number = ?", (running,))
    assert desk.control.clear("work") == 0
    assert desk.control.clear("default") == 2
    queue.intake.close(batch)
    ended = "SELECT ended_at FROM job_batches WHERE number = ?"
    assert queue.database.execute_sql(ended, (batch,)).fetchone() != (None,)
    assert desk.states() == {
        running: "running",
        queued: "cancelled",
        scheduled: "cancelled",
        other: "queued",
    }


def test_a_waiting_job_is_cancelled_at_once(desk: Desk) -> None:
    batch = desk.queue.intake.batch("Mails", [("work", {})])
    (number,) = desk.states()
    assert desk.control.cancel(number) is Cancelling.CANCELLED
    detail = desk.views.job(number)
    assert detail is not None
    ended = detail.view
    assert (ended.state, ended.attempts, ended.started_at) == ("cancelled", 0, None)
    assert ended.finished_at == desk.queue.clock.now()
    ended_at = "SELECT ended_at FROM job_batches WHERE number = ?"
    assert desk.queue.database.execute_sql(ended_at, (batch,)).fetchone() != (None,)
    assert refused(desk.control.cancel, number) == (WhyNot.OVER, None)
    assert refused(desk.control.cancel, 99) == (WhyNot.UNKNOWN, None)


def test_a_running_job_is_asked_to_end(desk: Desk) -> None:
    number = desk.queue.enqueue("work")
    task = desk.queue.engine.dequeue()
    assert task is not None
    assert desk.control.cancel(number) is Cancelling.ASKED
    (running,) = desk.views.unfinished()
    assert (running.state, running.cancel_asked) == ("running", True)
    desk.queue.engine.execute(task)
    desk.control.retry(number)
    assert not desk.views.unfinished()[0].cancel_asked


def test_a_paused_queue_waits_until_it_is_resumed(desk: Desk) -> None:
    desk.fails = False
    numbers = [desk.queue.enqueue("work"), desk.queue.enqueue("mail")]
    assert desk.control.pause("mail")
    assert not desk.control.pause("mail")
    desk.queue.drain()
    assert desk.states() == {numbers[0]: "done", numbers[1]: "queued"}
    assert desk.control.resume("mail")
    assert not desk.control.resume("mail")
    assert desk.woken == 2
    desk.queue.drain()
    assert set(desk.states().values()) == {"done"}


def test_a_queue_may_be_paused_before_its_first_job(desk: Desk) -> None:
    desk.control.pause("mail")
    desk.queue.enqueue("mail")
    assert desk.queue.drain() == 0


def test_within_a_transaction_nobody_is_woken_before_its_end(desk: Desk) -> None:
    (number,) = desk.failed()
    for act in (
        lambda: desk.control.retry(number),
        lambda: desk.control.resume("mail"),
        desk.control.retry_failed,
        desk.control.restart,
    ):
        woken = desk.woken
        with desk.queue.database.write():
            act()
            assert desk.woken == woken
        assert desk.woken == woken + 1


def test_an_act_within_a_transaction_is_undone_with_it(desk: Desk) -> None:
    (number,) = desk.failed()
    with pytest.raises(KeyError), desk.queue.database.write():
        desk.control.retry(number)
        raise KeyError
    assert desk.states() == {number: "failed"}
    assert desk.woken == 0
