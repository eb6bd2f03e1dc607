"""The payments of the last two days, as Daraja lists them for reconciliation.

A list lies inside a list, or not; amounts are texts; and a time that ends with Z is said to be
Nairobi's all the same. What it really is, is found by payments that are known already, and where
there are none it is not guessed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pos_sync.http.json_objects import Json, first_of, text_of
from pos_sync.mpesa.amounts import read_cents
from pos_sync.mpesa.callbacks import read_receipt
from pos_sync.mpesa.errors import CallRefused, NoAnswer, WhyNoAnswer, WhyRefused
from pos_sync.mpesa.payer import UNKNOWN_PAYER, Payer, read_payer

_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(\S*)")
_SETTLEMENT = "settlement"
_NONE_FOUND, _FAILED = "1001", "500"
"""The second is said where there are none, and where the list could not be fetched."""


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """A payment that the list tells of."""

    receipt: str
    amount_cents: int
    at: datetime
    """With the zone that it was told in where it was told as `+03:00`; a Z is UTC here."""
    is_zone_doubtful: bool
    """Whether the time ended with Z, which may stand for Nairobi's time."""
    reference: str
    kind: str
    payer: Payer = UNKNOWN_PAYER
    name: str = ""

    @property
    def is_payment(self) -> bool:
        """Whether a customer has paid; the shop's own settlements are in the list too."""
        return _SETTLEMENT not in self.kind


@dataclass(frozen=True, kw_only=True)
class PulledPage:
    """A page of the list."""

    payments: tuple[Pulled, ...]
    rows: int
    """How many rows it had, by which the next page is asked for; 0 ends the list."""
    unread: int
    """How many of its rows could not be understood."""
    may_have_failed: bool = False
    """Whether it is empty by an answer that may as well mean that it was not fetched."""


def read_page(found: Json) -> PulledPage:
    """Return a page; raises NoAnswer or CallRefused where the answer is none."""
    code = text_of(first_of(found, "ResponseCode", "ResponseStatus"), 20)
    if code in (_NONE_FOUND, _FAILED):
        return PulledPage(payments=(), rows=0, unread=0, may_have_failed=code == _FAILED)
    if code != "1000":
        words = text_of(first_of(found, "ResponseMessage", "ResponseDescription"))
        if not code:
            raise NoAnswer(WhyNoAnswer.WRONG_FORM)
        raise CallRefused(WhyRefused.OTHER, code, words)
    rows = list(_flat(found.get("Response")))
    payments = tuple(one for one in map(_payment, rows) if one is not None)
    return PulledPage(payments=payments, rows=len(rows), unread=len(rows) - len(payments))


def _flat(value: Any) -> Iterable[Any]:
    for one in value if isinstance(value, list) else ():
        yield from one if isinstance(one, list) else (one,)


def _payment(row: Any) -> Pulled | None:
    if not isinstance(row, dict):
        return None
    found = {key.lower(): value for key, value in row.items()}
    receipt = read_receipt(text_of(found.get("transactionid"), 20).upper())
    amount_cents, when = read_cents(found.get("amount")), _moment(found.get("trxdate"))
    if receipt is None or amount_cents is None or when is None:
        return None
    return Pulled(
        receipt=receipt,
        amount_cents=amount_cents,
        at=when[0],
        is_zone_doubtful=when[1],
        reference=text_of(found.get("billreference"), 40),
        kind=text_of(found.get("transactiontype"), 60).lower(),
        payer=read_payer(found.get("msisdn")),
        name=text_of(found.get("sender"), 60),
    )


def _moment(value: Any) -> tuple[datetime, bool] | None:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    zone = found[4] or "Z"
    try:
        at = datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}")
    except ValueError:
        return None
    return (at, zone == "Z") if at.tzinfo else None
