"""Reads amounts of money and quantities as people and spreadsheets write them.

Decimal comma or point. A number with both signs, with one sign twice, or with a group that is not
three digits tells by itself. "1.234" and "1,234" do not: they follow what the other numbers of
their column tell (`amount_style`); where those tell nothing, a comma counts thousands ("1,234" is
how money is written here) and a point is a decimal point in quantities and refused in prices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from functools import partial

from pos_desktop.documents.cells import BadCell, Cell, Reader
from pos_desktop.domain.row_faults import RowFault

MOST_CENTS = 1_000_000_000
"""Ten million shillings: a price beyond it is a barcode in the wrong column."""
MOST_THOUSANDTHS = 10_000_000_000
"""Ten million pieces or kilograms in stock."""
THOUSANDS_SPACE = re.compile("(?<=[0-9])[ \u00a0\u2009\u202f'\u2019](?=[0-9]{3}(?![0-9]))")
AMOUNT = re.compile(r"(-?)([0-9]{1,9})(?:\.([0-9]{1,2}))?")
BODY = re.compile(r"[0-9]+|[0-9]{1,3}(?:[.,][0-9]+)+|[0-9]*[.,][0-9]+|[0-9]+[.,]")
CURRENCY = re.compile(r"^(?:kes|kshs?|ksh|sh|tsh|ush|usd|eur|gbp|[$€£])\.?|(?:/=|/-|kes|kshs?|€)$")


class AmountStyle(Enum):
    """What the numbers of a column tell about their decimal sign."""

    POINT = "."  # at least one number proves a decimal point
    COMMA = ","  # at least one proves a decimal comma
    UNKNOWN = "?"  # none proves anything
    MIXED = "!"  # some prove the one, some the other


def amount_style(cells: Iterable[Cell]) -> AmountStyle:
    """Return what the texts of a column prove about their decimal sign."""
    proofs = {_proof(_bare_amount(cell)[1]) for cell in cells if isinstance(cell, str)}
    proofs.discard(None)
    if len(proofs) > 1:
        return AmountStyle.MIXED
    return AmountStyle(proofs.pop()) if proofs else AmountStyle.UNKNOWN


def _proof(body: str) -> str | None:
    """Return the decimal sign that a number proves by itself, if it does."""
    if not BODY.fullmatch(body):
        return None
    points, commas = body.count("."), body.count(",")
    if points and commas:
        return "." if body.rindex(".") > body.rindex(",") else ","
    if points + commas == 0:
        return None
    sign = "." if points else ","
    if points + commas > 1:
        return "," if sign == "." else "."
    whole, _sign, part = body.partition(sign)
    return None if len(part) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0" else sign


def _bare_amount(text: str) -> tuple[bool, str]:
    """Return whether an amount is negative, and its digits and separators alone."""
    text = text.strip().lower()
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()")
    before = None
    while text != before:
        before = text
        text = CURRENCY.sub("", text.strip()).strip()
        if text[:1] in ("-", "−") or (text.endswith("-") and text[:-1]):
            negative, text = True, text.strip("-−")
    return negative, THOUSANDS_SPACE.sub("", text).removeprefix("+")


def _decimal(body: str, style: AmountStyle, places: int) -> str:
    """Return digits and separators with a decimal point only."""
    sign = _proof(body)
    if sign is None and ("." in body or "," in body):
        sign = _sign_by_column("." if "." in body else ",", style, places)
    if sign is None:
        return body
    thousands = "," if sign == "." else "."
    whole, _sign, part = body.partition(sign) if sign in body else (body, "", "")
    groups = whole.split(thousands)
    if any(len(group) != 3 for group in groups[1:]) or not f"{part}0".isdigit():
        raise BadCell(RowFault.NOT_AMOUNT)
    return f"{''.join(groups)}.{part}"


def _sign_by_column(sign: str, style: AmountStyle, places: int) -> str:
    if style in (AmountStyle.POINT, AmountStyle.COMMA):
        return str(style.value)
    if style is AmountStyle.MIXED:
        raise BadCell(RowFault.AMBIGUOUS)
    if sign == ",":
        return "."
    if places < 3:
        raise BadCell(RowFault.AMBIGUOUS)
    return "."


def scaled(text: str, style: AmountStyle, places: int) -> int | None:
    """Return an amount as an integer of its smallest parts (places 2: cents, 3: thousandths)."""
    plain = AMOUNT.fullmatch(text)
    if plain:
        minus, whole, part = plain.groups()
        value = int(whole + (part or "").ljust(places, "0"))
        return -value if minus else value
    negative, body = _bare_amount(text)
    if not body and not text.strip():
        return None
    if not BODY.fullmatch(body):
        raise BadCell(RowFault.NOT_AMOUNT)
    whole, _point, part = _decimal(body, style, places).partition(".")
    if len(part.rstrip("0")) > places:
        raise BadCell(RowFault.DECIMALS, places)
    if len(whole) > 15:
        raise BadCell(RowFault.ABSURD, "10,000,000")
    value = int((whole or "0") + part[:places].ljust(places, "0"))
    return -value if negative else value


def cents_reader(style: AmountStyle) -> Reader:
    """Return a reader of prices: cents, never negative, never absurd."""
    return Reader(partial(_cents, style), partial(_cents, AmountStyle.POINT))


def quantity_reader(style: AmountStyle) -> Reader:
    """Return a reader of quantities: thousandths; below zero is what a shop's book may say."""
    return Reader(partial(_thousandths, style), partial(_thousandths, AmountStyle.POINT))


def _cents(style: AmountStyle, text: str) -> int | None:
    cents = scaled(text, style, 2)
    if cents is not None and cents < 0:
        raise BadCell(RowFault.NEGATIVE)
    if cents is not None and cents > MOST_CENTS:
        raise BadCell(RowFault.ABSURD, "10,000,000")
    return cents


def _thousandths(style: AmountStyle, text: str) -> int | None:
    thousandths = scaled(text, style, 3)
    if thousandths is not None and abs(thousandths) > MOST_THOUSANDTHS:
        raise BadCell(RowFault.ABSURD, "10,000,000")
    return thousandths
