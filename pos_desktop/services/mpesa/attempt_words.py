"""What has become of an attempt, in the words of a cashier: what it is, and what to do next."""

from __future__ import annotations

from pos_sync.mpesa.errors import WhyNotSent, WhyRefused
from pos_sync.mpesa.results import Reason

from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.text import _
from pos_desktop.storage.mpesa_attempts import Attempt


def under_way_words(state: AttemptState) -> str:
    """Return in two or three words how it stands with an attempt that is under way."""
    return {
        AttemptState.NEW: _("not begun"),
        AttemptState.SENDING: _("being asked"),
        AttemptState.ACCEPTED: _("prompt on the phone"),
        AttemptState.UNKNOWN: _("no clear answer"),
        AttemptState.UNRESOLVED: _("no end in three minutes"),
    }[state]


def attempt_words(attempt: Attempt) -> str:
    """Return what has become of an attempt, and what to do next, as a sentence."""
    match attempt.state:
        case AttemptState.REJECTED:
            return _refused_words(attempt.reason)
        case AttemptState.NOT_SENT:
            return _not_sent_words(attempt.reason)
        case AttemptState.DECLINED:
            return _declined_words(attempt.reason)
        case _:
            return _state_words(attempt.state)


def _state_words(state: AttemptState) -> str:
    return {
        AttemptState.NEW: _("The customer is being asked."),
        AttemptState.SENDING: _("The customer is being asked."),
        AttemptState.ACCEPTED: _("The prompt is on the customer's phone."),
        AttemptState.UNKNOWN: _(
            "M-Pesa has not answered: ask the customer whether there is a prompt. Do not ask again "
            "before it is clear; another tender is always possible."
        ),
        AttemptState.UNRESOLVED: _(
            "M-Pesa does not say whether it is paid: look at the customer's phone. Another tender "
            "is always possible."
        ),
        AttemptState.ABANDONED: _("The customer was not asked."),
        AttemptState.CLEARED: _("Nothing was paid: ask again, or take another tender."),
        AttemptState.OVERRIDDEN: _("Nothing was paid: ask again, or take another tender."),
        AttemptState.PAID: _("Paid."),
        AttemptState.CONFIRMED: _("Paid."),
        AttemptState.MISMATCH: _("Another amount was paid: see what came under M-Pesa."),
        AttemptState.LATE_PAID: _("It was paid after all: see what came under M-Pesa."),
    }[state]


def _declined_words(reason: str) -> str:
    return {
        Reason.NO_MONEY: _("There is not enough money on this phone: take another tender."),
        Reason.LIMIT: _("The amount is beyond this customer's limit: take a part of it otherwise."),
        Reason.TOO_SOON: _("The same amount was asked for just now: wait two minutes."),
        Reason.BUSY: _("M-Pesa is overloaded: ask again in a moment, or take another tender."),
        Reason.LOCKED: _("Another prompt is open at this phone: ask again in two minutes."),
        Reason.EXPIRED: _(
            "The customer did not answer in time: ask again, or take another tender."
        ),
        Reason.NOT_SHOWN: _("The prompt could not be shown: ask again, or take another tender."),
        Reason.CANCELLED: _("The customer has cancelled: ask again, or take another tender."),
        Reason.NOT_REACHED: _("This phone is not reached: ask again, or take another tender."),
        Reason.WRONG_PIN: _("The PIN was wrong: ask again, or take another tender."),
        Reason.BLOCKED: _(
            "M-Pesa is blocked for this customer, who can call 100: take another tender."
        ),
        Reason.SETTINGS: _("M-Pesa does not know this shop's number: tell the manager."),
    }.get(Reason(reason) if reason in set(Reason) else Reason.EXPIRED, _("It was not paid."))


def _refused_words(reason: str) -> str:
    busy = _("M-Pesa is overloaded: ask again in a moment, or take another tender.")
    keys = _("M-Pesa does not accept this shop's keys: tell the manager; take another tender.")
    return {
        WhyRefused.LOCKED: _("Another prompt is open at this phone: ask again in two minutes."),
        WhyRefused.BUSY: busy,
        WhyRefused.QUOTA: busy,
        WhyRefused.WRONG_KEYS: keys,
        WhyRefused.WRONG_PASSKEY: keys,
        WhyRefused.NO_SUCH_MERCHANT: _(
            "M-Pesa does not know this shop's number: tell the manager."
        ),
        WhyRefused.NOT_ENABLED: _("This shop may not ask phones for money yet: tell the manager."),
    }.get(
        WhyRefused(reason) if reason in set(WhyRefused) else WhyRefused.OTHER,
        _("M-Pesa has refused this: take another tender, and tell the manager."),
    )


def _not_sent_words(reason: str) -> str:
    if reason == WhyNotSent.UNTRUSTED:
        return _("M-Pesa cannot be reached safely: look at this computer's date and clock.")
    return _("M-Pesa is not reached, and nobody was asked. Type the code once it is paid.")
