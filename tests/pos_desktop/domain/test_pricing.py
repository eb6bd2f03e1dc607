"""Lines, bands and totals of a basket agree to the cent."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.percent import percent_of
from pos_desktop.domain.pricing import Totals
from tests.pos_desktop.domain.examples import baskets, item, priced


def test_a_known_basket() -> None:
    basket = (
        Basket()
        .add(item("Milk", 65_00), 2000)
        .add(item("Flour", 210_00, tax_band="C"))
        .discount_line(1000)
        .add(item("Tomatoes", 120_00, by_weight=True, tax_band="A"), 755)
        .discount_cart(500)
    )
    result = priced(basket)
    assert [line.full_cents for line in result.lines] == [130_00, 210_00, 90_60]
    assert [line.line_discount_cents for line in result.lines] == [0, 21_00, 0]
    assert [line.cart_discount_cents for line in result.lines] == [6_50, 9_45, 4_53]
    assert [line.gross_cents for line in result.lines] == [123_50, 179_55, 86_07]
    assert [line.vat_cents for line in result.lines] == [17_03, 0, 0]
    assert result.totals == Totals(
        gross_cents=389_12, net_cents=372_09, vat_cents=17_03, discount_cents=41_48, pieces=4
    )
    assert [(band.band, band.gross_cents) for band in result.bands] == [
        ("A", 86_07),
        ("B", 123_50),
        ("C", 179_55),
    ]


@given(baskets())
def test_every_sum_is_the_sum_of_lines(basket: Basket) -> None:
    result = priced(basket)
    totals = result.totals
    assert totals.gross_cents == sum(line.gross_cents for line in result.lines)
    assert totals.gross_cents == totals.net_cents + totals.vat_cents
    assert totals.gross_cents == sum(band.gross_cents for band in result.bands)
    assert totals.vat_cents == sum(band.vat_cents for band in result.bands)
    assert totals.net_cents == sum(band.net_cents for band in result.bands)
    full = sum(line.full_cents for line in basket.lines)
    assert totals.discount_cents == full - totals.gross_cents


@given(baskets())
def test_each_line_is_whole(basket: Basket) -> None:
    for line in priced(basket).lines:
        assert line.gross_cents == line.net_cents + line.vat_cents
        assert 0 <= line.gross_cents <= line.full_cents
        assert line.line_discount_cents >= 0
        assert line.cart_discount_cents >= 0
        exact = Fraction(line.gross_cents * line.rate_bp, 10_000 + line.rate_bp)
        assert abs(line.vat_cents - exact) <= Fraction(1, 2)


@given(baskets())
def test_the_cart_discount_is_its_share_of_what_lines_cost(basket: Basket) -> None:
    lines = priced(basket).lines
    after = sum(line.full_cents - line.line_discount_cents for line in lines)
    assert sum(line.cart_discount_cents for line in lines) == percent_of(
        after, basket.cart_discount_bp
    )


def test_an_empty_basket_costs_nothing() -> None:
    result = priced(Basket().discount_cart(1000))
    assert (result.lines, result.totals, result.bands) == ((), Totals(), ())
