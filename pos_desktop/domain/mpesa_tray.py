"""What a person may do with a payment that no sale has, or that its sale has not for certain.

A payment that M-Pesa has not confirmed moves no money: a report may be forged. What was asked to be
given back is out of reach until M-Pesa has said, or a person has seen, what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_money import MAY_BE_USED, MoneyState

REVERSAL_TOLD_WITHIN = timedelta(minutes=30)
"""A reversal of which nothing was heard for so long is looked up in the portal."""
CODE_TOLD_WITHIN = timedelta(hours=24)
"""A paid push whose M-Pesa code is not known for so long is looked up: the list ends at 48 h."""


class TrayAct(StrEnum):
    """What may be done; the value is a word for logs."""

    ATTACH = "attach"
    """A cart or a sale has it after all."""
    REVERSE = "reverse"
    """M-Pesa is asked to give it back."""
    PORTAL = "portal"
    """A person has given it back in the portal."""
    WENT_BACK = "went back"
    """M-Pesa was asked, and the portal shows that it went back."""
    STAYED = "stayed"
    """The portal shows that it did not go back."""
    CASH = "cash"
    CREDIT = "credit"
    """It stands in favour of a customer."""
    ELSEWHERE = "elsewhere"
    """Another till's, or no customer's payment."""
    SEEN = "seen"
    """The portal shows it, as it was told."""
    MISSING = "missing"
    """The portal does not show it: it never came."""
    ACCEPT = "accept"
    """Its sale keeps it though it is another amount; or it is seen that it went back too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How it stands with a payment, as far as it matters for what may be done."""

    state: MoneyState
    is_confirmed: bool
    can_ask_back: bool = False
    """Whether M-Pesa can be asked to give something back."""
    is_asked_back: bool = False
    """Whether it was, and has not answered."""
    is_overdue: bool = False
    """Whether that answer should have come by now."""
    was_refused: bool = False
    """Whether M-Pesa was asked before, and did not give it back."""
    went_too: bool = False
    """Whether M-Pesa gave it back though it was settled otherwise meanwhile."""
    over_cents: Cents = 0
    """By how much more has come than its sale counted."""
    is_owed: bool = False
    """Whether the goods came back, and the customer waits for this very money."""


def acts_of_attempt(state: AttemptState, *, is_kept: bool) -> tuple[TrayAct, ...]:
    """Return what may be done with an attempt whose payment is not known; `is_kept`: its cart is.

    One that is still counted on waits for its code alone.
    """
    is_free = is_kept and state is AttemptState.LATE_PAID
    return (TrayAct.ATTACH,) if is_free else ()


def acts_of(standing: Standing) -> tuple[TrayAct, ...]:
    """Return what may be done, the likeliest first."""
    state = standing.state
    if standing.went_too:
        return (TrayAct.ACCEPT,)
    if state is MoneyState.UNVERIFIED:
        return TrayAct.SEEN, TrayAct.MISSING
    if state is MoneyState.DIFFERS:
        more = (TrayAct.CASH, TrayAct.CREDIT) if standing.over_cents > 0 else ()
        return (*more, TrayAct.ACCEPT)
    if state is MoneyState.REFUND_ASKED:
        waits = standing.is_asked_back and not standing.is_overdue
        return () if waits else (TrayAct.WENT_BACK, TrayAct.STAYED)
    if state not in MAY_BE_USED:
        return ()
    if not standing.is_confirmed:
        return TrayAct.SEEN, TrayAct.MISSING, TrayAct.ELSEWHERE
    asked = (TrayAct.REVERSE,) if standing.can_ask_back else ()
    by_hand = () if asked and not standing.was_refused else (TrayAct.PORTAL,)
    back = (*asked, *by_hand, TrayAct.CASH, TrayAct.CREDIT)
    return back if standing.is_owed else (TrayAct.ATTACH, *back, TrayAct.ELSEWHERE)
