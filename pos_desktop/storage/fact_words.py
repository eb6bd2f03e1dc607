"""What a fact of the books is called by people: its receipt, its Z, its moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.text import _
from pos_desktop.storage.database import Row
from pos_desktop.storage.moments import from_stored


def fact_words(rows: Mapping[str, Sequence[Row]]) -> str:
    """Return what people call a fact, from its rows by table; some of them may be gone."""
    if sales := rows.get("sale"):
        return _("receipt {number}").format(
            number=ReceiptNumber(sales[0]["till_code"], sales[0]["receipt_number"])
        )
    if reports := rows.get("z_report"):
        return f"Z {reports[0]['number']}"
    if envelope := rows.get("fact"):
        return moment_words(envelope[0]["kind"], envelope[0]["at"])
    return _("something in {tables}").format(tables=", ".join(rows))


def moment_words(kind: str, at: int) -> str:
    """Return what people call a fact of which only kind and moment (milliseconds UTC) are known."""
    words = {
        "sale": _("the sale of {moment}"),
        "refund": _("the refund of {moment}"),
        "shift": _("the shift opened at {moment}"),
        "shift close": _("the shift closed at {moment}"),
        "account payment": _("the payment on account of {moment}"),
        "cash move": _("the cash put in or taken out at {moment}"),
        "z": _("the Z of {moment}"),
        "stock opening": _("the opening stock of the import of {moment}"),
        "stock opening undone": _("the opening stock that was taken back at {moment}"),
        "goods received": _("the goods received at {moment}"),
        "goods returned": _("the goods given back to a supplier at {moment}"),
        "stock adjustment": _("the correction of stock of {moment}"),
        "stock take": _("the stock take that ended at {moment}"),
        "stock take part": _("the part of a stock take of {moment}"),
    }.get(kind, _("{kind} of {moment}"))
    return words.format(kind=kind, moment=utc_words(at))


def utc_words(at: int) -> str:
    """Return a stored moment to the minute, in UTC and saying so."""
    return f"{from_stored(at):%Y-%m-%d %H:%M} UTC"
