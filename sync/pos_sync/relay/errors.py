"""What goes wrong between a till and its relay, split by what may be done then.

RelayError
├── NotReached    nothing answers there: ask again later
├── NoAnswer      it may have been done: every question to a relay may be asked again
├── BehindUs      its messages are others than those that were read: read from the beginning
└── RelayRefused  a definite no, and the reason says what to change
"""

from __future__ import annotations

from enum import StrEnum


class RelayError(Exception):
    """The relay was not reached, or has not done what was asked."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or (self.__doc__ or "").splitlines()[0])


class WhyNotReached(StrEnum):
    """Why nothing was asked."""

    NO_SUCH_NAME = "no_such_name"
    """Its name is not found: there is no network, or the address is wrong."""
    NOT_REACHED = "not_reached"
    TIMED_OUT = "timed_out"
    """It lets nobody in in time."""
    UNTRUSTED = "untrusted"
    """Its certificate is not trusted, or not valid today."""


class NotReached(RelayError):
    """Nothing of the question has left this machine."""

    def __init__(self, why: WhyNotReached) -> None:
        self.why = why
        super().__init__(f"The relay is not reached ({why.value}): look at the network.")


class WhyNoAnswer(StrEnum):
    """Why nothing is known of a question that may have arrived."""

    TIMED_OUT = "timed_out"
    BROKE_OFF = "broke_off"
    TOO_LARGE = "too_large"
    WRONG_FORM = "wrong_form"
    """Something that no relay says: a page of somebody on the way, perhaps."""
    BUSY = "busy"
    """The relay or its database does nothing just now."""


class NoAnswer(RelayError):
    """The question may have arrived, and no answer came that can be understood."""

    def __init__(self, why: WhyNoAnswer, status: int | None = None) -> None:
        self.why = why
        self.status = status
        super().__init__(f"The relay has given no clear answer ({why.value}).")


class BehindUs(RelayError):
    """The relay's messages end before the last that was read: read them from the beginning."""

    def __init__(self, last: int) -> None:
        """Take the number of its last message."""
        self.last = last
        super().__init__()


class WhyRefused(StrEnum):
    """Why a question was refused."""

    KEY = "key"
    """The key is not that of a till: it was replaced, or the till was removed."""
    QUESTION = "question"
    """The relay does not understand it: one of both is of another version."""
    ADDRESS = "address"
    """There is no relay at this address."""


class RelayRefused(RelayError):
    """The question was refused, and nothing has been done."""

    def __init__(self, why: WhyRefused, words: str = "") -> None:
        self.why = why
        self.words = words
        told = f" It says: {words}" if words else ""
        super().__init__(f"The relay has refused this ({why.value}).{told}")
