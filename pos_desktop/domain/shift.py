"""A cashier's session at one drawer, and the business day that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import Enum

from pos_desktop.domain.money import Cents


class CashDirection(Enum):
    """Which way cash moves that is no sale."""

    IN = "in"
    """Put into the drawer, such as more change."""
    OUT = "out"
    """Taken out of it, such as a banking or a small expense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """The cash that a drawer should hold, and what it came from. Amounts are cents, 0 or more."""

    float_cents: Cents = 0
    taken_cents: Cents = 0
    """Cash from sales and payments on account, net of change."""
    refunded_cents: Cents = 0
    in_cents: Cents = 0
    out_cents: Cents = 0

    @property
    def expected_cents(self) -> Cents:
        """What a count should find."""
        return (
            self.float_cents
            + self.taken_cents
            - self.refunded_cents
            + self.in_cents
            - self.out_cents
        )

    def variance(self, counted_cents: Cents) -> Cents:
        """Return what a count found too much, or too little where negative."""
        return counted_cents - self.expected_cents


def business_day(
    shifts_opened: Iterable[datetime], last_z: datetime | None, zone: tzinfo
) -> date | None:
    """Return the day that the till's books are on, or None where no shift opened since the last Z.

    It is the local date of the first shift that opened after it, so that a night's sales stay
    with the evening on which they began. Times are aware.
    """
    since = [at for at in shifts_opened if last_z is None or at > last_z]
    return min(since).astimezone(zone).date() if since else None
