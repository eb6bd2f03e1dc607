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
    for name, number, table in NUMBERED:
        _raise_to(database, name, _highest(database, number, table))
    masters = (_highest(database, "ver", table) for table in _masters(database))
    _raise_to(database, MASTER_VERSION, max(masters))


def _highest(database: ShopDatabase, number: str, table: str) -> int:
    return int(database.value(f"SELECT max({number}) FROM {table}") or 0)


def _raise_to(database: ShopDatabase, name: str, value: int) -> None:
    if value > counter(database, name):
        put_counter(database, name, value)


def _masters(database: ShopDatabase) -> list[str]:
    """Return the tables each of whose rows carries the number of its last change."""
    rows = database.rows(
        "SELECT t.name AS name FROM pragma_table_list t, pragma_table_info(t.name) c "
        "WHERE t.schema = 'main' AND t.type = 'table' AND c.name = 'ver'"
    )
    return [row["name"] for row in rows]


SERIES = (
    ("fact", "epoch", "seq", "fact"),
    ("receipt", "till_code", "receipt_number", "sale"),
    ("z", "till_code", "number", "z_report"),
    ("payment", "till_code", "number", "account_payment"),
)
"""What is numbered without gaps: counter, what has numbers of its own, column, table."""
NUMBERED = (
    ("customer", "iif(code GLOB 'C[0-9]*', CAST(substr(code, 2) AS INTEGER), 0)", "customer"),
    ("export", "number", "export"),
    ("import", "number", "import_run"),
    ("mail", "number", "mail"),
    ("price run", "number", "price_run"),
    ("stock take", "number", "stock_take"),
)
"""What else is numbered, with gaps where rows are pruned: counter, number, table."""
