"""Shifts and days: opened with a float, closed with a count and an X, and the day with a Z."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.money import Cents
from pos_desktop.domain.shift import CashDirection, Drawer
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.sign_in import Person, require
from pos_desktop.storage import shifts
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.figures import Selection, figures, of_shift
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.shifts import Shift

MAIN_DRAWER = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftReport:
    """An X: the figures of a shift as they stand, and what its drawer should hold."""

    shift: Shift
    figures: Figures
    drawer: Drawer
    counted_cents: Cents | None = None
    closed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        found = {
            "shift": self.shift.id,
            "business_day": self.shift.business_day,
            "expected_cents": self.drawer.expected_cents,
            **self.figures.as_plain(),
        }
        if self.counted_cents is not None:
            found["counted_cents"] = self.counted_cents
            found["variance_cents"] = self.drawer.variance(self.counted_cents)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """A Z: the figures of a business day and its shifts; number None before it is closed."""

    number: int | None
    business_day: str
    figures: Figures
    shifts: tuple[ShiftReport, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "number": self.number,
            "business_day": self.business_day,
            **self.figures.as_plain(),
        }


class Closing:
    """Opens and closes shifts and days."""

    def __init__(self, database: ShopDatabase, books: Books, configuration: Configuration) -> None:
        self._database = database
        self._books = books
        self._configuration = configuration

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
            closed = tuple(
                self._close(shift, person, None) for shift in shifts.open_shifts(self._database)
            )
            found = figures(self._database, shifts.since_last_z(self._database))
            number = shifts.record_z(
                self._database,
                self._books,
                business_day=day,
                staff_id=person.id,
                figures=json.dumps(found.as_plain(), sort_keys=True),
            )
        return DayReport(number=number, business_day=day, figures=found, shifts=closed)

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
        return ShiftReport(
            shift=shift,
            figures=report.figures,
            drawer=report.drawer,
            counted_cents=counted_cents,
            closed=True,
        )

    def _report(self, shift: Shift) -> ShiftReport:
        return ShiftReport(
            shift=shift,
            figures=self._figures(of_shift(shift.id)),
            drawer=shifts.drawer(self._database, shift),
        )

    def _figures(self, selection: Selection) -> Figures:
        return figures(self._database, selection)
