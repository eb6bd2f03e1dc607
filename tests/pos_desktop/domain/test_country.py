"""Amounts, days and moments as each country writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pos_desktop.domain import country
from pos_desktop.domain.country import Country, DayOrder
from pos_desktop.domain.money import LARGEST_AMOUNT, amount_text, format_amount, format_short

MOMENT = datetime(2026, 11, 24, 18, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "cents", "text"),
    [
        ("KE", 1240_50, "1,240.50"),
        ("KE", 1240_00, "1,240.00"),
        ("KE", -5, "-0.05"),
        ("KE", LARGEST_AMOUNT, "99,999,999.99"),
        ("UG", 1_240_000_00, "1,240,000"),
        ("UG", -1240_00, "-1,240"),
        ("TZ", 171_03, "171.03"),
        ("RW", 0, "0"),
    ],
)
def test_an_amount(code: str, cents: int, text: str) -> None:
    country.follow(code)
    assert format_amount(cents) == text


def test_cents_are_never_hidden_where_there_are_some() -> None:
    for code in country.COUNTRIES:
        country.follow(code)
        assert format_short(1240_50) == format_amount(1240_50) == "1,240.50"
        assert format_short(1240_00) == "1,240"


def test_files_are_written_alike_in_all_countries() -> None:
    for code in country.COUNTRIES:
        country.follow(code)
        assert amount_text(1240_50) == "1240.50"
        assert amount_text(-1240_00) == "-1240.00"


def test_days_and_times() -> None:
    assert country.written_day(MOMENT) == "24/11/2026"
    assert country.written_day_and_month(MOMENT) == "24/11"
    assert country.written_time(MOMENT) == "18:05"
    assert country.written_time(MOMENT, seconds=True) == "18:05:09"


def test_a_country_is_nothing_but_data(monkeypatch: pytest.MonkeyPatch) -> None:
    other = Country(
        code="QQ",
        currency="QQQ",
        thousands=" ",
        point=",",
        day_order=DayOrder.YEAR_FIRST,
        day_sign="-",
    )
    monkeypatch.setitem(country.COUNTRIES, "QQ", other)
    country.follow("QQ")
    assert format_amount(-1_234_567_89) == "-1 234 567,89"
    assert country.written_day(MOMENT) == "2026-11-24"
    assert country.written_day_and_month(MOMENT) == "11-24"


def test_every_country_has_a_name_and_a_currency() -> None:
    assert {code: one.currency for code, one in country.COUNTRIES.items()} == {
        "KE": "KES",
        "UG": "UGX",
        "TZ": "TZS",
        "RW": "RWF",
    }
    assert all(one.name() for one in country.COUNTRIES.values())


def test_a_day_in_words() -> None:
    assert country.long_day(date(2026, 11, 26)) == "Thursday 26 November 2026"
    assert country.long_day(date(2027, 1, 3)) == "Sunday 3 January 2027"


def test_an_unknown_country_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        country.follow("ZZ")
    assert country.here().code == "KE"
