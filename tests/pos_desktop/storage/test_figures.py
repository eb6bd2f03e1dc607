"""The sums of the books against the sales that went into them, whatever was sold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.figures import Figures, TenderTotal
from pos_desktop.domain.pricing import BandTotal, Priced, PricedLine
from pos_desktop.domain.pricing import priced as with_sums
from pos_desktop.domain.refund import refund_line
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.shift import Shift
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.storage import sales, shifts
from pos_desktop.storage.figures import figures, of_days, of_shift
from tests.pos_desktop.domain.examples import baskets, priced
from tests.pos_desktop.storage.conftest import ShopFile

PRODUCTS = ("Milk", "Bread", "Sugar", "Tomatoes", "Paraffin")
STAFF = "0" * 32
CARTS = st.lists(
    st.tuples(baskets(), st.sampled_from(["cash", "mpesa", "card", "both"]), st.booleans()),
    max_size=4,
)
"""What is sold, how it is paid, and whether it is brought back."""


@pytest.fixture
def with_goods(shop_file: ShopFile) -> ShopFile:
    stamp = {"origin": shop_file.node.till_id, "ver": 1, "changed_at": 0}
    rows = [
        {"row": row, "id": name, "name": name, "price_cents": 1, "tax_band": "B", **stamp}
        for row, name in enumerate(PRODUCTS, start=1)
    ]
    with shop_file.database.write():
        shop_file.database.insert("product", rows)
    return shop_file


def pay(found: Priced, how: str) -> Payment:
    payment = Payment(due_cents=found.totals.gross_cents)
    if how == "cash" or payment.cash_due_cents <= 100:
        return payment.cash()
    if how == "card":
        return payment.exact(TenderKind.CARD, reference="1234")
    return (payment.cash(100) if how == "both" else payment).mpesa_push()


class Day:
    """A business day of its own, with the sales that were recorded in it."""

    def __init__(self, shop_file: ShopFile) -> None:
        self._file = shop_file
        taken = int(shop_file.database.value("SELECT count(DISTINCT business_day) FROM shift"))
        self.day = date(2026, 1, 1) + timedelta(days=taken)

    def open_shift(self) -> str:
        books = self._file.books
        shift = Shift(
            id=books.new_id(),
            staff_id=STAFF,
            drawer="main",
            float_cents=0,
            business_day=self.day.isoformat(),
            opened_at=1,
        )
        with self._file.database.write():
            shifts.record_shift(books, shift)
        return shift.id

    def record(self, shift_id: str, found: Priced, how: str, refund_of: Sale | None = None) -> Sale:
        database, books = self._file.database, self._file.books
        with database.write():
            receipt = sales.next_receipt(database, self._file.node.till_code)
            origin = refund_of.receipt if refund_of else None
            sale = Sale.of(receipt, found, pay(found, how), refund_of=origin)
            stored = sales.by_receipt(database, origin) if origin else None
            frame = sales.SaleFrame(
                sale_id=books.new_id(),
                shift_id=shift_id,
                staff_id=STAFF,
                business_day=self.day.isoformat(),
                refund_of=stored.frame.sale_id if stored else None,
                is_refund=stored is not None,
            )
            sales.record(database, books, sale, frame)
        return sale


def summed(found: Iterable[Sale]) -> Figures:
    """Sum sales up one by one, without the books."""
    found = list(found)
    tenders = [tender for sale in found for tender in sale.tenders]
    counts = Counter(tender.kind for tender in tenders)
    lines = [line for sale in found for line in sale.lines]
    bands = sorted({(line.item.tax_band, line.rate_bp) for line in lines})
    return Figures(
        sales=sum(not sale.is_refund for sale in found),
        refunds=sum(sale.is_refund for sale in found),
        gross_cents=sum(line.gross_cents for line in lines),
        net_cents=sum(line.net_cents for line in lines),
        vat_cents=sum(line.vat_cents for line in lines),
        discount_cents=sum(line.discount_cents for line in lines),
        rounding_cents=sum(tender.rounding_cents for tender in tenders),
        tenders=tuple(
            TenderTotal(
                kind=kind,
                amount_cents=sum(one.amount_cents for one in tenders if one.kind is kind),
                count=counts[kind],
            )
            for kind in TenderKind
            if counts[kind]
        ),
        bands=tuple(_band(lines, *key) for key in bands),
    )


def _band(lines: Iterable[PricedLine], band: str, rate_bp: int) -> BandTotal:
    found = [line for line in lines if (line.item.tax_band, line.rate_bp) == (band, rate_bp)]
    return BandTotal(
        band=band,
        rate_bp=rate_bp,
        net_cents=sum(line.net_cents for line in found),
        vat_cents=sum(line.vat_cents for line in found),
    )


@hypothesis_settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(shift_carts=st.lists(CARTS, max_size=3))
def test_the_books_sum_up_what_was_sold(
    with_goods: ShopFile, shift_carts: list[list[tuple[Basket, str, bool]]]
) -> None:
    database, day = with_goods.database, Day(with_goods)
    everything: list[Sale] = []
    for carts in shift_carts:
        shift, found = day.open_shift(), []
        for basket, how, comes_back in carts:
            sale = day.record(shift, priced(basket), how)
            found.append(sale)
            if comes_back:
                back = with_sums([refund_line(line) for line in sale.lines])
                found.append(day.record(shift, back, "cash", refund_of=sale))
        assert figures(database, of_shift(shift)) == summed(found)
        everything += found
    after = (day.day + timedelta(days=1)).isoformat()
    total = figures(database, of_days(day.day.isoformat(), after))
    assert total == summed(everything)
    assert total.gross_cents == total.net_cents + total.vat_cents
    assert total.gross_cents == sum(band.gross_cents for band in total.bands)
    paid = sum(tender.amount_cents for tender in total.tenders)
    assert paid == total.gross_cents + total.rounding_cents


def test_the_figures_of_nothing_are_all_zero(shop_file: ShopFile) -> None:
    assert figures(shop_file.database, of_shift("none")) == Figures()
