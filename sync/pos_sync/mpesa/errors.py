"""What goes wrong with a call of Daraja, split by what may be done then.

MpesaError
├── NotSent      nothing of the request has left this machine: to repeat it is safe
├── CallRefused  a definite no: nothing has been done, and the reason says what to change
├── NoAnswer     it may have been done: only a call that does no harm twice may be repeated
└── Unasked      the keys or settings are not such that anything could be asked

The first and the third are those of every call over HTTP. What becomes of a push is no error but
an outcome (`push`), since each of these is one for it.
"""

from __future__ import annotations

from enum import StrEnum

from pos_sync.http.errors import CallFailed as MpesaError
from pos_sync.http.errors import NoAnswer, NotSent, WhyNoAnswer, WhyNotSent

__all__ = [
    "CallRefused",
    "MpesaError",
    "NoAnswer",
    "NotSent",
    "Unasked",
    "WhyNoAnswer",
    "WhyNotSent",
    "WhyRefused",
]


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
