"""How far an attempt is, as steps on a page; and what came by itself, as it is offered."""

from __future__ import annotations

from datetime import datetime, tzinfo

from pos_desktop.domain.mpesa_attempt import (
    NEVER_SENT,
    PAYING,
    TIRES_AFTER,
    WITHOUT_MONEY,
    AttemptState,
)
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mpesa.attempt_words import attempt_words
from pos_desktop.services.mpesa.cart_waits import Look
from pos_desktop.services.mpesa.tray.overriding import override_in
from pos_desktop.services.shown_dates import shown_shortly
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.ui.screens.sell.mpesa_page import Offered, offered_title
from pos_desktop.ui.screens.sell.mpesa_wait_page import Mark

Step = tuple[Mark, str, str]

_S = AttemptState
_BEFORE_SENT = (_S.NEW, _S.SENDING)


def steps_of(attempt: Attempt, now: datetime) -> list[Step]:
    """Return the steps of an attempt; the one that goes on has the time it may still take."""
    return [
        (Mark.DONE, _("Payment saved on this till"), ""),
        _sent(attempt),
        _answered(attempt, now),
        _paid(attempt),
    ]


def said_of(attempt: Attempt, hint: str) -> str:
    """Return what is to be said below the steps: what to do, else how to pay without a prompt."""
    if attempt.state in (*_BEFORE_SENT, _S.ACCEPTED):
        return joined(" ", (_("No prompt on the phone?"), hint))
    return attempt_words(attempt)


def may_ask_again(attempt: Attempt) -> bool:
    """Tell whether the customer may be asked once more: nothing of it can still be paid."""
    return attempt.state in WITHOUT_MONEY


def nothing_shown_in(attempt: Attempt, now: datetime) -> str | None:
    """Return the time until a manager may end it in doubt: empty once that may be done.

    None where it may not be done at all, or the customer still has the prompt.
    """
    left = override_in(attempt, now)
    if left is None or (left and attempt.state is _S.ACCEPTED):
        return None
    return _minutes(left.total_seconds()) if left else ""


def offers_of(look: Look, zone: tzinfo) -> list[Offered]:
    """Return what came by itself, as it is offered on a page."""
    return [
        Offered(
            one.receipt,
            offered_title(one.amount_cents),
            joined(
                " · ",
                (_time(one.paid_at, zone), one.receipt, one.payer_name),
            ),
        )
        for one in look.offers
    ]


def _time(paid_at: int, zone: tzinfo) -> str:
    moment = from_stored(paid_at)
    return shown_shortly(moment, moment, zone)


def _sent(attempt: Attempt) -> Step:
    if attempt.state in _BEFORE_SENT:
        return Mark.NOW, _("Asking M-Pesa"), ""
    if attempt.state in NEVER_SENT:
        return Mark.WRONG, _("The customer was not asked"), ""
    if attempt.state is _S.UNKNOWN:
        return Mark.WRONG, _("M-Pesa has not answered"), ""
    return Mark.DONE, _("Prompt sent to the customer's phone"), ""


def _answered(attempt: Attempt, now: datetime) -> Step:
    words = _("Waiting for the customer's PIN")
    if attempt.state is _S.ACCEPTED:
        return Mark.NOW, words, _left(attempt, now)
    if attempt.state in (_S.DECLINED, _S.CLEARED, _S.OVERRIDDEN, _S.UNRESOLVED):
        return Mark.WRONG, words, ""
    is_over = attempt.state in (*PAYING, _S.MISMATCH, _S.LATE_PAID)
    return Mark.DONE if is_over else Mark.TO_COME, words, ""


def _paid(attempt: Attempt) -> Step:
    is_paid = attempt.state in PAYING
    words = _("Paid, with M-Pesa code")
    if is_paid and attempt.receipt is None:
        words = _("Paid; the M-Pesa code follows")
    return Mark.DONE if is_paid else Mark.TO_COME, words, attempt.receipt or ""


def _left(attempt: Attempt, now: datetime) -> str:
    """Return the time that is left for the customer, as minutes and seconds."""
    if attempt.sent_at is None:
        return ""
    left = from_stored(attempt.sent_at) + TIRES_AFTER - now
    return _minutes(min(max(0.0, left.total_seconds()), TIRES_AFTER.total_seconds()))


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
