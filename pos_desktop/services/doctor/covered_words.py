"""Covers what tells of people, word by word, however a program has written the words.

A log has the same few words over and over, so each different one is looked up once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from urllib.parse import unquote

from pos_queue.views.masking import MASK

from pos_desktop.services.doctor.ordinary_words import ordinary_words

_LEAST_PART = 4
_PHONE = re.compile(r"\+?[\d\s().-]{9,20}")
_ENDING = 9
"""So many digits a telephone number of this country has behind its 0 or 254."""
_ESCAPED = r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}"
_TOKEN = re.compile(rf"(?:\\(?=[nrt]\w))?(?:\w+|{_ESCAPED})+")
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"\\[nrt]|%[0-9a-fA-F]{2}")
_GAP = r"(?:%[0-9a-fA-F]{2}|\\[nrt]|\W){1,20}"
"""What may stand between the words of a name or an address: a blank, +, %20, the end of a line."""


def phone_ending(text: str) -> str:
    """Return the last nine digits of a telephone number; empty for anything else."""
    return re.sub(r"\D", "", text)[-_ENDING:] if _PHONE.fullmatch(text) else ""


class Phrases:
    """Covers whole names, numbers and addresses, in small and capital letters."""

    def __init__(self, texts: Collection[str]) -> None:
        """Take the texts; of one word that all texts have nobody is known."""
        self._sought: dict[str, tuple[str, ...]] = {}
        for text in sorted(texts, key=len, reverse=True):
            for way in {text, json.dumps(text)[1:-1]}:
                words = tuple(_WORD.findall(way.casefold()))
                if words and not (len(words) == 1 and words[0] in ordinary_words()):
                    self._sought.setdefault(_GAP.join(words), words)

    def covered(self, text: str) -> str:
        """Return a text with all of them covered."""
        small = text.casefold()
        there = {*_WORD.findall(small), *_WORD.findall(_BETWEEN.sub(" ", small))}
        for sought, words in self._sought.items():
            if there.issuperset(words):
                text = re.sub(rf"(?<![^\W_]){sought}(?![^\W_])", MASK, text, flags=re.IGNORECASE)
        return text


class NameParts:
    """Covers a part of a name that stands alone."""

    def __init__(self, names: Collection[str]) -> None:
        """Take whole names."""
        parts = {part for name in names for part in _LETTERS.findall(name.casefold())}
        self._parts = {one for one in parts if len(one) >= _LEAST_PART} - ordinary_words()

    def covered(self, text: str) -> str:
        """Return a text with each of them covered."""
        told = {one for one in set(_TOKEN.findall(text)) if self._is_told(one)}
        return _TOKEN.sub(lambda found: MASK if found[0] in told else found[0], text)

    def _is_told(self, token: str) -> bool:
        """Tell whether a part of a name is in a word, or behind the end of a line before it."""
        words = _LETTERS.findall(_plain(token).casefold())
        if token.startswith("\\"):
            words += [word[1:] for word in words[:1]]
        return not self._parts.isdisjoint(words)


def _plain(token: str) -> str:
    """Return a word without the escapes of JSON, Python and addresses."""
    if "\\" in token:
        token = re.sub(r"\\[ux]([0-9a-fA-F]{2,4})", lambda one: chr(int(one[1], 16)), token)
    return unquote(token, errors="replace") if "%" in token else token
