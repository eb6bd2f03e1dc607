"""Sales summed up by day, hour, shift, cashier and tender."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pos_desktop.domain.ids import Id
from pos_desktop.storage import line_groups
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import SUMS, Selection

QUARTER_MS = 15 * 60 * 1000
"""Every zone of the world is so many quarters of an hour away from UTC."""


_LINE_SUMS = f"""
    count(DISTINCT iif(s.is_refund IS NULL, s.id, NULL)) AS sales,
    count(DISTINCT iif(s.is_refund IS NULL, NULL, s.id)) AS refunds,
    {line_groups.SUMS}, 0 AS rounding_cents
"""
"""The sums of only some lines, by the names of SUMS; rounding belongs to no line."""


def by_day(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the sums of each business day, in order."""
    return _grouped(database, selection, "s.business_day", "day")


def by_quarter(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the sums of each quarter of an hour; `quarter` counts them since 1970 in UTC."""
    return _grouped(database, selection, f"s.sold_at / {QUARTER_MS}", "quarter")


def by_shift(database: ShopDatabase, shift_ids: Sequence[Id]) -> dict[Id, Row]:
    """Return the sums of shifts by their ids; one that sold nothing has none."""
    rows = database.rows(
        f"SELECT s.shift_id, {SUMS} FROM sale s "
        "WHERE s.shift_id IN (SELECT value FROM json_each(?)) GROUP BY 1",
        (json.dumps(shift_ids),),
    )
    return {row["shift_id"]: row for row in rows}


def by_cashier(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the sums of each person who sold, with `staff_id`, by name."""
    rows = _grouped(database, selection, "s.staff_id", "staff_id")
    names = {row["id"]: row["name"] for row in database.rows("SELECT id, name FROM staff")}
    found = [{**row, "cashier": names.get(row["staff_id"], "")} for row in rows]
    return sorted(found, key=lambda row: (row["cashier"], row["staff_id"]))


def _grouped(database: ShopDatabase, selection: Selection, by: str, name: str) -> list[Row]:
    """Return the sums of each group under its name, in order."""
    sums, source = SUMS, "sale s"
    if selection.lines:
        sums, source = _LINE_SUMS, "sale s JOIN sale_line l ON l.sale_id = s.id"
    where, values = selection.on_lines
    return database.rows(
        f"SELECT {by} AS {name}, {sums} FROM {source} WHERE {where} GROUP BY 1 ORDER BY 1", values
    )


def by_tender(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return what each kind of tender took, gave back, and took on account; cents, 0 or more."""
    where = selection.condition
    return database.rows(
        f"""
        SELECT kind AS tender, count(*) AS count, sum(max(sold, 0)) AS taken_cents,
            -sum(min(sold, 0)) AS given_back_cents, sum(paid) AS on_account_cents,
            sum(sold + paid) AS amount_cents
        FROM (
            SELECT t.kind, t.amount_cents AS sold, 0 AS paid
            FROM sale s JOIN tender t ON t.sale_id = s.id WHERE {where}
            UNION ALL SELECT s.kind, 0, s.amount_cents
            FROM (SELECT *, paid_at AS sold_at FROM account_payment) s WHERE {where}
        ) GROUP BY kind ORDER BY amount_cents DESC, kind
        """,
        [*selection.values, *selection.values],
    )
