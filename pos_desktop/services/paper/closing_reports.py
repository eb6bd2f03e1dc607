"""What an X and a Z are: figures, drawers, controlled acts, and how the books were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pos_desktop.domain.controlled_acts import Act, ActTotal
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.money import Cents
from pos_desktop.domain.shift import Drawer, Shift
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.sales import ReceiptRun


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAct:
    """How often a person did something controlled, by the names of today."""

    total: ActTotal
    by: str
    approved_by: str = ""

    @property
    def act(self) -> Act:
        """What was done."""
        return self.total.act

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, with the names of those who did it."""
        return {**self.total.as_plain(), "by": self.by, "approved_by": self.approved_by}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftReport:
    """An X: the figures of a shift as they stand, and what its drawer should hold.

    Moments are milliseconds UTC; a shift that is open has none of its closing, and one that
    nobody counted has no count.
    """

    shift: Shift
    cashier: str
    figures: Figures
    drawer: Drawer
    made_at: int
    acts: Sequence[NamedAct] = ()
    counted_cents: Cents | None = None
    closed_at: int | None = None
    reason: str = ""
    """Why the count was off, in the words of who counted."""

    @property
    def closed(self) -> bool:
        """Whether the shift is over."""
        return self.closed_at is not None

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        acts = [act.as_json() for act in self.acts]
        return {**self.drawer_as_json(), **self.figures.as_plain(), "acts": acts}

    def drawer_as_json(self) -> dict[str, Any]:
        """Return whose shift it is, and what its drawer should hold and held."""
        found: dict[str, Any] = {
            "shift": self.shift.id,
            "business_day": self.shift.business_day,
            "cashier": self.cashier,
            "opened_at": _iso(self.shift.opened_at),
            "closed_at": None if self.closed_at is None else _iso(self.closed_at),
            **_plain(self.drawer),
        }
        if self.counted_cents is not None:
            found["counted_cents"] = self.counted_cents
            found["variance_cents"] = self.drawer.variance(self.counted_cents)
            found["variance_reason"] = self.reason
        return found


@dataclass(frozen=True, slots=True)
class OnHold:
    """The sales on hold at a moment: they count nowhere, but must be seen. Amounts are cents."""

    count: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class Finding:
    """A check of the books that failed: its name, and in words what it found."""

    check: str
    detail: str


@dataclass(frozen=True, slots=True)
class WholeCheck:
    """The last check of all books."""

    at: int
    """When it looked, in milliseconds UTC."""
    is_late: bool
    """Whether a Z was made since, after which none has come."""


@dataclass(frozen=True, slots=True)
class BooksFound:
    """How a Z found the books, and how much of them it looked at."""

    findings: Sequence[Finding] = ()
    """What they are wrong in, also what the last check of all found; empty where in order."""
    is_whole: bool = True
    """Whether all of them were looked at, else what was written since the last Z."""
    since: int | None = None
    """From when on then, in milliseconds UTC."""
    before: WholeCheck | None = None
    """When all of them were looked at before, where that was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """A Z: the figures of a business day and each of its shifts, in their order."""

    number: int
    business_day: str
    closed_at: int
    """Milliseconds UTC."""
    closed_by: str
    figures: Figures
    receipts: ReceiptRun
    on_hold: OnHold
    shifts: tuple[ShiftReport, ...]
    acts: Sequence[NamedAct] = ()
    books: BooksFound = BooksFound()
    is_backed_up: bool = False
    """Whether a backup of the shop was left to a job with it."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What the books were found to be wrong in; empty where they are in order."""
        return self.books.findings

    @property
    def drawer(self) -> Drawer:
        """The drawers of all shifts together: floats, cash and what should have been there."""
        return Drawer.total(shift.drawer for shift in self.shifts)

    @property
    def counted(self) -> tuple[ShiftReport, ...]:
        """The shifts that somebody counted."""
        return tuple(shift for shift in self.shifts if shift.counted_cents is not None)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "number": self.number,
            "business_day": self.business_day,
            "closed_at": _iso(self.closed_at),
            "closed_by": self.closed_by,
            "receipts": {
                "count": self.receipts.count,
                "first": str(self.receipts.first or ""),
                "last": str(self.receipts.last or ""),
            },
            "on_hold": asdict(self.on_hold),
            "shifts": [shift.drawer_as_json() for shift in self.shifts],
            "drawer": _plain(self.drawer),
            **self.figures.as_plain(),
            "acts": [act.as_json() for act in self.acts],
            "books_in_order": not self.findings,
            "findings": [asdict(finding) for finding in self.findings],
            "books_checked_whole": self.books.is_whole,
            "books_checked_before": _iso(self.books.before.at) if self.books.before else None,
        }


def _iso(milliseconds: int) -> str:
    return from_stored(milliseconds).isoformat()


def _plain(drawer: Drawer) -> dict[str, Cents]:
    return {**asdict(drawer), "expected_cents": drawer.expected_cents}
