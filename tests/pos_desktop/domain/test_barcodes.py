"""Barcodes: check digits, spellings, zeros that spreadsheets lose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain import barcodes

digits = st.text(alphabet="0123456789", min_size=1, max_size=20)


@given(digits)
def test_a_code_with_its_check_digit_is_right_and_with_any_other_wrong(payload: str) -> None:
    check = barcodes.check_digit(payload)
    for digit in range(10):
        assert barcodes.has_right_check_digit(f"{payload}{digit}") == (digit == check)


@given(digits)
def test_zeros_in_front_change_no_check_digit(payload: str) -> None:
    assert barcodes.check_digit(payload) == barcodes.check_digit("00" + payload)


@pytest.mark.parametrize(
    "code",
    [
        "4006381333931",
        "036000291452",
        "73513537",
        "01278907",
        "14006381333938",
        "4011",
        "2112345000000",
        "0200000000000",
        "212345678901",
        "ABC-123",
        "123456789",
        "٤٠٠٦٣٨١٣٣٣٩٣١",
    ],
)
def test_what_a_shop_or_a_manufacturer_numbers_is_not_wrong(code: str) -> None:
    assert not barcodes.is_wrong(code)


@pytest.mark.parametrize("code", ["4006381333930", "036000291453", "73513536", "14006381333930"])
def test_a_manufacturers_code_with_another_last_digit_is_wrong(code: str) -> None:
    assert barcodes.is_wrong(code)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("01234505", "012000003455"),
        ("04252614", "042100005264"),
        ("01234133", "012300000413"),
        ("01234543", "012340000053"),
        ("01234565", "012345000065"),
    ],
)
def test_a_short_upc_stands_for_its_long_form(short: str, long: str) -> None:
    check = barcodes.check_digit(long[:-1])
    short, long = f"{short[:-1]}{check}", f"{long[:-1]}{check}"
    assert barcodes.expand_upc_e(short) == long
    assert barcodes.alternatives(short) == (long, "0" + long)


@pytest.mark.parametrize(
    ("code", "others"),
    [
        ("036000291452", ("0036000291452",)),
        ("0036000291452", ("036000291452",)),
        ("4006381333931", ()),
        ("ABC", ()),
    ],
)
def test_a_scanner_may_send_another_spelling(code: str, others: tuple[str, ...]) -> None:
    assert barcodes.alternatives(code) == others


def test_zeros_come_back_only_where_the_check_digit_proves_them() -> None:
    assert barcodes.with_lost_zeros("36000291452") == "036000291452"
    assert barcodes.with_lost_zeros("36000291453") == "36000291453"
    assert barcodes.with_lost_zeros("4011") == "4011"
    assert barcodes.with_lost_zeros("4006381333931") == "4006381333931"
    eight = f"0123456{barcodes.check_digit('0123456')}"
    assert barcodes.with_lost_zeros(eight[1:]) == eight
