"""Sales as rows, and rows as sales again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.pricing import PricedLine, priced
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.storage import stock
from pos_desktop.storage.books import Books, Fact
from pos_desktop.storage.counters import raise_counter, receipt_counter
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.products import item_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleFrame:
    """Who sold what when, beside the sale itself."""

    sale_id: Id
    shift_id: Id
    staff_id: Id
    business_day: str
    customer_id: Id | None = None
    buyer_pin: str | None = None
    refund_of: Id | None = None
    is_refund: bool = False
    """Goods came back, against a receipt or without one."""


@dataclass(frozen=True, slots=True)
class StoredSale:
    """A sale read back, with its frame and its moment in milliseconds UTC."""

    sale: Sale
    frame: SaleFrame
    sold_at: int


@dataclass(frozen=True, slots=True)
class ReceiptRun:
    """How many receipts were given out, and the first and last in the order of the books."""

    count: int = 0
    first: ReceiptNumber | None = None
    last: ReceiptNumber | None = None


def receipt_run(database: ShopDatabase, selection: Selection) -> ReceiptRun:
    """Return the receipts of the selected sales."""
    sql = (
        "SELECT s.till_code, s.receipt_number FROM sale s JOIN fact f ON f.id = s.id "
        f"WHERE {selection.condition} ORDER BY f.epoch {{way}}, f.seq {{way}} LIMIT 1"
    )
    ends = [database.row(sql.format(way=way), selection.values) for way in ("ASC", "DESC")]
    numbers = [ReceiptNumber(row["till_code"], row["receipt_number"]) for row in ends if row]
    if not numbers:
        return ReceiptRun()
    count = database.value(
        f"SELECT count(*) FROM sale s WHERE {selection.condition}", selection.values
    )
    return ReceiptRun(int(count), numbers[0], numbers[-1])


def next_receipt(database: ShopDatabase, till_code: str) -> ReceiptNumber:
    """Give out the next receipt number inside the transaction of its sale."""
    return ReceiptNumber(till_code, raise_counter(database, receipt_counter(till_code)))


def record(
    database: ShopDatabase,
    books: Books,
    sale: Sale,
    frame: SaleFrame,
    entries: Mapping[str, Sequence[Row]] | None = None,
    witness: Mapping[str, Any] | None = None,
) -> Fact:
    """Record a sale with its lines, tenders and stock moves inside the caller's transaction.

    `entries` are rows of accounts and vouchers that its tenders make; `witness` is who approved
    it, as `Books.record` takes it.
    """
    at = to_stored(books.now())
    rows: dict[str, Sequence[Row]] = {
        "sale": [_sale_row(sale, frame, at)],
        "sale_line": list(_line_rows(sale, frame.sale_id)),
        "tender": list(_tender_rows(sale, frame.sale_id)),
        "stock_move": list(_move_rows(sale, frame.sale_id)),
        **(entries or {}),
    }
    fact = books.record(
        "refund" if frame.is_refund else "sale",
        rows,
        business_day=frame.business_day,
        actor_id=frame.staff_id,
        fact_id=frame.sale_id,
        receipt=str(sale.receipt),
        at=at,
        **(witness or {}),
    )
    moves = [(row["product_id"], row["quantity"]) for row in rows["stock_move"]]
    stock.add_to_levels(database, moves)
    return fact


def _sale_row(sale: Sale, frame: SaleFrame, at: int) -> Row:
    return {
        "id": frame.sale_id,
        "till_code": sale.receipt.till,
        "receipt_number": sale.receipt.counter,
        "shift_id": frame.shift_id,
        "staff_id": frame.staff_id,
        "refund_of": frame.refund_of,
        "customer_id": frame.customer_id,
        "buyer_pin": frame.buyer_pin,
        "business_day": frame.business_day,
        "sold_at": at,
        "gross_cents": sale.totals.gross_cents,
        "net_cents": sale.totals.net_cents,
        "vat_cents": sale.totals.vat_cents,
        "discount_cents": sale.totals.discount_cents,
        "rounding_cents": sale.rounding_cents,
        "is_refund": 1 if frame.is_refund else None,
    }


def _line_rows(sale: Sale, sale_id: Id) -> Iterator[Row]:
    for no, line in enumerate(sale.lines, start=1):
        item = line.item
        yield {
            "sale_id": sale_id,
            "no": no,
            "product_id": item.product_id,
            "code": item.code,
            "barcode": item.barcode,
            "name": item.name,
            "category": item.category,
            "unit": item.unit,
            "by_weight": int(item.by_weight),
            "quantity": line.quantity,
            "refunded_no": line.key if sale.refund_of else None,
            "list_price_cents": item.price_cents,
            "price_cents": line.price_cents,
            "discount_bp": line.discount_bp,
            "discount_cents": line.line_discount_cents,
            "cart_discount_cents": line.cart_discount_cents,
            "gross_cents": line.gross_cents,
            "tax_band": item.tax_band,
            "tax_rate_bp": line.rate_bp,
            "net_cents": line.net_cents,
            "vat_cents": line.vat_cents,
            "cost_cents": item.cost_cents,
            "item_class": item.item_class,
            "unit_code": item.unit_code,
            "packaging_code": item.packaging_code,
        }


def _tender_rows(sale: Sale, sale_id: Id) -> Iterator[Row]:
    for no, tender in enumerate(sale.tenders, start=1):
        yield {
            "sale_id": sale_id,
            "no": no,
            "kind": tender.kind.value,
            "amount_cents": tender.amount_cents,
            "given_cents": tender.given_cents,
            "change_cents": tender.change_cents,
            "rounding_cents": tender.rounding_cents,
            "reference": tender.reference or None,
        }


def _move_rows(sale: Sale, sale_id: Id) -> Iterator[Row]:
    for no, line in enumerate(sale.lines, start=1):
        yield {
            "fact_id": sale_id,
            "no": no,
            "product_id": line.item.product_id,
            "quantity": -line.quantity,
            "cost_cents": line.item.cost_cents,
        }


def receipt_of(database: ShopDatabase, sale_id: Id) -> ReceiptNumber | None:
    """Return the receipt that a sale was recorded under, or None."""
    row = database.row("SELECT till_code, receipt_number FROM sale WHERE id = ?", (sale_id,))
    return ReceiptNumber(row["till_code"], row["receipt_number"]) if row else None


def names_tender(database: ShopDatabase, sale_id: Id, reference: str) -> bool:
    """Tell whether a sale is recorded, and one of its tenders has this reference."""
    sql = "SELECT 1 FROM tender WHERE sale_id = ? AND reference = ?"
    return database.value(sql, (sale_id, reference)) is not None


def is_given_back(database: ShopDatabase, sale_id: Id, kind: TenderKind, reference: str) -> bool:
    """Tell whether goods of a sale came back for a tender of this kind that names a reference."""
    sql = (
        "SELECT 1 FROM sale r JOIN tender t ON t.sale_id = r.id "
        "WHERE r.refund_of = ? AND t.kind = ? AND t.reference = ? AND t.amount_cents < 0"
    )
    return database.value(sql, (sale_id, kind.value, reference)) is not None


def has_sold_as(database: ShopDatabase, till_code: str) -> bool:
    """Tell whether anything was sold by a code of this till."""
    sql = "SELECT 1 FROM sale WHERE till_code = ? LIMIT 1"
    return database.value(sql, (till_code,)) is not None


def by_receipt(database: ShopDatabase, receipt: ReceiptNumber) -> StoredSale | None:
    """Return the sale of a receipt, or None."""
    return _stored(
        database,
        database.row(
            "SELECT * FROM sale WHERE till_code = ? AND receipt_number = ?",
            (receipt.till, receipt.counter),
        ),
    )


def by_id(database: ShopDatabase, sale_id: Id) -> StoredSale | None:
    """Return a sale by its id, or None."""
    return _stored(database, database.row("SELECT * FROM sale WHERE id = ?", (sale_id,)))


def last(database: ShopDatabase, till_code: str) -> StoredSale | None:
    """Return the till's last sale, or None before the first."""
    return _stored(
        database,
        database.row(
            "SELECT * FROM sale WHERE till_code = ? ORDER BY receipt_number DESC LIMIT 1",
            (till_code,),
        ),
    )


def latest(database: ShopDatabase, till_code: str, limit: int) -> list[Row]:
    """Return the till's last sales without refunds, the newest first.

    Each has `receipt_number`, `sold_at` (milliseconds UTC) and `gross_cents`.
    """
    return database.rows(
        "SELECT receipt_number, sold_at, gross_cents FROM sale "
        "WHERE till_code = ? AND is_refund IS NULL ORDER BY receipt_number DESC LIMIT ?",
        (till_code, limit),
    )


def _stored(database: ShopDatabase, row: Row | None) -> StoredSale | None:
    if row is None:
        return None
    found = priced(_line(one) for one in _parts(database, "sale_line", row["id"]))
    sale = Sale(
        receipt=ReceiptNumber(row["till_code"], row["receipt_number"]),
        lines=found.lines,
        totals=found.totals,
        bands=found.bands,
        tenders=tuple(_tender(one) for one in _parts(database, "tender", row["id"])),
        rounding_cents=row["rounding_cents"],
        refund_of=receipt_of(database, row["refund_of"]) if row["refund_of"] else None,
    )
    frame = SaleFrame(
        sale_id=row["id"],
        shift_id=row["shift_id"],
        staff_id=row["staff_id"],
        business_day=row["business_day"],
        customer_id=row["customer_id"],
        buyer_pin=row["buyer_pin"],
        refund_of=row["refund_of"],
        is_refund=bool(row["is_refund"]),
    )
    return StoredSale(sale, frame, row["sold_at"])


def _parts(database: ShopDatabase, table: str, sale_id: Id) -> list[Row]:
    return database.rows(f"SELECT * FROM {table} WHERE sale_id = ? ORDER BY no", (sale_id,))


def _line(row: Row) -> PricedLine:
    return PricedLine(
        key=row["no"],
        item=item_of(row, row["list_price_cents"]),
        quantity=row["quantity"],
        price_cents=row["price_cents"],
        discount_bp=row["discount_bp"],
        full_cents=row["gross_cents"] + row["discount_cents"] + row["cart_discount_cents"],
        line_discount_cents=row["discount_cents"],
        cart_discount_cents=row["cart_discount_cents"],
        gross_cents=row["gross_cents"],
        rate_bp=row["tax_rate_bp"],
        vat_cents=row["vat_cents"],
    )


def _tender(row: Row) -> Tender:
    return Tender(
        kind=TenderKind(row["kind"]),
        amount_cents=row["amount_cents"],
        given_cents=row["given_cents"],
        change_cents=row["change_cents"],
        rounding_cents=row["rounding_cents"],
        reference=row["reference"] or "",
    )


def any_sold(database: ShopDatabase) -> bool:
    """Tell whether anything was ever sold."""
    return bool(database.value("SELECT EXISTS (SELECT 1 FROM sale)"))
