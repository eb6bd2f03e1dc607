"""The values of documents as exact numbers, as texts for people, and as texts for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import partial
from typing import Any

from pos_desktop.documents.document import Kind
from pos_desktop.domain.country import here, written_day, written_time
from pos_desktop.domain.money import amount_text, format_amount
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.quantity import format_quantity

_PLACES = {Kind.COUNT: 0, Kind.CENTS: 2, Kind.QUANTITY: 3, Kind.PERCENT: 2}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number_of(kind: Kind, value: int | str) -> Decimal:
    """Return a number exactly: cents as shillings, thousandths as units, basis points as percent.

    Quantities and percentages may come as decimal texts, as reports have them.
    """
    if isinstance(value, str):
        return Decimal(value)
    return Decimal(value).scaleb(-_PLACES[kind])


def day_of(value: date | str) -> date:
    """Return a day that may come as its ISO text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def moment_of(value: datetime | int, zone: tzinfo) -> datetime:
    """Return a moment as the shop's clock showed it, without a zone and to the second."""
    if isinstance(value, int):
        value = _EPOCH + timedelta(milliseconds=value)
    return value.astimezone(zone).replace(tzinfo=None, microsecond=0)


def shown(kind: Kind, zone: tzinfo, unknown: str = "") -> Callable[[Any], str]:
    """Return what makes values into texts for people, as their country writes them.

    `unknown` stands for None.
    """
    makers: dict[Kind, Callable[[Any], str]] = {
        Kind.TEXT: str,
        Kind.COUNT: _shown_count,
        Kind.CENTS: format_amount,
        Kind.QUANTITY: partial(_as_text, format_quantity),
        Kind.PERCENT: partial(_as_text, format_percent),
        Kind.DATE: lambda value: written_day(day_of(value)),
        Kind.MOMENT: lambda value: _shown_moment(moment_of(value, zone)),
    }
    return partial(_or_unknown, makers[kind], unknown)


def plain(kind: Kind, zone: tzinfo) -> Callable[[Any], str]:
    """Return what makes values into texts for programs: a decimal point, days as 2026-11-24."""
    makers: dict[Kind, Callable[[Any], str]] = {
        Kind.TEXT: str,
        Kind.COUNT: str,
        Kind.CENTS: amount_text,
        Kind.QUANTITY: partial(_as_text, format_quantity),
        Kind.PERCENT: partial(_as_text, format_percent),
        Kind.DATE: lambda value: day_of(value).isoformat(),
        Kind.MOMENT: lambda value: moment_of(value, zone).isoformat(" "),
    }
    return partial(_or_unknown, makers[kind], "")


def _or_unknown(make: Callable[[Any], str], unknown: str, value: Any) -> str:
    return unknown if value is None else make(value)


def _as_text(form: Callable[[int], str], value: int | str) -> str:
    return value if isinstance(value, str) else form(value)


def _shown_count(count: int) -> str:
    return f"{count:,}".replace(",", here().thousands)


def _shown_moment(moment: datetime) -> str:
    return f"{written_day(moment)} {written_time(moment)}"
