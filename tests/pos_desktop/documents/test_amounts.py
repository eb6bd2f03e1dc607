"""Amounts as people and spreadsheets write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.documents.amounts import (
    AmountStyle,
    amount_style,
    cents_reader,
    quantity_reader,
    scaled,
)
from pos_desktop.documents.cells import BadCell, Cell, CellFault
from pos_desktop.domain.row_faults import RowFault

POINT, COMMA, UNKNOWN, MIXED = AmountStyle


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1240.50", 124050),
        ("1240", 124000),
        ("12.5", 1250),
        ("12,5", 1250),
        (",5", 50),
        ("5.", 500),
        ("1,240.50", 124050),
        ("1.240,50", 124050),
        ("1 240,50", 124050),
        ("1 240 500", 124050000),
        ("1\u00a0240.50", 124050),
        ("1\u202f240,50", 124050),
        ("1'240.50", 124050),
        ("1,234,567", 123456700),
        ("1.234.567", 123456700),
        ("KES 1,240.50", 124050),
        ("Ksh.250", 25000),
        ("KShs 250/=", 25000),
        ("250/-", 25000),
        ("250 KES", 25000),
        ("$5.95", 595),
        (" 12.50 ", 1250),
        ("12.5000", 1250),
        ("0.10", 10),
        ("+7", 700),
        ("", None),
        ("  ", None),
    ],
)
def test_a_price_is_read_as_written(text: str, cents: int | None) -> None:
    assert cents_reader(UNKNOWN)[text] == cents


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("-1", RowFault.NEGATIVE),
        ("(250.00)", RowFault.NEGATIVE),
        ("250-", RowFault.NEGATIVE),
        ("−3", RowFault.NEGATIVE),
        ("KES -5", RowFault.NEGATIVE),
        ("12.345", RowFault.AMBIGUOUS),
        ("12.3456", RowFault.DECIMALS),
        ("1.2.3", RowFault.NOT_AMOUNT),
        ("1,234.567.8", RowFault.NOT_AMOUNT),
        ("12,34.50", RowFault.NOT_AMOUNT),
        ("12 50", RowFault.NOT_AMOUNT),
        ("1 2 3", RowFault.NOT_AMOUNT),
        ("twelve", RowFault.NOT_AMOUNT),
        ("1e5", RowFault.NOT_AMOUNT),
        ("nan", RowFault.NOT_AMOUNT),
        ("-", RowFault.NOT_AMOUNT),
        ("١٢", RowFault.NOT_AMOUNT),
        ("6161100100010", RowFault.ABSURD),
        ("10000000.01", RowFault.ABSURD),
        ("9" * 400, RowFault.ABSURD),
    ],
)
def test_a_price_that_cannot_be_is_refused_with_its_reason(text: str, fault: RowFault) -> None:
    found = cents_reader(UNKNOWN).fault(text)
    assert found is not None
    assert (found.fault, found.value) == (fault, text[:200])


@pytest.mark.parametrize(
    ("cells", "style"),
    [
        (["12.50", "3"], POINT),
        (["12,50", "3"], COMMA),
        (["1.234", "1.500", "7"], UNKNOWN),
        (["1.234", "1,5"], COMMA),
        (["1,234", "0.5"], POINT),
        (["1.5", "1,5"], MIXED),
        (["1.234.567"], COMMA),
        (["KES 1,240.50"], POINT),
        ([12.5, "", "none"], UNKNOWN),
    ],
)
def test_a_column_tells_its_decimal_sign(cells: list[Cell], style: AmountStyle) -> None:
    assert amount_style(cells) is style


@pytest.mark.parametrize(
    ("text", "style", "places", "value"),
    [
        ("1.234", COMMA, 2, 123400),
        ("1,234", POINT, 2, 123400),
        ("1,234", UNKNOWN, 2, 123400),
        ("1.500", UNKNOWN, 3, 1500),
        ("1,500", COMMA, 3, 1500),
        ("1,500", POINT, 3, 1500000),
        ("0,750", POINT, 3, 750),
    ],
)
def test_a_number_that_may_be_either_follows_its_column(
    text: str, style: AmountStyle, places: int, value: int
) -> None:
    assert scaled(text, style, places) == value


def test_a_number_that_may_be_either_is_refused_where_the_column_contradicts_itself() -> None:
    with pytest.raises(BadCell) as refused:
        scaled("1,234", MIXED, 2)
    assert refused.value.fault is RowFault.AMBIGUOUS


def test_the_numbers_of_a_workbook_have_a_decimal_point_whatever_its_texts_have() -> None:
    assert quantity_reader(COMMA)[1.234] == 1234
    assert cents_reader(COMMA)[12.1] == 1210
    assert cents_reader(COMMA)[139.20000000000002] == 13920
    refused = cents_reader(COMMA)[1.234]
    assert isinstance(refused, CellFault)
    assert refused.fault is RowFault.DECIMALS


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from([POINT, COMMA]))
def test_every_price_comes_back_from_its_local_form(cents: int, style: AmountStyle) -> None:
    point = f"{cents // 100:,}.{cents % 100:02d}"
    text = point if style is POINT else point.translate(str.maketrans(",.", ".,"))
    assert cents_reader(style)[text] == cents
    assert cents_reader(UNKNOWN)[text] == cents


@given(st.integers(min_value=-(10**10), max_value=10**10))
def test_every_quantity_comes_back_from_text_and_number(thousandths: int) -> None:
    text = format(Decimal(thousandths) / 1000, ".3f")
    assert quantity_reader(POINT)[text] == thousandths
    assert quantity_reader(UNKNOWN)[float(text)] == thousandths
