"""Each column in which people stand is known: a new one cannot be forgotten."""

from __future__ import annotations

import re

from pos_desktop.storage.personal import PERSONAL, personal_texts
from tests.pos_desktop.storage.conftest import ShopFile

_LIKE_A_PERSON = re.compile(
    "name|login|pin|phone|mail|address|payer|buyer|contact|person|customer|staff|owner|recipient"
)
OF_THINGS = {
    "counter.name",
    "import_run.file_name",
    "job_attempts.owner",
    "job_batches.name",
    "job_endpoints.name",
    "job_queues.name",
    "jobs.owner",
    "mail_template.name",
    "migration.name",
    "mpesa_money.payer_digest",
    "picture.name",
    "product.name",
    "role.name",
    "sale_line.name",
    "schedule.name",
    "schedule.recipients",
    "schedule_run.name",
}
"""Names of things, and keys that mean nothing outside the file."""


def test_every_column_that_sounds_like_a_person_is_covered(shop_file: ShopFile) -> None:
    rows = shop_file.database.rows(
        "SELECT t.name AS name, c.name AS part FROM pragma_table_list t, "
        "pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.type = 'table' "
        "AND c.type = 'TEXT' AND t.name NOT LIKE 'sqlite_%'"
    )
    columns = {f"{row['name']}.{row['part']}" for row in rows}
    known = {f"{table}.{part}" for table, parts in PERSONAL.items() for part in parts}
    assert known <= columns
    sounding = {
        one
        for one in columns
        if _LIKE_A_PERSON.search(one.partition(".")[2]) and not one.endswith("_id")
    }
    assert sounding - known == OF_THINGS


def test_who_stands_in_the_file_is_found(shop_file: ShopFile) -> None:
    with shop_file.database.write():
        shop_file.database.execute_sql(
            "INSERT INTO supplier (id, code, name, contact, phone, email, address, kra_pin, terms, "
            "note, origin, ver, changed_at) "
            "VALUES ('s', 'S1', 'Mills', 'Wanjiku', '', '', '', 'P051234567X', '', '', 't', 1, 1)"
        )
    found = personal_texts(shop_file.database)
    assert {"Mills", "Wanjiku"} <= found.names
    assert "P051234567X" in found.others
    assert found.is_whole
    with shop_file.database.write():
        shop_file.database.execute_sql("DROP TABLE contact")
    assert not personal_texts(shop_file.database).is_whole
