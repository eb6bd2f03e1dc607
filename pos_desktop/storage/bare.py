"""The least that the engine needs for the same work: `posctl bench` measures it beside the program.

Nothing here knows a rule of the trade; none of it is used to sell.
"""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.storage.database import ShopDatabase

_SALE_BYTES = 3000
"""As much as a sale of five lines puts into the file."""


def make_table(database: ShopDatabase, columns: Sequence[str]) -> None:
    """Make one table `goods` of texts, known by their `code`, inside the caller's transaction."""
    names = ", ".join(f'"{name}" TEXT' for name in columns)
    database.execute_sql(f"CREATE TABLE goods ({names}, PRIMARY KEY (code))")


def put_rows(database: ShopDatabase, rows: Sequence[Sequence[str]], columns: int) -> None:
    """Put rows of so many columns into that table, inside the caller's transaction."""
    marks = ", ".join("?" * columns)
    database.executemany(f"INSERT INTO goods VALUES ({marks})", rows)


def names_of_barcode(database: ShopDatabase, code: str) -> list[tuple[str]]:
    """Return the names of the products that bear a barcode."""
    sql = (
        "SELECT p.name FROM barcode b JOIN product p ON p.id = b.product_id "
        "WHERE b.code = ? AND b.deleted_at IS NULL"
    )
    return list(database.execute_sql(sql, (code,)).fetchall())


def rows_of_words(database: ShopDatabase, text: str) -> list[tuple[int]]:
    """Return the rows of products that the index alone finds for words; the last may go on."""
    sql = "SELECT rowid FROM product_search WHERE product_search MATCH ? LIMIT 200"
    return list(database.execute_sql(sql, (f'"{text}"*',)).fetchall())


def make_commit_table(database: ShopDatabase) -> None:
    """Make the table that `commit_a_sale` fills."""
    database.execute_sql("CREATE TABLE bench_commit (body BLOB)")


def commit_a_sale(database: ShopDatabase) -> None:
    """Make the least durable commit that holds as much as a sale."""
    with database.atomic():
        database.execute_sql("INSERT INTO bench_commit VALUES (zeroblob(?))", (_SALE_BYTES,))


def wait_for_no_disk(database: ShopDatabase) -> None:
    """Let this connection's commits return before they are on the disk: for measuring alone."""
    database.execute_sql("PRAGMA synchronous = OFF")
