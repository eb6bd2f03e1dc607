"""Hands that change a shop's books past the program, each time in another way."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pos_desktop.shop_folder import DATABASE_FILE, HEAD_FILE

FACT_TABLES = ("sale", "sale_line", "tender", "stock_move", "cash_move", "shift_close", "z_report")
UNWATCHED = {("fact", "sent_at")}


def tamper(directory: Path, older: Path, other: Path, chance: random.Random) -> str:
    """Do one thing to a shop that nobody has open; return what was done.

    `older` is a copy of the shop as it was before the last sales, `other` one in which other sales
    were made since.
    """
    act = chance.choice((change_journal, change_fact, remove_row, cut_tail, splice, None))
    if act is None:
        shutil.copy(older / DATABASE_FILE, directory / DATABASE_FILE)
        assert (directory / HEAD_FILE).read_bytes() != (older / HEAD_FILE).read_bytes()
        return "older copy"
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as connection:
        connection.execute("ATTACH ? AS other", (str(other / DATABASE_FILE),))
        triggers = connection.execute(
            "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        done = act(connection, chance)
        for _name, sql in triggers:
            connection.execute(sql)
        connection.commit()
    return done


def change_journal(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Change one column of one entry of the journal."""
    return _change(connection, chance, "journal")


def change_fact(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Change one column of one row of a sale, a shift, a Z."""
    return _change(connection, chance, chance.choice(("fact", *FACT_TABLES)))


def _change(connection: sqlite3.Connection, chance: random.Random, table: str) -> str:
    columns = [
        (row[1], row[2])
        for row in connection.execute(f"PRAGMA table_info({table})")
        if (table, row[1]) not in UNWATCHED
    ]
    name, kind = chance.choice(columns)
    other = f"coalesce({name}, 0) + 1000" if kind == "INTEGER" else f"coalesce({name}, '') || 'x'"
    key, values = _one_row(connection, chance, table)
    connection.execute(f"UPDATE {table} SET {name} = {other} WHERE {key}", values)
    return f"{table}.{name} changed"


def remove_row(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Remove one row of the journal or of a fact."""
    table = chance.choice(("journal", "fact", *FACT_TABLES))
    key, values = _one_row(connection, chance, table)
    connection.execute(f"DELETE FROM {table} WHERE {key}", values)
    return f"{table} row removed"


def _one_row(
    connection: sqlite3.Connection, chance: random.Random, table: str
) -> tuple[str, tuple[object, ...]]:
    keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
    rows = connection.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall()
    return " AND ".join(f"{key} = ?" for key in keys), chance.choice(rows)


def splice(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Put an entry of the journal, seal and all, in its place from another history of the shop."""
    seqs = connection.execute(
        "SELECT j.seq FROM main.journal j JOIN other.journal o ON o.seq = j.seq "
        "WHERE o.mac <> j.mac"
    ).fetchall()
    (seq,) = chance.choice(seqs)
    connection.execute("DELETE FROM main.journal WHERE seq = ?", (seq,))
    connection.execute("INSERT INTO main.journal SELECT * FROM other.journal WHERE seq = ?", (seq,))
    return f"entry {seq} of another history"


def cut_tail(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Take the last sales away with all their rows, numbers and stock, as if they never were."""
    last = connection.execute("SELECT max(seq) FROM journal").fetchone()[0]
    cut = last - chance.randint(0, 3)
    gone = [
        row[0]
        for row in connection.execute(
            "SELECT fact_id FROM journal WHERE seq >= ? AND fact_id IS NOT NULL", (cut,)
        )
    ]
    connection.execute("DELETE FROM journal WHERE seq >= ?", (cut,))
    for fact_id in gone:
        _remove_fact(connection, fact_id)
    return f"tail cut at {cut} of {last}"


def _remove_fact(connection: sqlite3.Connection, fact_id: str) -> None:
    connection.execute(
        "UPDATE stock_level SET quantity = quantity - (SELECT sum(m.quantity) FROM stock_move m "
        "WHERE m.fact_id = ? AND m.product_id = stock_level.product_id) WHERE product_id IN "
        "(SELECT product_id FROM stock_move WHERE fact_id = ?)",
        (fact_id, fact_id),
    )
    sold = connection.execute("SELECT till_code FROM sale WHERE id = ?", (fact_id,)).fetchone()
    if sold:
        name = f"receipt/{sold[0]}"
        connection.execute("UPDATE counter SET value = value - 1 WHERE name = ?", (name,))
    connection.execute("UPDATE counter SET value = value - 1 WHERE name LIKE 'fact/%'")
    for table, key in (("sale_line", "sale_id"), ("tender", "sale_id"), ("stock_move", "fact_id")):
        connection.execute(f"DELETE FROM {table} WHERE {key} = ?", (fact_id,))
    connection.execute("DELETE FROM print_job WHERE fact_id = ?", (fact_id,))
    for table in ("sale", "cash_move", "shift_close", "fact"):
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (fact_id,))
