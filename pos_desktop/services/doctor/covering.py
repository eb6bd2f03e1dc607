"""Covers what is secret and what tells of people in texts that leave the shop.

The program logs neither; this is for what an error of somebody else has quoted. What is known of
this shop is looked for in each way in which a program writes it, and besides it everything that
looks like a telephone number, an e-mail address, a recovery key, a login or a token in an address,
somebody's home, or a PIN's hash.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

from pos_queue.views.masking import LEAST_LETTERS, MASK, is_secret

from pos_desktop.domain.staff import BUILT_IN
from pos_desktop.services.doctor.covered_words import NameParts, Phrases, phone_ending

_LEAST_NAME = 3
_LOOKS_SO = (
    re.compile(r"(?<!\d)(?:(?:\+|00)?254|0)[\s-]?[17](?:[\s-]?\d){8}(?!\d)"),  # one of Kenya
    re.compile(r"\(0[17]\d\d\)[\s.-]?\d{3}[\s.-]?\d{3}(?!\d)"),
    re.compile(r"(?<![\d.])(?:\+?254\.|0)[17]\d\d\.\d{3}\.\d{3}(?![\d.])"),
    re.compile(r"\+\d{9,15}(?!\d)"),  # a telephone of elsewhere
    re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"\$argon2\S+"),
    re.compile(r"(?<!\w)[A-Za-z2-7]{5}(?:(?:[-+\s]|%20)[A-Za-z2-7]{5}){7}(?!\w)"),  # recovery key
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),
    re.compile(r"(?<!\w)(?<=Bearer )\S{8,}"),
    re.compile(r"(?<=/home/)[^/\s\"']+|(?<=[/\\]Users[/\\])[^/\\\s\"']+"),
    re.compile(r"(?<=/media/)[^/\s\"']+(?=/)"),  # where a stick of this person is
)
_ASKED = re.compile(r"(?<=[?&])([\w.-]{1,40})=([^&\s\"'<>]+)")
_DIGITS = re.compile(r"\d{9,}")


class Cover:
    """Covers texts of one shop."""

    def __init__(
        self, secrets: Collection[str], people: Collection[str], names: Collection[str] = ()
    ) -> None:
        """Take what is secret, wherever it stands, what tells of people, and their names.

        Of a name one part alone is covered too, unless it is a word that all texts have.
        """
        known = {way for one in secrets if len(one) >= LEAST_LETTERS for way in _ways(one)}
        self._secrets = sorted(known, key=len, reverse=True)
        texts = {one.strip() for one in (*people, *names)}
        self._phrases = Phrases(_told(texts))
        self._parts = NameParts(names)
        self._phones = {ending for one in texts if (ending := phone_ending(one))}

    def __call__(self, text: str) -> str:
        """Return a text with all of it covered."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        for look in _LOOKS_SO:
            text = look.sub(MASK, text)
        text = _ASKED.sub(_asked, text)
        text = _DIGITS.sub(self._number, text)
        return self._parts.covered(self._phrases.covered(text))

    def _number(self, found: re.Match[str]) -> str:
        """Return a long number, covered where a known telephone number stands in it."""
        digits = found[0]
        ends = range(9, len(digits) + 1)
        return MASK if any(digits[end - 9 : end] in self._phones for end in ends) else digits


def _asked(found: re.Match[str]) -> str:
    """Return a part of what an address asks for, covered where its name says that it is secret."""
    return f"{found[1]}={MASK}" if is_secret(found[1]) else found[0]


def _told(texts: Iterable[str]) -> set[str]:
    """Return what tells who it is; the name of a role is nobody's."""
    return {one for one in texts if len(one) >= _LEAST_NAME and one.casefold() not in BUILT_IN}


def _ways(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as JSON, Python and addresses write it."""
    yield secret
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield from (repr(secret)[1:-1], ascii(secret)[1:-1])
    yield from (quote(secret), quote(secret, safe=""), quote_plus(secret))


def secret_texts(secrets: Iterable[bytes]) -> Iterator[str]:
    """Yield keys and passwords in every way in which they could be written."""
    for value in secrets:
        yield from (value.hex(), value.hex().upper())
        yield from (base64.b64encode(value).decode(), base64.urlsafe_b64encode(value).decode())
        with suppress(UnicodeDecodeError):
            yield value.decode()


def secrets_of_address(address: str) -> Iterator[str]:
    """Yield what is secret in an address of a server, such as one of the environment."""
    yield address
    with suppress(ValueError):
        if password := urlsplit(address).password:
            yield from (password, unquote(password))


def values_covered(value: Any, cover: Callable[[str], str]) -> Any:
    """Return a document with the texts in it covered, each as it is; names of parts stay.

    A text that JSON has written already would be looked for in vain.
    """
    if isinstance(value, dict):
        return {key: values_covered(inner, cover) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [values_covered(inner, cover) for inner in value]
    return cover(value) if isinstance(value, str) else value


def leaves_covered(value: Any) -> Any:
    """Return a value of which only the names of its parts are left."""
    if isinstance(value, dict):
        return {key: leaves_covered(inner) for key, inner in value.items()}
    return [MASK] if isinstance(value, list) else MASK
