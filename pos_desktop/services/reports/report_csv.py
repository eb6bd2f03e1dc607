"""A report as CSV that programs read: nothing but a header and rows, complete in itself.

A report of rows keeps its columns, then has `Shop`, `From` and `To` in every row, so that the
files of several months can be joined and still be told apart; dates are as in the JSON, `To` is
exclusive. The last row begins with TOTAL and holds the sums of the columns that have one; what
must be known beside them stands in its second column.

`sales-summary` is one set of figures, so it is rows of `Key,Value`: report, shop, from, to, each
figure by its name in the JSON without `_cents`, and `tender.cash.count`, `tender.cash.amount`;
`filter.cashier` and the like before the figures where it was narrowed.

Amounts are decimal texts with a point. A text that a spreadsheet would take for a formula gets an
apostrophe before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pos_desktop.documents.report_csv import csv_line, harmless
from pos_desktop.domain.money import amount_text
from pos_desktop.domain.text import ENGLISH, again, speaking
from pos_desktop.services.reports.report_parts import Column, Report


def as_csv(report: Report) -> str:
    """Return a report as CSV with CRLF at the end of each line; English, for programs read it."""
    return "".join(map(csv_line, csv_lines(report)))


def csv_lines(report: Report) -> list[list[str]]:
    """Return the lines of a report in fields, with nothing in them that computes."""
    with speaking(ENGLISH):
        return [*(_summary(report) if report.is_summary else _table(report))]


def _summary(report: Report) -> Iterator[list[str]]:
    yield ["Key", "Value"]
    yield ["report", report.name]
    yield ["shop", harmless(report.shop)]
    yield ["from", report.period.first]
    yield ["to", report.period.end]
    for by, text in report.filters.items():
        yield [f"filter.{by.value}", harmless(text)]
    for key, value in report.totals.items():
        yield _figure(key, value)
    key_column, *others = report.columns
    for row in report.rows:
        for column in others:
            yield _figure(f"{key_column.key}.{row[key_column.key]}.{column.key}", row[column.key])


def _figure(key: str, value: int) -> list[str]:
    if key.endswith("_cents"):
        return [key.removesuffix("_cents"), amount_text(value)]
    return [key, str(value)]


def _table(report: Report) -> Iterator[list[str]]:
    frame = [harmless(report.shop), report.period.first, report.period.end]
    notes = [" ".join(map(again, report.notes))] if report.notes else []
    titles = [again(column.title) for column in report.columns]
    yield [*titles, "Shop", "From", "To", *(["Notes"] if notes else [])]
    for row in report.rows:
        plain = [_plain(column, row[column.key]) for column in report.columns]
        yield [*plain, *frame, *("" for _one in notes)]
    sums = [_plain(column, report.totals.get(column.key)) for column in report.columns]
    sums[0] = "TOTAL"
    yield [*sums, *frame, *notes]


def _plain(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.kind == "cents":
        return amount_text(value)
    return harmless(str(value)) if column.kind == "text" else str(value)
