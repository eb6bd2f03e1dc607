"""Is the computer's clock right? Compared with the moment of the last fact; selling goes on.

A clock that lies before the last fact, or long after it, is told and noted in the journal with both
moments. The moment that was believed until then is kept in the file, so that a clock that was put
right again raises no doubt, whatever was recorded under the wrong one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pos_desktop.domain.text import _
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage import journal
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import counter, put_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.node import Node, last_fact_at

EARLIER = timedelta(minutes=5)
"""So far may the clock lie before the last fact: clocks are set by hand and over the network."""
LATER = timedelta(days=30)
"""So far may it lie after the last fact: shops are closed for holidays."""
NOTE = "clock"
_BELIEVED = "clock/believed"
_EARLIER_MS, _LATER_MS = (span // timedelta(milliseconds=1) for span in (EARLIER, LATER))


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """What the clock says and the moment of the last fact before, in milliseconds UTC."""

    clock: int
    believed: int

    def sentence(self, zone: ZoneInfo) -> str:
        """Say what is odd and what to do, in the shop's time."""
        clock, believed = shown_minute(self.clock, zone), shown_minute(self.believed, zone)
        return _(
            "The computer's clock says {clock}, but the books were last written at {believed}. "
            "Set the computer's date and time if they are wrong; selling goes on."
        ).format(clock=clock, believed=believed)


class ClockWatch:
    """Compares the clock with the books when a till opens and whenever a fact is recorded."""

    def __init__(self, database: ShopDatabase, books: Books, is_off: Callable[[], bool]) -> None:
        """Watch the facts of these books; `is_off` says that their clock is set at will."""
        self._database = database
        self._books = books
        self._is_off = is_off
        self._noted_as = 0
        self.doubt: ClockDoubt | None = None
        """What is odd about the clock, or None; any thread may read it."""
        books.before_fact = self._mind

    def look(self) -> ClockDoubt | None:
        """Compare the clock now; what is odd is noted in the journal."""
        now = to_stored(self._books.now())
        if not self._is_off() and self._odd(now) is not None:
            with self._database.write():
                self._mind(now)
        return self.doubt

    def newest(self) -> datetime:
        """Return `newest_moment` now; where the clock is set at will it is the clock's."""
        now = self._books.now()
        return now if self._is_off() else newest_moment(self._database, self._books.node, now)

    def _mind(self, now: int) -> None:
        """Compare a moment inside the caller's transaction, before its fact is written."""
        if self._is_off():
            return
        believed = self._odd(now)
        if believed is None:
            self.doubt = None
            return
        if self.doubt is None or not self._is_noted():
            put_counter(self._database, _BELIEVED, believed)
            moments = {"clock": now, "last_fact": believed}
            detail = {name: from_stored(moment).isoformat() for name, moment in moments.items()}
            self._books.note(NOTE, actor_id=None, detail=detail)
            self._noted_as = journal.last_entry(self._database)[0]
        self.doubt = ClockDoubt(now, believed)

    def _is_noted(self) -> bool:
        """Tell whether the note is in the journal: its transaction may have failed."""
        return journal.kind_of(self._database, self._noted_as) == NOTE

    def _odd(self, now: int) -> int | None:
        """Return the moment that makes this one odd, or None where it may well be right."""
        if self.doubt is not None:
            return None if _follows(now, self.doubt.believed) else self.doubt.believed
        return odd_moment(self._database, self._books.node, now)


def odd_moment(database: ShopDatabase, node: Node, now: int) -> int | None:
    """Return what the books know that makes a moment odd, or None where it may well be right.

    Moments are in milliseconds UTC.
    """
    last = last_fact_at(database, node)
    believed = counter(database, _BELIEVED)
    if believed and last < believed - _EARLIER_MS:  # recorded under a clock that was behind
        return None if _follows(now, believed) else believed
    if believed and last > believed + _LATER_MS and _follows(now, believed):
        return None  # recorded under a clock that was ahead, and is right again
    return None if _follows(now, last) else last


def newest_moment(database: ShopDatabase, node: Node, now: datetime) -> datetime:
    """Return the clock's moment, or the newest that the books have seen if that is later.

    What was recorded under a clock that ran far ahead, and is right again, does not count.
    """
    last = last_fact_at(database, node)
    believed = counter(database, _BELIEVED)
    if believed and last > believed + _LATER_MS and _follows(to_stored(now), believed):
        last = believed
    return max(now, from_stored(max(last, believed)))


def _follows(now: int, believed: int) -> bool:
    return believed - _EARLIER_MS <= now <= believed + _LATER_MS
