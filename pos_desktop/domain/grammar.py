"""The grammar of the till: what is typed or scanned in the sell box, and the lines of a play.

    CODE              sell one            -            one less of the selected line
    5*CODE 0.750*CODE quantity first      10%  10%%    discount on the line, on the cart
    *5                set the quantity    =450         set the price
    ?CODE             price check         /text        search
    (empty)           pay

A play adds words (`pay cash 500`). A word or sign wins over a product code of the same spelling,
which is then sold as `1*CODE`: `1*pay`, `1*10%`, `1*-`. Whatever the text, parsing returns a
command or raises Refused with a sentence that says what to type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, parse_amount
from pos_desktop.domain.percent import parse_percent
from pos_desktop.domain.phone import parse_phone
from pos_desktop.domain.quantity import Thousandths, parse_quantity
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.shift import CashDirection
from pos_desktop.domain.text import _

LONGEST_TEXT = 200


class NotACode(Refused):
    """Type a code that begins with a letter or digit, or / and a name."""


_CODE = re.compile(r"[^\W_][^\s*]{0,63}")
_NUMBER = re.compile(r"[0-9.,]{1,9}")
_MPESA_CODE = re.compile(r"[A-Z][A-Z0-9]{9}")
_CODE_IN_MESSAGE = re.compile(r"(?<![A-Z0-9])(?=[A-Z]*[0-9])[A-Z][A-Z0-9]{9}(?![A-Z0-9])")
_LONGEST_CODE = 64
_LINE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_MOMENT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def parse_box(text: str) -> do.BoxCommand:
    """Return the command of what was typed or scanned in the box of the sell screen."""
    text = _clean(text)
    if not text:
        return do.Pay()
    if text == "-":
        return do.OneLess()
    for sign, parse in _SIGNS.items():
        if text.startswith(sign):
            return parse(text[1:].strip())
    quantity, code = split_at_star(text)
    if quantity and 0 < len(code) <= _LONGEST_CODE:
        return _counted(quantity, code)
    if text.endswith("%%"):
        return do.CartDiscount(parse_percent(text[:-2]))
    if text.endswith("%"):
        return do.LineDiscount(parse_percent(text[:-1]))
    return do.Sell(parse_code(text))


def split_at_star(text: str) -> tuple[str, str]:
    """Return what stands before the star of `5*CODE`, and what behind it.

    Before it is nothing, and behind it the whole text, unless it begins as a code or a number does.
    What is behind it may be made of any signs, stars among them.
    """
    text = text.strip()
    before, star, behind = text.partition("*")
    before = before.rstrip()
    if star and (before[:1].isalnum() or _NUMBER.fullmatch(before)):
        return before, behind.lstrip()
    return "", text


def split_quantity(text: str) -> tuple[str, str]:
    """Return the number that a text of the box begins with, as typed, and what follows its star.

    The number is nothing, and what follows the whole text, where no number stands before a star.
    """
    before, behind = split_at_star(text)
    return (before, behind) if _NUMBER.fullmatch(before) else ("", text.strip())


def _counted(quantity: str, code: str) -> do.Sell:
    """Return the sale of so many of a code; Refused, with the right order, where they are swapped.

    `6161*5` cannot be told from five thousand of a code `5`, and is read as such.
    """
    try:
        return do.Sell(code, parse_quantity(quantity))
    except Refused:
        if not any(letter.isalpha() for letter in quantity) or not _NUMBER.fullmatch(code):
            raise
    form = f"{code}*{quantity}"
    raise Refused(_("The quantity comes first: type {form}.").format(form=form))


def parse_play(line: str) -> do.Command:
    """Return the command of one line of a play."""
    line = _clean(line.replace("\t", " "))
    if not line or line.startswith("#"):
        return do.Nothing()
    word, *rest = line.split()
    if word in _WORDS:
        return _WORDS[word](rest)
    return parse_box(line)


def parse_code(text: str) -> str:
    """Return a barcode or product code as typed.

    Without a quantity before it, it begins with a letter or a digit and has neither blanks nor
    stars; Refused otherwise.
    """
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise NotACode(_("Type a code that begins with a letter or digit, or / and a name."))
    return code


def _clean(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise Refused(_("This cannot be read: scan or type it again."))
    return text


_SIGNS: dict[str, Callable[[str], do.BoxCommand]] = {
    "*": lambda text: do.SetQuantity(parse_quantity(text)),
    "=": lambda text: do.SetPrice(parse_amount(text)),
    "?": lambda text: do.PriceCheck(parse_code(text)),
    "/": do.Search,
}

Arguments = Sequence[str]


def _usage(form: str) -> Refused:
    return Refused(_("Type: {form}").format(form=form))


def _alone(word: str, command: Callable[[], do.Command]) -> Callable[[Arguments], do.Command]:
    def parse(arguments: Arguments) -> do.Command:
        if arguments:
            raise _usage(word)
        return command()

    return parse


def _login(arguments: Arguments) -> do.Command:
    if len(arguments) != 2:
        raise _usage("login USER PIN")
    return do.Login(*arguments)


def _approve(arguments: Arguments) -> do.Command:
    if len(arguments) < 2:
        raise _usage("approve USER PIN [REASON]")
    user, pin, *reason = arguments
    return do.Approve(user, pin, " ".join(reason))


def _named(command: Callable[[str | None], do.Command]) -> Callable[[Arguments], do.Command]:
    return lambda arguments: command(" ".join(arguments) or None)


def _shift(arguments: Arguments) -> do.Command:
    match arguments:
        case ["open", amount]:
            return do.ShiftOpen(parse_amount(amount))
        case ["close", amount, *reason]:
            return do.ShiftClose(parse_amount(amount), reason=" ".join(reason))
    raise _usage("shift open AMOUNT, shift close AMOUNT [REASON]")


def _cash(arguments: Arguments) -> do.Command:
    match arguments:
        case ["in" | "out" as direction, amount, _first, *_more]:
            cents = parse_amount(amount)
            if cents:
                return do.CashMove(CashDirection(direction), cents, " ".join(arguments[2:]))
    raise _usage("cash in AMOUNT REASON, cash out AMOUNT REASON")


def _no_sale(arguments: Arguments) -> do.Command:
    if not arguments:
        raise _usage("no-sale REASON")
    return do.OpenDrawer(" ".join(arguments))


def _customer(arguments: Arguments) -> do.Command:
    if len(arguments) != 1:
        raise _usage("customer CODE, customer -")
    return do.SetCustomer(None if arguments[0] == "-" else arguments[0])


def _pay(arguments: Arguments) -> do.Command:
    match arguments:
        case ["cash", *amount] if len(amount) <= 1:
            return do.PayCash(*map(parse_amount, amount))
        case ["mpesa", phone, *amount] if len(amount) <= 1:
            return do.PayMpesa(parse_phone(phone), *map(parse_amount, amount))
        case ["mpesa-code", code, *amount] if len(amount) <= 1:
            return do.PayMpesaCode(parse_mpesa_code(code), *map(parse_amount, amount))
        case ["card", amount, reference]:
            return do.PayCard(parse_amount(amount), reference)
        case ["credit", *amount] if len(amount) <= 1:
            return do.PayCredit(*map(parse_amount, amount))
        case ["voucher", code, *amount] if len(amount) <= 1:
            return do.PayVoucher(code, *map(parse_amount, amount))
    raise _usage(
        "pay cash [AMOUNT], pay mpesa PHONE [AMOUNT], pay mpesa-code CODE [AMOUNT], "
        "pay card AMOUNT REF, pay credit [AMOUNT], pay voucher CODE [AMOUNT]"
    )


def parse_mpesa_code(text: str) -> str:
    """Return the code of an M-Pesa payment in capitals; raises Refused where it is none.

    It may be typed in parts, or with the message that it stands in. A code begins with a letter:
    ten digits are a phone number with a slip in it.
    """
    typed = text.upper()
    whole = "".join(typed.split())
    if _MPESA_CODE.fullmatch(whole):
        return whole
    found = _CODE_IN_MESSAGE.search(typed)
    if found is None:
        raise Refused(_("Type the M-Pesa code as in the message: ten letters and digits."))
    return found.group()


def _refund(arguments: Arguments) -> do.Command:
    if not arguments:
        raise _usage("refund RECEIPT [LINE*QTY ...]")
    receipt, *parts = arguments
    lines = tuple(map(_refund_part, parts))
    if len({number for number, _quantity in lines}) != len(lines):
        raise Refused(_("A line is named twice: type each line once, with all its quantity."))
    return do.Refund(ReceiptNumber.parse(receipt), lines)


def _refund_part(text: str) -> tuple[int, Thousandths]:
    number, star, quantity = text.partition("*")
    if not star or not _LINE_NUMBER.fullmatch(number):
        raise _usage("refund RECEIPT [LINE*QTY ...]")
    return int(number), parse_quantity(quantity)


def _take_back(arguments: Arguments) -> do.Command:
    match arguments:
        case [text]:
            quantity, code = split_quantity(text)
            return do.TakeBackItem(parse_code(code), parse_quantity(quantity or "1"))
    raise _usage("return CODE, return 2*CODE")


def _money(
    word: str, command: Callable[[Cents, str], do.Command]
) -> Callable[[Arguments], do.Command]:
    """Return what parses a payment that is no sale: an amount, in cash or by card."""

    def parse(arguments: Arguments) -> do.Command:
        match arguments:
            case [amount]:
                return command(parse_amount(amount), "")
            case [amount, "card", reference]:
                return command(parse_amount(amount), reference)
        raise _usage(f"{word} AMOUNT, {word} AMOUNT card REF")

    return parse


def _reprint(arguments: Arguments) -> do.Command:
    if len(arguments) > 1:
        raise _usage("reprint [RECEIPT]")
    return do.Reprint(*map(ReceiptNumber.parse, arguments))


def _at(arguments: Arguments) -> do.Command:
    match arguments:
        case [moment] if _MOMENT.fullmatch(moment):
            try:
                return do.SetClock(datetime.fromisoformat(moment))
            except ValueError:
                pass
    raise _usage("at 2026-11-24T08:15:00")


_WORDS: dict[str, Callable[[Arguments], do.Command]] = {
    "login": _login,
    "logout": _alone("logout", do.Logout),
    "approve": _approve,
    "shift": _shift,
    "cash": _cash,
    "no-sale": _no_sale,
    "void": _alone("void", do.Void),
    "clear": _alone("clear", do.Clear),
    "hold": _named(do.Hold),
    "recall": _named(do.Recall),
    "reprice": _alone("reprice", do.TakePrices),
    "customer": _customer,
    "pay": _pay,
    "refund": _refund,
    "return": _take_back,
    "settle": _money("settle", do.PayOnAccount),
    "voucher": _money("voucher", do.SellVoucher),
    "reprint": _reprint,
    "x": _alone("x", do.ShowX),
    "z": _alone("z", do.CloseDay),
    "at": _at,
}
"""The words of a play; each takes what follows it on the line."""
