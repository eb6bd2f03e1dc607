"""Texts as a workbook can hold them."""

from __future__ import annotations

import re

LONGEST_TEXT = 32_767
"""Signs of a cell, those beyond the first 65,536 of Unicode counted twice."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME, _LONGEST_FOOTER = 31, 100


def sheet_text(text: str) -> str:
    """Return a text with a sign in place of each that XML cannot hold, and cut where too long."""
    kept = _NOT_IN_XML.sub("\ufffd", text)
    if 2 * len(kept) <= LONGEST_TEXT or _units(kept) <= LONGEST_TEXT:
        return kept
    kept = kept[:LONGEST_TEXT]
    while _units(kept) >= LONGEST_TEXT:
        kept = kept[: -max(1, (_units(kept) - LONGEST_TEXT) // 2)]
    return f"{kept}…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def sheet_name(title: str, number: int) -> str:
    """Return the name of the sheet of a title, the second one and those after it by number."""
    ending = f" {number}" if number > 1 else ""
    name = _NOT_IN_NAMES.sub(" ", sheet_text(title)).strip(" '")
    if name.lower() in ("", "history"):  # a name that the program of spreadsheets keeps for itself
        name = f"{name}_"
    return name[: _LONGEST_NAME - len(ending)].rstrip(" '") + ending


def footer_text(text: str) -> str:
    """Return a text for the foot of printed pages, where & begins a command."""
    return sheet_text(text)[:_LONGEST_FOOTER].replace("&", "&&")
