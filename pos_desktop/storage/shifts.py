"""Shifts, their cash, and the Z reports that close a till's business days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.domain.shift import Drawer, Shift
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import raise_counter, z_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.moments import to_stored


@dataclass(frozen=True, slots=True)
class ShiftClose:
    """How a shift was closed: cents counted, None where nobody counted; milliseconds UTC."""

    id: Id
    counted_cents: int | None
    closed_at: int
    reason: str | None
    """Why the count was off, in the words of who counted."""


_OPEN = """
SELECT s.* FROM shift s LEFT JOIN shift_close c ON c.shift_id = s.id
WHERE c.id IS NULL ORDER BY s.id
"""
_SINCE = "f.origin IN (SELECT till_id FROM node) AND (f.epoch, f.seq) > (?, ?)"
"""Facts after another, in the order in which they entered the books, whatever the clock said."""


def open_shifts(database: ShopDatabase) -> list[Shift]:
    """Return the shifts that are not closed yet, the oldest first."""
    return [Shift(**row) for row in database.rows(_OPEN)]


def open_at(database: ShopDatabase, drawer: str) -> Shift | None:
    """Return the open shift at a drawer, or None."""
    return next((shift for shift in open_shifts(database) if shift.drawer == drawer), None)


def of_open_day(database: ShopDatabase) -> list[Shift]:
    """Return the shifts that the next Z will close or list, in the order of the books.

    Those are all since the last Z, closed or not, and whatever is open from before it.
    """
    rows = database.rows(
        "SELECT s.* FROM shift s JOIN fact f ON f.id = s.id "
        f"LEFT JOIN shift_close c ON c.shift_id = s.id WHERE c.id IS NULL OR ({_SINCE}) "
        "ORDER BY f.epoch, f.seq",
        _last_z(database),
    )
    return [Shift(**row) for row in rows]


def close_of(database: ShopDatabase, shift_id: Id) -> ShiftClose | None:
    """Return how a shift was closed, or None while it is open."""
    row = database.row(
        "SELECT id, counted_cents, closed_at, reason FROM shift_close WHERE shift_id = ?",
        (shift_id,),
    )
    return ShiftClose(**row) if row else None


def last_count_named_pieces(database: ShopDatabase, staff_id: Id) -> bool:
    """Tell whether the last count that a person made here named its notes and coins."""
    found = database.value(
        "SELECT c.pieces IS NOT NULL FROM shift_close c JOIN fact f ON f.id = c.id "
        "WHERE c.staff_id = ? AND c.counted_cents IS NOT NULL "
        "AND f.origin IN (SELECT till_id FROM node) ORDER BY f.epoch DESC, f.seq DESC LIMIT 1",
        (staff_id,),
    )
    return bool(found)


def is_open(database: ShopDatabase, shift_id: Id) -> bool:
    """Tell whether a shift is still open."""
    closed = database.value("SELECT count(*) FROM shift_close WHERE shift_id = ?", (shift_id,))
    return not closed


def open_business_day(database: ShopDatabase) -> str | None:
    """Return the day of the first shift that opened after the last Z, or None."""
    found = database.value(
        f"SELECT s.business_day FROM shift s JOIN fact f ON f.id = s.id WHERE {_SINCE} "
        "ORDER BY f.epoch, f.seq LIMIT 1",
        _last_z(database),
    )
    return str(found) if found else None


def since_last_z(database: ShopDatabase) -> Selection:
    """Select the sales that the next Z will close."""
    return Selection(f"s.id IN (SELECT f.id FROM fact f WHERE {_SINCE})", _last_z(database))


def _last_z(database: ShopDatabase) -> tuple[int, int]:
    """Return epoch and number of the fact of the last Z; zeros before the first."""
    found = database.row(
        "SELECT f.epoch, f.seq FROM z_report z JOIN fact f ON f.id = z.id "
        "ORDER BY f.epoch DESC, f.seq DESC LIMIT 1"
    )
    return (found["epoch"], found["seq"]) if found else (0, 0)


@dataclass(frozen=True, slots=True)
class ZPeriod:
    """A Z with the sales that it closed, and the figures that were kept with it."""

    id: Id
    number: int
    figures: str
    selection: Selection


def z_periods(database: ShopDatabase) -> Iterator[ZPeriod]:
    """Yield every Z of the file in the order in which the books hold them."""
    last = (0, 0)
    for row in database.rows(
        "SELECT z.id, z.number, z.figures, f.epoch, f.seq "
        "FROM z_report z JOIN fact f ON f.id = z.id ORDER BY f.epoch, f.seq"
    ):
        place = (row["epoch"], row["seq"])
        selection = Selection(
            f"s.id IN (SELECT f.id FROM fact f WHERE {_SINCE} AND (f.epoch, f.seq) < (?, ?))",
            (*last, *place),
        )
        yield ZPeriod(row["id"], row["number"], row["figures"], selection)
        last = place


def z_exists(database: ShopDatabase, business_day: str) -> bool:
    """Tell whether a business day was closed before."""
    return bool(
        database.value("SELECT count(*) FROM z_report WHERE business_day = ?", (business_day,))
    )


def record_shift(books: Books, shift: Shift, witness: Row | None = None) -> None:
    """Record that a shift was opened, inside the caller's transaction.

    `witness` says who approved it, as `Books.record` takes it.
    """
    row: Row = {name: getattr(shift, name) for name in Shift.__slots__}
    _record(books, "shift", "shift", row, shift.business_day, witness)


def record_close(books: Books, shift: Shift, row: Row, witness: Row) -> None:
    """Record that a shift was closed; a count of None says that nobody counted.

    `row` has staff_id, counted_cents, expected_cents, figures, pieces and reason; `witness` who
    approved it, as `Books.record` takes it.
    """
    row = {
        "id": books.new_id(),
        "shift_id": shift.id,
        **row,
        "closed_at": to_stored(books.now()),
    }
    _record(books, "shift close", "shift_close", row, shift.business_day, witness)


def record_cash_move(
    books: Books, shift: Shift, *, staff_id: Id, amount_cents: int, reason: str, witness: Row
) -> Id:
    """Record cash that was put in (positive) or taken out (negative) with its reason.

    `witness` says who approved it, as `Books.record` takes it.
    """
    row = {
        "id": books.new_id(),
        "shift_id": shift.id,
        "staff_id": staff_id,
        "amount_cents": amount_cents,
        "reason": reason,
    }
    _record(books, "cash move", "cash_move", row, shift.business_day, witness)
    return str(row["id"])


def last_z(database: ShopDatabase) -> tuple[str, str] | None:
    """Return the number of the last Z, with its till, and its business day; None before any."""
    row = database.row(
        "SELECT till_code, number, business_day FROM z_report ORDER BY closed_at DESC LIMIT 1"
    )
    return (f"{row['till_code']}-Z{row['number']:05d}", row["business_day"]) if row else None


def record_z(database: ShopDatabase, books: Books, row: Row, witness: Row) -> int:
    """Record a Z and return its number, which runs without gaps per till.

    `row` has business_day, staff_id, figures and failed_checks; `witness` who approved it.
    """
    number = raise_counter(database, z_counter(books.node.till_code))
    row = {
        "id": books.new_id(),
        "till_code": books.node.till_code,
        "number": number,
        **row,
        "closed_at": to_stored(books.now()),
    }
    _record(books, "z", "z_report", row, row["business_day"], witness)
    return number


def _record(
    books: Books, kind: str, table: str, row: Row, business_day: str, witness: Row | None = None
) -> None:
    """Record a fact that is one row, made by the person that the row names."""
    books.record(
        kind,
        {table: [row]},
        business_day=business_day,
        actor_id=row["staff_id"],
        fact_id=row["id"],
        **(witness or {}),
    )


def drawer(database: ShopDatabase, shift: Shift) -> Drawer:
    """Return what a shift's drawer should hold, and what it came from."""
    cash = database.row(
        "SELECT coalesce(sum(max(t.amount_cents, 0)), 0) AS taken, "
        "coalesce(sum(min(t.amount_cents, 0)), 0) AS refunded "
        "FROM sale s JOIN tender t ON t.sale_id = s.id WHERE s.shift_id = ? AND t.kind = 'cash'",
        (shift.id,),
    )
    moves = database.row(
        "SELECT coalesce(sum(max(amount_cents, 0)), 0) AS put_in, "
        "coalesce(sum(min(amount_cents, 0)), 0) AS taken_out "
        "FROM cash_move WHERE shift_id = ?",
        (shift.id,),
    )
    paid = database.value(
        "SELECT coalesce(sum(amount_cents), 0) FROM account_payment "
        "WHERE shift_id = ? AND kind = 'cash'",
        (shift.id,),
    )
    assert cash is not None
    assert moves is not None
    return Drawer(
        float_cents=shift.float_cents,
        taken_cents=cash["taken"],
        refunded_cents=-cash["refunded"],
        on_account_cents=paid,
        in_cents=moves["put_in"],
        out_cents=-moves["taken_out"],
    )
