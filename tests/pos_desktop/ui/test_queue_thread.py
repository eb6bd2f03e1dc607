"""The queue in the till's own thread: it works, dies, comes back, and ends in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pos_queue.engine.runner import Runner
from pos_queue.premises import Terms
from pytestqt.qtbot import QtBot

from pos_desktop.ui.threads.queue_thread import QueueThread
from tests.pos_queue import kinds
from tests.pos_queue.workers import Place

CLOSE_SECONDS = 2.0


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    kinds.RELEASED.clear()
    with Place(tmp_path, kinds.jobs) as place:
        yield place
        kinds.RELEASED.set()


def runner_of(place: Place) -> Callable[[], Runner]:
    return lambda: Runner(place.premises(), Terms(workers=3, children=1))


def count(place: Place, table: str) -> int:
    return int(place.rows(f"SELECT count(*) FROM {table}")[0][0])


def test_a_job_runs_in_the_tills_own_process(qtbot: QtBot, place: Place) -> None:
    queue = QueueThread(runner_of(place), start_after=0)
    with qtbot.waitSignal(queue.working) as told:
        queue.start()
    assert told.args == [True]
    place.intake.enqueue("plain", {"key": 1})
    qtbot.waitUntil(lambda: count(place, "effect") == 1)
    assert queue.stop(CLOSE_SECONDS)
    assert queue.isFinished()


def test_a_queue_that_has_died_is_started_again_and_says_so(
    qtbot: QtBot, place: Place, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("pos_desktop.ui.threads.queue_thread.PAUSES_SECONDS", (0.01,))
    made: list[Runner] = []

    def make() -> Runner:
        if len(made) < 2:
            made.append(runner_of(place)())
            raise OSError("no disk")
        return runner_of(place)()

    queue = QueueThread(make, start_after=0)
    told: list[bool] = []
    queue.working.connect(told.append)
    queue.start()
    qtbot.waitUntil(lambda: told == [False, False, True])
    place.intake.enqueue("plain", {"key": 1})
    qtbot.waitUntil(lambda: count(place, "effect") == 1)
    assert queue.stop(CLOSE_SECONDS)


def test_it_need_not_have_begun_to_end(qtbot: QtBot, place: Place) -> None:
    queue = QueueThread(runner_of(place), start_after=60)
    queue.start()
    assert queue.stop(CLOSE_SECONDS)


def test_it_ends_in_time_again_and_again_whatever_runs(
    qtbot: QtBot, place: Place, torture: bool
) -> None:
    rounds = 200 if torture else 8
    for round_ in range(rounds):
        with place.database.write():
            place.intake.enqueue("stuck", {"key": round_})
            place.intake.enqueue("long", {"polite": False})
            for key in range(20):
                place.intake.enqueue("slow", {"key": round_ * 20 + key, "seconds": 0.02})
        queue = QueueThread(runner_of(place), start_after=0)
        queue.start()
        before = count(place, "effect")
        qtbot.waitUntil(lambda before=before: count(place, "effect") > before)  # type: ignore[misc]
        queue.tell_to_stop()
        assert queue.stop(CLOSE_SECONDS)
        assert count(place, "jobs WHERE state = 'running'") == 0
    kinds.RELEASED.set()
    last = QueueThread(runner_of(place), start_after=0)
    last.start()
    slow = "jobs WHERE job = 'slow'"
    qtbot.waitUntil(lambda: count(place, slow) == 0, timeout=60_000)
    place.database.execute_sql("UPDATE jobs SET cancel_asked = 1")
    assert last.stop(CLOSE_SECONDS)
    assert sorted(place.effects("slow")) == [*range(rounds * 20)]
    left = [one.name for one in threading.enumerate() if one.name.startswith("Worker-")]
    qtbot.waitUntil(lambda: not any(one.name in left for one in threading.enumerate()))


def test_told_to_stop_it_begins_no_further_job_and_ends(qtbot: QtBot, place: Place) -> None:
    queue = QueueThread(runner_of(place), start_after=0)
    with qtbot.waitSignal(queue.working):
        queue.start()
    place.intake.enqueue("plain", {"key": 1})
    qtbot.waitUntil(lambda: count(place, "effect") == 1)
    queue.tell_to_stop()
    place.intake.enqueue("plain", {"key": 2})
    qtbot.waitUntil(queue.isFinished, timeout=10_000)
    assert (count(place, "effect"), count(place, "jobs")) == (1, 1)


def test_it_ends_in_time_also_while_a_runner_is_being_made(qtbot: QtBot, place: Place) -> None:
    made, go = threading.Event(), threading.Event()

    def make() -> Runner:
        made.set()
        go.wait(10)
        return runner_of(place)()

    queue = QueueThread(make, start_after=0)
    queue.start()
    assert made.wait(10)
    threading.Timer(0.1, go.set).start()
    assert queue.stop(10)
    assert queue.isFinished()


def test_the_wait_before_each_further_try_grows_to_the_last(qtbot: QtBot, place: Place) -> None:
    waits: list[float | None] = []

    class Stopping(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout)
            return len(waits) > 5

    def make() -> Runner:
        raise OSError("no disk")

    queue = QueueThread(make, start_after=0.25)
    queue._stopping = Stopping()
    queue.run()
    assert waits == [0.25, 1.0, 5.0, 30.0, 30.0, 30.0]
