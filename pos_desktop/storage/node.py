"""Which till this file belongs to. A reinstalled, cloned or restored till begins a new epoch."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.moments import to_stored


@dataclass(frozen=True)
class Node:
    """The till that writes into this file now."""

    shop_id: Id
    till_id: Id
    till_code: str
    epoch: int


def begin_epoch(
    database: ShopDatabase, clock: Clock, *, shop_id: Id, till_id: Id, till_code: str
) -> Node:
    """Write the node row of a new epoch inside the caller's transaction and return it."""
    epoch = int(database.value("SELECT coalesce(max(epoch), 0) + 1 FROM node"))
    database.execute_sql(
        "INSERT INTO node (epoch, shop_id, till_id, till_code, began_at) VALUES (?, ?, ?, ?, ?)",
        (epoch, shop_id, till_id, till_code, to_stored(clock.now())),
    )
    return Node(shop_id, till_id, till_code, epoch)


def last_fact_at(database: ShopDatabase, node: Node) -> int:
    """Return the moment of the till's last fact, in milliseconds UTC.

    Before the first it is when the node's epoch began.
    """
    found = database.value(
        "SELECT at FROM fact WHERE origin = ? ORDER BY epoch DESC, seq DESC LIMIT 1",
        (node.till_id,),
    ) or database.value("SELECT began_at FROM node WHERE epoch = ?", (node.epoch,))
    return int(found)


def first_began_at(database: ShopDatabase) -> int:
    """Return when the shop of this file began, in milliseconds UTC, also of a restored one."""
    return int(database.value("SELECT min(began_at) FROM node"))


def till_codes(database: ShopDatabase) -> list[str]:
    """Return every code that the till of this file has had, the first one first."""
    return [row["till_code"] for row in database.rows("SELECT till_code FROM node ORDER BY epoch")]


def current(database: ShopDatabase) -> Node:
    """Return the node of the present epoch; raise FileUnusable for a file that has none."""
    row = database.row(
        "SELECT shop_id, till_id, till_code, epoch FROM node ORDER BY epoch DESC LIMIT 1"
    )
    if row is None:
        raise FileUnusable
    return Node(**row)
