"""Shifts and days: opened with a float, closed with a count and an X, and the day with a Z."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from pos_desktop import settings
from pos_desktop.domain.controlled_acts import Act, ActTotal
from pos_desktop.domain.denominations import Pieces, check_pieces
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import gross_of
from pos_desktop.domain.shift import MAIN_DRAWER, CashDirection, Shift
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.closing.book_checks import BookChecks
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.paper.closing_reports import (
    BooksFound,
    DayReport,
    NamedAct,
    OnHold,
    ShiftReport,
)
from pos_desktop.services.paper.print_queue import PrintQueue
from pos_desktop.services.people.acting import Approval, approved, require
from pos_desktop.services.people.door_notes import DoorNotes
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.sales.held_carts import HeldCarts
from pos_desktop.storage import closings, shifts, staff
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.sales import receipt_run


class Count(NamedTuple):
    """How far a count of the drawer is off, in cents, and whether it may be a slip."""

    variance_cents: Cents
    is_doubtful: bool


class Closing:
    """Opens and closes shifts and days, and keeps what moves in the drawer between."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        carts: HeldCarts,
        print_queue: PrintQueue,
        book_checks: BookChecks,
        notes: DoorNotes,
    ) -> None:
        """Take `book_checks`: every Z tells what is wrong in the books."""
        self._notes = notes
        self._database = database
        self._books = books
        self._configuration = configuration
        self._carts = carts
        self._print_queue = print_queue
        self._book_checks = book_checks

    def current(self) -> Shift | None:
        """Return the open shift at this till's drawer, or None."""
        return shifts.open_at(self._database, MAIN_DRAWER)

    def open_shift(
        self, person: Person, float_cents: Cents, approval: Approval | None = None
    ) -> Shift:
        """Open a shift with the float that lies in the drawer; Refused while another is open."""
        require(person, Permission.RUN_SHIFT, approval)
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
            shifts.record_shift(self._books, shift, approved(approval))
        return shift

    def business_day(self) -> str:
        """Return the open business day, or today where none is open."""
        found = shifts.open_business_day(self._database)
        return found or self._configuration.today.isoformat()

    def close_shift(
        self,
        person: Person,
        counted_cents: Cents,
        approval: Approval | None = None,
        *,
        pieces: Pieces | None = None,
        reason: str = "",
    ) -> ShiftReport:
        """Close the open shift with what was counted; any variance is accepted and shown.

        `pieces` are the notes and coins where they were counted one by one; raises Refused where
        they do not come to the count. `reason` says why the count is off. Another person's shift
        needs a manager: NeedsApproval.
        """
        require(person, Permission.RUN_SHIFT, approval)
        if pieces is not None:
            check_pieces(pieces, counted_cents)
        with self._database.write():
            shift = self._open()
            if shift.staff_id != person.id:
                require(person, Permission.CLOSE_OTHERS_SHIFT, approval)
            count = {
                "counted_cents": counted_cents,
                "pieces": _largest_first(pieces) if pieces else None,
                "reason": reason.strip() or None,
            }
            return self._close(shift, person, count, approval)

    def count_again(
        self, person: Person, counted_cents: Cents, approval: Approval | None = None
    ) -> None:
        """Write into the journal that a count was thrown away, and what it was."""
        require(person, Permission.RUN_SHIFT, approval)
        with self._database.write():
            expected = shifts.drawer(self._database, self._open()).expected_cents
            detail = {"counted_cents": counted_cents, "expected_cents": expected}
            witness = approved(approval, detail)
            self._books.note(Act.RECOUNT.value, actor_id=person.id, **witness)

    def move_cash(
        self,
        person: Person,
        direction: CashDirection,
        amount_cents: Cents,
        reason: str,
        approval: Approval | None = None,
    ) -> ShiftReport:
        """Record cash put into the drawer or taken out of it, with the reason; it opens."""
        require(person, Permission.RUN_SHIFT, approval)
        if not reason.strip() or amount_cents <= 0:
            raise Refused(_("Type an amount of more than zero, and what the cash is for."))
        sign = 1 if direction is CashDirection.IN else -1
        with self._database.write():
            shift = self._open()
            fact_id = shifts.record_cash_move(
                self._books,
                shift,
                staff_id=person.id,
                amount_cents=sign * amount_cents,
                reason=reason.strip(),
                witness=approved(approval),
            )
            self._print_queue.open_drawer(reason.strip(), fact_id=fact_id)
            return self._report(shift)

    def open_drawer(self, person: Person, reason: str, approval: Approval | None = None) -> None:
        """Open the drawer without a sale, for a reason; NeedsApproval where one may not."""
        require(person, Permission.OPEN_DRAWER, approval)
        if not reason.strip():
            raise Refused(_("Say why the drawer is opened without a sale."))
        with self._database.write():
            self._open()
            witness = approved(approval, {"why": reason.strip()})
            self._books.note(Act.NO_SALE.value, actor_id=person.id, **witness)
            self._print_queue.open_drawer(_("No sale"))

    def leave_till(self, person: Person, approval: Approval | None = None) -> None:
        """Note that the program of a kiosk is ended, which needs no disk.

        Raises NeedsApproval where one may not.
        """
        require(person, Permission.SETTINGS, approval)
        self._notes.note("kiosk left", actor_id=person.id, **approved(approval))

    def too_much_cash(self) -> Cents | None:
        """Return what the drawer should hold where that is more than should lie there, or None."""
        limit = self._configuration.get(settings.SAFE_DROP_CENTS)
        shift = self.current() if limit else None
        if shift is None:
            return None
        expected = shifts.drawer(self._database, shift).expected_cents
        return expected if expected > limit else None

    def sales_of(self, shift: Shift) -> int:
        """Return how many sales a shift has made so far."""
        return closings.of_shift(self._database, shift.id).figures.sales

    def counts_pieces(self, person: Person) -> bool:
        """Tell whether this person counted note by note the last time; at first nobody does."""
        return shifts.last_count_named_pieces(self._database, person.id)

    def judged(self, counted_cents: Cents) -> Count:
        """Return what a count of the drawer is worth, before it closes the shift.

        It tells nobody what the drawer should hold; without an open shift nothing is wrong.
        """
        shift = self.current()
        if shift is None:
            return Count(0, is_doubtful=False)
        drawer = shifts.drawer(self._database, shift)
        return Count(drawer.variance(counted_cents), drawer.is_doubtful(counted_cents))

    def x(self, person: Person, approval: Approval | None = None) -> ShiftReport:
        """Return the figures of the open shift as they stand; nothing is closed."""
        require(person, Permission.RUN_SHIFT, approval)
        with self._database.atomic("DEFERRED"):
            return self._report(self._open())

    def z(
        self,
        person: Person,
        approval: Approval | None = None,
        found: BooksFound | None = None,
    ) -> DayReport:
        """Close the business day and every shift in it, counted or not.

        What the books are wrong in stands on the Z and stops nothing: `found`, where they were
        looked at already, before a transaction was begun. A second Z of the same date needs a
        manager: NeedsApproval.
        """
        self.check_may_close_day(person, approval)
        found = self.check_books() if found is None else found
        with self._database.write():
            self.check_may_close_day(person, approval)
            return self._close_day(person, approval, found)

    def check_may_close_day(self, person: Person, approval: Approval | None = None) -> None:
        """Raise NeedsApproval where this person may not close the day now."""
        require(person, Permission.CLOSE_DAY, approval)
        if shifts.z_exists(self._database, self.business_day()):
            require(person, Permission.SECOND_Z, approval)

    def check_books(self) -> BooksFound:
        """Return how the next Z finds the books; write nothing."""
        return self._book_checks.for_z()

    def _close_day(self, person: Person, approval: Approval | None, found: BooksFound) -> DayReport:
        day = self.business_day()
        of_day = tuple(
            self._report(shift)
            if shifts.close_of(self._database, shift.id)
            else self._close(shift, person, {}, None)
            for shift in shifts.of_open_day(self._database)
        )
        told = closings.since_last_z(self._database)
        receipts = receipt_run(self._database, shifts.since_last_z(self._database))
        row = {
            "business_day": day,
            "staff_id": person.id,
            "figures": json.dumps(told.as_plain(), sort_keys=True),
            "failed_checks": json.dumps([one.check for one in found.findings])
            if found.findings
            else None,
        }
        self._book_checks.leave(found)
        return DayReport(
            number=shifts.record_z(self._database, self._books, row, approved(approval)),
            business_day=day,
            closed_at=to_stored(self._books.now()),
            closed_by=person.name,
            figures=told.figures,
            acts=self._named(told.acts),
            receipts=receipts,
            on_hold=self._on_hold(),
            shifts=of_day,
            books=found,
        )

    def _on_hold(self) -> OnHold:
        held = self._carts.held()
        return OnHold(len(held), sum(gross_of(cart.basket) for cart in held))

    def _open(self) -> Shift:
        shift = self.current()
        if shift is None:
            raise Refused(_("No shift is open; open one with the float in the drawer."))
        return shift

    def _close(
        self,
        shift: Shift,
        person: Person,
        count: dict[str, int | str | None],
        approval: Approval | None,
    ) -> ShiftReport:
        told = closings.of_shift(self._database, shift.id)
        row = {
            "staff_id": person.id,
            "counted_cents": None,
            "pieces": None,
            "reason": None,
            **count,
            "expected_cents": shifts.drawer(self._database, shift).expected_cents,
            "figures": json.dumps(told.as_plain(), sort_keys=True),
        }
        shifts.record_close(self._books, shift, row, approved(approval))
        return self._report(shift)

    def _report(self, shift: Shift) -> ShiftReport:
        close = shifts.close_of(self._database, shift.id)
        told = closings.of_shift(self._database, shift.id)
        return ShiftReport(
            shift=shift,
            cashier=self._name(shift.staff_id),
            figures=told.figures,
            acts=self._named(told.acts),
            drawer=shifts.drawer(self._database, shift),
            made_at=to_stored(self._books.now()),
            counted_cents=close.counted_cents if close else None,
            closed_at=close.closed_at if close else None,
            reason=(close.reason if close else None) or "",
        )

    def _named(self, totals: Sequence[ActTotal]) -> tuple[NamedAct, ...]:
        return tuple(
            NamedAct(total=one, by=self._name(one.by), approved_by=self._name(one.approved_by))
            for one in totals
        )

    def _name(self, staff_id: Id | None) -> str:
        """Return the name of a person of the books; the console has none."""
        member = staff.by_id(self._database, staff_id) if staff_id else None
        return member.name if member else ""


def _largest_first(pieces: Pieces) -> str:
    """Return counted pieces as JSON, the largest note first."""
    return json.dumps(dict(sorted(pieces.items(), reverse=True)))
