"""The token that every call carries: fetched once for all who wait, renewed before it ends.

Each new token may end the one before, so that nobody fetches one while another does, and whoever
finds that a token is refused throws away that one and no newer one.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from pos_sync.deadline import Monotonic
from pos_sync.http.json_objects import Json, text_of
from pos_sync.mpesa.errors import NoAnswer, WhyNoAnswer

EARLY_SECONDS = 60.0
"""How long before its end a token is not used any more."""

_LONGEST_SECONDS = 86_400
_WORD = re.compile(r"[!-~]+")
"""What can stand in the head of a request: other letters are no text that goes over a line."""


@dataclass(frozen=True, repr=False)
class Token:
    """A token and when, on the monotonic clock, it is used no more."""

    text: str
    until: float


def read_token(found: Json, now: float) -> Token:
    """Return the token of an answer; its life may be a text or a number. Raises NoAnswer."""
    text = text_of(found.get("access_token"), 4_000)
    life = text_of(found.get("expires_in"), 10).partition(".")[0]
    if not _WORD.fullmatch(text) or not (life.isascii() and life.isdigit()):
        raise NoAnswer(WhyNoAnswer.WRONG_FORM)
    return Token(text, now + min(int(life), _LONGEST_SECONDS) - EARLY_SECONDS)


class TokenKeeper:
    """Keeps the token of one app; any thread may ask."""

    def __init__(self, fetch: Callable[[], Token], monotonic: Monotonic) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token: Token | None = None

    def token(self) -> str:
        """Return a token that is good now; one caller fetches it, and all others wait for it."""
        with self._lock:
            if self._token is None or self._monotonic() >= self._token.until:
                self._token = self._fetch()
            return self._token.text

    def refused(self, text: str) -> None:
        """Throw a token away that was refused, unless there is another by now."""
        with self._lock:
            if self._token is not None and self._token.text == text:
                self._token = None
