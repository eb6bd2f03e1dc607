"""The report of M-Pesa: what came in, what became of it, and whether the sales say the same.

A day whose difference is not zero is not finished: something stands in the tray, an open cart
counts on it, or a payment that a sale took is not told of yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import IN_THE_TRAY
from pos_desktop.domain.text import _
from pos_desktop.services.reports.report_parts import Column, Report, Source, sums, table
from pos_desktop.storage import mpesa_sums
from pos_desktop.storage.database import Row
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.sales_groups import QUARTER_MS

_KINDS = (
    "by_push",
    "by_itself",
    "typed",
    "unverified",
    "differs",
    "open",
    "tray",
    "asked_back",
    "given_back",
    "elsewhere",
)
"""What has become of a payment; together they are all that came in."""
_REFUNDS = ("refunds", "refunds_open", "refunds_otherwise")
"""What refunds were to give back by M-Pesa: given, neither given nor settled, given otherwise."""
_OTHERWISE = (EventKind.IN_CASH, EventKind.IN_CREDIT)
_UNSETTLED = {"unverified", "open"} | {mpesa_sums.KIND_UNNAMED[one] for one in IN_THE_TRAY}
"""What a day may not end with: the tray, typed codes of sales, and what open carts count on."""


def mpesa(source: Source) -> Report:
    """Return each day's payments by what became of them, beside what its sales took by M-Pesa.

    `difference = came in - given back - elsewhere - sales`.
    """
    days = _days(source)
    rows = [_row(days[day]) for day in sorted(days)]
    columns = _columns()
    figures = [column.key for column in columns if column.kind != "text"]
    totals = sums(rows, *figures)
    made = table("mpesa", source.period, columns, rows, totals, keys=sorted(days))
    return replace(made, notes=tuple(_notes(source, totals)))


def _columns() -> tuple[Column, ...]:
    cents = (
        ("came_in_cents", _("Came in")),
        ("by_push_cents", _("Asked for")),
        ("by_itself_cents", _("Paid by hand")),
        ("typed_cents", _("Typed, confirmed")),
        ("unverified_cents", _("Not confirmed")),
        ("differs_cents", _("Differs")),
        ("open_cents", _("Open carts")),
        ("tray_cents", _("Without a sale")),
        ("asked_back_cents", _("Being given back")),
        ("given_back_cents", _("Given back")),
        ("elsewhere_cents", _("Elsewhere")),
        ("sales_cents", _("Sales took")),
        ("no_payment_cents", _("Not told of yet")),
        ("refunds_cents", _("Refunds gave")),
        ("refunds_open_cents", _("Refunds open")),
        ("refunds_otherwise_cents", _("Given otherwise")),
        ("difference_cents", _("Difference")),
    )
    return (
        Column(key="day", title=_("Day")),
        Column(key="state", title=_("State")),
        Column(key="payments", title=_("Payments"), kind="count"),
        *(Column(key=key, title=title, kind="cents") for key, title in cents),
    )


def _days(source: Source) -> dict[str, Row]:
    """Return the sums of each day, by its date."""
    days: dict[str, Row] = {}

    def of(day: str) -> Row:
        empty = {f"{kind}_cents": 0 for kind in (*_KINDS, "sales", "no_payment", *_REFUNDS)}
        return days.setdefault(day, {"day": day, "payments": 0, **empty})

    for one in mpesa_sums.named(source.reader, source.selection):
        row = of(one["day"])
        row["sales_cents"] += one["taken_cents"]
        is_told = one["kind"] != "no_payment"
        _add(row, one["kind"], one["count"], one["cents"] if is_told else one["taken_cents"])
    source.watch()
    for one in mpesa_sums.unnamed(source.reader, *source.period.moments):
        _add(of(_day(one["quarter"], source.zone)), one["kind"], one["count"], one["cents"])
    for one in mpesa_sums.given_back(source.reader, source.selection):
        kind = "refunds_otherwise" if one["kind"] in _OTHERWISE else one["kind"]
        of(one["day"])[f"{kind}_cents"] += one["cents"]
    return days


def _add(row: Row, kind: str, count: int, cents: int) -> None:
    row["payments"] += count
    row[f"{kind}_cents"] += cents


def _day(quarter: int, zone: ZoneInfo) -> str:
    return from_stored(quarter * QUARTER_MS).astimezone(zone).date().isoformat()


def _row(day: Row) -> Row:
    came_in = sum(day[f"{kind}_cents"] for kind in _KINDS)
    kept = came_in - day["given_back_cents"] - day["elsewhere_cents"]
    difference = kept - day["sales_cents"]
    is_settled = not difference and not any(day[f"{kind}_cents"] for kind in _UNSETTLED)
    return {
        **day,
        "state": _("in order") if is_settled else _("to settle"),
        "came_in_cents": came_in,
        "difference_cents": difference,
    }


def _notes(source: Source, totals: Row) -> Iterator[str]:
    if totals["no_payment_cents"]:
        yield _(
            "Sales took {amount} by M-Pesa that M-Pesa has not told of yet: read its list, or "
            "import the portal's statement."
        ).format(amount=format_amount(totals["no_payment_cents"]))
    yield from _otherwise(source)
    if on_account := mpesa_sums.on_account(source.reader, source.selection):
        yield _(
            "{amount} was paid on accounts or for vouchers by M-Pesa; that is no sale, and its "
            "payments stand in the tray until somebody settles them."
        ).format(amount=format_amount(on_account))


def _otherwise(source: Source) -> Iterator[str]:
    """Say what M-Pesa did not give back, and by what it went back instead."""
    rows = mpesa_sums.given_back(source.reader, source.selection)
    words = {
        EventKind.IN_CASH: _(
            "{amount} of refunds by M-Pesa went out of the drawer instead: it stands there as cash "
            "that was taken out."
        ),
        EventKind.IN_CREDIT: _(
            "{amount} of refunds by M-Pesa stands in favour of customers instead, as payments on "
            "account."
        ),
    }
    for kind, sentence in words.items():
        if cents := sum(one["cents"] for one in rows if one["kind"] == kind):
            yield sentence.format(amount=format_amount(cents))
