"""Each column of each table is spoilt in turn: `verify` notices all but those that are listed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.migrations import SEALED, columns_of
from tests.acceptance.aged_shops import aged_shop
from tests.acceptance.unnoticed import UNNOTICED
from tests.pos_desktop.conftest import bad_books

BIT = 1 << 20
"""The one that is another one in a number: so no two rows have one number."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    directory, _cut, _older = aged_shop(tmp_path_factory.mktemp("shops"))
    with closing(open_shop(directory)) as found:
        assert bad_books(found) == set()
        found.database.execute_sql("PRAGMA foreign_keys = 0")
        found.database.execute_sql("PRAGMA ignore_check_constraints = 1")
        yield found


def tables(database: ShopDatabase) -> list[str]:
    rows = database.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [row["name"] for row in rows]


def spoil(database: ShopDatabase, table: str, column: str, kind: str) -> None:
    """Change a value of one row as a bad disk does, which no trigger hears."""
    triggers = database.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    )
    for trigger in triggers:
        database.execute_sql(f"DROP TRIGGER {trigger['name']}")
    keys = [row[1] for row in sorted(columns_of(database, table), key=lambda row: row[5]) if row[5]]
    row = database.row(f"SELECT {', '.join(keys)} FROM {table} ORDER BY 1 DESC LIMIT 1")
    assert row is not None, f"the busy office leaves {table} empty"
    where = " AND ".join(f"{key} = ?" for key in keys)
    sets = f"{column} = {_other(column, kind)}"
    database.execute_sql(f"UPDATE {table} SET {sets} WHERE {where}", tuple(row.values()))
    for trigger in triggers:
        database.execute_sql(trigger["sql"])


def _other(column: str, kind: str) -> str:
    """Return another value of the same kind: one bit is another one, or there was none."""
    match kind:
        case "INTEGER":
            return f"coalesce(({column} | {BIT}) - ({column} & {BIT}), 1)"
        case "REAL":
            return f"{column} + 0.000001"
        case "BLOB":
            return f"coalesce(CAST(substr({column}, 2) || 'x' AS BLOB), x'01')"
        case _:
            return f"coalesce(substr({column}, 2) || '~', '~')"


def columns(database: ShopDatabase) -> Iterator[tuple[str, str, str]]:
    """Yield table, name and kind of each column."""
    for table in tables(database):
        for column in columns_of(database, table):
            yield table, column[1], column[2]


def test_no_column_is_spoilt_unnoticed_but_those_that_are_listed(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    database, noticed, unnoticed = shop.database, 0, set()
    for table, column, kind in list(columns(database)):
        with database.atomic() as transaction:
            spoil(database, table, column, kind)
            if bad_books(shop):
                noticed += 1
            else:
                unnoticed.add(f"{table}.{column}")
            transaction.rollback()
    with capsys.disabled():
        print(f"\n{noticed} of {noticed + len(unnoticed)} columns are noticed; not {unnoticed}")
    assert unnoticed == {name for name in UNNOTICED if not name.startswith("sqlite_")}
    assert bad_books(shop) == set()


def test_each_column_of_the_office_holds_something(shop: Shop) -> None:
    database = shop.database
    empty = {
        f"{table}.{column}"
        for table, column, _kind in columns(database)
        if table in SEALED and not database.value(f"SELECT count({column}) FROM {table}")
    }
    assert not empty


def test_a_lower_number_of_jobs_is_noticed_and_a_higher_one_is_none(shop: Shop) -> None:
    database = shop.database
    with database.atomic() as transaction:
        database.execute_sql("UPDATE sqlite_sequence SET seq = seq + 1000")
        assert bad_books(shop) == set()
        transaction.rollback()
    for name in ("jobs", "job_batches"):
        with database.atomic() as transaction:
            sql = "UPDATE sqlite_sequence SET seq = 1 WHERE name = ?"
            database.execute_sql(sql, (name,))
            assert bad_books(shop) == {"numbers"}
            transaction.rollback()
