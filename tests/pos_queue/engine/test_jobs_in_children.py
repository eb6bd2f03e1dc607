"""Jobs in child processes: what they hand back, how they hang and die, and how they are ended."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pos_queue.engine.runner import Runner
from pos_queue.premises import Terms

from tests.pos_queue import kinds
from tests.pos_queue.processes import SECONDS, wait_until
from tests.pos_queue.workers import Place


class Works(Place):
    """A runner in a thread, and what it did."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, kinds.jobs)
        self.enqueue = self.intake.enqueue
        self.runner = Runner(self.premises(), Terms(workers=2, children=2))
        self._thread = threading.Thread(target=self.runner.run)

    def start(self) -> None:
        self._thread.start()

    def stop(self, within: float = 2.0) -> bool:
        stopped = self.runner.stop(within)
        self._thread.join(SECONDS)
        return stopped and not self._thread.is_alive()

    def ended(self, number: int) -> tuple[str, str | None, bytes | None]:
        sql = "SELECT state, error, result FROM job_history WHERE number = ?"
        ((state, error, result),) = wait_until(lambda: self.rows(sql, number))
        return (state, error, result)

    def states(self) -> Counter[str]:
        return Counter(dict(self.rows("SELECT state, count(*) FROM job_history GROUP BY state")))

    def attempts(self, number: int) -> list[tuple[str, str, str]]:
        sql = "SELECT outcome, error, traceback FROM job_attempts WHERE number = ?"
        return self.rows(sql, number)


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    kinds.RELEASED.clear()
    with Works(tmp_path) as works:
        works.start()
        yield works
        works.stop()
        kinds.RELEASED.set()
        wait_until(lambda: not any(one.name.startswith("Worker-") for one in threading.enumerate()))


def test_a_child_hands_its_result_back(works: Works) -> None:
    number = works.enqueue("number", {"how": "return", "value": [1, "ä", None]})
    state, error, result = works.ended(number)
    assert (state, error) == ("done", None)
    assert works.codec.load(works.registry["number"], result)["value"] == [1, "ä", None]


def test_an_error_in_a_child_is_told_as_one_in_a_thread(works: Works) -> None:
    number = works.enqueue("number", {"how": "raise", "value": "no ink"})
    assert works.ended(number)[:2] == ("failed", "ValueError: no ink")
    told = works.attempts(number)
    assert [row[:2] for row in told] == [("failed", "ValueError: no ink")] * 3
    assert "kinds.py" in told[0][2]


@pytest.mark.parametrize("how", ["segfault", "exit"])
def test_a_job_that_kills_three_children_is_quarantined_and_the_rest_goes_on(
    works: Works, how: str
) -> None:
    guilty = works.enqueue("number", {"how": how})
    others = [works.enqueue("number", {"how": "return", "value": n}) for n in range(20)]
    assert works.ended(guilty)[0] == "quarantined"
    assert [row[0] for row in works.attempts(guilty)] == ["died"] * 3
    assert {works.ended(number)[0] for number in others} == {"done"}
    if how == "segfault":
        assert "Segmentation fault" in works.attempts(guilty)[0][2]


@pytest.mark.parametrize("how", ["sleep", "loop", "gil", "lock", "socket"])
def test_a_child_that_hangs_is_ended_and_shows_where(works: Works, how: str) -> None:
    number = works.enqueue("hang", {"how": how})
    assert works.ended(number)[:2] == ("failed", "not done within 0.5 s")
    assert "_hang_in" in works.attempts(number)[0][2]
    after = works.enqueue("number", {"how": "return"})
    assert works.ended(after)[0] == "done"


def test_a_thread_that_hangs_loses_its_job_and_its_place(works: Works) -> None:
    hanging = [works.enqueue("stuck", {"key": n}) for n in range(3)]
    after = works.enqueue("plain", {"key": 1})
    assert works.ended(after)[0] == "done"
    for number in hanging:
        assert works.ended(number)[:2] == ("failed", "not done within 0.5 s")
        assert "in stuck" in works.attempts(number)[0][2]


def test_bad_jobs_among_many_hold_nobody_up(works: Works, torture: bool) -> None:
    count = 10_000 if torture else 500
    with works.database.write():
        bad = [
            works.enqueue("number", {"how": "segfault"}),
            works.enqueue("hang", {"how": "loop"}),
            works.enqueue("hang", {"how": "gil"}),
            works.enqueue("stuck", {"key": 1}),
            works.enqueue("failing", {"key": 1}),
        ]
        for key in range(count):
            heavy = key % 50 == 0
            payload = {"how": "return", "value": key} if heavy else {"key": key}
            works.enqueue("number" if heavy else "plain", payload)
    while (before := works.states()).total() < count + len(bad):
        wait_until(lambda before=before: works.states() != before)  # type: ignore[misc]
    assert works.states()["done"] == count
    told = [works.ended(number)[0] for number in bad]
    assert told == ["quarantined", "failed", "failed", "failed", "failed"]


def test_a_child_writes_in_chunks_under_its_fence(works: Works) -> None:
    number = works.enqueue("rows", {"key": 1, "count": 30})
    assert works.ended(number)[0] == "done"
    assert works.effects("rows 1") == [*range(30)]
    assert works.rows("SELECT count(*) FROM job_progress") == [(0,)]


@pytest.mark.parametrize("polite", [True, False])
def test_a_child_is_ended_when_somebody_asks(
    works: Works, monkeypatch: pytest.MonkeyPatch, polite: bool
) -> None:
    monkeypatch.setattr("pos_queue.engine.endings.GRACE_SECONDS", 30.0 if polite else 0.0)
    number = works.enqueue("long", {"polite": polite})
    wait_until(lambda: works.rows("SELECT 1 FROM job_progress"))
    works.database.execute_sql("UPDATE jobs SET cancel_asked = 1 WHERE number = ?", (number,))
    assert works.ended(number)[0] == "cancelled"


def test_what_runs_when_the_program_closes_waits_again(works: Works) -> None:
    number = works.enqueue("long", {"polite": False})
    wait_until(lambda: works.rows("SELECT 1 FROM job_progress"))
    assert works.stop()
    found = works.rows("SELECT state, owner, failures, deaths FROM jobs")
    assert found == [("queued", None, 0, 0)]
    assert [row[0] for row in works.attempts(number)] == ["interrupted"]
