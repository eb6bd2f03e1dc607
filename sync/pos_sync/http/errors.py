"""What goes wrong between a request over HTTP and its answer, whoever is asked.

CallFailed
├── NotSent      nothing of the request has left this machine: to repeat it is safe
└── NoAnswer     it may have been done: only a call that does no harm twice may be repeated
"""

from __future__ import annotations

from enum import StrEnum


class CallFailed(Exception):
    """The server was not reached, or has not done what was asked."""

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


class NotSent(CallFailed):
    """Nothing of the request has left this machine."""

    def __init__(self, why: WhyNotSent) -> None:
        self.why = why
        super().__init__(f"The server is not reached ({why.value}): look at the network.")


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


class NoAnswer(CallFailed):
    """The request may have arrived, and no answer came that can be understood."""

    def __init__(self, why: WhyNoAnswer, status: int | None = None, words: str = "") -> None:
        """Take what came instead: its HTTP status and its words, as far as there were any."""
        self.why = why
        self.status = status
        self.words = words
        told = f" It says: {words}" if words else ""
        super().__init__(f"The server has given no clear answer ({why.value}).{told}")
