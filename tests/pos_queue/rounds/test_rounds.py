"""Jobs that come round: each slot once by its policy, none early, whatever the clock does."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pos_queue.context import JobContext
from pos_queue.job import Job, Registry
from pos_queue.moments import from_ms
from pos_queue.rounds.cron import Cron, Missed
from pos_queue.rounds.round import Round
from pos_queue.rounds.rounds import Rounds
from pos_queue.testing.file_database import FileDatabase
from pos_queue.testing.practice_queue import PracticeQueue

from tests.pos_queue.processes import wait_until
from tests.pos_queue.workers import ZONE, Place, SharedClock, Worker, at, share_clock

CAP = 10
EVERY = timedelta(minutes=20)
MINUTE = timedelta(minutes=1)


class Shop:
    """Some jobs that come round, and as many programs that let them in as a test wants."""

    def __init__(self, folder: Path, *crons: Cron) -> None:
        jobs = [
            Job(name=f"job {number}", cron=cron, body=lambda _context: None)
            for number, cron in enumerate(crons)
        ]
        self.queue = PracticeQueue(folder, jobs)
        self.clock = self.queue.clock
        self.noted: list[datetime] = []

    def program(self) -> Rounds:
        queue = self.queue
        return Rounds(
            queue.database,
            queue.intake,
            queue.clock,
            rounds=lambda: {name: Round(cron) for name, cron in queue.registry.rounds().items()},
            zone=ZONE,
            note=lambda moment: self.noted.append(from_ms(moment)),
        )

    def put(self, text: str) -> None:
        """Put the clock to a moment in UTC."""
        self.clock.advance((at(text) - self.clock.now()).total_seconds())

    def slots(self, name: str = "job 0") -> list[datetime]:
        rows = self.queue.database.execute_sql(
            "SELECT slot FROM job_slots WHERE job = ? ORDER BY slot", (name,)
        ).fetchall()
        return [from_ms(row[0]) for row in rows]

    def let_in(self, name: str = "job 0") -> int:
        return len(self.queue.waiting(name))


def test_a_job_comes_round_at_its_slots_on_the_wall_of_the_shop(tmp_path: Path) -> None:
    shop = Shop(tmp_path, Cron("30 21 * * *"))
    program = shop.program()
    shop.put("2026-03-02 18:29:59.999")
    program()
    assert shop.noted == [at("2026-03-02 18:30")]
    assert shop.let_in() == 0
    shop.put("2026-03-02 18:30")
    program()
    assert shop.let_in() == 1
    assert shop.noted[-1] == at("2026-03-03 18:30")


def test_a_job_that_wants_to_know_is_told_its_slot_and_each_missed_one_its_own(
    tmp_path: Path,
) -> None:
    seen: list[str] = []

    def body(_context: JobContext, *, slot: str) -> None:
        seen.append(slot)

    shop = Shop(tmp_path)
    shop.queue.registry.add(Job(name="daily", body=body, cron=Cron("0 21 * * *", Missed.ALL)))
    shop.put("2026-03-02 08:00")
    shop.program()()
    shop.put("2026-03-04 20:00")
    shop.program()()
    shop.queue.drain()
    assert seen == [f"2026-03-0{day}T18:00:00+00:00" for day in (2, 3, 4)]


def test_nothing_is_asked_of_the_file_while_nothing_is_due(tmp_path: Path) -> None:
    shop = Shop(tmp_path, Cron("0 3 * * *"))
    program = shop.program()
    program()
    seen: list[str] = []
    assert isinstance(shop.queue.database, FileDatabase)
    connection = shop.queue.database._connection()
    connection.set_trace_callback(seen.append)
    for _second in range(1_000):
        shop.clock.advance(1)
        program()
    assert not seen
    shop.clock.advance(-10)
    program()
    assert seen


@pytest.mark.parametrize(
    ("missed", "hours"), [(Missed.SKIP, []), (Missed.ONCE, [16]), (Missed.ALL, [14, 15, 16])]
)
def test_what_was_missed_follows_the_policy(
    tmp_path: Path, missed: Missed, hours: list[int]
) -> None:
    shop = Shop(tmp_path, Cron("0 * * * *", missed, cap=3))
    shop.put("2026-03-02 08:30")
    shop.program()()
    shop.put("2026-03-02 16:30")
    shop.program()()
    assert [slot.hour for slot in shop.slots()[1:]] == hours
    assert shop.let_in() == len(hours)


def test_a_new_job_makes_up_for_nothing_and_is_new_only_once(tmp_path: Path) -> None:
    shop = Shop(tmp_path, Cron("0 3 * * *", Missed.ONCE))
    shop.put("2026-03-02 08:30:40")
    shop.program()()
    assert shop.slots() == [at("2026-03-02 08:30")]
    assert shop.let_in() == 0
    shop.put("2026-03-05 08:30")
    shop.program()()
    assert shop.slots()[1:] == [at("2026-03-05 00:00")]


def test_three_restarts_in_one_minute_run_a_slot_once(tmp_path: Path) -> None:
    shop = Shop(tmp_path, *[Cron("* * * * *", missed) for missed in Missed])
    for _restart in range(3):
        shop.clock.advance(10)
        shop.program()()
    assert [shop.let_in(f"job {n}") for n in range(3)] == [1, 1, 1]


def test_a_till_that_once_ran_in_2099_is_not_silent_and_runs_no_slot_twice(tmp_path: Path) -> None:
    shop = Shop(tmp_path, Cron("0 * * * *", Missed.ALL))
    program = shop.program()
    for text in ("2026-03-02 08:00", "2026-03-02 09:00"):
        shop.put(text)
        program()
    shop.put("2099-01-01 00:30")
    program()
    before = len(shop.slots())
    for text in ("2026-03-02 08:00:30", "2026-03-02 09:00:59", "2026-03-02 09:59"):
        shop.put(text)
        program()
        shop.program()()
    assert len(shop.slots()) == before
    shop.put("2026-03-02 10:00")
    program()
    assert at("2026-03-02 10:00") in shop.slots()
    assert shop.let_in() == len(shop.slots())


def test_old_slots_go_and_the_last_one_stays(tmp_path: Path) -> None:
    shop = Shop(tmp_path, Cron("0 12 * * *", Missed.ONCE))
    program = shop.program()
    for _day in range(60):
        shop.clock.advance(86_400)
        program()
    assert 41 <= len(shop.slots()) <= 42
    shop.clock.advance(400 * 86_400)
    program()
    last, newest = shop.slots()[-2:]
    assert last == at("2026-04-30 09:00")
    assert newest == at("2027-06-04 09:00")


def test_a_job_that_waits_still_comes_round_unless_it_is_unique(tmp_path: Path) -> None:
    body = lambda _context: None  # noqa: E731
    shop = Shop(tmp_path, Cron("* * * * *"))
    shop.queue.registry.add(Job(name="unique", unique=True, cron=Cron("* * * * *"), body=body))
    program = shop.program()
    for _minute in range(3):
        program()
        shop.clock.advance(60)
    assert (shop.let_in(), shop.let_in("unique")) == (3, 1)


def test_a_job_that_needs_a_payload_cannot_come_round() -> None:
    with pytest.raises(ValueError, match="needs one"):
        Registry((Job(name="a", cron=Cron("* * * * *"), body=lambda _context, *, sale: sale),))
    Registry((Job(name="a", cron=Cron("* * * * *"), body=lambda _context, *, n=1: n),))


def test_a_slot_whose_job_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path, Cron("* * * * *"))
    program = shop.program()
    shop.queue.database.execute_sql("ALTER TABLE jobs RENAME TO hidden")
    for _call in range(2):
        with pytest.raises(Exception, match="no such table"):
            program()
    assert shop.slots() == []
    shop.queue.database.execute_sql("ALTER TABLE hidden RENAME TO jobs")
    program()
    assert shop.let_in() == len(shop.slots()) == 1


MOVES = st.one_of(
    st.integers(0, 90),
    st.integers(0, 4 * 3600),
    st.sampled_from([-1, 60, 1200, -3600, 86_400, -86_400, 8 * 3600]),
    st.integers(-7200, 0),
)
"""By how many seconds a clock is moved between two looks."""


def _between(after: datetime, now: datetime) -> list[datetime]:
    """Return the slots after one moment, through another one."""
    first = after - (after - at("1970-01-01 00:00")) % EVERY + EVERY
    return [first + n * EVERY for n in range(max(0, (now - first) // EVERY + 1))]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    missed=st.sampled_from(Missed),
    steps=st.lists(st.tuples(MOVES, st.integers(0, 1), st.booleans()), max_size=25),
)
def test_whatever_the_clock_does_each_slot_comes_once_and_none_early(
    tmp_path_factory: pytest.TempPathFactory,
    missed: Missed,
    steps: list[tuple[int, int, bool]],
) -> None:
    shop = Shop(tmp_path_factory.mktemp("rounds"), Cron("*/20 * * * *", missed, cap=CAP))
    programs = [shop.program(), shop.program()]
    before: set[datetime] = set()
    for seconds, which, restarts in steps:
        shop.clock.advance(seconds)
        if restarts:
            programs[which] = shop.program()
        programs[which]()
        now, rows = shop.clock.now(), set(shop.slots())
        _check(missed, before, rows, now)
        before = rows
    slots = [slot for slot in before if slot in _between(slot - MINUTE, slot)]
    assert shop.let_in() == len(slots)


def _check(missed: Missed, before: set[datetime], rows: set[datetime], now: datetime) -> None:
    """Assert that a look has dealt with what was due, and with nothing else."""
    new = rows - before
    assert all(slot <= now for slot in new)
    dealt = max((slot for slot in before if slot <= now), default=None)
    if dealt is None:
        assert len(new) == 1
        return
    due = _between(dealt, now)
    if missed is Missed.SKIP:
        due = [slot for slot in due if now - slot <= timedelta(seconds=90)]
    assert new == set(due[-CAP:] if missed is Missed.ALL else due[-1:])


def jobs(place: Place) -> Iterable[Job]:
    def body(name: str) -> Job:
        def run(context: JobContext) -> None:
            context.at_completion(lambda: place.effect(name))

        return Job(name=name, body=run, cron=Cron("0 * * * *", Missed(name)))

    return [body(missed) for missed in Missed]


def test_two_programs_whose_clock_is_tortured_run_each_slot_once(tmp_path: Path) -> None:
    share_clock(tmp_path, at("2026-03-02 07:59:50"))
    with Place(tmp_path, jobs) as place, ExitStack() as stack:
        clock = place.clock
        assert isinstance(clock, SharedClock)

        def start() -> Worker:
            return stack.enter_context(place.worker())

        def expect(text: str, skip: int, once: int, every: int) -> None:
            """Put the clock to a moment and wait until so many have run."""
            clock.put(at(text))
            place.wake()
            wanted = [skip, once, every]
            wait_until(lambda: [len(place.effects(name)) for name in Missed] == wanted)

        first, _second = start(), start()
        wait_until(lambda: len(place.rows("SELECT * FROM job_slots")) == 3)
        expect("2026-03-02 08:00:00", 1, 1, 1)
        for restart in range(3):
            first.kill()
            first = start()
            expect(f"2026-03-02 08:00:{restart + 1}0", 1, 1, 1)
        expect("2026-03-02 09:00:00", 2, 2, 2)
        expect("2026-03-02 17:00:20", 3, 3, 10)
        expect("2026-03-02 15:59:50", 3, 4, 10)
        expect("2026-03-02 16:00:05", 4, 5, 10)
        expect("2026-03-02 17:00:30", 4, 5, 10)
        expect("2026-03-02 18:00:00", 5, 6, 11)
        expect("2026-03-03 18:00:10", 6, 7, 35)
        expect("2026-03-03 19:00:00", 7, 8, 36)
        assert not place.unfinished()
