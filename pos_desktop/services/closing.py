"""Shifts and days: opened with a float, closed with a count and an X, and the day with a Z."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import gross_of
from pos_desktop.domain.shift import CashDirection, Drawer, Shift
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.held_carts import HeldCarts
from pos_desktop.services.sign_in import Person, require
from pos_desktop.storage import shifts, staff
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.figures import figures, of_shift
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.sales import ReceiptRun, receipt_run

MAIN_DRAWER = "main"


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
    counted_cents: Cents | None = None
    closed_at: int | None = None

    @property
    def closed(self) -> bool:
        """Whether the shift is over."""
        return self.closed_at is not None

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {**self.drawer_as_json(), **self.figures.as_plain()}

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
        return found


@dataclass(frozen=True, slots=True)
class OnHold:
    """The sales on hold at a moment: they count nowhere, but must be seen. Amounts are cents."""

    count: int
    amount_cents: Cents


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
        }


def _iso(milliseconds: int) -> str:
    return from_stored(milliseconds).isoformat()


def _plain(drawer: Drawer) -> dict[str, Cents]:
    return {**asdict(drawer), "expected_cents": drawer.expected_cents}


class Closing:
    """Opens and closes shifts and days."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        carts: HeldCarts,
    ) -> None:
        self._database = database
        self._books = books
        self._configuration = configuration
        self._carts = carts

    def current(self) -> Shift | None:
        """Return the open shift at this till's drawer, or None."""
        here = [s for s in shifts.open_shifts(self._database) if s.drawer == MAIN_DRAWER]
        return here[0] if here else None

    def open_shift(self, person: Person, float_cents: Cents) -> Shift:
        """Open a shift with the float that lies in the drawer; Refused while another is open."""
        require(person, Permission.RUN_SHIFT)
        with self._database.write():
            if self.current():
                raise Refused(_("A shift is open at this drawer; close it with a count first."))
            shift = Shift(
                id=self._books.new_id(),
                staff_id=person.id,
                drawer=MAIN_DRAWER,
                float_cents=float_cents,
                business_day=self.business_day(),
                opened_at=to_stored(self._books.now()),
            )
            shifts.record_shift(self._books, shift)
        return shift

    def business_day(self) -> str:
        """Return the open business day, or today where none is open."""
        found = shifts.open_business_day(self._database)
        return found or self._books.now().astimezone(self._configuration.zone).date().isoformat()

    def close_shift(
        self, person: Person, counted_cents: Cents, approver: Person | None = None
    ) -> ShiftReport:
        """Close the open shift with what was counted; any variance is accepted and shown.

        Another person's shift needs a supervisor: NeedsApproval.
        """
        require(person, Permission.RUN_SHIFT)
        with self._database.write():
            shift = self._open()
            if shift.staff_id != person.id:
                require(person, Permission.CLOSE_OTHERS_SHIFT, approver)
            return self._close(shift, person, counted_cents)

    def move_cash(
        self, person: Person, direction: CashDirection, amount_cents: Cents, reason: str
    ) -> ShiftReport:
        """Record cash put into the drawer or taken out of it, with the reason."""
        require(person, Permission.RUN_SHIFT)
        sign = 1 if direction is CashDirection.IN else -1
        with self._database.write():
            shift = self._open()
            shifts.record_cash_move(
                self._books,
                shift,
                staff_id=person.id,
                amount_cents=sign * amount_cents,
                reason=reason,
            )
            return self._report(shift)

    def x(self) -> ShiftReport:
        """Return the figures of the open shift as they stand; nothing is closed."""
        with self._database.atomic("DEFERRED"):
            return self._report(self._open())

    def z(self, person: Person, approver: Person | None = None) -> DayReport:
        """Close the business day and every shift in it, counted or not.

        A second Z of the same date needs a manager: NeedsApproval.
        """
        require(person, Permission.CLOSE_DAY, approver)
        with self._database.write():
            day = self.business_day()
            if shifts.z_exists(self._database, day):
                require(person, Permission.SECOND_Z, approver)
            of_day = tuple(
                self._report(shift)
                if shifts.close_of(self._database, shift.id)
                else self._close(shift, person, None)
                for shift in shifts.of_open_day(self._database)
            )
            sold = shifts.since_last_z(self._database)
            found, receipts = figures(self._database, sold), receipt_run(self._database, sold)
            number = shifts.record_z(
                self._database,
                self._books,
                business_day=day,
                staff_id=person.id,
                figures=json.dumps(found.as_plain(), sort_keys=True),
            )
            return DayReport(
                number=number,
                business_day=day,
                closed_at=to_stored(self._books.now()),
                closed_by=person.name,
                figures=found,
                receipts=receipts,
                on_hold=self._on_hold(),
                shifts=of_day,
            )

    def _on_hold(self) -> OnHold:
        held = self._carts.held()
        return OnHold(len(held), sum(gross_of(cart.basket) for cart in held))

    def _open(self) -> Shift:
        shift = self.current()
        if shift is None:
            raise Refused(_("No shift is open; open one with the float in the drawer."))
        return shift

    def _close(self, shift: Shift, person: Person, counted_cents: Cents | None) -> ShiftReport:
        report = self._report(shift)
        shifts.record_close(
            self._books,
            shift,
            staff_id=person.id,
            counted_cents=counted_cents,
            expected_cents=report.drawer.expected_cents,
            figures=json.dumps(report.figures.as_plain(), sort_keys=True),
        )
        return self._report(shift)

    def _report(self, shift: Shift) -> ShiftReport:
        close = shifts.close_of(self._database, shift.id)
        return ShiftReport(
            shift=shift,
            cashier=self._name(shift.staff_id),
            figures=figures(self._database, of_shift(shift.id)),
            drawer=shifts.drawer(self._database, shift),
            made_at=to_stored(self._books.now()),
            counted_cents=close.counted_cents if close else None,
            closed_at=close.closed_at if close else None,
        )

    def _name(self, staff_id: Id) -> str:
        member = staff.by_id(self._database, staff_id)
        return member.name if member else ""
