"""The letters of PDF files: how wide texts are, where they are wrapped, what is not known.

The letters are put into the file, so that every reader shows the same.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import Any

PLAIN, STRONG = "Print-Regular", "Print-SemiBold"
UNKNOWN = "?"
"""Stands for each sign that the letters lack."""
_LIKE = str.maketrans({"\u02bc": "\u2019", "\u2011": "-", "\u00ad": "", "\ufeff": "", "\u200b": ""})
"""Signs that the letters lack, and others that mean the same."""


@cache
def letters(face: str) -> Any:
    """Return the letters of PLAIN or STRONG."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    content = (files("pos_resources") / "fonts" / f"{face}.ttf").read_bytes()
    font = TTFont(face, io.BytesIO(content))
    registerFont(font)
    return font


class Letters:
    """Makes texts ready to be drawn, and remembers whether signs were missing."""

    def __init__(self) -> None:
        self._known = letters(PLAIN).face.charToGlyph
        letters(STRONG)
        self.any_unknown = False

    def known(self, text: str) -> str:
        """Return a text in one line, with UNKNOWN for each sign that the letters lack."""
        if text.isascii() and text.isprintable():
            return text
        text = " ".join(text.translate(_LIKE).split())
        known = "".join(sign if ord(sign) in self._known else UNKNOWN for sign in text)
        self.any_unknown = self.any_unknown or known != text
        return known


def width(text: str, face: str, size: float) -> float:
    """Return how wide a text is, in points."""
    return sum(map(_widths(face).__getitem__, text)) * size / 1000


class _Widths(dict[str, float]):
    """How wide each sign is, in thousandths of the letters' size."""

    def __init__(self, face: str) -> None:
        font = letters(face).face
        super().__init__((chr(code), wide) for code, wide in font.charWidths.items())
        self._default = float(font.defaultWidth)

    def __missing__(self, sign: str) -> float:
        return self._default


@cache
def _widths(face: str) -> _Widths:
    return _Widths(face)


def cut(text: str, face: str, size: float, room: float) -> str:
    """Return what of a text fits into a room, with a sign where something is missing."""
    if width(text, face, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(f"{text[:middle].rstrip()}…", face, size) <= room:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"


def wrapped(text: str, face: str, size: float, room: float, most: int) -> list[str]:
    """Return a text in at most so many lines, the last one cut; a long word is broken."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1:
        if width(rest, face, size) <= room:
            return [*lines, rest]
        head = _head(rest, face, size, room)
        lines.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [*lines, cut(rest, face, size, room)] if rest or not lines else lines


def _head(text: str, face: str, size: float, room: float) -> str:
    """Return what of a text fits into a line: whole words where there are any."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip(), face, size) <= room:
            low = middle
        else:
            high = middle - 1
    space = text.rfind(" ", 1, low + 1)
    return text[:space] if space > 0 and low < len(text) else text[:low]
