"""What comes of asking for an activation.

Granted       here it is, signed; whoever gets it must still look at the signature
Pending       the supplier has taken the question, and looks for the payment
Declined      a definite no, for a reason that a person must deal with
OutOfReach    the server is not there; to ask again later does no harm, by the key of the question
Unclear       it is there, and says nothing that can be understood; the same
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pos_sync.http.errors import NoAnswer, NotSent


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The question: an activation for a payment. The receipt is its key: once granted, the same."""

    shop: str
    till: str
    plan: str
    receipt: str
    amount_cents: int
    is_confirmed: bool
    """Whether the shop's own M-Pesa has confirmed the payment; else somebody has typed it."""


class WhyDeclined(StrEnum):
    """Why there is no activation for a payment; the value is the code on the wire."""

    NO_PAYMENT = "receipt_not_found"
    """No payment with this receipt has come to the supplier."""
    USED = "receipt_used"
    """It was used for another shop."""
    AMOUNT = "amount_differs"
    """It is of another amount than the plan costs."""
    PLAN = "plan_unknown"
    SHOP = "shop_refused"
    """The supplier gives this shop none."""
    PROGRAM = "program_too_old"
    QUESTION = "bad_request"
    """The question has not the form that the server takes."""
    GONE = "not_found"
    """There is no question of this id; only to `look`."""


@dataclass(frozen=True)
class Granted:
    """The activation, as it was sent."""

    activation: str


@dataclass(frozen=True)
class Pending:
    """To be looked at again, by this id."""

    id: str
    again_seconds: int | None = None
    """When the server wants to be asked again, where it says so."""


@dataclass(frozen=True)
class Declined:
    """A no; `words` are the server's own, one line."""

    why: WhyDeclined
    words: str = ""


@dataclass(frozen=True)
class OutOfReach:
    """No way to it, or no answer in time."""

    error: NotSent | NoAnswer


@dataclass(frozen=True)
class Unclear:
    """An answer, but none to this question."""

    error: NoAnswer
    again_seconds: int | None = None


Outcome: TypeAlias = Granted | Pending | Declined | OutOfReach | Unclear
