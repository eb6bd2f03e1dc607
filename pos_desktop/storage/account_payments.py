"""Payments that are no sale: of what a customer owes, and for a voucher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import payment_counter, raise_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.moments import to_stored


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPayment:
    """A payment on account as it is recorded; `paid_at` in milliseconds UTC."""

    id: Id
    number: str
    """Such as `T1-P00001`: payments on account have a series of their own."""
    paid_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBy:
    """A payment read back: what was paid, to whom, and by whom (None: for a voucher)."""

    payment: AccountPayment
    tender: Tender
    staff_id: Id
    customer_id: Id | None


def by_id(database: ShopDatabase, payment_id: Id) -> PaidBy | None:
    """Return a payment by its id, or None."""
    row = database.row("SELECT * FROM account_payment WHERE id = ?", (payment_id,))
    if row is None:
        return None
    number = f"{row['till_code']}-P{row['number']:05d}"
    tender = Tender(
        kind=TenderKind(row["kind"]),
        amount_cents=row["amount_cents"],
        given_cents=row["given_cents"],
        change_cents=row["change_cents"],
        reference=row["reference"] or "",
    )
    return PaidBy(
        payment=AccountPayment(id=row["id"], number=number, paid_at=row["paid_at"]),
        tender=tender,
        staff_id=row["staff_id"],
        customer_id=row["customer_id"],
    )


def record(
    database: ShopDatabase,
    books: Books,
    tender: Tender,
    *,
    payment_id: Id,
    shift: Shift,
    staff_id: Id,
    customer_id: Id | None,
    entries: Mapping[str, Sequence[Row]],
) -> AccountPayment:
    """Record a payment inside the caller's transaction, with the `entries` that it makes."""
    at = to_stored(books.now())
    till_code = books.node.till_code
    number = raise_counter(database, payment_counter(till_code))
    row: dict[str, Any] = {
        "id": payment_id,
        "till_code": till_code,
        "number": number,
        "shift_id": shift.id,
        "staff_id": staff_id,
        "customer_id": customer_id,
        "business_day": shift.business_day,
        "paid_at": at,
        "kind": tender.kind.value,
        "amount_cents": tender.amount_cents,
        "given_cents": tender.given_cents,
        "change_cents": tender.change_cents,
        "reference": tender.reference or None,
    }
    books.record(
        "account payment",
        {**entries, "account_payment": [row]},
        business_day=shift.business_day,
        actor_id=staff_id,
        fact_id=payment_id,
        at=at,
    )
    return AccountPayment(id=payment_id, number=f"{till_code}-P{number:05d}", paid_at=at)
