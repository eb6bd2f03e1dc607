"""Lets the jobs in that come round: each slot once, whichever programs run and whatever the clock.

A slot is a row, written with its job: the second one to write it writes nothing. What was dealt
with is the latest slot that does not lie ahead, so that slots of a clock that once ran ahead keep
nothing silent, and still cannot run twice. A job that is seen for the first time is given the row
of the present minute, from which its slots count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from pos_queue.clock import Clock
from pos_queue.database import Database
from pos_queue.intake import Intake
from pos_queue.moments import from_ms, to_ms
from pos_queue.rounds.cron import next_slot, slots
from pos_queue.rounds.round import FindRounds, Round

KEPT = timedelta(days=40)
"""How far a clock may be set back, and no slot runs twice."""


class Rounds:
    """A chore of the scheduler; without a statement while nothing is due."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        clock: Clock,
        *,
        rounds: FindRounds,
        zone: tzinfo,
        note: Callable[[int], None],
    ) -> None:
        """Take what finds the rounds of jobs, and `note`, which says when to call again.

        `zone` is that of the shop, on whose wall the slots are read.
        """
        self._database = database
        self._intake = intake
        self._clock = clock
        self._find = rounds
        self._is_stale = True
        self._rounds: dict[str, Round] = {}
        self._zone = zone
        self._note = note
        self._next: dict[str, datetime] = {}
        """When each job is due next; one that is not there is looked at at once."""
        self._first: datetime | None = None
        self._called_at: datetime | None = None

    def look_again(self) -> None:
        """Hear that the file was written to; from any thread."""
        self._is_stale = True

    def __call__(self) -> None:
        """Let in what is due."""
        now = self._clock.now()
        self._learn()
        if self._called_at is None or now < self._called_at:
            self._next, self._first = {}, None
        self._called_at = now
        if self._first is None or now >= self._first:
            self._look(now)
            self._first = min(self._next.values(), default=None)
        if self._first is not None:
            self._note(to_ms(self._first))

    def _learn(self) -> None:
        """Learn the rounds anew where they may have changed; what has not is not looked at."""
        if not self._is_stale:
            return
        self._is_stale = False
        try:
            found = dict(self._find())
        except BaseException:
            self._is_stale = True  # the file may let them be read at the next look
            raise
        if found != self._rounds:
            same = {name for name, one in found.items() if self._rounds.get(name) == one}
            self._next = {name: at for name, at in self._next.items() if name in same}
            self._rounds, self._first = found, None

    def _look(self, now: datetime) -> None:
        for name, one in self._rounds.items():
            if name not in self._next or now >= self._next[name]:
                self._let_in(name, one, now)
                self._next[name] = next_slot(one.cron, now, self._zone)

    def _let_in(self, name: str, one: Round, now: datetime) -> None:
        after = one.begins_after(_dealt_with(self._database, name, now), now)
        due = slots(one.cron, after, now, self._zone)
        if after is not None and not due.slots:
            return
        with self._database.write_bulk():
            for slot in due.slots:
                if _enter(self._database, name, slot):
                    self._intake.enqueue_slot(name, slot)
            if after is None:
                _enter(self._database, name, due.through)
            else:
                _prune(self._database, name, after - KEPT, len(due.slots) + 1)


def _dealt_with(database: Database, name: str, now: datetime) -> datetime | None:
    """Return the latest slot of a job that does not lie ahead, None where there is none."""
    sql = "SELECT max(slot) FROM job_slots WHERE job = ? AND slot <= ?"
    found = database.execute_sql(sql, (name, to_ms(now))).fetchone()[0]
    return None if found is None else from_ms(found)


def _enter(database: Database, name: str, slot: datetime) -> bool:
    """Write a slot down; tell whether it is new."""
    sql = "INSERT OR IGNORE INTO job_slots (job, slot) VALUES (?, ?)"
    return database.execute_sql(sql, (name, to_ms(slot))).rowcount > 0


def _prune(database: Database, name: str, before: datetime, most: int) -> None:
    """Take the oldest slots away, few at a time: a clock may run ahead for a while.

    One more than came in is enough for them to grow fewer.
    """
    database.execute_sql(
        "DELETE FROM job_slots WHERE job = ?1 AND slot IN (SELECT slot FROM job_slots "
        "WHERE job = ?1 AND slot < ?2 ORDER BY slot LIMIT ?3)",
        (name, to_ms(before), most),
    )
