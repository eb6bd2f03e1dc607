"""Quantities are whole thousandths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.percent import format_percent, parse_percent, percent_of
from pos_desktop.domain.quantity import (
    LARGEST_QUANTITY,
    format_quantity,
    line_amount,
    parse_quantity,
)


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        ("5", 5000),
        ("0.750", 750),
        (".5", 500),
        (" 1.25 ", 1250),
        ("99999", LARGEST_QUANTITY),
        ("0,750", 750),
        ("1,5", 1500),
        ("12,25", 12_250),
        (",5", 500),
        ("00,125", 125),
    ],
)
def test_quantities_are_read(text: str, thousandths: int) -> None:
    assert parse_quantity(text) == thousandths


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "0",
        "0.000",
        "-1",
        "1.2345",
        "1,250",
        "01,250",
        "1,2,3",
        "1.2,3",
        "99999.001",
        "100000",
        "9" * 5000,
        "²",
    ],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_quantity(text)


def test_a_comma_that_means_two_things_is_asked_about() -> None:
    with pytest.raises(Refused, match=r"type 1\.250, or 1250"):
        parse_quantity("1,250")


@given(st.integers(1, LARGEST_QUANTITY))
def test_a_quantity_survives_being_written(quantity: int) -> None:
    assert parse_quantity(format_quantity(quantity)) == quantity


def test_quantities_are_written_with_all_decimals_or_none() -> None:
    written = [format_quantity(quantity) for quantity in (5000, 750, 1500, -2000, -50)]
    assert written == ["5", "0.750", "1.500", "-2", "-0.050"]


@given(st.integers(0, 10**7), st.integers(1, LARGEST_QUANTITY))
def test_a_line_amount_mirrors(price: int, quantity: int) -> None:
    assert line_amount(price, -quantity) == -line_amount(price, quantity)


def test_a_line_amount_rounds_half_up() -> None:
    assert line_amount(199, 500) == 100
    assert line_amount(65_00, 3000) == 195_00


def test_percentages() -> None:
    assert [parse_percent(text) for text in ("10", "12.5", " 0.01", "100", "0")] == [
        1000,
        1250,
        1,
        10_000,
        0,
    ]
    shares = 1600, 1250, 1, 800, -1234, -50, 0
    shown = ["16", "12.5", "0.01", "8", "-12.34", "-0.5", "0"]
    assert [format_percent(share) for share in shares] == shown
    assert percent_of(999, 1250) == 125


@pytest.mark.parametrize("text", ["", ".", "100.01", "101", "-1", "1.234", "1000", "ten"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_percent(text)
