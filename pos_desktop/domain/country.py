"""How a country writes amounts, days and moments: a table, and which of it this process follows.

A process serves one shop, so it follows one country; `pos_desktop.services.configuration` tells
which, from the shop's settings. Files that programs read are written in their own fixed way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum

from pos_desktop.domain.text import _


class DayOrder(Enum):
    """Which part of a date comes first; the value is its form, with `.` for the sign between."""

    DAY_FIRST = "%d.%m.%Y"
    YEAR_FIRST = "%Y.%m.%d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """How people of a country write; the defaults are what East Africa has in common."""

    code: str
    currency: str
    """Its three letters."""
    shows_cents: bool = True
    """Whether an amount always has its cents; else only where there are some."""
    thousands: str = ","
    point: str = "."
    day_order: DayOrder = DayOrder.DAY_FIRST
    day_sign: str = "/"

    def name(self) -> str:
        """Return what it is called."""
        return {
            "KE": _("Kenya"),
            "UG": _("Uganda"),
            "TZ": _("Tanzania"),
            "RW": _("Rwanda"),
        }[self.code]


COUNTRIES = {
    one.code: one
    for one in (
        Country(code="KE", currency="KES"),
        Country(code="UG", currency="UGX", shows_cents=False),
        Country(code="TZ", currency="TZS", shows_cents=False),
        Country(code="RW", currency="RWF", shows_cents=False),
    )
}
"""Every country that a shop can be in, by its two letters."""


class _Followed:
    """The country that this process follows."""

    def __init__(self) -> None:
        self.country = COUNTRIES["KE"]


_followed = _Followed()


def follow(code: str) -> None:
    """Write as this country does from now on, in the whole process; KeyError for an unknown one."""
    _followed.country = COUNTRIES[code]


def here() -> Country:
    """Return the country that is followed."""
    return _followed.country


def written_amount(cents: int, *, whole: bool = False) -> str:
    """Return an amount as it is written here: `1,240.50`.

    Cents that are none are left out where `whole` asks for it, or where nobody writes them here.
    """
    country, sign = here(), "-" if cents < 0 else ""
    units, part = divmod(abs(cents), 100)
    text = sign + f"{units:,}".replace(",", country.thousands)
    if part or (country.shows_cents and not whole):
        return f"{text}{country.point}{part:02d}"
    return text


def written_day(day: date) -> str:
    """Return a day as it is written here: 24/11/2026."""
    return day.strftime(here().day_order.value.replace(".", here().day_sign))


def written_day_and_month(day: date) -> str:
    """Return a day of this year as it is written here: 24/11."""
    form = here().day_order.value.replace("%Y", "").strip(".")
    return day.strftime(form.replace(".", here().day_sign))


def written_time(moment: datetime | time, *, seconds: bool = False) -> str:
    """Return the time of a moment as it is written here, of 24 hours: 08:15."""
    return moment.strftime("%H:%M:%S" if seconds else "%H:%M")


def long_day(day: date) -> str:
    """Return a day in words: Thursday 26 November 2026."""
    return _("{weekday} {day} {month} {year}").format(
        weekday=weekdays()[day.weekday()],
        day=str(day.day),
        month=_months()[day.month - 1],
        year=str(day.year),
    )


def weekdays() -> tuple[str, ...]:
    """Return the days of the week in words, from Monday on."""
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )


def _months() -> tuple[str, ...]:
    return (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )
