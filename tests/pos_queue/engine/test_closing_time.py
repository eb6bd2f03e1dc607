"""A runner ends after so many jobs, after a time, when nothing waits, or when it is asked to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pos_queue.context import JobContext
from pos_queue.control.control import Control
from pos_queue.engine.choice import Choice
from pos_queue.engine.closing_time import ClosingTime, Why
from pos_queue.engine.engine import DurableHuey
from pos_queue.job import Job
from pos_queue.testing.practice_queue import PracticeQueue

from pos_desktop.domain.clock import SystemClock
from tests.pos_queue.at_work import AtWork
from tests.pos_queue.processes import SECONDS, wait_until


class Held:
    """A job that runs until the test lets it go."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()

    def body(self, _context: JobContext) -> None:
        self.begun.release()
        assert self.go.wait(SECONDS)

    def wait(self) -> None:
        assert self.begun.acquire(timeout=SECONDS)


@contextmanager
def at_work(folder: Path, *jobs: Job) -> Iterator[AtWork]:
    with closing(AtWork(folder, jobs)) as work:
        yield work


@pytest.fixture
def held() -> Iterator[Held]:
    held = Held()
    yield held
    held.go.set()


def plain(**declared: Any) -> Job:
    return Job(name="plain", body=lambda _context: None, **declared)


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("workers", [1, 3])
def test_so_many_jobs_and_no_more(tmp_path: Path, grouped: bool, workers: int) -> None:
    with at_work(tmp_path, plain(grouped=grouped)) as work:
        for _number in range(20):
            work.enqueue("plain")
        runner = work.start(workers=workers, most_jobs=7)
        work.wait(runner)
        assert runner.ended_for is Why.MOST_JOBS
        assert sorted(work.states()) == ["done"] * 7 + ["queued"] * 13
        assert len(work.ended) == 7


def test_a_worker_that_was_not_let_look_looks_when_another_has_looked_too_early(
    tmp_path: Path,
) -> None:
    with at_work(tmp_path, plain()) as work:
        runner = work.runner(workers=1, most_jobs=1)
        allowance = runner._closing.allowance
        assert allowance.take() == 1
        work.run(runner)
        work.enqueue("plain")
        wait_until(lambda: allowance._has_refused)
        allowance.took(1, 0)
        work.wait(runner)
        assert work.states() == ["done"]


def test_the_last_job_may_take_as_long_as_it_takes(tmp_path: Path, held: Held) -> None:
    with at_work(tmp_path, Job(name="held", body=held.body), plain()) as work:
        work.enqueue("held")
        runner = work.start(most_jobs=1)
        held.wait()
        work.enqueue("plain")
        assert not runner._stopped.wait(1.5)
        held.go.set()
        work.wait(runner)
        assert work.states() == ["done", "queued"]


def test_nothing_waits_any_more(tmp_path: Path) -> None:
    with at_work(tmp_path, plain()) as work:
        numbers = [work.enqueue("plain") for _number in range(5)]
        later = work.clock.now().replace(year=2090)
        work.enqueue("plain", at=later)
        runner = work.start(when_empty=True)
        work.wait(runner)
        assert runner.ended_for is Why.EMPTY
        assert sorted(ended.number for ended in work.ended) == numbers
        assert work.states() == ["done"] * 5 + ["scheduled"]


def test_an_empty_queue_ends_it_at_once_only_when_that_is_wanted(tmp_path: Path) -> None:
    with at_work(tmp_path, plain()) as work:
        stays = work.start()
        work.wait(work.start(when_empty=True))
        work.enqueue("plain")
        wait_until(lambda: work.states() == ["done"])
        assert stays.ended_for is None


def test_a_time_is_over(tmp_path: Path) -> None:
    with at_work(tmp_path, plain()) as work:
        runner = work.start(most_seconds=0.1)
        work.wait(runner)
        assert runner.ended_for is Why.MOST_SECONDS


def test_who_is_asked_to_finish_begins_nothing_and_ends_what_runs(
    tmp_path: Path, held: Held
) -> None:
    with at_work(tmp_path, Job(name="held", body=held.body), plain()) as work:
        work.enqueue("held")
        work.enqueue("plain", unique_key="taken ahead or not")
        runner = work.start(workers=1)
        held.wait()
        runner.finish(SECONDS)
        work.enqueue("plain")
        held.go.set()
        work.wait(runner)
        assert runner.ended_for is Why.STOPPED
        assert work.states() == ["done", "queued", "queued"]


def test_what_does_not_end_in_time_waits_again(tmp_path: Path, held: Held) -> None:
    with at_work(tmp_path, Job(name="held", body=held.body)) as work:
        work.enqueue("held")
        runner = work.start()
        held.wait()
        runner.finish(0.0)
        work.wait(runner)
        assert work.states() == ["queued"]
        told = work.database.execute_sql("SELECT outcome, error FROM job_attempts").fetchall()
        assert told == [("interrupted", "the program that ran it was closed")]


def test_a_job_that_was_taken_ahead_is_given_back(tmp_path: Path) -> None:
    queue = PracticeQueue(tmp_path, [plain()])
    queue.engine.take_next_with_the_last(True)
    for _number in range(2):
        queue.enqueue("plain")
    assert queue.run_next()
    found = "SELECT state, attempts FROM jobs"
    assert queue.database.execute_sql(found).fetchall() == [("running", 1)]
    queue.engine.allowance.close()
    assert queue.engine.dequeue() is None
    assert queue.database.execute_sql(found).fetchall() == [("queued", 0)]


def test_what_was_taken_ahead_when_a_runner_stops_was_never_begun(
    tmp_path: Path, held: Held
) -> None:
    with at_work(tmp_path, Job(name="held", body=held.body), plain()) as work:
        for name in ("held", "plain"):
            work.enqueue(name)
        runner = work.start(workers=1)
        held.wait()
        stop = threading.Thread(target=runner.stop, args=(SECONDS,))
        stop.start()
        wait_until(lambda: runner._consumer and runner._consumer.stop_flag.is_set())
        held.go.set()
        stop.join()
        assert work.rows("SELECT job, state, attempts FROM jobs") == [("plain", "queued", 0)]
        assert work.rows("SELECT * FROM job_attempts") == []


def test_all_runners_end_when_a_restart_is_asked_for(tmp_path: Path, held: Held) -> None:
    with at_work(tmp_path, Job(name="held", body=held.body), plain()) as work:
        work.restart()
        work.enqueue("held")
        runners = [work.start(workers=1), work.start(workers=1)]
        held.wait()
        wait_until(lambda: all(runner._consumer for runner in runners))
        work.restart()
        wait_until(lambda: all(runner.ended_for is Why.RESTART for runner in runners))
        work.enqueue("plain")
        held.go.set()
        for runner in runners:
            work.wait(runner)
        assert work.states() == ["done", "queued"]
        work.wait(work.start(when_empty=True))
        assert work.states() == ["done", "done"]


def test_nothing_more_is_allowed_before_it_is_said_to_be_over() -> None:
    closing_time = ClosingTime(SystemClock())
    allowance, close = closing_time.allowance, closing_time.allowance.close
    before: list[Why | None] = []

    def closes() -> None:
        before.append(closing_time.why)
        close()

    allowance.close = closes  # type: ignore[method-assign]
    closing_time.finish(None)
    assert (before, closing_time.why) == ([None], Why.STOPPED)


def test_it_is_not_over_while_a_job_is_being_taken() -> None:
    closing_time = ClosingTime(SystemClock())
    assert closing_time.allowance.take() == 1
    closing_time.finish(None)
    assert closing_time.why is None
    closing_time.allowance.took(1, 1)
    assert closing_time.why is Why.STOPPED


def test_news_that_could_not_be_read_are_read_at_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = PracticeQueue(tmp_path, [plain()])
    closing_time = ClosingTime(SystemClock())
    closing_time.begin(queue.database)
    Control(queue.database, queue.clock).restart()
    closing_time.note_news()
    with monkeypatch.context() as damaged:
        damaged.setattr("pos_queue.control.restarts.asked", lambda _database: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            closing_time.is_over(queue.engine)
    assert closing_time.is_over(queue.engine)
    assert closing_time.why is Why.RESTART


def test_a_job_that_is_taken_while_it_looks_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a look is made of, a job is taken after each part of it."""
    queue = PracticeQueue(tmp_path, [plain()])
    queue.enqueue("plain")
    closing_time = ClosingTime(SystemClock(), when_empty=True)
    ask = queue.database.execute_sql
    taken: list[object] = []

    def asks(sql: str, params: Any = ()) -> Any:
        answer = ask(sql, params)
        if not taken:
            taken.append(None)
            taken.append(queue.engine.dequeue())
        return answer

    monkeypatch.setattr(queue.database, "execute_sql", asks)
    assert not closing_time.is_over(queue.engine)
    assert taken[1] is not None
    assert closing_time.why is None


def test_whoever_runs_a_job_or_could_take_one_of_any_queue_is_not_idle(tmp_path: Path) -> None:
    queue = PracticeQueue(
        tmp_path, [plain(), Job(name="paper", body=lambda _context: None, queue="papers")]
    )
    first, second = Choice(besides=("papers",)), Choice(only=("papers",))
    engine = DurableHuey(
        "two lanes",
        database=queue.database,
        owner="two",
        clock=queue.clock,
        choices=(first, second),
    )
    assert engine.is_idle()
    queue.enqueue("paper")
    assert not engine.is_idle()
    engine.work_in(engine.lanes[1])
    assert engine.lanes[1].claims.take(engine.now()) is not None
    assert not engine.is_idle()


def test_an_idle_runner_hears_of_a_restart(tmp_path: Path) -> None:
    with at_work(tmp_path, plain()) as work:
        work.enqueue("plain")
        runner = work.start()
        wait_until(lambda: work.states() == ["done"])
        work.restart()
        work.wait(runner)
        assert runner.ended_for is Why.RESTART


def test_what_has_ended_is_told(tmp_path: Path) -> None:
    def fails(_context: JobContext) -> None:
        raise ValueError("no ink")

    with at_work(tmp_path, plain(), Job(name="fails", body=fails, attempts=1)) as work:
        numbers = [work.enqueue("plain"), work.enqueue("fails")]
        work.wait(work.start(when_empty=True))
        told = {one.number: (one.job, one.state, one.error) for one in work.ended}
        assert told == {
            numbers[0]: ("plain", "done", None),
            numbers[1]: ("fails", "failed", "ValueError: no ink"),
        }
