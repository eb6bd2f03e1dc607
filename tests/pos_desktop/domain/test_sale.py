"""A finished sale is checked; a refund is its mirror, however it is cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.pricing import PricedLine
from pos_desktop.domain.pricing import priced as with_sums
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.refund import refund_line
from pos_desktop.domain.sale import Sale, SumsDisagree, check_sums
from pos_desktop.domain.tax import included_tax
from pos_desktop.domain.tender import Payment, TenderKind
from tests.pos_desktop.domain.examples import baskets, item, priced

FIRST, SECOND = ReceiptNumber("T1", 1), ReceiptNumber("T1", 2)


def sell(basket: Basket) -> Sale:
    result = priced(basket)
    return Sale.of(FIRST, result, Payment(due_cents=result.totals.gross_cents).cash())


def refund(lines: list[PricedLine]) -> Sale:
    result = with_sums(lines)
    payment = Payment(due_cents=result.totals.gross_cents).cash()
    return Sale.of(SECOND, result, payment, refund_of=FIRST)


@given(baskets())
def test_every_sale_adds_up(basket: Basket) -> None:
    sale = sell(basket)
    paid = sum(tender.amount_cents for tender in sale.tenders)
    assert paid == sale.totals.gross_cents + sale.rounding_cents
    assert not sale.is_refund


def test_a_sale_that_is_not_paid_to_the_cent_is_found() -> None:
    result = priced(Basket().add(item()))
    with pytest.raises(SumsDisagree, match="the tenders come to 0"):
        Sale.of(FIRST, result, Payment(due_cents=result.totals.gross_cents))


def test_every_disagreement_is_named() -> None:
    sale = sell(Basket().add(item(), 2000))
    (line,), (tender,) = sale.lines, sale.tenders
    card = replace(tender, kind=TenderKind.CARD, given_cents=131_00, change_cents=1_00)
    damaged = {
        "full less discounts": replace(sale, lines=(replace(line, full_cents=1),)),
        "wrong sign": replace(sale, lines=(replace(line, quantity=-2000),)),
        "rate's share": replace(sale, lines=(replace(line, vat_cents=line.vat_cents + 1),)),
        "totals are not": replace(sale, totals=replace(sale.totals, pieces=7)),
        "net and tax": replace(sale, totals=replace(sale.totals, net_cents=0)),
        "tax bands": replace(sale, bands=()),
        "tenders come to 0": replace(sale, tenders=()),
        "rounding is not": replace(sale, rounding_cents=1),
        "cash: given less change": replace(sale, tenders=(replace(tender, given_cents=1),)),
        "card: only cash": replace(sale, tenders=(card,)),
    }
    check_sums(sale)
    for phrase, one in damaged.items():
        with pytest.raises(SumsDisagree) as found:
            check_sums(one)
        assert [problem for problem in found.value.problems if phrase in problem]


@given(baskets())
def test_a_whole_refund_is_the_exact_opposite(basket: Basket) -> None:
    sale = sell(basket)
    back = refund([refund_line(line) for line in sale.lines])
    assert back.is_refund
    for name in ("gross_cents", "net_cents", "vat_cents", "discount_cents", "pieces"):
        assert getattr(back.totals, name) == -getattr(sale.totals, name)
    assert back.rounding_cents == -sale.rounding_cents
    for sold, returned in zip(sale.lines, back.lines, strict=True):
        assert returned.line_discount_cents == -sold.line_discount_cents
        assert returned.cart_discount_cents == -sold.cart_discount_cents


@given(baskets(), st.data())
def test_refunds_in_parts_come_to_the_whole(basket: Basket, data: st.DataObject) -> None:
    sold = sell(basket).lines[0]
    step = 1 if sold.item.by_weight else 1000
    returned, parts = 0, []
    while returned < sold.quantity:
        most = (sold.quantity - returned) // step
        quantity = step * data.draw(st.integers(max(1, most // 3), most))
        part = refund_line(sold, quantity, returned)
        assert part.gross_cents <= 0
        assert part.vat_cents == included_tax(part.gross_cents, part.rate_bp)
        parts.append(part)
        returned += quantity
        refund([part])
    for name in ("quantity", "full_cents", "line_discount_cents", "cart_discount_cents"):
        assert sum(getattr(part, name) for part in parts) == -getattr(sold, name)
    assert sum(part.gross_cents for part in parts) == -sold.gross_cents


def test_more_than_was_sold_does_not_come_back() -> None:
    (sold,) = sell(Basket().add(item(), 3000)).lines
    with pytest.raises(Refused, match="Only 1 of Milk 500 ml"):
        refund_line(sold, 2000, returned=2000)
    with pytest.raises(Refused):
        refund_line(sold, returned=3000)
    with pytest.raises(Refused):
        refund_line(sold, 0)
    with pytest.raises(Refused, match="by the piece"):
        refund_line(sold, 500)


def test_receipt_numbers() -> None:
    assert str(FIRST) == "T1-000001"
    assert ReceiptNumber.parse(" t1-000001 ") == FIRST
    assert ReceiptNumber.parse("A-1234567") == ReceiptNumber("A", 1_234_567)
    assert ReceiptNumber.parse(" 17 ", till="T1") == ReceiptNumber("T1", 17)
    assert ReceiptNumber.parse("a-17", till="T1") == ReceiptNumber("A", 17)
    for text in ("", "T1", "T1-", "T1-000000", "T1-0x1", "TOOLONG-1", "T1-" + "9" * 5000):
        with pytest.raises(Refused):
            ReceiptNumber.parse(text)


@given(st.from_regex("[A-Z0-9]{1,4}", fullmatch=True), st.integers(1, 10**12 - 1))
def test_a_receipt_number_survives_being_written(till: str, counter: int) -> None:
    number = ReceiptNumber(till, counter)
    assert ReceiptNumber.parse(str(number)) == number
