"""Writes text with the letters that a printer's code page has.

What the page lacks is replaced by what a reader would write instead (`€` by `EUR`, `ń` by `n`).
Letters of other scripts stay as they are; a line that holds any is printed as a picture.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_INSTEAD = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₦": "NGN", "₹": "Rs", "₵": "GHS", "₺": "TL",
    "₽": "RUB", "₴": "UAH", "₫": "VND", "₱": "PHP", "₩": "KRW", "₪": "ILS", "₡": "CRC",
    "₣": "Fr", "₨": "Rs", "฿": "THB", "¢": "c", "¤": "*",
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "─": "-", "═": "=",
    "‘": "'", "’": "'", "‚": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
    "«": '"', "»": '"', "‹": "'", "›": "'", "…": "...", "•": "*", "·": ".", "×": "x", "÷": "/",
    "✓": "v", "✔": "v", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~",
    "°": "o", "№": "No", "™": "(TM)", "©": "(C)", "®": "(R)", "½": "1/2", "¼": "1/4",
    "¾": "3/4", "µ": "u", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o",
    "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
    "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N", "ɓ": "b", "Ɓ": "B", "ɗ": "d", "Ɗ": "D",
    "ƙ": "k", "Ƙ": "K", "ƴ": "y", "Ƴ": "Y", "ə": "e", "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O",
}  # fmt: skip


class Speller:
    """Spells for one code page, named by Python's codec."""

    def __init__(self, codec: str) -> None:
        self._codec = codec
        self._letter = lru_cache(maxsize=4096)(self._spell_letter)

    def spell(self, text: str) -> str:
        """Return the text as the page can write it; foreign scripts are left in it."""
        if text.isascii():
            return text
        composed = unicodedata.normalize("NFC", text)
        if self.has(composed):
            return composed
        return "".join(map(self._letter, composed))

    def has(self, text: str) -> bool:
        """Tell whether the page has every letter of the text."""
        try:
            text.encode(self._codec)
        except UnicodeEncodeError:
            return False
        return True

    def _spell_letter(self, letter: str) -> str:
        if self.has(letter):
            return letter
        if letter in _INSTEAD:
            return "".join(map(self._spell_letter, _INSTEAD[letter]))
        plain = "".join(
            part
            for part in unicodedata.normalize("NFKD", letter)
            if not unicodedata.combining(part)
        )
        if plain and self.has(plain):
            return plain
        return letter if unicodedata.category(letter)[0] in "LMN" else _sign(letter)


def _sign(letter: str) -> str:
    return {"Z": " ", "C": ""}.get(unicodedata.category(letter)[0], "?")
