"""Whether M-Pesa is set up and answers: what a technician asks first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from pos_sync.mpesa.nairobi import SKEW_ALLOWED

from pos_desktop.domain.text import _
from pos_desktop.services.mpesa.setup.on_the_way import address_words, between_words, nobody_words
from pos_desktop.services.mpesa.setup.setup_names import Names, window_names

if TYPE_CHECKING:
    from pos_sync.mpesa.errors import CallRefused, NoAnswer, NotSent

    from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of fetching a token."""

    is_good: bool
    words: str
    skew: timedelta | None = None
    """How far M-Pesa's clock is ahead of this computer's; None where it did not answer."""


def check_answers(daraja: DarajaLine, names: Names | None = None) -> Answered:
    """Fetch one token, which shows network, address, clock and keys; within a minute.

    What to correct is called as `call_words` does. Raises MpesaNotSetUp.
    """
    from pos_sync.mpesa.errors import MpesaError

    calls = daraja.calls()
    try:
        calls.check_keys()
    except MpesaError as error:
        return Answered(is_good=False, words=call_words(error, names))
    return Answered(is_good=True, words=_("M-Pesa answers, and takes the keys."), skew=calls.skew)


def clock_words(skew: timedelta) -> str:
    """Return that this computer's clock is off, and what to do; nothing where it is not."""
    if abs(skew) <= SKEW_ALLOWED:
        return ""
    minutes = round(abs(skew).total_seconds() / 60)
    sentence = _("This computer's clock differs from M-Pesa's by {minutes} minutes: set it right.")
    return sentence.format(minutes=minutes)


def call_words(error: BaseException, names: Names | None = None) -> str:
    """Return why a call has failed, and what to do: the network, the clock, the keys, or wait.

    What to correct is called as on the page, unless other names are given.
    """
    from pos_queue.errors import NoNetwork
    from pos_sync.mpesa.errors import CallRefused, NoAnswer, NotSent, WhyNotSent

    names = names or window_names()
    cause = error.__cause__ if isinstance(error, NoNetwork) else error
    if isinstance(cause, NotSent) and cause.why is WhyNotSent.NO_TOKEN:
        cause = cause.__cause__ or cause  # what came in its place says more
    match cause:
        case NotSent():
            return _not_sent_words(cause, names)
        case CallRefused():
            return _refused_words(cause, names)
        case NoAnswer():
            return _no_answer_words(cause, names)
    return _not_reached_words()


def _not_reached_words() -> str:
    return _("M-Pesa is not reached. Look at the network, then try again.")


def _not_sent_words(error: NotSent, names: Names) -> str:
    from pos_sync.mpesa.errors import WhyNotSent

    if nobody := nobody_words("M-Pesa", error, names["base_url"]):
        return nobody
    known = {
        WhyNotSent.NO_SUCH_NAME: _(
            "M-Pesa is not found: there is no network, or {base_url} is wrong."
        ),
        WhyNotSent.UNTRUSTED: _(
            "M-Pesa cannot be reached safely: look at this computer's date and clock, then at "
            "{base_url}."
        ),
        WhyNotSent.NO_TOKEN: _("M-Pesa gives no token just now. Try again in a few minutes."),
    }
    return known.get(error.why, _not_reached_words()).format(**names)


def _no_answer_words(error: NoAnswer, names: Names) -> str:
    from pos_sync.mpesa.errors import WhyNoAnswer

    is_page = error.why in (WhyNoAnswer.NOT_JSON, WhyNoAnswer.EMPTY)
    if words := between_words("M-Pesa", error.status, is_page=is_page):
        return words
    if words := address_words("M-Pesa", error.status, names["base_url"], is_page=is_page):
        return words
    if error.status is not None and error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        sentence = _(
            "M-Pesa itself is out of order ({status}): nothing is wrong here. Try again in a few "
            "minutes."
        )
        return sentence.format(status=error.status)
    if error.why is WhyNoAnswer.TIMED_OUT:
        return _(
            "M-Pesa has not answered in time ({why}). Look at the network, then try again."
        ).format(why=error.why.value)
    return _("M-Pesa gives no clear answer ({why}). Try again in a few minutes.").format(
        why=error.why.value
    )


def _refused_words(error: CallRefused, names: Names) -> str:
    from pos_sync.mpesa.errors import WhyRefused

    known = {
        WhyRefused.WRONG_KEYS: _(
            "M-Pesa does not accept the keys: type {consumer_key} and {consumer_secret} of an app "
            "of this very M-Pesa."
        ),
        WhyRefused.NO_SUCH_MERCHANT: _(
            "M-Pesa does not know this number: correct {number} and {head_office}."
        ),
        WhyRefused.WRONG_ADDRESS: _("M-Pesa has nothing at this address: correct {base_url}."),
        WhyRefused.NOT_ENABLED: _(
            "The app has no right to this: add the product to it at developer.safaricom.co.ke."
        ),
        WhyRefused.BUSY: _("M-Pesa is overloaded. Try again in a few minutes."),
        WhyRefused.QUOTA: _("M-Pesa has had too many questions today. Try again tomorrow."),
    }
    told = f"{error.code} {error.words}".strip()
    sentence = known.get(error.why, _("M-Pesa refuses this. Show its words to who set it up."))
    sentence = sentence.format(**names)
    if not told:
        return sentence
    return _("{sentence} (It says: {told})").format(sentence=sentence, told=told)
