"""Receipt numbers: the till's code and a count without gaps, `T1-000001`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

_TILL_CODE = re.compile(r"[A-Z0-9]{1,4}")
_CLEAR_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for one another on paper."""
_RECEIPT = re.compile(r"([A-Z0-9]{1,4})-([0-9]{1,12})")


@dataclass(frozen=True, slots=True, order=True)
class ReceiptNumber:
    """The number of a receipt; the first of a till has the counter 1."""

    till: str
    counter: int

    def __str__(self) -> str:
        return f"{self.till}-{self.counter:06d}"

    @classmethod
    def parse(cls, text: str, *, till: str = "") -> ReceiptNumber:
        """Read a number back, also in small letters; raises Refused where it is none.

        Digits alone are a count of the till of this code, where one is given.
        """
        typed = text.strip().upper()
        if till and typed.isdecimal():
            typed = f"{till}-{typed}"
        match = _RECEIPT.fullmatch(typed)
        if not match or not int(match[2]):
            raise Refused(_("Type a receipt number as it is printed, such as T1-000001."))
        return cls(match[1], int(match[2]))


def looks_like_receipt(text: str) -> bool:
    """Tell whether a text has the form of a receipt number, as the barcode on a receipt says it."""
    match = _RECEIPT.fullmatch(text.strip().upper())
    return bool(match and int(match[2]))


def code_after_restore(code: str, taken: Collection[str], chance: Callable[[], float]) -> str:
    """Return a code that no receipt of this till bears yet: two letters of the old one, two new.

    `chance` draws them from [0, 1): a till that is restored twice from one backup, here or on
    another machine, does not give out the same numbers twice.
    """
    signs = len(_CLEAR_SIGNS)
    first = int(chance() * signs * signs)
    codes = (
        f"{code[:2]}{_CLEAR_SIGNS[place // signs % signs]}{_CLEAR_SIGNS[place % signs]}"
        for place in range(first, first + signs * signs)
    )
    return next(one for one in codes if one not in taken)


def check_till_code(text: str) -> str:
    """Return a till's code; raises Refused where it is not one to four capitals or digits."""
    if not _TILL_CODE.fullmatch(text):
        raise Refused(_("A till code is one to four capital letters or digits, such as T1."))
    return text
