"""Numbers without gaps: raised in the transaction that uses them."""

from __future__ import annotations

from pos_desktop.storage.database import ShopDatabase


def raise_counter(database: ShopDatabase, name: str, by: int = 1) -> int:
    """Raise a counter inside the caller's transaction and return its new value."""
    return int(
        database.value(
            "INSERT INTO counter (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value",
            (name, by),
        )
    )


def counter(database: ShopDatabase, name: str) -> int:
    """Return the last number given out; 0 where none was."""
    return int(database.value("SELECT value FROM counter WHERE name = ?", (name,)) or 0)


def put_counter(database: ShopDatabase, name: str, value: int) -> None:
    """Keep a value inside the caller's transaction: a number that is no count of anything."""
    database.execute_sql(
        "INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)", (name, value)
    )


def receipt_counter(till_code: str) -> str:
    """Return the name of the counter of a till's receipts."""
    return f"receipt/{till_code}"


def z_counter(till_code: str) -> str:
    """Return the name of the counter of a till's Z reports."""
    return f"z/{till_code}"


def payment_counter(till_code: str) -> str:
    """Return the name of the counter of a till's payments on account."""
    return f"payment/{till_code}"


def fact_counter(epoch: int) -> str:
    """Return the name of the counter of an epoch's facts."""
    return f"fact/{epoch}"


MASTER_VERSION = "ver"
"""The counter of changes to master rows: every changed row carries the number of its change."""
