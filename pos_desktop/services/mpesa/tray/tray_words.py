"""The tray in words: how it stands with a payment, what was done, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mpesa.tray.reversals import WRONG_RECEIPT
from pos_desktop.services.mpesa.tray.tray import TrayItem
from pos_desktop.storage.mpesa_events import MpesaEvent
from pos_desktop.storage.mpesa_requests import OPEN, MpesaRequest, RequestState

_NO_MONEY = "1"
_WRONG_OPERATOR = frozenset({"2001", "11", "21", "2006", "2028", "8006"})


def state_words(item: TrayItem) -> str:
    """Return in two or three words how it stands with a payment."""
    if item.money is None:
        return _("Paid late") if _is_late(item) else _("Code missing")
    state = item.money.state
    if state is MoneyState.UNMATCHED and not item.money.is_confirmed:
        return money_words(MoneyState.UNVERIFIED)
    if state is MoneyState.MATCHED and not item.receipt:
        return _("Waits in a sale")
    if state is MoneyState.REFUND_ASKED and item.is_overdue:
        return _("No answer")
    return money_words(state)


def money_words(state: MoneyState) -> str:
    """Return in two or three words what has become of a payment."""
    return {
        MoneyState.UNMATCHED: _("No sale"),
        MoneyState.MATCHED: _("Used"),
        MoneyState.UNVERIFIED: _("Not confirmed"),
        MoneyState.DIFFERS: _("Other amount"),
        MoneyState.SUSPENSE: _("To settle"),
        MoneyState.REFUND_ASKED: _("Goes back"),
        MoneyState.REFUNDED: _("Given back"),
        MoneyState.ELSEWHERE: _("Not ours"),
    }[state]


def told_words(item: TrayItem) -> str:
    """Return how it stands with a payment and what to do next, as sentences."""
    if item.money is None:
        return _attempt_words(item)
    refused = _refused_words(item.request) if item.money.state is MoneyState.SUSPENSE else ""
    return joined(" ", (refused, _told_of(item)))


def _told_of(item: TrayItem) -> str:
    money = item.money
    assert money is not None
    if not money.is_confirmed and money.state in (MoneyState.UNMATCHED, MoneyState.SUSPENSE):
        return _("M-Pesa has not confirmed it: look in its portal whether it is there.")
    if money.state is MoneyState.DIFFERS:
        return _differs_words(item)
    if money.state is MoneyState.REFUND_ASKED:
        return _going_back_words(item)
    return {
        MoneyState.UNMATCHED: _(
            "Nobody knows what it is for: attach it to a sale, or give it back."
        ),
        MoneyState.MATCHED: "",
        MoneyState.UNVERIFIED: _(
            "The sale was paid by a code that M-Pesa has not confirmed: look in its portal."
        ),
        MoneyState.SUSPENSE: _(
            "Its sale has gone on without it: attach it to another, or give it back."
        ),
        MoneyState.REFUNDED: _("It was given back."),
        MoneyState.ELSEWHERE: money.note,
    }[money.state]


def _differs_words(item: TrayItem) -> str:
    amount = format_amount(abs(item.over_cents))
    if item.over_cents > 0:
        sentence = _("{amount} more has come than the receipt counts: give that back, or keep it.")
        return sentence.format(amount=amount)
    sentence = _(
        "{amount} less has come than the receipt counts: keep it so, or attach the right payment."
    )
    return sentence.format(amount=amount)


def _going_back_words(item: TrayItem) -> str:
    if item.request is None or item.request.state not in OPEN:
        return _("Give it back in the portal of M-Pesa, and say here that it went back.")
    if item.is_overdue:
        return _("M-Pesa has not said what became of it: look in its portal, and say it here.")
    if item.request.state is RequestState.NEW:
        return _("M-Pesa will be asked to give it back as soon as it is reached.")
    return _("M-Pesa was asked to give it back, and answers by itself.")


def _refused_words(request: MpesaRequest | None) -> str:
    """Return why M-Pesa has not given a payment back, and what to do about it."""
    if request is None or request.state is not RequestState.REFUSED:
        return ""
    if request.code == _NO_MONEY:
        return _("M-Pesa did not give it back: there is not enough in the shop's account.")
    if request.code == WRONG_RECEIPT:
        return _("M-Pesa did not give it back: it does not know this code.")
    if request.code in _WRONG_OPERATOR:
        return _(
            "M-Pesa did not give it back: in its portal the operator needs the role “Org Reversals "
            "Initiator”, and a password that has not run out."
        )
    if not request.code:
        return _("It did not go back.")
    sentence = _("M-Pesa did not give it back ({code}): give it back in its portal.")
    return sentence.format(code=request.code)


def _attempt_words(item: TrayItem) -> str:
    if not _is_late(item):
        return _("It is paid, and its M-Pesa code never came: look in the portal.")
    if item.is_held:
        return _("It was paid after all, and its sale is still there: attach it.")
    return _("It was paid when its sale was gone; once its code is known, it can be settled.")


def _is_late(item: TrayItem) -> bool:
    return item.attempt is not None and item.attempt.state is AttemptState.LATE_PAID


def event_words(event: MpesaEvent) -> str:
    """Return what has happened, in words; its own word where none are known."""
    words = _pushes().get(event.kind) or _payments().get(event.kind) or _decisions().get(event.kind)
    return joined(" · ", (words or event.kind, _detail_words(event.detail)))


def _detail_words(detail: Mapping[str, Any]) -> str:
    said = [str(detail[one]) for one in ("label", "why", "reason", "code") if detail.get(one)]
    return joined(" · ", said) if said else ""


def _pushes() -> Mapping[str, str]:
    doubt = _("No clear answer")
    return {
        "asked": _("Asked for"),
        "send": _("Sent to M-Pesa"),
        "accept": _("Prompt on the phone"),
        "reject": _("Refused by M-Pesa"),
        "not_leave": _("Not sent"),
        "lose": doubt,
        "lose at start": doubt,
        "abandon": _("Not begun"),
        "abandon at start": _("Not begun"),
        "tire": _("No end in three minutes"),
        "decline": _("Not paid"),
        "clear": _("Not in M-Pesa's list"),
        "override": _("Ended by a manager"),
        "overridden": _("The phone showed nothing"),
        "pay": _("Paid"),
        "pay_late": _("Paid late"),
        "confirm": _("Payment found"),
        "differ": _("Another amount was paid"),
        "release": _("Its sale went on without it"),
        "told paid": _("A report says it is paid"),
    }


def _payments() -> Mapping[str, str]:
    return {
        "money told": _("Told by M-Pesa"),
        "money confirmed": _("Confirmed by M-Pesa"),
        "money matched": _("Found its sale"),
        "money without a sale": _("No sale waits for it"),
        "typed otherwise": _("Another amount was typed"),
        "reversal sent": _("Reversal sent"),
        "reversal not sent": _("Reversal not sent"),
        "reversal taken": _("Reversal taken in"),
        "reversal unclear": _("No clear answer about the reversal"),
        "reversal refused": _("Reversal refused"),
        "reversed": _("Given back by M-Pesa"),
        "reversed too": _("Given back by M-Pesa, though it was used"),
        "replaced": _("Another payment took its place"),
    }


def _decisions() -> Mapping[str, str]:
    return {
        "attached": _("Attached"),
        "elsewhere": _("Not the shop's"),
        "seen": _("Seen in the portal"),
        "missing": _("Not in the portal"),
        "accepted": _("Kept as it is"),
        "reversal asked": _("To be given back by M-Pesa"),
        "went back": _("Given back in the portal"),
        "stayed": _("Did not go back"),
        "given in cash": _("Given back in cash"),
        "given in credit": _("Put on an account"),
    }
