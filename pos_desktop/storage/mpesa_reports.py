"""Reports of M-Pesa that the relay has handed over and nobody has taken in yet."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report; its moment in milliseconds UTC."""

    no: int
    at: int
    kind: str
    """The kind of the address it came to, as the relay writes it."""
    token: str
    body: str


def add(database: ShopDatabase, at: int, kind: str, token: str, body: str) -> int:
    """Keep a report inside the caller's transaction; return its number."""
    row = (at, kind, token, body)
    cursor = database.execute_sql(
        "INSERT INTO mpesa_report (at, kind, token, body) VALUES (?, ?, ?, ?)", row
    )
    assert cursor.lastrowid is not None
    return int(cursor.lastrowid)


def find(database: ShopDatabase, no: int) -> KeptReport | None:
    """Return a report, None once it was taken in."""
    sql = "SELECT no, at, kind, token, body FROM mpesa_report WHERE no = ?"
    row = database.row(sql, (no,))
    return KeptReport(**row) if row else None


def remove(database: ShopDatabase, no: int) -> None:
    """Forget a report that is taken in, inside the caller's transaction."""
    database.execute_sql("DELETE FROM mpesa_report WHERE no = ?", (no,))


def prune(database: ShopDatabase, before: int, most: int) -> int:
    """Forget reports that came before a moment and never were taken in; return how many."""
    cursor = database.execute_sql(
        "DELETE FROM mpesa_report WHERE no IN (SELECT no FROM mpesa_report WHERE at < ? LIMIT ?)",
        (before, most),
    )
    return int(cursor.rowcount)
