"""Covers what is secret and what tells of people in texts that leave the shop.

The program logs neither; this is for what an error of somebody else has quoted. What is known of
this shop is looked for word by word, and besides it everything that looks like a telephone number,
an e-mail address, a login in an address or a PIN's hash.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from pos_queue.views.masking import LEAST_LETTERS, MASK

from pos_desktop.domain.staff import BUILT_IN

_LEAST_NAME = 3
_LOOKS_SO = (
    re.compile(r"(?<!\d)(?:\+?254|0)[\s-]?[17](?:[\s-]?\d){8}(?!\d)"),  # a telephone of Kenya
    re.compile(r"\+\d{9,15}(?!\d)"),  # one of elsewhere
    re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"\$argon2\S+"),
)
_LOGIN = re.compile(r"(?<=://)[^/\s@]+@")
_WORD = re.compile(r"\w+")


class Cover:
    """Covers texts of one shop."""

    def __init__(self, secrets: Collection[str], people: Collection[str]) -> None:
        """Take what is secret, wherever it stands, and what tells of people as whole words."""
        self._secrets = sorted(
            {one for one in secrets if len(one) >= LEAST_LETTERS}, key=len, reverse=True
        )
        self._people = sorted(_wordings(people), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return a text with all of it covered."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        text = _LOGIN.sub(f"{MASK}@", text)
        for look in _LOOKS_SO:
            text = look.sub(MASK, text)
        there = set(_WORD.findall(text))
        for person in self._people:
            if there.issuperset(_WORD.findall(person)):
                text = re.sub(rf"(?<!\w){re.escape(person)}(?!\w)", MASK, text)
        return text


def _wordings(people: Iterable[str]) -> set[str]:
    """Return what is looked for: names as they are, and as JSON writes them."""
    known = {one.strip() for one in people}
    known = {one for one in known if len(one) >= _LEAST_NAME and one not in BUILT_IN}
    return known | {json.dumps(one)[1:-1] for one in known}


def secret_texts(secrets: Iterable[bytes]) -> Iterator[str]:
    """Yield keys and passwords in every way in which they could be written."""
    for value in secrets:
        yield from (value.hex(), value.hex().upper(), base64.b64encode(value).decode())
        with suppress(UnicodeDecodeError):
            yield value.decode()


def secrets_of_address(address: str) -> Iterator[str]:
    """Yield what is secret in an address of a server, such as one of the environment."""
    yield address
    with suppress(ValueError):
        if password := urlsplit(address).password:
            yield password


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
