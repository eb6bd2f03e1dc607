"""A name that has to leave room for what stands after it."""

from __future__ import annotations


def shortened(text: str, longest: int) -> str:
    """Return a text of at most so many signs, cut at its end."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
