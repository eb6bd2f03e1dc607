"""A cashier's session at one drawer: which way cash moves, and what a count should find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import Enum

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents

DOUBTFUL_FROM: Cents = 1000_00
"""A count that is off by no more is taken as it is, however little lies in the drawer."""


MAIN_DRAWER = "main"


class CashDirection(Enum):
    """Which way cash moves that is no sale."""

    IN = "in"
    """Put into the drawer, such as more change."""
    OUT = "out"
    """Taken out of it, such as a banking or a small expense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A cashier's session at a drawer; `opened_at` in milliseconds UTC."""

    id: Id
    staff_id: Id
    drawer: str
    float_cents: Cents
    business_day: str
    opened_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """The cash that a drawer should hold, and what it came from. Amounts are cents, 0 or more."""

    float_cents: Cents = 0
    taken_cents: Cents = 0
    """Cash from sales, net of change."""
    refunded_cents: Cents = 0
    on_account_cents: Cents = 0
    """Cash that was paid on account, or for a voucher."""
    in_cents: Cents = 0
    out_cents: Cents = 0

    @classmethod
    def total(cls, drawers: Iterable[Drawer]) -> Drawer:
        """Add drawers up; those of no shift are all zero."""
        found = list(drawers)
        names = [field.name for field in fields(cls)]
        return cls(**{name: sum(getattr(one, name) for one in found) for name in names})

    @property
    def expected_cents(self) -> Cents:
        """What a count should find."""
        return (
            self.float_cents
            + self.taken_cents
            - self.refunded_cents
            + self.on_account_cents
            + self.in_cents
            - self.out_cents
        )

    def is_doubtful(self, counted_cents: Cents) -> bool:
        """Tell whether a count is so far off that it may be a slip: it should be done again.

        Off by more than DOUBTFUL_FROM, and by more than a tenth of what is expected.
        """
        off = abs(self.variance(counted_cents))
        return off > max(DOUBTFUL_FROM, abs(self.expected_cents) // 10)

    def variance(self, counted_cents: Cents) -> Cents:
        """Return what a count found too much, or too little where negative."""
        return counted_cents - self.expected_cents
