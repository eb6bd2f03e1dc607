"""Whether M-Pesa is set up and answers: what a technician asks first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pos_sync.mpesa.nairobi import SKEW_ALLOWED

from pos_desktop.domain.text import _

if TYPE_CHECKING:
    from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of fetching a token."""

    is_good: bool
    words: str
    skew: timedelta | None = None
    """How far M-Pesa's clock is ahead of this computer's; None where it did not answer."""


def check_answers(daraja: DarajaLine) -> Answered:
    """Fetch one token, which shows network, address, clock and keys; within a minute.

    Raises MpesaNotSetUp.
    """
    from pos_sync.mpesa.errors import MpesaError

    calls = daraja.calls()
    try:
        calls.check_keys()
    except MpesaError as error:
        return Answered(is_good=False, words=call_words(error))
    return Answered(is_good=True, words=_("M-Pesa answers, and takes the keys."), skew=calls.skew)


def clock_words(skew: timedelta) -> str:
    """Return that this computer's clock is off, and what to do; nothing where it is not."""
    if abs(skew) <= SKEW_ALLOWED:
        return ""
    minutes = round(abs(skew).total_seconds() / 60)
    sentence = _("This computer's clock differs from M-Pesa's by {minutes} minutes: set it right.")
    return sentence.format(minutes=minutes)


def call_words(error: BaseException) -> str:
    """Return why a call has failed, and what to do: the network, the clock, the keys, or wait."""
    from pos_queue.errors import NoNetwork
    from pos_sync.mpesa.errors import CallRefused, NoAnswer, NotSent

    cause = error.__cause__ if isinstance(error, NoNetwork) else error
    match cause:
        case NotSent():
            return _not_sent_words(cause)
        case CallRefused():
            return _refused_words(cause)
        case NoAnswer():
            return _("M-Pesa gives no clear answer ({why}). Try again in a few minutes.").format(
                why=cause.why.value
            )
    return _("M-Pesa is not reached. Look at the network, then try again.")


def _not_sent_words(error: object) -> str:
    from pos_sync.mpesa.errors import NotSent, WhyNotSent

    assert isinstance(error, NotSent)
    return {
        WhyNotSent.NO_SUCH_NAME: _(
            "M-Pesa is not found: there is no network, or mpesa.base_url is wrong."
        ),
        WhyNotSent.UNTRUSTED: _(
            "M-Pesa cannot be reached safely: look at this computer's date and clock, then at "
            "mpesa.base_url."
        ),
        WhyNotSent.NO_TOKEN: _("M-Pesa gives no token just now. Try again in a few minutes."),
    }.get(error.why, _("M-Pesa is not reached. Look at the network, then try again."))


def _refused_words(error: object) -> str:
    from pos_sync.mpesa.errors import CallRefused, WhyRefused

    assert isinstance(error, CallRefused)
    known = {
        WhyRefused.WRONG_KEYS: _(
            "M-Pesa does not accept the consumer key and secret: set those of an app at "
            "mpesa.base_url with posctl mpesa keys."
        ),
        WhyRefused.NO_SUCH_MERCHANT: _(
            "M-Pesa does not know this number: correct mpesa.shortcode and mpesa.head_office."
        ),
        WhyRefused.NOT_ENABLED: _(
            "The app has no right to this: add the product to it at developer.safaricom.co.ke."
        ),
        WhyRefused.BUSY: _("M-Pesa is overloaded. Try again in a few minutes."),
        WhyRefused.QUOTA: _("M-Pesa has had too many questions today. Try again tomorrow."),
    }
    told = f"{error.code} {error.words}".strip()
    sentence = known.get(error.why, _("M-Pesa refuses this. Show its words to who set it up."))
    if not told:
        return sentence
    return _("{sentence} (It says: {told})").format(sentence=sentence, told=told)
