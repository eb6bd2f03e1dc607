"""Shifts and Z reports as rows, for lists of them."""

from __future__ import annotations

from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection


def shifts(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the shifts that a selection of sales is about, in the order of the books.

    `opened_at` and `closed_at` in milliseconds UTC; a shift that is open has neither close nor
    count, and `figures` is the text that was kept with its X.
    """
    return database.rows(
        f"""
        SELECT s.id, s.business_day, coalesce(p.name, '') AS cashier, s.opened_at, s.float_cents,
            c.closed_at, c.expected_cents, c.counted_cents, c.reason, c.figures
        FROM (SELECT *, opened_at AS sold_at, id AS shift_id FROM shift) s
        LEFT JOIN shift_close c ON c.shift_id = s.id LEFT JOIN staff p ON p.id = s.staff_id
        WHERE {selection.condition} ORDER BY s.id
        """,
        selection.values,
    )


def z_reports(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return the Z reports that a selection is about, in their order."""
    return database.rows(
        f"""
        SELECT s.till_code, s.number, s.business_day, s.closed_at,
            coalesce(p.name, '') AS closed_by, s.figures, s.failed_checks
        FROM (SELECT *, closed_at AS sold_at FROM z_report) s
        LEFT JOIN staff p ON p.id = s.staff_id
        WHERE {selection.condition} ORDER BY s.till_code, s.number
        """,
        selection.values,
    )
