"""Runners: several on one file, woken and idle, stopped and killed, and taken over from."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pos_queue.engine.consumer import QueueConsumer
from pos_queue.engine.runner import Runner
from pos_queue.intake import Intake
from pos_queue.premises import Terms
from pos_queue.testing.file_database import FileDatabase

from tests.pos_queue import kinds
from tests.pos_queue.processes import SECONDS, wait_until
from tests.pos_queue.workers import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Place(tmp_path, kinds.jobs) as place:
        yield place


@contextmanager
def running(place: Place) -> Iterator[Runner]:
    runner = Runner(place.premises(), Terms(workers=2, children=1))
    thread = threading.Thread(target=runner.run)
    thread.start()
    wait_until(lambda: runner._consumer is not None)
    try:
        yield runner
    finally:
        runner.stop()
        thread.join(SECONDS)
        assert not thread.is_alive()


def begun(runner: Runner) -> QueueConsumer:
    """Return the workers of a runner once all of them are there."""
    consumer = runner._consumer
    assert consumer is not None
    wait_until(lambda: all(thread.is_alive() for _worker, thread in consumer.worker_threads))
    return consumer


def states(place: Place) -> dict[str, int]:
    return dict(place.rows("SELECT state, count(*) FROM job_history GROUP BY state"))


def test_an_idle_runner_asks_the_file_for_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = FileDatabase.execute_sql

    def counted(self: FileDatabase, sql: str, params: Sequence[Any] = ()) -> Any:
        asked.append(sql)
        return execute(self, sql, params)

    def is_quiet() -> bool:
        """Tell whether nothing was asked for a while; what went before may take a moment to end."""
        asked.clear()
        threading.Event().wait(2.5)
        return not asked

    with running(place):
        place.intake.enqueue("plain", {"key": 1})
        wait_until(lambda: states(place) == {"done": 1})
        monkeypatch.setattr(FileDatabase, "execute_sql", counted)
        assert any(is_quiet() for _look in range(4)), asked


def test_a_job_of_another_program_is_heard_without_a_look_at_the_log(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(place) as runner:
        begun(runner)
        monkeypatch.setattr(runner._wal, "changed", lambda: False)
        for key in range(3):
            place.intake.enqueue("plain", {"key": key})
            wait_until(lambda key=key: states(place) == {"done": key + 1})  # type: ignore[misc]


def test_a_job_is_found_without_being_woken(place: Place) -> None:
    silent = Intake(place.database, place.registry, place.codec, place.clock)
    with running(place):
        threading.Event().wait(0.2)
        silent.enqueue("plain", {"key": 1})
        wait_until(lambda: states(place) == {"done": 1})


def test_two_programs_share_the_work_and_do_each_job_once(place: Place) -> None:
    with place.worker(2), running(place):
        for start in range(0, 300, 50):
            with place.database.write():
                for key in range(start, start + 50):
                    place.intake.enqueue("slow", {"key": key, "seconds": 0.005})
        wait_until(lambda: states(place) == {"done": 300})
    assert sorted(place.effects("slow")) == [*range(300)]


def test_what_a_killed_program_ran_is_run_again_by_its_neighbour(place: Place) -> None:
    with place.worker(2) as worker:
        place.intake.enqueue("slow", {"key": 1, "seconds": 3})
        wait_until(lambda: place.rows("SELECT 1 FROM jobs WHERE state = 'running'"))
        with running(place):
            worker.kill()
            wait_until(lambda: states(place) == {"done": 1})
    outcome = place.rows("SELECT outcome, error FROM job_attempts")
    assert outcome == [("interrupted", "the program that ran it has died")]
    assert place.rows("SELECT failures FROM job_history") == [(0,)]


def test_orphans_run_again_at_the_next_start(place: Place) -> None:
    with place.worker(2) as worker:
        place.intake.enqueue("long", {"polite": True})
        wait_until(lambda: place.rows("SELECT 1 FROM job_progress"))
        worker.kill()
    place.database.execute_sql("DELETE FROM job_progress")
    with running(place):
        wait_until(lambda: place.rows("SELECT 1 FROM job_attempts"))
        wait_until(lambda: place.rows("SELECT 1 FROM job_progress"))


def test_a_worker_thread_that_has_ended_is_replaced(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(place) as runner:
        assert runner._consumer is not None
        dead = [thread for _worker, thread in runner._consumer.worker_threads]
        lanes = [worker.lane for worker, _thread in runner._consumer.worker_threads]
        for worker, _thread in runner._consumer.worker_threads:
            worker.is_given_up = True

        def have_ended() -> bool:
            for lane in lanes:
                lane.bell.ring()
            return not any(thread.is_alive() for thread in dead)

        wait_until(have_ended)
        place.intake.enqueue("plain", {"key": 1})
        wait_until(lambda: states(place) == {"done": 1})


def test_workers_can_be_ended_while_one_of_them_is_replaced(place: Place) -> None:
    with running(place) as runner:
        consumer = begun(runner)
        create, ended = consumer._create_process, []

        def create_slowly(worker: Any, name: str) -> threading.Thread:
            thread: threading.Thread = create(worker, name)
            begin = thread.start

            def start() -> None:
                ended.append(consumer.stop_within(0.0))
                begin()

            thread.start = start  # type: ignore[method-assign]
            return thread

        consumer._create_process = create_slowly
        consumer.give_up(consumer.worker_threads[0][1].ident)
        assert len(ended) == 1


def test_of_two_that_replace_a_worker_one_does(place: Place) -> None:
    with running(place) as runner:
        consumer = begun(runner)
        before = consumer.worker_threads[0][1]
        consumer._renew(0, before)
        renewed = consumer.worker_threads[0][1]
        consumer._renew(0, before)
        assert consumer.worker_threads[0][1] is renewed is not before


def test_a_runner_that_stops_leaves_nothing_behind(place: Place) -> None:
    threads = set(threading.enumerate())
    with running(place):
        place.intake.enqueue("number", {"how": "return"})
        wait_until(lambda: states(place) == {"done": 1})
    wait_until(lambda: set(threading.enumerate()) <= threads)
    assert list(place.locks.iterdir()) == []


def test_the_file_is_free_again_after_it_was_held_too_long(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_queue.testing.file_database.BUSY_SECONDS", 0.2)
    with running(place):
        place.intake.enqueue("slow", {"key": 1, "seconds": 0.3})
        wait_until(lambda: place.rows("SELECT 1 FROM jobs WHERE state = 'running'"))
        with place.database.write():
            threading.Event().wait(1.0)
        wait_until(lambda: states(place) == {"done": 1})
    assert place.effects("slow") == [1]
