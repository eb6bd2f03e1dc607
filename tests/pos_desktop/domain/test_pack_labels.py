"""Labels of packs: what was written on a label is read back, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pos_desktop.domain.barcodes import check_digit
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.pack_labels import (
    MisreadLabel,
    PackLabel,
    Sold,
    parse_label_patterns,
    read_label,
    sold_by_label,
)
from tests.pos_desktop.domain.examples import item

WEIGHT, PRICE = "20IIIIIWWwwwC", "21IIIIIPPPPPC"
TOMATOES = item("Tomatoes", 120_37, by_weight=True)
BUN = item("Bun", 20_00)


def printed(pattern: str, item_code: str, value: int, passed_over: int = 0) -> str:
    """Return the code that a label scale prints: the value's digits as the pattern has room."""
    room = sum(map(pattern.count, "WwPp"))
    places = {"I": iter(item_code.zfill(pattern.count("I"))), "V": iter(str(passed_over) * 48)}
    digits = iter(str(value).zfill(room))
    code = "".join(
        sign if sign.isdigit() else next(places.get(sign, digits)) for sign in pattern.rstrip("C")
    )
    return code + str(check_digit(code)) if pattern.endswith("C") else code


def read(pattern: str, code: str) -> PackLabel | None:
    return read_label(code, parse_label_patterns(pattern))


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """Return good patterns: digits, the item, perhaps a V, a value in one or two parts."""
    whole, broken = draw(st.sampled_from([("W", "w"), ("P", "p")]))
    decimals = draw(st.integers(0, 3 if broken == "w" else 2))
    value = whole * draw(st.integers(0 if decimals else 1, 5)) + broken * decimals
    parts = ["I" * draw(st.integers(1, 6)), "V" * draw(st.integers(0, 1)), value]
    prefix = draw(st.text("0123456789", min_size=1, max_size=3))
    return prefix + "".join(draw(st.permutations(parts))) + draw(st.sampled_from(["", "C"]))


@given(patterns(), st.data())
def test_what_was_printed_is_read_back(pattern: str, data: st.DataObject) -> None:
    room = sum(map(pattern.count, "WwPp"))
    number = data.draw(st.integers(0, 10 ** pattern.count("I") - 1))
    value = data.draw(st.integers(0, 10**room - 1))
    label = read(pattern, printed(pattern, str(number), value, data.draw(st.integers(0, 9))))
    assert label is not None
    assert int(label.item_code) == number
    assert label.family == printed(pattern, str(number), 0)
    if set("Ww") & set(pattern):
        assert label.price_cents is None
        assert label.quantity == value * 10 ** (3 - pattern.count("w"))
    else:
        assert label.quantity is None
        assert label.price_cents == value * 10 ** (2 - pattern.count("p"))


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.integers(0, 12), st.integers(0, 9))
def test_a_misread_digit_never_passes(number: int, value: int, at: int, digit: int) -> None:
    code = printed(WEIGHT, str(number), value)
    wrong = code[:at] + str(digit) + code[at + 1 :]
    assume(wrong != code)
    if wrong.startswith("20"):
        with pytest.raises(MisreadLabel):
            read(WEIGHT, wrong)
    else:
        assert read(WEIGHT, wrong) is None


@given(st.text(max_size=14))
def test_any_text_is_a_label_or_none(code: str) -> None:
    try:
        label = read(f"{WEIGHT} {PRICE}", code)
    except MisreadLabel:
        label = None
    assert label is None or (len(code) == 13 and code[:2] in ("20", "21"))


def test_known_labels() -> None:
    assert read("21IIIIIWWwwwC", "2112345012506") == PackLabel(
        item_code="12345", quantity=1250, price_cents=None, family="2112345000008"
    )
    both = f"{WEIGHT} | {PRICE}|28IIIIPPPPpp"
    price = read(both, printed(PRICE, "7", 450))
    assert price is not None
    assert (price.item_code, price.price_cents, price.quantity) == ("00007", 450_00, None)
    unchecked = read(both, "280007045099")
    assert unchecked is not None
    assert unchecked.price_cents == 450_99
    assert read(both, "4006381333931") is None
    assert read("", "2112345012506") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("20IIIIIKKkkkC", "letters I W w P p V C"),
        ("20iiiiiWWwwwC", "letters I W w P p V C"),
        ("²0IIIIIWWwwwC", "letters I W w P p V C"),
        ("IIIIIIIWWwwwC", "begins with the digits"),
        ("20WWWWWWWwwwC", "needs I"),
        ("20IIIIIIIIIIC", "needs W and w"),
        ("20IIIIIWWPPPC", "not both"),
        ("20IIWWwwwIIIC", "side by side"),
        ("20IIIIIwwwWWC", "follows the whole"),
        ("20WWIIIIIwwwC", "follows the whole"),
        ("20IIIIIWwwwwC", "three w"),
        ("21IIIIIPPpppC", "two p"),
        ("20IIIIICWWwww", "one C"),
        ("20IIIIIWwwwCC", "one C"),
        ("2" * 40 + "IIIIIWWWWWC", "at most 48"),
        (f"{WEIGHT} 2IIIIIIPPPPPC", "different digits"),
        (f"{WEIGHT}|{WEIGHT}", "different digits"),
    ],
)
def test_what_is_no_pattern_is_refused_with_why(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        parse_label_patterns(text)


def test_a_price_tells_the_quantity_behind_it() -> None:
    def sold(price: int, **values: object) -> Sold:
        label = read(PRICE.replace("PPPPP", "PPPpp"), printed(PRICE, "1", price))
        assert label is not None
        return sold_by_label(item(**values), label)  # type: ignore[arg-type]

    assert sold(90_28, price_cents=120_37, by_weight=True).quantity == 750
    assert sold(1, price_cents=10_000_00, by_weight=True).quantity == 1
    assert sold(90_28, price_cents=0, by_weight=True).quantity == 1000
    assert sold(60_00, price_cents=20_00).quantity == 3000
    assert sold(15_00, price_cents=20_00).quantity == 1000
    assert sold(5_00, price_cents=20_00).quantity == 1000
    pack = sold(90_28, price_cents=120_37, by_weight=True)
    assert pack.label_cents == pack.full_cents == 90_28


def test_a_label_that_sells_nothing_is_refused() -> None:
    def sell(pattern: str, value: int, by_weight: bool) -> None:
        label = read(pattern, printed(pattern, "1", value))
        assert label is not None
        sold_by_label(TOMATOES if by_weight else BUN, label)

    with pytest.raises(Refused, match="not sold by weight"):
        sell(WEIGHT, 750, by_weight=False)
    for pattern in (WEIGHT, PRICE):
        with pytest.raises(Refused, match="says zero"):
            sell(pattern, 0, by_weight=True)
