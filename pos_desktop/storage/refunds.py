"""What of a sale has come back already: goods by line, and money by tender."""

from __future__ import annotations

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.tender import TenderKind
from pos_desktop.storage.database import ShopDatabase


def returned(database: ShopDatabase, sale_id: Id) -> dict[int, Thousandths]:
    """Return how much of each line came back, by its number; positive thousandths."""
    rows = database.rows(
        "SELECT l.refunded_no AS no, -sum(l.quantity) AS quantity FROM sale s "
        "JOIN sale_line l ON l.sale_id = s.id WHERE s.refund_of = ? GROUP BY l.refunded_no",
        (sale_id,),
    )
    return {row["no"]: row["quantity"] for row in rows}


def left_by_tender(database: ShopDatabase, sale_id: Id) -> dict[TenderKind, Cents]:
    """Return what each kind of tender brought and has not given back yet, without rounding."""
    rows = database.rows(
        "SELECT t.kind, sum(t.amount_cents - t.rounding_cents) AS cents FROM sale s "
        "JOIN tender t ON t.sale_id = s.id WHERE s.id = ?1 OR s.refund_of = ?1 GROUP BY t.kind",
        (sale_id,),
    )
    return {TenderKind(row["kind"]): row["cents"] for row in rows}


def cash_given_back(database: ShopDatabase, sale_id: Id) -> Cents:
    """Return the cash that refunds of a sale gave back, without rounding; negative, or 0."""
    sql = (
        "SELECT coalesce(sum(t.amount_cents - t.rounding_cents), 0) FROM sale s "
        "JOIN tender t ON t.sale_id = s.id WHERE s.refund_of = ? AND t.kind = 'cash'"
    )
    return int(database.value(sql, (sale_id,)))
