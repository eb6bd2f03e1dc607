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


def rebuild_counters(database: ShopDatabase) -> None:
    """Count anew what no counter counts any more, in the caller's transaction."""
    for prefix, name, number, table in SERIES:
        database.execute_sql(
            f"INSERT OR IGNORE INTO counter (name, value) "
            f"SELECT ? || '/' || {name}, max({number}) FROM {table} GROUP BY 1",
            (prefix,),
        )
    highest = max(
        int(database.value(f"SELECT coalesce(max(ver), 0) FROM {table}")) for table in _MASTERS
    )
    if highest > counter(database, MASTER_VERSION):
        put_counter(database, MASTER_VERSION, highest)


SERIES = (
    ("fact", "epoch", "seq", "fact"),
    ("receipt", "till_code", "receipt_number", "sale"),
    ("z", "till_code", "number", "z_report"),
    ("payment", "till_code", "number", "account_payment"),
)
"""What is numbered without gaps: counter, what has numbers of its own, column, table."""
_MASTERS = ("product", "barcode", "staff", "customer", "supplier")
