"""Money is exact, and halves round away from zero."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import (
    LARGEST_AMOUNT,
    allocate,
    amount_text,
    divide_half_up,
    format_amount,
    parse_amount,
    quick_cash,
    round_to,
)

AMOUNTS = st.integers(0, LARGEST_AMOUNT)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (1, 2, 1), (0, 7, 0), (49, 100, 0)],
)
def test_halves_round_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert divide_half_up(numerator, denominator) == expected


@given(st.integers(), st.integers(1, 10**9))
def test_a_rounded_quotient_is_the_nearest_and_mirrors(numerator: int, denominator: int) -> None:
    rounded = divide_half_up(numerator, denominator)
    assert abs(Fraction(numerator, denominator) - rounded) <= Fraction(1, 2)
    assert divide_half_up(-numerator, denominator) == -rounded


def test_rounding_to_a_step() -> None:
    assert [round_to(amount, 100) for amount in (1240_49, 1240_50, -1240_50)] == [
        1240_00,
        1241_00,
        -1241_00,
    ]
    assert round_to(1242_50, 500) == 1245_00
    assert round_to(1240_49, 1) == 1240_49


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("450", 450_00),
        (" 1240.5 ", 1240_50),
        ("1,240.50", 1240_50),
        (".05", 5),
        ("0", 0),
        ("99,999,999.99", LARGEST_AMOUNT),
    ],
)
def test_amounts_are_read(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text",
    ["", ".", "-5", "+5", "5.", "1.234", "1,24", "12,34,567", "1e3", "٣", "100000000", "9" * 5000],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_amount(text)


@given(AMOUNTS)
def test_an_amount_survives_being_written(amount: int) -> None:
    assert parse_amount(format_amount(amount)) == amount
    assert parse_amount(amount_text(amount)) == amount


def test_amounts_are_written_for_people_and_for_files() -> None:
    assert format_amount(1240_50) == "1,240.50"
    assert format_amount(-5) == "-0.05"
    assert amount_text(-1240_50) == "-1240.50"


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=30))
def test_an_allocation_sums_exactly_and_mirrors(total: int, weights: list[int]) -> None:
    shares = allocate(total, weights)
    assert sum(shares) == total
    assert allocate(-total, weights) == [-share for share in shares]
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        ideal = Fraction(total * weight, whole) if whole else Fraction(total, len(weights))
        assert abs(share - ideal) < 1


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20), st.data())
def test_no_share_is_larger_than_its_weight(weights: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    shares = allocate(total, weights)
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


def test_the_first_of_equals_gets_the_cent() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(5, [0, 0]) == [3, 2]
    assert allocate(0, []) == []


def test_an_impossible_allocation_is_a_mistake() -> None:
    with pytest.raises(ValueError):
        allocate(1, [])
    with pytest.raises(ValueError):
        allocate(1, [2, -1])


@pytest.mark.parametrize(
    ("due", "choices"),
    [
        (1240, [1240, 1250, 1300, 1500, 2000]),
        (80, [80, 100, 200, 500, 1000]),
        (40, [40, 50, 100, 200, 500]),
        (370, [370, 400, 500, 1000]),
        (1000, [1000]),
        (3960, [3960, 4000]),
        (0, [0]),
    ],
)
def test_quick_cash_is_what_customers_hand_over(due: int, choices: list[int]) -> None:
    assert quick_cash(due * 100) == [choice * 100 for choice in choices]


@given(AMOUNTS)
def test_quick_cash_starts_exact_and_rises(due: int) -> None:
    choices = quick_cash(due)
    assert choices[0] == due
    assert choices == sorted(set(choices))
    assert len(choices) <= 5
