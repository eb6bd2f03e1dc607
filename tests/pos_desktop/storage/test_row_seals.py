"""Each row that no journal covers bears a seal: what writes keeps it, what rots does not fit it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.domain.clock import SystemClock
from pos_desktop.storage import row_seals, sealed_rows
from pos_desktop.storage.books import FACT_TABLES
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.migrations import SEALED, migrate
from tests.pos_desktop.shops.spoiling import rot

COVERED = {*FACT_TABLES, "fact", "journal", "stock_level"}
"""Tables of which other checks find what is spoilt."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[ShopDatabase]:
    with closing(ShopDatabase(tmp_path / "shop.sqlite", SystemClock())) as found:
        migrate(found, SystemClock())
        yield found


def put_role(database: ShopDatabase, name: str = "cashier") -> None:
    row = {"name": name, "permissions": "[]", "ceiling_bp": 0, "origin": "", "ver": 1}
    database.insert("role", [{**row, "changed_at": 7}])


def test_every_table_bears_seals_or_is_covered_by_the_journal(database: ShopDatabase) -> None:
    tables = database.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite_%'"
    )
    assert {row["name"] for row in tables} == {*SEALED, *COVERED}
    assert not COVERED & {*SEALED}


def test_a_seal_is_of_these_bytes_for_ever() -> None:
    values = (1, -(1 << 62), 1_795_869_190_369, None, 0.1, b"Sukari", "Ö".encode(), b"")
    assert row_seals.seal(*values) == SEAL_OF_THEM


SEAL_OF_THEM = 7641806728
"""A Python that makes another one would find every row of every shop spoilt."""


@pytest.mark.parametrize(
    ("one", "other"), [(1, b"1"), (1, 1.0), (None, b""), (0, None), (b"a\0b", b"a\0c")]
)
def test_values_that_differ_in_kind_alone_differ(one: object, other: object) -> None:
    assert row_seals.seal(one, b"x") != row_seals.seal(other, b"x")
    assert row_seals.seal(b"x", one) != row_seals.seal(one, b"x")


def test_whatever_writes_a_row_seals_it(database: ShopDatabase) -> None:
    put_role(database)
    database.execute_sql("UPDATE role SET ceiling_bp = 5, name = 'boss'")
    database.execute_sql(
        "INSERT INTO role (name, permissions, ceiling_bp, origin, ver, changed_at) "
        "VALUES ('boss', '', 1, '', 2, 2), ('clerk', '', 1, '', 2, 2) "
        "ON CONFLICT (name) DO UPDATE SET ver = excluded.ver"
    )
    database.execute_sql("INSERT OR REPLACE INTO counter (name, value) VALUES ('a', 1), ('a', 2)")
    sealed_rows.insert_sealed(database, "counter", ("name", "value"), [("b", 1), ("c", 2)])
    sealed_rows.insert_sealed(database, "role", ROLE, [("many", "[]", 1, "", 3, 3)])
    assert list(sealed_rows.broken(database)) == []


ROLE = ("name", "permissions", "ceiling_bp", "origin", "ver", "changed_at")


def test_a_default_that_a_statement_leaves_out_is_sealed(database: ShopDatabase) -> None:
    names = ("row", "id", "name", "price_cents", "tax_band", "origin", "ver", "changed_at")
    sealed_rows.insert_sealed(database, "product", names, [(1, "a", "Milk", 1, "B", "", 1, 1)])
    assert database.value("SELECT active FROM product") == 1
    assert list(sealed_rows.broken(database)) == []


def test_a_spoilt_row_is_named(database: ShopDatabase) -> None:
    put_role(database)
    put_role(database, "clerk")
    rot(database, "UPDATE role SET ceiling_bp = 1 WHERE name = 'clerk'")
    assert list(sealed_rows.broken(database)) == ["the row clerk of role does not bear its seal"]


@pytest.mark.parametrize("value", ["CAST(x'c328' AS TEXT)", "'a' || char(0)"])
def test_a_text_that_is_none_is_found_in_its_row(database: ShopDatabase, value: str) -> None:
    put_role(database)
    rot(database, f"UPDATE role SET permissions = {value}")
    assert list(sealed_rows.broken(database)) == ["the row cashier of role does not bear its seal"]


def test_what_was_spoilt_is_not_sealed_by_another_change(database: ShopDatabase) -> None:
    put_role(database)
    rot(database, "UPDATE role SET ceiling_bp = 9999")
    database.execute_sql("UPDATE role SET permissions = '[1]'")
    database.execute_sql("UPDATE role SET ver = 8, changed_at = 9")
    assert len(list(sealed_rows.broken(database))) == 1
    database.execute_sql("UPDATE role SET ceiling_bp = 0")
    assert len(list(sealed_rows.broken(database))) == 1, "nobody knows what it was"


@pytest.mark.parametrize("seal", [0, row_seals.UNSEALED, 1 << 32])
def test_a_spoilt_seal_is_found_and_stays(database: ShopDatabase, seal: int) -> None:
    put_role(database)
    rot(database, f"UPDATE role SET row_seal = {seal}")
    assert len(list(sealed_rows.broken(database))) == 1
    database.execute_sql("UPDATE role SET ver = 8")
    assert len(list(sealed_rows.broken(database))) == 1


def test_a_fact_of_prices_is_changed_no_more_than_before(database: ShopDatabase) -> None:
    sql = (
        "INSERT INTO node (epoch, shop_id, till_id, till_code, began_at) VALUES (1, '', '', '', 1)"
    )
    database.execute_sql(sql)
    for column in ("began_at", "till_code"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute_sql(f"UPDATE node SET {column} = 2")
    assert list(sealed_rows.broken(database)) == []


def test_another_program_reads_and_does_not_write(database: ShopDatabase) -> None:
    put_role(database)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        assert other.execute("SELECT count(*) FROM role").fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError, match="no such function"):
            other.execute("UPDATE role SET ver = 2")
        row_seals.register(other)
        other.execute("UPDATE role SET ver = 2")
    assert list(sealed_rows.broken(database)) == []


def test_a_table_that_cannot_be_read_hides_no_other(database: ShopDatabase) -> None:
    put_role(database)
    rot(database, "UPDATE role SET ver = 2")
    database.execute_sql("DROP TABLE counter")
    found = list(sealed_rows.broken(database))
    assert len(found) == 2
    assert found[0].startswith("the rows of counter cannot be read: ")
    assert "cashier" in found[1]
