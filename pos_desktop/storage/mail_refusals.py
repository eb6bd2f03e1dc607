"""Addresses that want no more mail from the shop: kept as seals, so that nobody can read them."""

from __future__ import annotations

from pos_desktop.storage.database import ShopDatabase


def refuse(database: ShopDatabase, seal: str, at: int) -> None:
    """Keep that an address wants no more mail, inside the caller's transaction."""
    database.execute_sql(
        "INSERT INTO mail_refusal (seal, at) VALUES (?, ?) ON CONFLICT (seal) DO NOTHING",
        (seal, at),
    )


def allow(database: ShopDatabase, seal: str) -> bool:
    """Let an address be written to again; tell whether it had refused."""
    sql = "DELETE FROM mail_refusal WHERE seal = ?"
    return bool(database.execute_sql(sql, (seal,)).rowcount)


def is_refused(database: ShopDatabase, seal: str) -> bool:
    """Tell whether an address wants no mail, by its seal."""
    return database.row("SELECT 1 FROM mail_refusal WHERE seal = ?", (seal,)) is not None


def everybody(database: ShopDatabase) -> frozenset[str]:
    """Return the seals of all addresses that want no mail."""
    return frozenset(row["seal"] for row in database.rows("SELECT seal FROM mail_refusal"))
