"""What every changed master row carries: which till changed it, in which change, and when."""

from __future__ import annotations

from typing import TypedDict

from pos_desktop.domain.ids import Id
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, raise_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored


class Stamp(TypedDict):
    """The columns of a stamp; `changed_at` in milliseconds UTC."""

    origin: Id
    ver: int
    changed_at: int


def new_stamp(database: ShopDatabase, books: Books) -> Stamp:
    """Return the stamp of a change that is made now, inside the caller's transaction."""
    return Stamp(
        origin=books.node.till_id,
        ver=raise_counter(database, MASTER_VERSION),
        changed_at=to_stored(books.now()),
    )
