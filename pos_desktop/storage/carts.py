"""Open and held carts: on disk, so that they survive a crash; no facts yet, so they may change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import ShopDatabase

OPEN = "open"
HELD = "held"


@dataclass(frozen=True)
class StoredCart:
    """A cart as the file keeps it, with what is paid of it; `changed_at` in milliseconds UTC."""

    id: Id
    state: str
    label: str
    staff_id: Id | None
    body: dict[str, Any]
    changed_at: int
    payment: dict[str, Any] | None = None


def put(database: ShopDatabase, cart: StoredCart, *, till_id: Id) -> None:
    """Keep a cart inside the caller's transaction."""
    database.execute_sql(
        "INSERT INTO cart (id, state, label, staff_id, till_id, body, payment, changed_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state, "
        "label = excluded.label, staff_id = excluded.staff_id, body = excluded.body, "
        "payment = excluded.payment, changed_at = excluded.changed_at",
        (
            cart.id,
            cart.state,
            cart.label,
            cart.staff_id,
            till_id,
            _text(cart.body),
            None if cart.payment is None else _text(cart.payment),
            cart.changed_at,
        ),
    )


def reopen(database: ShopDatabase, cart_id: Id, *, at: int) -> None:
    """Make a held cart the open one."""
    database.execute_sql(
        "UPDATE cart SET state = ?, label = '', changed_at = ? WHERE id = ? AND state = ?",
        (OPEN, at, cart_id, HELD),
    )


def remove(database: ShopDatabase, cart_id: Id) -> None:
    """Forget a cart: it was sold or given up."""
    database.execute_sql("DELETE FROM cart WHERE id = ?", (cart_id,))


def is_kept(database: ShopDatabase, cart_id: Id) -> bool:
    """Tell whether a cart is open or held: neither sold nor given up."""
    return database.value("SELECT 1 FROM cart WHERE id = ?", (cart_id,)) is not None


def hand_over(database: ShopDatabase, old_till: Id, new_till: Id) -> None:
    """Give the carts of one till to another, inside the caller's transaction."""
    database.execute_sql("UPDATE cart SET till_id = ? WHERE till_id = ?", (new_till, old_till))


def find(database: ShopDatabase, till_id: Id, state: str) -> list[StoredCart]:
    """Return a till's carts in a state, the oldest first."""
    rows = database.rows(
        "SELECT id, state, label, staff_id, body, payment, changed_at FROM cart "
        "WHERE till_id = ? AND state = ? ORDER BY changed_at, id",
        (till_id, state),
    )
    return [
        StoredCart(
            **{
                **row,
                "body": json.loads(row["body"]),
                "payment": json.loads(row["payment"]) if row["payment"] else None,
            }
        )
        for row in rows
    ]


def _text(values: dict[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"))
