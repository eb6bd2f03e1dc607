"""While an endpoint is away its jobs wait, rarely ask, and lose nothing by it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import NoNetwork
from pos_queue.job import Job
from pos_queue.network import endpoints
from pos_queue.network.drain import DRAIN_RULES
from pos_queue.testing.practice_queue import PracticeQueue

NIGHT_SECONDS = 8 * 3600


class Line:
    """A network that is there or not, and who has used it when."""

    def __init__(self, tmp_path: Path, *, with_probe: bool) -> None:
        self.is_up = False
        self.probes: list[float] = []
        self.sent: Counter[int] = Counter()
        self.sent_at: list[float] = []
        probes = {"smtp": self.probe} if with_probe else {}
        self.queue = PracticeQueue(
            tmp_path,
            [Job(name="mail", body=self.send, needs_network="smtp", attempts=2)],
            probes=probes,
        )

    def probe(self) -> bool:
        self.probes.append(self.queue.clock.monotonic())
        return self.is_up

    def send(self, _context: JobContext, *, n: int) -> None:
        if not self.is_up:
            raise NoNetwork("smtp")
        self.sent[n] += 1
        self.sent_at.append(self.queue.clock.monotonic())

    def pass_time(self, seconds: int) -> None:
        for _second in range(seconds):
            self.queue.drain()
            self.queue.clock.advance(1)

    def states(self) -> dict[str, int]:
        sql = "SELECT state, count(*) FROM jobs GROUP BY state"
        return dict(self.queue.database.execute_sql(sql).fetchall())


@pytest.mark.parametrize("with_probe", [True, False])
def test_a_night_offline_costs_few_probes_and_no_attempt(
    tmp_path: Path, with_probe: bool, torture: bool
) -> None:
    jobs = 5_000 if torture else 500
    line = Line(tmp_path, with_probe=with_probe)
    with line.queue.database.write():
        for n in range(jobs):
            line.queue.enqueue("mail", {"n": n})
    line.pass_time(NIGHT_SECONDS)
    database = line.queue.database
    assert line.states() == {"waiting_for_network": jobs}
    assert database.execute_sql("SELECT max(failures) FROM jobs").fetchone() == (0,)
    tries = len(line.probes) if with_probe else 0
    tries += database.execute_sql("SELECT count(*) FROM job_attempts").fetchone()[0]
    assert 100 < tries <= 500

    line.is_up = True
    back = line.queue.clock.monotonic()
    line.pass_time(jobs // DRAIN_RULES.cap + 90)
    assert line.sent == Counter(range(jobs))
    first = line.probes[-1] if with_probe else back
    assert line.sent_at[0] - first <= (2 if with_probe else 66)
    for_each_second = Counter(int(at) for at in line.sent_at)
    assert max(for_each_second.values()) <= DRAIN_RULES.cap
    assert not line.queue.waiting()


def test_a_link_event_asks_at_once(tmp_path: Path) -> None:
    line = Line(tmp_path, with_probe=True)
    line.queue.enqueue("mail", {"n": 1})
    line.pass_time(600)
    line.is_up = True
    assert line.queue.engine.network is not None
    line.queue.engine.network.link_changed()
    line.pass_time(3)
    assert line.sent == Counter([1])


def test_what_comes_while_the_endpoint_is_away_does_not_even_begin(tmp_path: Path) -> None:
    line = Line(tmp_path, with_probe=True)
    line.queue.enqueue("mail", {"n": 1})
    line.queue.drain()
    late = line.queue.enqueue("mail", {"n": 2})
    line.queue.drain()
    found = line.queue.database.execute_sql(
        "SELECT state, attempts FROM jobs WHERE number = ?", (late,)
    ).fetchone()
    assert found == ("waiting_for_network", 0)


def test_what_waits_for_a_worker_makes_room_without_being_taken(tmp_path: Path) -> None:
    line = Line(tmp_path, with_probe=True)
    for n in range(5):
        line.queue.enqueue("mail", {"n": n})
    line.queue.run_next()
    assert line.states() == {"waiting_for_network": 5}
    taken = line.queue.database.execute_sql("SELECT count(*) FROM jobs WHERE attempts > 0")
    assert taken.fetchone() == (1,)


def test_another_program_obeys_the_same_breaker(tmp_path: Path) -> None:
    line = Line(tmp_path, with_probe=True)
    line.queue.enqueue("mail", {"n": 1})
    line.queue.drain()
    other = line.queue.new_engine("other")
    assert other.network is not None
    other.network()
    assert other.network.turn_of("smtp", 99) is None
    assert not endpoints.load(line.queue.database, "smtp").is_closed


def test_a_state_that_could_not_be_read_is_read_at_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(tmp_path, with_probe=True)
    line.queue.enqueue("mail", {"n": 1})
    line.queue.drain()
    other = line.queue.new_engine("other").network
    assert other is not None
    with monkeypatch.context() as damaged:
        damaged.setattr("pos_queue.network.endpoints.load_all", lambda _database: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            other()
    other()
    assert other.turn_of("smtp", 99) is None


def test_an_endpoint_that_nobody_waits_for_is_tried_by_the_next_job(tmp_path: Path) -> None:
    line = Line(tmp_path, with_probe=False)
    line.queue.enqueue("mail", {"n": 1})
    line.queue.drain()
    line.queue.database.execute_sql("DELETE FROM jobs")
    line.pass_time(10)
    line.is_up = True
    line.queue.enqueue("mail", {"n": 2})
    line.queue.drain()
    assert line.sent == Counter([2])
