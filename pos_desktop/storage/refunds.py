"""What of a sale has come back already: goods by line, and money by tender."""

from __future__ import annotations

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.tender import TenderKind
from pos_desktop.storage.database import Row, ShopDatabase

_NO_CASH_FIRST = (
    TenderKind.CREDIT,
    TenderKind.CARD,
    TenderKind.VOUCHER,
    TenderKind.MPESA,
    TenderKind.CASH,
)
_MOST_EXCHANGES = 20
"""So many exchanges of the same goods are followed back."""


def returned(database: ShopDatabase, sale_id: Id) -> dict[int, Thousandths]:
    """Return how much of each line came back, by its number; positive thousandths."""
    rows = database.rows(
        "SELECT l.refunded_no AS no, -sum(l.quantity) AS quantity FROM sale s "
        "JOIN sale_line l ON l.sale_id = s.id WHERE s.refund_of = ? GROUP BY l.refunded_no",
        (sale_id,),
    )
    return {row["no"]: row["quantity"] for row in rows}


def left_by_tender(database: ShopDatabase, sale_id: Id) -> dict[TenderKind, Cents]:
    """Return what each kind of tender brought and has not given back yet, without rounding.

    Goods that were exchanged were paid for before: what their first receipt was paid with is what
    may go back, so that no exchange turns a debt, a card or a voucher into cash.
    """
    return _left(database, sale_id)


def _left(
    database: ShopDatabase, sale_id: Id, until: Id | None = None, depth: int = 0
) -> dict[TenderKind, Cents]:
    """Return what is left of a sale's tenders; with `until`, what that refund of it exchanged."""
    left = _paid_with(database, sale_id, depth)
    refunds = database.rows(
        "SELECT id FROM sale WHERE refund_of = ? ORDER BY sold_at, receipt_number", (sale_id,)
    )
    for refund in refunds:
        exchanged = 0
        for tender in _tenders(database, refund["id"]):
            if tender["kind"] == TenderKind.EXCHANGE.value:
                exchanged -= tender["cents"]
            else:
                kind = TenderKind(tender["kind"])
                left[kind] = left.get(kind, 0) + tender["cents"]
        taken = _take(left, exchanged)
        if refund["id"] == until:
            return taken
    return left


def _paid_with(database: ShopDatabase, sale_id: Id, depth: int) -> dict[TenderKind, Cents]:
    """Return what a sale was paid with; what was exchanged for it, as that was paid for."""
    paid: dict[TenderKind, Cents] = {}
    for tender in _tenders(database, sale_id):
        kind, cents = TenderKind(tender["kind"]), tender["cents"]
        parts = {kind: cents}
        if kind is TenderKind.EXCHANGE:
            parts = _exchanged(database, sale_id, tender["reference"], cents, depth)
        for part, amount in parts.items():
            paid[part] = paid.get(part, 0) + amount
    return paid


def _exchanged(
    database: ShopDatabase, sale_id: Id, reference: str, cents: Cents, depth: int
) -> dict[TenderKind, Cents]:
    """Return what goods were paid with that were exchanged for those of a sale.

    Those that no receipt proves count as paid in cash: somebody has approved it. What stood on the
    account of somebody else than now buys comes back as a voucher, and so does what went through
    more exchanges than anybody makes.
    """
    if depth == _MOST_EXCHANGES:
        return {TenderKind.VOUCHER: cents}
    number = ReceiptNumber.parse(reference)
    found = database.row(
        "SELECT r.id, r.refund_of, r.customer_id IS s.customer_id AS same_customer "
        "FROM sale r JOIN sale s ON s.id = ? WHERE r.till_code = ? AND r.receipt_number = ?",
        (sale_id, number.till, number.counter),
    )
    if found is None or found["refund_of"] is None:
        return {TenderKind.CASH: cents}
    parts = _left(database, found["refund_of"], until=found["id"], depth=depth + 1)
    if not found["same_customer"]:
        on_account = parts.pop(TenderKind.CREDIT, 0)
        parts[TenderKind.VOUCHER] = parts.get(TenderKind.VOUCHER, 0) + on_account
    return parts


def _take(left: dict[TenderKind, Cents], cents: Cents) -> dict[TenderKind, Cents]:
    """Take so much out of what is left, what is no cash first; return what was taken of each."""
    taken = {}
    for kind in _NO_CASH_FIRST:
        taken[kind] = min(max(left.get(kind, 0), 0), cents)
        left[kind] = left.get(kind, 0) - taken[kind]
        cents -= taken[kind]
    taken[TenderKind.CASH] += cents
    left[TenderKind.CASH] -= cents
    return taken


def _tenders(database: ShopDatabase, sale_id: Id) -> list[Row]:
    return database.rows(
        "SELECT kind, amount_cents - rounding_cents AS cents, reference FROM tender "
        "WHERE sale_id = ?",
        (sale_id,),
    )


def cash_given_back(database: ShopDatabase, sale_id: Id) -> Cents:
    """Return the cash that refunds of a sale gave back, without rounding; negative, or 0."""
    sql = (
        "SELECT coalesce(sum(t.amount_cents - t.rounding_cents), 0) FROM sale s "
        "JOIN tender t ON t.sale_id = s.id WHERE s.refund_of = ? AND t.kind = 'cash'"
    )
    return int(database.value(sql, (sale_id,)))
