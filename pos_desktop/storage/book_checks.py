"""The checks of all books, as the journal keeps them: when each was made, and what it found.

They stand in the chain, so that a finding can no more be taken away than a sale.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.storage.audit import Check
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase

CHECKED = "books checked"
"""The kind of the entry."""


@dataclass(frozen=True, slots=True)
class BookCheck:
    """One check of all books."""

    began_at: int
    """When it looked, in milliseconds UTC."""
    until: int
    """The last entry of the journal that it saw for certain."""
    failed: tuple[Check, ...]
    """What was not in order."""


def note_check(
    books: Books, *, began_at: int, until: int, failed: Sequence[Check], job: int
) -> None:
    """Keep a check, inside the caller's transaction."""
    found = [[one.check, one.detail] for one in failed]
    detail = {"began_at": began_at, "until": until, "found": found, "job": job}
    books.note(CHECKED, actor_id=None, detail=detail)


def last_check(database: ShopDatabase) -> BookCheck | None:
    """Return the last check of all books, or None where there was none yet.

    Raises ValueError, KeyError or TypeError where its entry was spoilt.
    """
    text = database.value(
        "SELECT detail FROM journal WHERE kind = ? ORDER BY seq DESC LIMIT 1", (CHECKED,)
    )
    if text is None:
        return None
    kept = json.loads(text)
    failed = tuple(Check(name, ok=False, detail=words) for name, words in kept["found"])
    return BookCheck(int(kept["began_at"]), int(kept["until"]), failed)


def last_z_entry(database: ShopDatabase) -> int:
    """Return the number of the journal's entry of the last Z, zero before the first."""
    return int(database.value("SELECT max(seq) FROM journal WHERE kind = 'z'") or 0)
