"""The one place that sums sales up: X, Z and every report of sales take their sums from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pos_desktop.domain.figures import Figures, TenderTotal
from pos_desktop.domain.ids import Id
from pos_desktop.domain.pricing import BandTotal
from pos_desktop.domain.tender import TenderKind
from pos_desktop.storage.database import Row, ShopDatabase


@dataclass(frozen=True)
class Selection:
    """Which sales count: a condition on the table `sale`, called `s`, and its values.

    It names no other columns of it than id, shift_id, staff_id, business_day and sold_at: those
    that payments on account have too. Where it has `lines`, a condition on `sale_line`, called
    `l`, only such lines count.
    """

    condition: str
    values: Sequence[Any] = ()
    lines: str = ""
    line_values: Sequence[Any] = ()
    order: str = "s.id"
    """The column by whose index the selected sales are found in order, their ids second."""

    def narrowed(self, condition: str, *values: Any) -> Selection:
        """Return those of its sales that meet a further condition."""
        both = f"{self.condition} AND {condition}"
        return replace(self, condition=both, values=(*self.values, *values))

    def with_lines(self, condition: str, *values: Any) -> Selection:
        """Return it with only those of its lines that meet a further condition."""
        both = f"{self.lines} AND {condition}" if self.lines else condition
        return replace(self, lines=both, line_values=(*self.line_values, *values))

    @property
    def on_lines(self) -> tuple[str, Sequence[Any]]:
        """The condition on both tables, with its values."""
        if not self.lines:
            return self.condition, self.values
        return f"{self.condition} AND {self.lines}", (*self.values, *self.line_values)


def of_shift(shift_id: Id) -> Selection:
    """Select the sales of a shift."""
    return Selection("s.shift_id = ?", (shift_id,))


def of_days(first: str, end: str) -> Selection:
    """Select the sales of business days from the first up to, not including, the end."""
    return Selection(
        "s.business_day >= ? AND s.business_day < ?", (first, end), order="s.business_day"
    )


def of_moments(first: int, end: int) -> Selection:
    """Select the sales made from one moment up to another, in milliseconds UTC."""
    return Selection("s.sold_at >= ? AND s.sold_at < ?", (first, end), order="s.sold_at")


SUMS = """
    count(*) - coalesce(sum(s.is_refund IS NOT NULL), 0) AS sales,
    coalesce(sum(s.is_refund IS NOT NULL), 0) AS refunds,
    coalesce(sum(s.gross_cents), 0) AS gross_cents, coalesce(sum(s.net_cents), 0) AS net_cents,
    coalesce(sum(s.vat_cents), 0) AS vat_cents,
    coalesce(sum(s.discount_cents), 0) AS discount_cents,
    coalesce(sum(s.rounding_cents), 0) AS rounding_cents
"""
"""The sums over sales, as columns of a SELECT from the table `sale`, called `s`."""


def figures(database: ShopDatabase, selection: Selection, *, with_bands: bool = True) -> Figures:
    """Return the figures of the selected sales; the bands take most of the time of many."""
    where, values = selection.condition, selection.values
    sums = database.row(f"SELECT {SUMS} FROM sale s WHERE {where}", values)
    assert sums is not None
    return Figures(
        **sums,
        on_account_cents=_on_account(database, where, values),
        tenders=_tenders(database, where, values),
        bands=_bands(database, where, values) if with_bands else (),
    )


_PAYMENTS = "(SELECT *, paid_at AS sold_at FROM account_payment) s"
"""Payments on account, by the names that a selection of sales uses."""


def _on_account(database: ShopDatabase, where: str, values: Sequence[Any]) -> int:
    sql = f"SELECT coalesce(sum(amount_cents), 0) FROM {_PAYMENTS} WHERE {where}"
    return int(database.value(sql, values))


def _tenders(database: ShopDatabase, where: str, values: Sequence[Any]) -> tuple[TenderTotal, ...]:
    rows = database.rows(
        f"""
        SELECT kind, sum(amount_cents) AS amount_cents, count(*) AS count FROM (
            SELECT t.kind, t.amount_cents FROM sale s JOIN tender t ON t.sale_id = s.id
            WHERE {where}
            UNION ALL SELECT s.kind, s.amount_cents FROM {_PAYMENTS} WHERE {where}
        ) GROUP BY kind
        """,
        [*values, *values],
    )
    found = {TenderKind(row["kind"]): row for row in rows}
    return tuple(_tender_total(kind, found[kind]) for kind in TenderKind if kind in found)


def _tender_total(kind: TenderKind, row: Row) -> TenderTotal:
    return TenderTotal(kind=kind, amount_cents=row["amount_cents"], count=row["count"])


def _bands(database: ShopDatabase, where: str, values: Sequence[Any]) -> tuple[BandTotal, ...]:
    rows = database.rows(
        f"""
        SELECT l.tax_band AS band, l.tax_rate_bp AS rate_bp, sum(l.net_cents) AS net_cents,
            sum(l.vat_cents) AS vat_cents
        FROM sale s JOIN sale_line l ON l.sale_id = s.id WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2
        """,
        values,
    )
    return tuple(BandTotal(**row) for row in rows)
