"""What the import of a statement has come to: plain, so that a job keeps it and goes on from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents

MOST_NAMED = 100
"""So many rows are named of a kind; more are counted."""


@dataclass(kw_only=True)
class StatementCounts:
    """Counts, and the rows that somebody has to look at.

    `payments = new + confirmed + known`.
    """

    rows: int = 0
    """Those below the header, totals left out."""
    payments: int = 0
    new: int = 0
    confirmed: int = 0
    """Payments that were known by a message or a report alone."""
    known: int = 0
    new_in_tray: int = 0
    """Of those that are new or confirmed now, the ones that no sale has."""
    new_in_tray_cents: Cents = 0
    given_back: int = 0
    """Payments of the tray that M-Pesa has given back, as the statement shows."""
    not_done: int = 0
    own: int = 0
    """Settlements, transfers and other money of the shop's own."""
    out: int = 0
    """Charges, withdrawals and whatever else went out."""
    earlier: int = 0
    """Payments of before the day that was asked for."""
    bad: int = 0
    first_at: int | None = None
    last_at: int | None = None
    """When its first and its last payment were made, in milliseconds UTC."""
    bad_rows: list[list[Any]] = field(default_factory=list)
    """Line, fault, and what stands there."""
    differing: list[list[Any]] = field(default_factory=list)
    """Line, receipt, cents of the statement, cents that were told before by M-Pesa itself."""
    given_back_of_sales: list[list[Any]] = field(default_factory=list)
    """Line, receipt and cents of payments that M-Pesa has given back and that a sale still has."""
    not_listed: list[list[Any]] = field(default_factory=list)
    """Receipt and cents of typed payments of its time that it does not list."""

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> StatementCounts:
        """Return what `as_plain` has kept."""
        return cls(**{one.name: plain[one.name] for one in fields(cls) if one.name in plain})

    def as_plain(self) -> dict[str, Any]:
        """Return it as a job keeps it."""
        return asdict(self)

    @property
    def needs_a_look(self) -> bool:
        """Whether anything but the tray is left to a person."""
        return bool(self.bad or self.differing or self.given_back_of_sales or self.not_listed)

    def covers(self, at: int) -> None:
        """Note that it has a payment of a moment."""
        self.first_at = at if self.first_at is None else min(self.first_at, at)
        self.last_at = at if self.last_at is None else max(self.last_at, at)


def name(rows: list[list[Any]], *values: int | str | Id) -> None:
    """Name a row among those of its kind, as long as there is room."""
    if len(rows) < MOST_NAMED:
        rows.append([*values])
