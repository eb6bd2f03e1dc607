"""The sales behind a row of a report: the newest of them, how many there are, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection


@dataclass(frozen=True, slots=True)
class Behind:
    """Sales that made a figure: the newest rows, and count and sum of all."""

    rows: Sequence[Row]
    """Each with id, kind (`sale`, `refund`, `payment`), receipt, at (ms UTC), cashier, and the
    amount_cents that it brought to the figure."""
    count: int
    sum_cents: int


def of_sales(database: ShopDatabase, selection: Selection, most: int) -> Behind:
    """Return whole sales by their gross; where the selection is of lines, by these alone."""
    if selection.lines:
        return of_lines(database, selection, most)
    where, values = selection.condition, selection.values
    return _behind(
        database, f"SELECT s.id, s.gross_cents AS cents FROM sale s WHERE {where}", values, most
    )


def of_lines(
    database: ShopDatabase, selection: Selection, most: int, figure: str = "gross_cents"
) -> Behind:
    """Return sales by a figure (a column of cents) of those of their lines that count."""
    where, values = selection.on_lines
    part = (
        f"SELECT s.id, sum(l.{figure}) AS cents FROM sale s JOIN sale_line l ON l.sale_id = s.id "
        f"WHERE {where} GROUP BY s.id"
    )
    return _behind(database, part, values, most)


def of_tender(database: ShopDatabase, selection: Selection, kind: str, most: int) -> Behind:
    """Return sales, refunds and payments on account by what a kind of tender took for them."""
    where, values = selection.condition, selection.values
    part = (
        "SELECT s.id, sum(t.amount_cents) AS cents "
        "FROM sale s JOIN tender t ON t.sale_id = s.id "
        f"WHERE {where} AND t.kind = ? GROUP BY s.id "
        "UNION ALL SELECT s.id, s.amount_cents "
        "FROM (SELECT *, paid_at AS sold_at FROM account_payment) s "
        f"WHERE {where} AND s.kind = ?"
    )
    return _behind(database, part, [*values, kind, *values, kind], most)


_SQL = """
WITH part AS MATERIALIZED ({part}),
    found AS MATERIALIZED (SELECT * FROM part ORDER BY id DESC LIMIT ?)
SELECT f.id, f.cents AS amount_cents, coalesce(s.sold_at, a.paid_at) AS at,
    coalesce(p.name, '') AS cashier,
    CASE WHEN a.id IS NOT NULL THEN 'payment' WHEN s.is_refund IS NOT NULL THEN 'refund'
        ELSE 'sale' END AS kind,
    iif(s.id IS NULL, printf('%s-P%05d', a.till_code, a.number),
        printf('%s-%06d', s.till_code, s.receipt_number)) AS receipt,
    (SELECT count(*) FROM part) AS all_count, (SELECT sum(cents) FROM part) AS all_cents
FROM found f LEFT JOIN sale s ON s.id = f.id LEFT JOIN account_payment a ON a.id = f.id
LEFT JOIN staff p ON p.id = coalesce(s.staff_id, a.staff_id) ORDER BY f.id DESC
"""
"""Ids rise with time, so that the newest stand first."""


def _behind(database: ShopDatabase, part: str, values: Sequence[Any], most: int) -> Behind:
    rows = database.rows(_SQL.format(part=part), [*values, most])
    if not rows:
        return Behind(rows, 0, 0)
    count, cents = rows[0]["all_count"], rows[0]["all_cents"]
    for row in rows:
        del row["all_count"], row["all_cents"]
    return Behind(rows, count, cents)
