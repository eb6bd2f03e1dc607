"""For which carts the cashier has asked for M-Pesa, and what may have come for them since."""

from __future__ import annotations

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_money import Wait
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored

_COLUMNS = "sale_id, amount_cents, phone, reference, opened_at, closed_at"


def put(database: ShopDatabase, wait: Wait) -> None:
    """Let a cart wait, or wait for another amount; inside the caller's transaction.

    What it was opened with stays: when, and by which reference.
    """
    database.execute_sql(
        f"INSERT INTO mpesa_wait ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, NULL) "
        "ON CONFLICT (sale_id) DO UPDATE SET amount_cents = excluded.amount_cents, "
        "phone = excluded.phone, closed_at = NULL",
        (wait.sale_id, wait.amount_cents, wait.phone, wait.reference, to_stored(wait.opened_at)),
    )


def close(database: ShopDatabase, sale_id: Id, at: int) -> bool:
    """Say that a cart waits no more, inside the caller's transaction; tell whether it did."""
    cursor = database.execute_sql(
        "UPDATE mpesa_wait SET closed_at = ? WHERE sale_id = ? AND closed_at IS NULL",
        (at, sale_id),
    )
    return bool(cursor.rowcount)


def find(database: ShopDatabase, sale_id: Id) -> Wait | None:
    """Return the wait of a cart, open or not, or None."""
    row = database.row(f"SELECT {_COLUMNS} FROM mpesa_wait WHERE sale_id = ?", (sale_id,))
    return _wait(row) if row else None


def is_named(database: ShopDatabase, reference: str) -> bool:
    """Tell whether a cart has, or had, a reference; in capitals."""
    sql = "SELECT 1 FROM mpesa_wait WHERE reference = ?"
    return database.value(sql, (reference,)) is not None


def count_open(database: ShopDatabase) -> int:
    """Return how many carts wait."""
    return int(database.value("SELECT count(*) FROM mpesa_wait WHERE closed_at IS NULL"))


def on_hold(database: ShopDatabase) -> list[tuple[Id, str]]:
    """Return the carts on hold that wait, with their labels, the oldest first."""
    rows = database.rows(
        "SELECT sale_id, label FROM mpesa_wait JOIN cart ON cart.id = sale_id "
        "WHERE closed_at IS NULL AND cart.state = 'held' ORDER BY opened_at, sale_id"
    )
    return [(row["sale_id"], row["label"]) for row in rows]


def fitting(database: ShopDatabase, closed_since: int) -> list[Wait]:
    """Return the waits that are open or were closed from a moment on, the oldest first."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM mpesa_wait WHERE closed_at IS NULL OR closed_at >= ? "
        "ORDER BY opened_at, sale_id",
        (closed_since,),
    )
    return [_wait(row) for row in rows]


def prune(database: ShopDatabase, before: int, most: int) -> int:
    """Forget waits that were closed before a moment; return how many."""
    cursor = database.execute_sql(
        "DELETE FROM mpesa_wait WHERE sale_id IN "
        "(SELECT sale_id FROM mpesa_wait WHERE closed_at < ? LIMIT ?)",
        (before, most),
    )
    return int(cursor.rowcount)


def _wait(row: Row) -> Wait:
    closed_at = row["closed_at"]
    return Wait(
        sale_id=row["sale_id"],
        amount_cents=row["amount_cents"],
        phone=row["phone"],
        reference=row["reference"],
        opened_at=from_stored(row["opened_at"]),
        closed_at=None if closed_at is None else from_stored(closed_at),
    )
