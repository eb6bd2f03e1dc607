"""Times that people change: they hold at once, make up for nothing, and let each slot in once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pos_queue.context import JobContext
from pos_queue.job import Job
from pos_queue.moments import from_ms, to_ms
from pos_queue.rounds.cron import Cron, Missed
from pos_queue.rounds.round import Round
from pos_queue.rounds.rounds import Rounds
from pos_queue.testing.file_database import FileDatabase
from pos_queue.testing.practice_queue import PracticeQueue

from tests.pos_queue.processes import wait_until
from tests.pos_queue.workers import ZONE, Place, SharedClock, at, share_clock

NIGHTLY, NOON, EVENING = "0 3 * * *", "0 12 * * *", "0 21 * * *"


def _once(text: str, since: datetime | None = None) -> Round:
    return Round(Cron(text, Missed.ONCE), since)


class Shop:
    """One job whose times somebody changes, and as many programs as a test wants."""

    def __init__(self, folder: Path) -> None:
        body = lambda _context, *, slot: slot  # noqa: E731
        self.queue = PracticeQueue(folder, [Job(name="report", body=body)])
        self.clock = self.queue.clock
        self.rounds: dict[str, Round] = {}
        self.asked = 0
        self.faults = 0

    def find(self) -> Mapping[str, Round]:
        self.asked += 1
        if self.faults:
            self.faults -= 1
            raise OSError
        return self.rounds

    def program(self) -> Rounds:
        queue = self.queue
        return Rounds(
            queue.database,
            queue.intake,
            queue.clock,
            rounds=self.find,
            zone=ZONE,
            note=lambda _moment: None,
        )

    def put(self, text: str) -> None:
        """Put the clock to a moment on the wall of the shop."""
        self.clock.advance((_wall(text) - self.clock.now()).total_seconds())

    def change(self, text: str) -> None:
        """Let the job come by other times from now on."""
        self.rounds = {"report": _once(text, self.clock.now())}

    def slots(self) -> list[datetime]:
        rows = self.queue.database.execute_sql("SELECT slot FROM job_slots ORDER BY slot")
        return [from_ms(row[0]) for row in rows.fetchall()]

    @property
    def let_in(self) -> int:
        return len(self.slots_let_in())

    def slots_let_in(self) -> list[datetime]:
        waiting = self.queue.waiting("report")
        return [datetime.fromisoformat(one.payload["slot"]) for one in waiting]


def _wall(text: str) -> datetime:
    return at(text) - timedelta(hours=3)


def test_a_changed_time_holds_without_a_restart_once_the_file_was_written_to(
    tmp_path: Path,
) -> None:
    shop = Shop(tmp_path)
    program = shop.program()
    shop.put("2026-03-02 10:00")
    shop.change(EVENING)
    program()
    shop.put("2026-03-02 11:00")
    shop.change(NOON)
    program.look_again()
    program()
    shop.put("2026-03-02 12:00")
    program()
    assert shop.slots() == [_wall("2026-03-02 12:00")]
    shop.put("2026-03-02 21:00")
    program()
    assert shop.let_in == 1


def test_a_time_that_has_passed_today_makes_up_for_nothing(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    program = shop.program()
    shop.put("2026-03-02 02:00")
    shop.change(NIGHTLY)
    program()
    shop.put("2026-03-03 15:00")
    program()
    assert shop.slots() == [_wall("2026-03-03 03:00")]
    shop.change(NOON)
    for one in (program, shop.program()):
        one.look_again()
        one()
    assert shop.let_in == 1
    shop.put("2026-03-05 08:00")
    shop.program()()
    assert shop.slots()[1:] == [_wall("2026-03-04 12:00")]


def test_what_was_switched_off_does_not_come_and_comes_again_from_then_on(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    program = shop.program()
    shop.put("2026-03-02 10:00")
    shop.change(NOON)
    program()
    shop.rounds = {}
    program.look_again()
    program()
    shop.put("2026-03-04 15:00")
    program()
    shop.change(NOON)
    program.look_again()
    program()
    assert shop.let_in == 0
    shop.put("2026-03-05 12:00:30")
    program()
    assert shop.slots() == [_wall("2026-03-05 12:00")]


def test_nothing_is_asked_while_nothing_is_written(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.change(NIGHTLY)
    program = shop.program()
    program()
    seen: list[str] = []
    assert isinstance(shop.queue.database, FileDatabase)
    shop.queue.database._connection().set_trace_callback(seen.append)
    for _second in range(500):
        shop.clock.advance(1)
        program()
    assert (shop.asked, seen) == (1, [])
    program.look_again()
    program()
    assert (shop.asked, seen) == (2, [])


def test_times_that_cannot_be_read_are_asked_for_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.put("2026-03-02 11:59")
    shop.change(NOON)
    program, shop.faults = shop.program(), 2
    for _call in range(2):
        with pytest.raises(OSError):
            program()
    shop.put("2026-03-02 12:00")
    program()
    assert shop.let_in == 1


def test_a_change_by_a_clock_that_ran_ahead_keeps_nothing_silent(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.put("2099-01-01 10:00")
    shop.change(NOON)
    shop.put("2026-03-02 10:00")
    program = shop.program()
    program()
    shop.put("2026-03-03 12:00")
    program()
    assert shop.slots()[-1] == _wall("2026-03-03 12:00")
    assert shop.let_in == 1


TEXTS = ["*/20 * * * *", "*/30 * * * *", "5 * * * *", "0 */2 * * *"]
STEPS = st.tuples(
    st.sampled_from([0, 1, 60, 600, 1200, 3600, -60, -3600, 8 * 3600, 86_400]),
    st.integers(0, 1),
    st.none() | st.sampled_from(TEXTS),
    st.booleans(),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, max_size=25))
def test_whatever_is_changed_each_slot_comes_once_and_none_of_before(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, int, str | None, bool]],
) -> None:
    shop = Shop(tmp_path_factory.mktemp("rounds"))
    shop.change(TEXTS[0])
    programs = [shop.program(), shop.program()]
    for seconds, which, text, has_heard in steps:
        shop.clock.advance(seconds)
        if text is not None:
            shop.change(text)
            for one in programs if has_heard else ():
                one.look_again()
        before = set(shop.slots_let_in())
        programs[which]()
        new, now = set(shop.slots_let_in()) - before, shop.clock.now()
        assert len(new) <= 1
        assert all(slot <= now for slot in new)
        if text is not None and has_heard and shop.rounds["report"].since == now:
            assert not new
    let_in = shop.slots_let_in()
    assert len(let_in) == len(set(let_in))
    assert {*let_in} <= {*shop.slots()}


def jobs(place: Place) -> Iterable[Job]:
    """Declare one job, whose times stand in a table of the file, and leave one to nobody."""
    place.database.execute_sql("CREATE TABLE IF NOT EXISTS times (name, text, since)")

    def find() -> dict[str, Round]:
        rows = place.rows("SELECT name, text, since FROM times")
        return {name: _once(text, from_ms(since)) for name, text, since in rows}

    def body(context: JobContext, *, slot: str) -> None:
        context.at_completion(lambda: place.effect("report", slot))

    place.rounds = find
    return [Job(name="report", body=body)]


def test_two_programs_that_run_hear_of_a_change_that_nobody_tells_them(tmp_path: Path) -> None:
    share_clock(tmp_path, at("2026-03-02 07:00"))
    with Place(tmp_path, jobs) as place, ExitStack() as stack:
        clock = place.clock
        assert isinstance(clock, SharedClock)
        for _program in range(2):
            stack.enter_context(place.worker())
        since = to_ms(clock.now())
        for name in ("unknown here", "report"):
            sql = "INSERT INTO times VALUES (?, '30 * * * *', ?)"
            place.database.execute_sql(sql, (name, since))
        clock.put(at("2026-03-02 07:30"))
        wait_until(lambda: len(place.effects("report")) == 1)
        place.database.execute_sql("UPDATE times SET text = '45 * * * *', since = ?", (since,))
        clock.put(at("2026-03-02 07:46"))
        wait_until(lambda: len(place.effects("report")) == 2)
        assert place.effects("report")[1] == "2026-03-02T07:45:00+00:00"
