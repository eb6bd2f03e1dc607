"""Numbers are counted anew where their counters are lost, of every table that has them."""

from __future__ import annotations

from pos_desktop.storage.counters import (
    MASTER_VERSION,
    NUMBERED,
    SERIES,
    counter,
    rebuild_counters,
)
from tests.pos_desktop.storage.conftest import ShopFile

ELSEWHERE = {
    "migration",  # the steps of the file
    "notification",  # the number of its job
    "stock_take_end",  # the number of its stock take
}
"""Tables with numbers that no counter of ours gives out, besides those of the queue."""


def test_every_table_with_numbers_is_counted(shop_file: ShopFile) -> None:
    found = shop_file.database.rows(
        "SELECT t.name AS name FROM pragma_table_list t, pragma_table_info(t.name) c "
        "WHERE t.schema = 'main' AND t.type = 'table' AND c.name IN ('number', 'receipt_number')"
    )
    names = {row["name"] for row in found if not row["name"].startswith("job")}
    counted = {table for *_rest, table in (*SERIES, *NUMBERED)}
    assert names - ELSEWHERE <= counted
    assert not ELSEWHERE & counted


def test_a_lost_counter_goes_on_behind_what_was_given_out(shop_file: ShopFile) -> None:
    database = shop_file.database
    with database.write():
        database.execute_sql("DELETE FROM counter")
        database.execute_sql(
            "INSERT INTO setting (scope, key, value, ver, changed_at) VALUES ('', 'x', '1', 41, 1)"
        )
        database.execute_sql(
            "INSERT INTO customer (id, code, name, origin, ver, changed_at) "
            "VALUES ('c1', 'C00007', 'Amina', 't', 3, 1), ('c2', 'CARD', 'Otieno', 't', 4, 1)"
        )
        database.execute_sql(
            "INSERT INTO import_run (id, number, file_name, sheet, state, began_at, changed_at) "
            "VALUES ('i', 5, 'f', 's', 'done', 1, 1)"
        )
        rebuild_counters(database)
    assert counter(database, MASTER_VERSION) == 41
    assert counter(database, "customer") == 7
    assert counter(database, "import") == 5
