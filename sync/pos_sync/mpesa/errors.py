"""What goes wrong with a call of Daraja, split by what may be done then.

MpesaError
├── NotSent      nothing of the request has left this machine: to repeat it is safe
├── CallRefused      a definite no: nothing has been done, and the reason says what to change
├── NoAnswer     it may have been done: only a call that does no harm twice may be repeated
└── Unasked      the keys or settings are not such that anything could be asked

What becomes of a push is no error but an outcome (`push`), since each of these is one for it.
"""

from __future__ import annotations

from enum import StrEnum


class MpesaError(Exception):
    """M-Pesa was not reached, or has not done what was asked."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or (self.__doc__ or "").splitlines()[0])


class WhyNotSent(StrEnum):
    """Why nothing has left this machine."""

    NO_SUCH_NAME = "no_such_name"
    """The server's name is not found: there is no network, or the address is wrong."""
    NOT_REACHED = "not_reached"
    """There is no way to it, or nothing answers there."""
    TIMED_OUT = "timed_out"
    """It lets nobody in in time."""
    UNTRUSTED = "untrusted"
    """Its certificate is not trusted, or not valid today: often a clock that is wrong."""
    NO_TOKEN = "no_token"  # noqa: S105 - a reason, not a secret
    """It gives no token just now, and without one nothing can be asked."""


class NotSent(MpesaError):
    """Nothing of the request has left this machine."""

    def __init__(self, why: WhyNotSent) -> None:
        self.why = why
        super().__init__(f"M-Pesa is not reached ({why.value}): look at the network.")


class WhyNoAnswer(StrEnum):
    """Why nothing is known of a request that may have arrived."""

    TIMED_OUT = "timed_out"
    BROKE_OFF = "broke_off"
    """The connection ended before the whole answer was here."""
    EMPTY = "empty"
    NOT_JSON = "not_json"
    """A page of somebody on the way, or garbage."""
    TOO_LARGE = "too_large"
    WRONG_FORM = "wrong_form"
    """JSON, but not the answer to this question."""
    SERVER_ERROR = "server_error"
    """The server says that it has failed, and not how far it got."""
    OTHER_CODE = "other_code"
    """A code that nobody has described."""


class NoAnswer(MpesaError):
    """The request may have arrived, and no answer came that can be understood."""

    def __init__(self, why: WhyNoAnswer, status: int | None = None, words: str = "") -> None:
        """Take what came instead: its HTTP status and its words, as far as there were any."""
        self.why = why
        self.status = status
        self.words = words
        told = f" It says: {words}" if words else ""
        super().__init__(f"M-Pesa has given no clear answer ({why.value}).{told}")


class WhyRefused(StrEnum):
    """Why a request was refused."""

    BAD_FIELD = "bad_field"
    """One of the fields is wrong; the words name it."""
    TOKEN = "token"  # noqa: S105 - a reason, not a secret
    """The token is not valid any more."""
    WRONG_KEYS = "wrong_keys"
    """Consumer key and secret are not those of an app at this address."""
    WRONG_PASSKEY = "wrong_passkey"
    """Short code, passkey and time do not belong together."""
    NO_SUCH_MERCHANT = "no_such_merchant"
    """The short code is not known there."""
    WRONG_ADDRESS = "wrong_address"
    """There is no such service at this address."""
    NOT_ENABLED = "not_enabled"
    """The app has no right to this service."""
    LOCKED = "locked"
    """Another prompt is open at the customer's phone."""
    BUSY = "busy"
    """Too many requests at once."""
    QUOTA = "quota"
    """More requests than the app may make."""
    REGISTERED = "registered"
    """The addresses are registered already."""
    REPEATED = "repeated"
    """A request with this id was made before."""
    IN_PROGRESS = "in_progress"
    """What is asked about, or something like it, is still being processed."""
    OTHER = "other"
    """A result code that says no."""


class CallRefused(MpesaError):
    """The request was refused, and nothing has been done."""

    def __init__(
        self,
        why: WhyRefused,
        code: str = "",
        words: str = "",
        retry_after_seconds: int | None = None,
    ) -> None:
        self.why = why
        self.code = code
        self.words = words
        self.retry_after_seconds = retry_after_seconds
        told = " ".join(part for part in (code, words) if part)
        super().__init__(f"M-Pesa has refused this ({why.value}). It says: {told}")


class Unasked(MpesaError):
    """The keys of M-Pesa are missing: set them first."""
