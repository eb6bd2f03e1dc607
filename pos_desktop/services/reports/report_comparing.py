"""A report beside the same report over the period before: rows matched by what they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pos_desktop.domain.money import divide_half_up
from pos_desktop.domain.percent import WHOLE, BasisPoints, format_percent
from pos_desktop.domain.quantity import ONE, format_quantity
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.reports.report_parts import Column, Compared, Report
from pos_desktop.storage.database import Row

_ZEROS = {"cents": 0, "count": 0, "quantity": "0"}
_IN_ORDER = frozenset({"sales-by-day", "sales-by-hour"})
"""Reports whose rows stand in the order of what they stand for, not by size."""


def compared(report: Report, before: Report, words: str) -> Report:
    """Return a report with another one beside it.

    What stood in rows of the period before that the report has not got, such as products that are
    not sold any more, is added to it with nothing in them. A day stands beside the day that lies
    as far from the beginning.
    """
    keys = _keys_beside(report, before)
    found = {key: row for key, row in zip(keys, before.rows, strict=False) if key is not None}
    here = set(report.keys)
    gone = {key: row for key, row in found.items() if key not in here}
    rows = [*report.rows, *(_nothing_now(report, key, row) for key, row in gone.items())]
    all_keys = [*report.keys, *gone]
    if report.name in _IN_ORDER:
        order = sorted(range(len(all_keys)), key=all_keys.__getitem__)
        rows, all_keys = [rows[at] for at in order], [all_keys[at] for at in order]
    unmatched = [key for key in keys if key is None]
    beside = Compared(
        period=before.period,
        covers=_("{which}: {period}").format(which=words, period=before.period.words),
        rows=[found.get(key) for key in all_keys] if all_keys else [None] * len(rows),
        totals=before.totals,
    )
    made = replace(report, rows=rows, keys=all_keys, compared=beside)
    notes = (*report.notes, *_unmatched_note(len(unmatched)))
    return replace(made, notes=notes, document=_document(made, before))


def difference(column: Column, now: Any, before: Any) -> Any:
    """Return by how much a figure has grown, in its own form; None where it is none.

    What was not there before counts as nothing.
    """
    if column.kind not in _ZEROS:
        return None
    now, before = (_ZEROS[column.kind] if one is None else one for one in (now, before))
    if column.kind == "quantity":
        return format_quantity(int((Decimal(now) - Decimal(before)) * ONE))
    return now - before


def growth(now: int, before: int) -> BasisPoints | None:
    """Return by which share a figure has grown; None where nothing was there before."""
    return divide_half_up((now - before) * WHOLE, abs(before)) if before else None


def growth_words(now: int, before: int) -> str:
    """Return the growth as it is written: `+12.5 %`; empty where nothing was there before."""
    share = growth(now, before)
    return "" if share is None else f"{'+' if share > 0 else ''}{format_percent(share)} %"


def _keys_beside(report: Report, before: Report) -> list[str | None]:
    """Return to which key of the report each row of the period before belongs; None to none."""
    if report.name != "sales-by-day":
        return list(before.keys)
    here, there = (date.fromisoformat(one.period.first[:10]) for one in (report, before))
    last = report.period.end
    moved = [(date.fromisoformat(key) + (here - there)).isoformat() for key in before.keys]
    return [day if day < last else None for day in moved]


def _unmatched_note(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    sentence = ngettext(
        "{count} day of the period before has no day to stand beside: its sums are in the total.",
        "{count} days of the period before have no days to stand beside: their sums are in the "
        "total.",
        count,
    )
    return (sentence.format(count=count),)


def _nothing_now(report: Report, key: str, before: Row) -> Row:
    """Return a row like one of the period before, with nothing in it."""
    row: Row = {
        column.key: _ZEROS.get(column.kind, before[column.key]) for column in report.columns
    }
    if report.name == "sales-by-day":
        row["day"] = key
    if "margin_percent" in row:
        row["margin_percent"] = None
    return row


def _document(report: Report, before: Report) -> Mapping[str, Any]:
    """Return what scripts read: the report, and in it what stood there before."""
    beside = report.compared
    assert beside is not None
    rows = [
        {**row, **_beside(report.columns, row, was)}
        for row, was in zip(report.rows, beside.rows, strict=True)
    ]
    found = dict(report.document)
    for name in ("rows", "tenders", "bands"):
        if name in found:
            found[name] = rows
    found["before"] = {
        "from": before.period.first,
        "to": before.period.end,
        "totals": before.totals,
        "difference": {
            key: value - (before.totals.get(key) or 0) for key, value in report.totals.items()
        },
    }
    return found


def _beside(columns: Sequence[Column], row: Row, was: Row | None) -> Row:
    figures = [column for column in columns if column.kind in _ZEROS]
    return {
        "before": {one.key: was[one.key] for one in figures} if was else None,
        "difference": {
            one.key: difference(one, row[one.key], was[one.key] if was else None) for one in figures
        },
    }
