"""How far an attempt is, as steps on a page; and what came by itself, as it is offered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from pos_sync.mpesa.results import Reason

from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_attempt import (
    NEVER_SENT,
    PAYING,
    SAME_AMOUNT_AFTER,
    TIRES_AFTER,
    UNDER_WAY,
    AttemptState,
)
from pos_desktop.domain.tender import Tender, TenderKind
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
_PROMPT_WITHIN = timedelta(seconds=20)
_NO_USE = frozenset({Reason.NO_MONEY, Reason.LIMIT, Reason.BLOCKED, Reason.SETTINGS})
_NOT_THERE = frozenset({Reason.NOT_SHOWN, Reason.NOT_REACHED})
_ENDED_UNSEEN = (_S.CLEARED, _S.OVERRIDDEN)


def steps_of(attempt: Attempt, now: datetime) -> list[Step]:
    """Return the steps of an attempt; the one that goes on has the time it may still take."""
    return [
        (Mark.DONE, _("Payment saved on this till"), ""),
        _sent(attempt),
        _answered(attempt, now),
        _paid(attempt),
    ]


def said_of(attempt: Attempt, hint: str, now: datetime) -> str:
    """Return what is to be said below the steps: what to do, else how to pay without a prompt.

    Who pays by hand too soon pays twice: that is not said before the prompt had time to come.
    """
    if attempt.state is _S.NOT_SENT:
        return joined(" ", (attempt_words(attempt), hint))
    is_slow = attempt.sent_at is not None and now - from_stored(attempt.sent_at) > _PROMPT_WITHIN
    if attempt.state is _S.ACCEPTED and is_slow:
        return joined(" ", (_("No prompt on the phone?"), hint))
    return attempt_words(attempt)


def may_ask_again(attempt: Attempt, tenders: Iterable[Tender]) -> bool:
    """Tell whether the customer may be asked once more: nothing that is to come can be of it.

    What it has paid is among the tenders then, or a person has to decide about it.
    """
    if attempt.state in PAYING:
        names = {attempt.reference, attempt.receipt}
        return any(one.kind is TenderKind.MPESA and one.reference in names for one in tenders)
    return attempt.state not in UNDER_WAY


def again_title(attempt: Attempt, now: datetime, *, may_ask: bool) -> str:
    """Return what may be done next: M-Pesa refuses the same amount again too soon."""
    if not may_ask:
        return _("Type the code")
    if attempt.sent_at is not None and attempt.state not in (*NEVER_SENT, *PAYING):
        left = from_stored(attempt.sent_at) + SAME_AMOUNT_AFTER - now
        if timedelta() < left <= SAME_AMOUNT_AFTER:
            return _("Again in {time}, or a code").format(time=_minutes(left.total_seconds()))
    return _("Ask again, or type a code")


def is_likely_to_pay(attempt: Attempt) -> bool:
    """Tell whether asking this customer again may help."""
    return attempt.reason not in _NO_USE


def nothing_shown_in(attempt: Attempt, now: datetime) -> str | None:
    """Return the time until a manager may end it in doubt: empty once that may be done.

    None where it may not be done at all, or the customer still has the prompt.
    """
    left = override_in(attempt, now)
    if left is None or (left and attempt.state is _S.ACCEPTED):
        return None
    return _minutes(left.total_seconds()) if left else ""


def offers_of(look: Look, zone: tzinfo, due: tuple[Cents, Cents]) -> list[Offered]:
    """Return what came by itself, as it is offered on a page; `due` is what would finish the sale.

    To the cent, and in whole shillings.
    """
    return [
        Offered(
            one.receipt,
            offered_title(one.amount_cents),
            one.amount_cents in due,
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
    if attempt.state in (_S.UNKNOWN, *_ENDED_UNSEEN) and attempt.checkout_id is None:
        return Mark.WRONG, _("M-Pesa has not answered"), ""
    if attempt.reason in _NOT_THERE:
        return Mark.WRONG, _("The prompt did not reach the phone"), ""
    return Mark.DONE, _("Prompt sent to the customer's phone"), ""


def _answered(attempt: Attempt, now: datetime) -> Step:
    words = _("Waiting for the customer's PIN")
    if attempt.state is _S.ACCEPTED:
        return Mark.NOW, words, _left(attempt, now)
    if attempt.state is _S.DECLINED and attempt.reason not in _NOT_THERE:
        return Mark.WRONG, _("The customer has not paid"), ""
    if attempt.state in (_S.UNRESOLVED, *_ENDED_UNSEEN):
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
