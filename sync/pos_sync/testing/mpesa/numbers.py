"""Receipts and other numbers, none of them twice."""

from __future__ import annotations

import itertools
from datetime import datetime

from pos_sync.mpesa.nairobi import EAT, stamp

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS = _SIGNS[10:]
_DIGITS = 7
_FACTOR = 28_629_151_133
"""Has no divisor in common with 36: so that numbers in a row become receipts without order."""


class Numbers:
    """Gives them out; `series` keeps those of two simulators apart."""

    def __init__(self, series: int) -> None:
        self._next = itertools.count(series * 10**6 + 1)

    def receipt(self, at: datetime) -> str:
        """Return a receipt: year, month and day in a sign each, and seven more."""
        day = at.astimezone(EAT)
        left = next(self._next) * _FACTOR % 36**_DIGITS
        signs = []
        for _ in range(_DIGITS):
            left, sign = divmod(left, 36)
            signs.append(_SIGNS[sign])
        year = _LETTERS[(day.year - 2006) % len(_LETTERS)]
        return f"{year}{_LETTERS[day.month - 1]}{_SIGNS[day.day]}{''.join(signs)}"

    def checkout(self, phone: str, at: datetime) -> str:
        """Return the id of a push."""
        day = at.astimezone(EAT)
        return f"ws_CO_{day:%d%m%Y%H%M%S}{next(self._next):06}{phone[3:]}"

    def conversation(self, at: datetime) -> str:
        """Return the id of something that ends later."""
        return f"AG_{stamp(at)[:8]}_{next(self._next):020x}"

    def other(self) -> str:
        """Return an id of another kind."""
        return f"6e86-45dd-91ac-{next(self._next)}"
