"""What the result code of a push says about the money; every other code says nothing.

The list of codes that end an attempt is closed: whoever treats an unlisted one as a failure charges
a customer twice one day. Sources: the portal's tables of Daraja 3.0, and what others have observed.
"""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """What a code says about one attempt."""

    PAID = "paid"
    ENDED = "ended"
    """Over, and no money has moved; reconciliation still looks."""
    DOUBTFUL = "doubtful"
    """Said to be over, though money has been seen to move: ask once more before another push."""
    PENDING = "pending"
    """Still on its way."""
    UNKNOWN = "unknown"
    """Nothing can be said: as pending from a query, and never a failure by itself."""


class Reason(StrEnum):
    """Why no money came, as far as a cashier does something else about it."""

    NO_MONEY = "no_money"
    LIMIT = "limit"
    """The amount is below or above what may be paid, or the day's limit is reached."""
    TOO_SOON = "too_soon"
    """The same amount by the same customer within two minutes: the earlier attempt may be paid."""
    BUSY = "busy"
    """M-Pesa is overloaded."""
    LOCKED = "locked"
    """Another prompt is open at the customer's phone."""
    EXPIRED = "expired"
    NOT_SHOWN = "not_shown"
    """The prompt could not be shown."""
    CANCELLED = "cancelled"
    NOT_REACHED = "not_reached"
    NO_ANSWER = "no_answer"
    """The customer's answer did not come back in time."""
    WRONG_PIN = "wrong_pin"
    BLOCKED = "blocked"
    """The customer's M-Pesa is blocked."""
    SETTINGS = "settings"
    """The shop's number or the kind of its account is set wrongly."""


ENDED = {
    "1": Reason.NO_MONEY,
    "2": Reason.LIMIT,
    "3": Reason.LIMIT,
    "4": Reason.LIMIT,
    "8": Reason.LIMIT,
    "17": Reason.TOO_SOON,
    "26": Reason.BUSY,
    "1001": Reason.LOCKED,
    "1019": Reason.EXPIRED,
    "1025": Reason.NOT_SHOWN,
    "1031": Reason.CANCELLED,
    "1032": Reason.CANCELLED,
    "1101": Reason.NOT_SHOWN,
    "1102": Reason.NOT_SHOWN,
    "2001": Reason.WRONG_PIN,
    "2008": Reason.BLOCKED,
    "2026": Reason.EXPIRED,
    "2028": Reason.SETTINGS,
    "8006": Reason.BLOCKED,
    "9999": Reason.NOT_SHOWN,
    "SFC_IC0003": Reason.SETTINGS,
    "E3008": Reason.NOT_REACHED,
}
"""The closed list: only these codes say that an attempt is over; and what has happened."""
_DOUBTFUL = {"1037": Reason.NOT_REACHED}
_UNKNOWN = {"1036": Reason.NO_ANSWER}
"""The prompt was shown and its answer is lost: nothing can be said, but why is known."""
_PENDING = frozenset({"4999", "500.001.1001"})


def meaning_of(code: str) -> Meaning:
    """Return what a code says, as text: numbers and texts are one to Daraja."""
    if code == "0":
        return Meaning.PAID
    if code in ENDED:
        return Meaning.ENDED
    if code in _DOUBTFUL:
        return Meaning.DOUBTFUL
    return Meaning.PENDING if code in _PENDING else Meaning.UNKNOWN


def reason_of(code: str) -> Reason | None:
    """Return what happened at the customer's phone, None where a code does not say it."""
    return ENDED.get(code) or _DOUBTFUL.get(code) or _UNKNOWN.get(code)
