"""Addresses that want no more mail from the shop: kept as seals, so that nobody can read them."""

from __future__ import annotations

import json
from collections.abc import Iterable

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


def refused(database: ShopDatabase, seals: Iterable[str]) -> frozenset[str]:
    """Return those of some seals whose addresses want no mail."""
    rows = database.rows(
        "SELECT seal FROM mail_refusal WHERE seal IN (SELECT value FROM json_each(?))",
        (json.dumps([*seals]),),
    )
    return frozenset(row["seal"] for row in rows)
