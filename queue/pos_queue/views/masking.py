"""What a view may show of a payload: no secret, and nothing that a terminal would obey."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

MASK = "***"
SECRET_WORDS = frozenset(
    (
        *("password", "passwd", "passphrase", "passcode", "pwd", "pin", "secret", "token", "key"),
        *("credential", "authorization", "auth", "bearer", "cookie", "otp", "cvv", "cvc"),
        "signature",
    )
)
"""A value is a secret if its name has one of these words in it."""
LEAST_LETTERS = 4
"""Shorter secrets are not looked for in other texts: too much else is spelled like them."""
MOST_LETTERS = 10_000
"""Of a payload that cannot be read, so much is shown."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_NAMED = re.compile(r'"([^"\\]{1,100})"\s*:\s*')
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"?|[{\[].*|[^\s,}\]]*', re.DOTALL)
"""A text, a number or a word; where more is nested, all that follows."""


def is_secret(name: str) -> bool:
    """Tell whether what is called so is a secret: api_key, PIN and accessTokens are."""
    words = (word.lower() for word in _WORD.findall(name))
    return any(word in SECRET_WORDS or word.removesuffix("s") in SECRET_WORDS for word in words)


def masked(value: Any, names: Collection[str] = ()) -> Any:
    """Return a plain value with every secret in it covered, and those of the names."""
    if isinstance(value, dict):
        return {
            key: MASK if key in names or is_secret(key) else masked(inner, names)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [masked(inner, names) for inner in value]
    return value


def secrets_in(value: Any, names: Collection[str] = ()) -> Iterator[str]:
    """Yield the texts that `masked` would cover and that are long enough to be looked for."""
    if isinstance(value, dict):
        for key, inner in value.items():
            covered = key in names or is_secret(key)
            yield from _texts(inner) if covered else secrets_in(inner, names)
    elif isinstance(value, list):
        for inner in value:
            yield from secrets_in(inner, names)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    elif len(text := str(value)) >= LEAST_LETTERS:
        yield text


def without(text: str, secrets: Collection[str]) -> str:
    """Return a text with the secrets in it covered."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def raw_text(body: bytes, names: Collection[str] = ()) -> str:
    """Return bytes that could not be read as a text; what is named like a secret is covered."""
    text = body[:MOST_LETTERS].decode("utf-8", "backslashreplace")
    try:
        text = json.dumps(masked(json.loads(body), names), ensure_ascii=False)[:MOST_LETTERS]
    except (ValueError, RecursionError):
        text = "".join(_pieces(text, names))
    return printable(text) + ("…" if len(body) > MOST_LETTERS else "")


def _pieces(text: str, names: Collection[str]) -> Iterator[str]:
    """Yield a text that is no JSON, with what stands behind the name of a secret covered."""
    place = 0
    while named := _NAMED.search(text, place):
        yield text[place : named.end()]
        place = named.end()
        if named[1] in names or is_secret(named[1]):
            value = _VALUE.match(text, place)
            place = value.end() if value else place
            yield f'"{MASK}"'
    yield text[place:]


def printable(text: str) -> str:
    """Return a text in which nothing but line ends steers a terminal: the rest is spelled out."""
    return "".join(
        letter
        if letter.isprintable() or letter == "\n"
        else letter.encode("unicode_escape").decode()
        for letter in text
    )
