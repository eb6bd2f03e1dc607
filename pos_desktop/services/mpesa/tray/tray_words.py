"""The tray in words: how it stands with a payment, what was done, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mpesa.tray.reversal_words import refused_words
from pos_desktop.services.mpesa.tray.standing import went_too
from pos_desktop.services.mpesa.tray.tray import TrayItem
from pos_desktop.storage.mpesa_events import MpesaEvent
from pos_desktop.storage.mpesa_requests import OPEN, RequestState

_GOOD = "0"


def state_words(item: TrayItem) -> str:
    """Return in two or three words how it stands with a payment."""
    if item.money is None:
        return _("Paid late") if _is_late(item) else _("Code missing")
    state = item.money.state
    if went_too(item.request):
        return _("Went back too")
    if state is MoneyState.UNMATCHED and not item.money.is_confirmed:
        return money_words(MoneyState.UNVERIFIED)
    if state is MoneyState.MATCHED and not item.sale_number:
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
    refused = refused_words(item.request) if item.money.state is MoneyState.SUSPENSE else ""
    return joined(" ", (refused, _told_of(item)))


def _told_of(item: TrayItem) -> str:
    money = item.money
    assert money is not None
    if went_too(item.request):
        return _(
            "M-Pesa has given it back after all, and it was sold on or given back before: look for "
            "the customer, or accept the loss."
        )
    if not money.is_confirmed and money.state in (MoneyState.UNMATCHED, MoneyState.SUSPENSE):
        return _("M-Pesa has not confirmed it: look in its portal whether it is there.")
    if item.is_owed:
        return _("The goods came back, and the customer waits for this money: give it back.")
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


def _attempt_words(item: TrayItem) -> str:
    if not _is_late(item):
        return _("It is paid, and its M-Pesa code never came: look in the portal.")
    if item.is_held:
        return _("It was paid after all, and its sale is still there: attach it.")
    return _("It was paid when its sale was gone; once its code is known, it can be settled.")


def _is_late(item: TrayItem) -> bool:
    return item.attempt is not None and item.attempt.state is AttemptState.LATE_PAID


def event_words(event: MpesaEvent) -> str:
    """Return what has happened, in words."""
    words = {**_pushes(), **_payments(), **_decisions()}[event.kind]
    return joined(" · ", (words, _detail_words(event.detail)))


def _detail_words(detail: Mapping[str, Any]) -> str:
    """Return what a person has written, and M-Pesa's code, which its support asks for."""
    written = ("label", "why", "reason") if detail.get("approver") else ("label", "why")
    code = detail.get("code", "")
    said = [str(detail[one]) for one in written if detail.get(one)]
    return joined(" · ", [*said, "" if code == _GOOD else str(code)])


def _pushes() -> Mapping[EventKind, str]:
    doubt = _("No clear answer")
    return {
        EventKind.ASKED: _("Asked for"),
        EventKind.SEND: _("Sent to M-Pesa"),
        EventKind.ACCEPT: _("Prompt on the phone"),
        EventKind.REJECT: _("Refused by M-Pesa"),
        EventKind.NOT_LEAVE: _("Not sent"),
        EventKind.LOSE: doubt,
        EventKind.LOSE_AT_START: doubt,
        EventKind.ABANDON: _("Not begun"),
        EventKind.ABANDON_AT_START: _("Not begun"),
        EventKind.TIRE: _("No end in three minutes"),
        EventKind.DECLINE: _("Not paid"),
        EventKind.CLEAR: _("Not in M-Pesa's list"),
        EventKind.OVERRIDE: _("Ended by a manager"),
        EventKind.OVERRIDDEN: _("The phone showed nothing"),
        EventKind.PAY: _("Paid"),
        EventKind.PAY_LATE: _("Paid late"),
        EventKind.CONFIRM: _("Payment found"),
        EventKind.DIFFER: _("Another amount was paid"),
        EventKind.RELEASE: _("Its sale went on without it"),
        EventKind.ATTACH: _("Its sale has it after all"),
        EventKind.TOLD_PAID: _("A report says it is paid"),
        EventKind.TOLD_OVERDUE: _("Managers were told of it"),
        EventKind.OTHER_ID: _("A report with another id was not believed"),
    }


def _payments() -> Mapping[EventKind, str]:
    return {
        EventKind.MONEY_TOLD: _("Told by M-Pesa"),
        EventKind.MONEY_CONFIRMED: _("Confirmed by M-Pesa"),
        EventKind.MONEY_MATCHED: _("Found its sale"),
        EventKind.MONEY_WITHOUT_SALE: _("No sale waits for it"),
        EventKind.TYPED: _("Its code was typed at the till"),
        EventKind.TYPED_OTHERWISE: _("Another amount was typed"),
        EventKind.REVERSAL_SENT: _("Reversal sent"),
        EventKind.REVERSAL_NOT_SENT: _("Reversal not sent"),
        EventKind.REVERSAL_TAKEN: _("Reversal taken in"),
        EventKind.REVERSAL_UNCLEAR: _("No clear answer about the reversal"),
        EventKind.REVERSAL_REFUSED: _("Reversal refused"),
        EventKind.REVERSAL_OVERDUE: _("No answer about the reversal: managers were told"),
        EventKind.REVERSED: _("Given back by M-Pesa"),
        EventKind.REVERSED_TOO: _("Given back by M-Pesa, though it was used"),
        EventKind.CLAIM: _("The relay was asked whose it is"),
        EventKind.NOT_TAKEN_IN: _("Could not be taken in"),
        EventKind.NOT_COMPLETED: _("Not completed, says M-Pesa"),
        EventKind.TYPED_OF_ANOTHER: _("Typed for another sale"),
        EventKind.BACK_BY_STATEMENT: _("Given back, says the statement"),
        EventKind.REPLACED: _("Another payment took its place"),
    }


def _decisions() -> Mapping[EventKind, str]:
    return {
        EventKind.ATTACHED: _("Attached"),
        EventKind.ELSEWHERE: _("Not the shop's"),
        EventKind.SEEN: _("Seen in the portal"),
        EventKind.MISSING: _("Not in the portal"),
        EventKind.ACCEPTED: _("Kept as it is"),
        EventKind.REVERSAL_ASKED: _("To be given back by M-Pesa"),
        EventKind.WENT_BACK: _("Given back in the portal"),
        EventKind.STAYED: _("Did not go back"),
        EventKind.IN_CASH: _("Given back in cash"),
        EventKind.IN_CREDIT: _("Put on an account"),
    }
