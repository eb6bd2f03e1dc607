"""Reports of shifts and days: each shift with its count, the X of now, and every Z."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from pos_desktop.domain.shift import MAIN_DRAWER, Drawer
from pos_desktop.domain.text import _
from pos_desktop.services.paper.closing_papers import act_name
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.services.reports.report_parts import (
    SALES_FIGURES,
    Column,
    Report,
    Source,
    as_it_stands,
    figure_columns,
    sums,
    table,
)
from pos_desktop.storage import closing_rows, closings, sales_groups, staff
from pos_desktop.storage import shifts as shift_table
from pos_desktop.storage.closings import Told
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.moments import from_stored

_NOTHING = dict.fromkeys(SALES_FIGURES, 0)
_FIGURES = (*SALES_FIGURES, "payments_on_account_cents")
_NOT_KEPT = "—"
"""Stands for a figure that an older program did not keep with its Z; it is not nothing."""


def shifts(source: Source) -> Report:
    """Return every shift of the period with its float, its count and what that was off by."""
    found = closing_rows.shifts(source.reader, source.selection)
    sold = sales_groups.by_shift(source.reader, [shift["id"] for shift in found])
    rows = [_shift_row(shift, sold.get(shift["id"], _NOTHING), source.zone) for shift in found]
    columns = (
        Column(key="business_day", title=_("Day")),
        Column(key="cashier", title=_("Cashier")),
        Column(key="opened_at", title=_("Opened")),
        Column(key="closed_at", title=_("Closed")),
        *figure_columns("sales", "gross_cents"),
        Column(key="float_cents", title=_("Float"), kind="cents"),
        Column(key="expected_cents", title=_("Expected"), kind="cents"),
        Column(key="counted_cents", title=_("Counted"), kind="cents"),
        Column(key="variance_cents", title=_("Difference"), kind="cents"),
        Column(key="reason", title=_("Reason")),
    )
    totals = sums(rows, "sales", "gross_cents", "variance_cents")
    return table("shifts", source.period, columns, rows, totals)


def _shift_row(shift: Row, sold: Mapping[str, int], zone: ZoneInfo) -> Row:
    counted, expected = shift["counted_cents"], shift["expected_cents"]
    return {
        "business_day": shift["business_day"],
        "cashier": shift["cashier"],
        "opened_at": _iso(shift["opened_at"], zone),
        "closed_at": _iso(shift["closed_at"], zone),
        "sales": sold["sales"],
        "gross_cents": sold["gross_cents"],
        "float_cents": shift["float_cents"],
        "expected_cents": expected,
        "counted_cents": counted,
        "variance_cents": None if counted is None else counted - expected,
        "reason": shift["reason"] or "",
    }


def z(source: Source) -> Report:
    """Return every Z of the period with the figures that were kept with it."""
    found = closing_rows.z_reports(source.reader, source.selection)
    rows = [_z_row(row, source.zone) for row in found]
    columns = (
        Column(key="number", title=_("Number")),
        Column(key="business_day", title=_("Day")),
        Column(key="closed_at", title=_("Closed")),
        Column(key="closed_by", title=_("Closed by")),
        *(replace(column, unknown=_NOT_KEPT) for column in figure_columns(*_FIGURES)),
        Column(key="books", title=_("Books")),
    )
    return table("z", source.period, columns, rows, sums(rows, *_FIGURES))


def _z_row(row: Row, zone: ZoneInfo) -> Row:
    kept = _kept(row["figures"])
    return {
        "number": row["number"],
        "business_day": row["business_day"],
        "closed_at": _iso(row["closed_at"], zone),
        "closed_by": row["closed_by"],
        **{key: kept.get(key) for key in _FIGURES},
        "books": row["failed_checks"] or _("in order"),
    }


def _kept(text: str) -> Mapping[str, Any]:
    """Return the figures that were kept; none where they were spoilt, which verify tells."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def x(source: Source) -> Report:
    """Return the figures of the open shift, one in each row; none where no shift is open."""
    shift = shift_table.open_at(source.reader, MAIN_DRAWER)
    columns = (
        Column(key="part", title=_("Part")),
        Column(key="name", title=_("What")),
        Column(key="count", title=_("Number"), kind="count"),
        Column(key="amount_cents", title=_("Amount"), kind="cents"),
    )
    rows: list[Row] = []
    totals: dict[str, Any] = {}
    notes: tuple[str, ...] = (_("No shift is open."),)
    if shift is not None:
        told = closings.of_shift(source.reader, shift.id)
        drawer = shift_table.drawer(source.reader, shift)
        rows = [*_figure_rows(told), *_drawer_rows(drawer), *_act_rows(source.reader, told)]
        totals = {key: told.figures.as_plain()[key] for key in _FIGURES}
        totals["expected_cents"] = drawer.expected_cents
        notes = ()
    found = table("x", source.period, columns, rows, totals)
    return replace(found, covers=as_it_stands(source), notes=notes)


def _figure_rows(told: Told) -> list[Row]:
    figures = told.figures
    named = (
        (_("Gross"), figures.gross_cents),
        (_("Net"), figures.net_cents),
        (_("VAT"), figures.vat_cents),
        (_("Discounts given"), figures.discount_cents),
        (_("Rounding"), figures.rounding_cents),
        (_("Accounts paid, vouchers sold"), figures.on_account_cents),
    )
    rows = [
        _row(_("Figures"), _("Sales"), figures.sales),
        _row(_("Figures"), _("Refunds"), figures.refunds),
    ]
    rows += [_row(_("Figures"), name, None, cents) for name, cents in named]
    rows += [
        _row(_("Tenders"), tender_name(total.kind), total.count, total.amount_cents)
        for total in figures.tenders
    ]
    return rows


def _drawer_rows(drawer: Drawer) -> list[Row]:
    named = (
        (_("Float"), drawer.float_cents),
        (_("Cash taken"), drawer.taken_cents),
        (_("Cash given back"), -drawer.refunded_cents),
        (_("Accounts, vouchers"), drawer.on_account_cents),
        (_("Cash put in"), drawer.in_cents),
        (_("Cash taken out"), -drawer.out_cents),
        (_("Expected in drawer"), drawer.expected_cents),
    )
    return [_row(_("Drawer"), name, None, cents) for name, cents in named]


def _act_rows(reader: ShopDatabase, told: Told) -> list[Row]:
    rows = []
    for act in told.acts:
        member = staff.by_id(reader, act.by) if act.by else None
        who = member.name if member else _("posctl")
        rows.append(
            _row(_("Watched acts"), f"{act_name(act.act)}: {who}", act.count, -act.amount_cents)
        )
    return rows


def _row(part: str, name: str, count: int | None, cents: int | None = None) -> Row:
    return {"part": part, "name": name, "count": count, "amount_cents": cents}


def _iso(milliseconds: int | None, zone: ZoneInfo) -> str:
    """Return a moment to the second in the shop's zone, as scripts read it; empty for none."""
    if milliseconds is None:
        return ""
    return from_stored(milliseconds).astimezone(zone).isoformat(timespec="seconds")
