"""How far back in the books is looked: to their first entry, or only to the last Z."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import ShopDatabase

MOST_ENTRIES = 5_000
"""So many entries at the end of the journal are looked at, should there be no Z for so long."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The end of the journal, and the facts that belong to it."""

    after: int = 0
    """The number of the last entry that is not looked at any more."""
    facts: str | None = None
    """The ids of the facts that are looked at, as a JSON list; None where it is all of them."""

    def has(self, column: str) -> str:
        """Return the condition that a column names a fact of it; `facts` is a statement's ?1."""
        return "1" if self.facts is None else f"{column} IN (SELECT value FROM json_each(?1))"

    @property
    def bound(self) -> tuple[str, ...]:
        """The parameters of a statement with such conditions."""
        return () if self.facts is None else (self.facts,)


WHOLE = Stretch()
"""The books from their first entry."""

_FACTS = """
SELECT id FROM fact WHERE origin IN (SELECT till_id FROM node) AND (epoch, seq) > (?2, ?3)
UNION SELECT fact_id FROM journal WHERE seq > ?1 AND fact_id IS NOT NULL
UNION SELECT id FROM cash_move WHERE shift_id IN (SELECT id FROM open_shift)
UNION SELECT id FROM account_payment WHERE shift_id IN (SELECT id FROM open_shift)
UNION SELECT id FROM shift_close WHERE shift_id IN (SELECT id FROM open_shift)
"""
_OPEN_SHIFTS = """
WITH open_shift AS (
    SELECT s.id FROM shift s JOIN fact f ON f.id = s.id
    LEFT JOIN shift_close c ON c.shift_id = s.id
    WHERE c.id IS NULL OR (f.epoch, f.seq) > (?2, ?3)
)
"""
"""The shifts since then, and any from before that is still open: money of theirs that stands in
no fact would be counted."""


def since_last_z(database: ShopDatabase) -> Stretch:
    """Return what was written since the last Z, that Z with it: bounded, however old it is."""
    newest = int(database.value("SELECT max(seq) FROM journal") or 0)
    oldest = max(newest - MOST_ENTRIES, 0)
    last_z = database.value("SELECT max(seq) FROM journal WHERE kind = 'z' AND seq > ?", (oldest,))
    after = int(last_z) - 1 if last_z else oldest
    place = database.row(
        "SELECT f.epoch, f.seq FROM journal j JOIN fact f ON f.id = j.fact_id "
        "WHERE j.seq <= ? ORDER BY j.seq DESC LIMIT 1",
        (after,),
    )
    before = (place["epoch"], place["seq"]) if place else (0, 0)
    facts: list[Id] = [row["id"] for row in database.rows(_OPEN_SHIFTS + _FACTS, (after, *before))]
    return Stretch(after, json.dumps(facts))


def size(database: ShopDatabase) -> int:
    """Return how many bytes the file has: what a check of all books costs goes by it."""
    sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(database.value(sql))


def entered_at(database: ShopDatabase, stretch: Stretch) -> int | None:
    """Return the moment of the first entry of a stretch (milliseconds UTC); None without any."""
    sql = "SELECT at FROM journal WHERE seq > ? ORDER BY seq LIMIT 1"
    found = database.value(sql, (stretch.after,))
    return None if found is None else int(found)
