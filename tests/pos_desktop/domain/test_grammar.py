"""What is typed, scanned and played becomes a command or a sentence, never a surprise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_desktop.domain import grammar
from pos_desktop.domain.commands import (
    Approve,
    CartDiscount,
    CashMove,
    Clear,
    CloseDay,
    Hold,
    LineDiscount,
    Login,
    Logout,
    Nothing,
    OneLess,
    Pay,
    PayCard,
    PayCash,
    PayCredit,
    PayMpesa,
    PayMpesaCode,
    PriceCheck,
    Recall,
    Refund,
    Reprint,
    Search,
    Sell,
    SetClock,
    SetCustomer,
    SetPrice,
    SetQuantity,
    ShiftClose,
    ShiftOpen,
    ShowX,
    TakePrices,
    Void,
)
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import parse_box, parse_play, split_quantity
from pos_desktop.domain.phone import parse_phone
from pos_desktop.domain.quantity import format_quantity, parse_quantity
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.shift import CashDirection

BOX = {
    "6161100600010": Sell("6161100600010"),
    " SUG-1.5 ": Sell("SUG-1.5"),
    "5*6161100600010": Sell("6161100600010", 5000),
    "0.750*TOM": Sell("TOM", 750),
    "5 * TOM": Sell("TOM", 5000),
    "1*10%": Sell("10%", 1000),
    "1*-": Sell("-", 1000),
    "2*5*": Sell("5*", 2000),
    "1*AB 12": Sell("AB 12", 1000),
    "*5": SetQuantity(5000),
    "*.5": SetQuantity(500),
    ".5*TOM": Sell("TOM", 500),
    "0,750*P026": Sell("P026", 750),
    "*1,5": SetQuantity(1500),
    "-": OneLess(),
    "10%": LineDiscount(1000),
    "12.5%": LineDiscount(1250),
    "0%": LineDiscount(0),
    "10%%": CartDiscount(1000),
    "=450": SetPrice(450_00),
    "=1,240.50": SetPrice(1240_50),
    "?TOM": PriceCheck("TOM"),
    "/red onion": Search("red onion"),
    "/": Search(""),
    "": Pay(),
    "  \t": Pay(),
}

SPLIT = {
    "5*": ("5", ""),
    " 0.750 * TOM": ("0.750", "TOM"),
    ".5*": (".5", ""),
    "2*5*": ("2", "5*"),
    "5*/red onion": ("5", "/red onion"),
    "5": ("", "5"),
    "*5": ("", "*5"),
    "/5*": ("", "/5*"),
    "SUGAR*5": ("", "SUGAR*5"),
    "1234567890*5": ("", "1234567890*5"),
    " ": ("", ""),
}

PLAY = {
    "login cashier 1111": Login("cashier", "1111"),
    "logout": Logout(),
    "approve manager 1234": Approve("manager", "1234"),
    "shift open 2000": ShiftOpen(2000_00),
    "shift close 2,350.50": ShiftClose(2350_50),
    "shift\topen\t0": ShiftOpen(0),
    "cash in 500 more change": CashMove(CashDirection.IN, 500_00, "more change"),
    "cash out 1000 banking": CashMove(CashDirection.OUT, 1000_00, "banking"),
    "void": Void(),
    "clear": Clear(),
    "hold": Hold(),
    "hold red  shirt": Hold("red shirt"),
    "recall": Recall(),
    "recall red shirt": Recall("red shirt"),
    "reprice": TakePrices(),
    "customer C001": SetCustomer("C001"),
    "pay cash": PayCash(),
    "pay cash 500": PayCash(500_00),
    "pay mpesa 0712345678": PayMpesa("254712345678"),
    "pay mpesa 254112345678 300": PayMpesa("254112345678", 300_00),
    "pay mpesa-code qkj4h7xyz1": PayMpesaCode("QKJ4H7XYZ1"),
    "pay mpesa-code QKJ4H7XYZ1 99.50": PayMpesaCode("QKJ4H7XYZ1", 99_50),
    "pay card 1240.50 A-17": PayCard(1240_50, "A-17"),
    "pay credit": PayCredit(),
    "pay credit 100": PayCredit(100_00),
    "refund T1-000001": Refund(ReceiptNumber("T1", 1)),
    "refund t1-000001 1*2 3*0.250": Refund(ReceiptNumber("T1", 1), ((1, 2000), (3, 250))),
    "reprint": Reprint(),
    "reprint T1-000001": Reprint(ReceiptNumber("T1", 1)),
    "x": ShowX(),
    "z": CloseDay(),
    "at 2026-11-24T08:15:00": SetClock(datetime(2026, 11, 24, 8, 15)),  # noqa: DTZ001
    "at 2026-11-24T08:15": SetClock(datetime(2026, 11, 24, 8, 15)),  # noqa: DTZ001
    "# the morning": Nothing(),
    "": Nothing(),
    "1*void": Sell("void", 1000),
    "?x": PriceCheck("x"),
    "Z": Sell("Z"),
}


@pytest.mark.parametrize(("text", "parts"), SPLIT.items())
def test_a_quantity_stands_before_its_star(text: str, parts: tuple[str, str]) -> None:
    assert split_quantity(text) == parts


def outcome(parse: Callable[[], object]) -> object:
    """Return the command, or the sentence that refuses it."""
    try:
        return parse()
    except Refused as refused:
        return str(refused)


@given(
    st.from_regex(r"[0-9.,]{1,9}", fullmatch=True), st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True)
)
def test_what_shows_as_a_quantity_is_read_as_one(typed: str, code: str) -> None:
    """The box tells how many the next scan sells before the whole line is there."""
    text = f"{typed}*{code}"
    assert split_quantity(text) == (typed, code)
    assert outcome(lambda: parse_box(text)) == outcome(lambda: Sell(code, parse_quantity(typed)))


@pytest.mark.parametrize(("text", "command"), BOX.items())
def test_the_box(text: str, command: object) -> None:
    assert parse_box(text) == command


@pytest.mark.parametrize("text", ["P001*5", "P001 * 0.750"])
def test_a_quantity_after_the_code_is_told_where_it_belongs(text: str) -> None:
    code, quantity = (part.strip() for part in text.split("*"))
    with pytest.raises(Refused, match=f"quantity comes first: type {quantity}\\*{code}\\."):
        parse_box(text)


@pytest.mark.parametrize(("text", "command"), PLAY.items())
def test_a_play(text: str, command: object) -> None:
    assert parse_play(text) == command


@pytest.mark.parametrize("text", [text for text in BOX if text.strip()])
def test_a_play_takes_what_the_box_takes(text: str) -> None:
    assert parse_play(text) == parse_box(text)


@pytest.mark.parametrize("word", ["x", "void", "clear", "hold", "pay"])
def test_the_words_of_a_play_are_codes_in_the_box(word: str) -> None:
    assert parse_box(word) == Sell(word)


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "5*",
        "*0",
        "0*TOM",
        "-1*TOM",
        "100000*TOM",
        "1.2345*TOM",
        "--",
        "-5",
        "101%",
        "%",
        "abc%",
        "10%%%",
        "=",
        "=-5",
        "=abc",
        "?",
        "two words",
        "a\x1bp\x00",
        "9" * 65,
        "9" * 5000,
        "/" + "a" * 500,
    ],
)
def test_what_the_box_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_box(text)


@pytest.mark.parametrize(
    "text",
    [
        "login",
        "login cashier",
        "login cashier 1111 2",
        "logout now",
        "shift",
        "shift open",
        "shift open -5",
        "shift half 5",
        "cash",
        "cash in 500",
        "cash in 0 nothing",
        "cash up 5 why",
        "customer",
        "pay",
        "pay cash five",
        "pay cash 5 6",
        "pay mpesa",
        "pay mpesa 12345",
        "pay mpesa-code 123",
        "pay card 100",
        "pay stones",
        "refund",
        "refund 17",
        "refund T1-000001 1",
        "refund T1-000001 0*1",
        "refund T1-000001 1*0",
        "refund T1-000001 1*1 1*1",
        "reprint a b",
        "x now",
        "at noon",
        "at 2026-13-24T08:15:00",
        "at 2026-11-24T08:15:00Z",
        "at",
    ],
)
def test_a_wrong_line_of_a_play_says_what_to_type(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_play(text)
    assert "ype" in str(refused.value)


def test_a_pin_does_not_show_in_what_is_logged() -> None:
    assert "1111" not in repr(parse_play("login cashier 1111"))
    assert "1234" not in repr(parse_play("approve manager 1234"))


PIECES = [*"*%=?/-. #,09", "5", "1e9", "pay", "cash", "mpesa", "mpesa-code", "refund", "at", "\t"]
PIECES += ["T1-000001", "shift", "open", "login", "x", "²", "٣", "\x00", "\ud800", "9" * 30]
PUT_TOGETHER = st.lists(st.sampled_from(PIECES))


@pytest.mark.parametrize("parse", [parse_box, parse_play])
@given(text=st.one_of(st.text(), PUT_TOGETHER.map("".join), PUT_TOGETHER.map(" ".join)))
@example(text="9" * 10_000 + "%")
def test_whatever_is_typed_is_a_command_or_refused(
    parse: Callable[[str], object], text: str
) -> None:
    try:
        result: object = parse(text)
    except Refused as refused:
        result = str(refused)
    assert result


@given(st.integers(1, 99_999_000), st.from_regex("[!-~]([ -~]{0,30}[!-~])?", fullmatch=True))
def test_every_quantity_sells_every_code(quantity: int, code: str) -> None:
    assert parse_box(f"{format_quantity(quantity)}*{code}") == Sell(code, quantity)


def test_mobile_numbers() -> None:
    for text in ("0712 345 678", "+254712345678", "254-712-345678", "712345678"):
        assert parse_phone(text) == "254712345678"
    for text in ("", "0812345678", "07123456789", "255712345678", "071234567a"):
        with pytest.raises(Refused):
            parse_phone(text)


def test_every_word_of_a_play_is_told_in_the_documents() -> None:
    told = (Path(__file__).parents[3] / "docs" / "typed.md").read_text("utf-8")
    assert [word for word in grammar._WORDS if f"`{word}" not in told] == []
