"""Numbers as they are typed after posctl, and what is said of a wrong one."""

from __future__ import annotations

import argparse

from pos_desktop.domain.text import _

_MOST = 2**63 - 1
"""The greatest number that a shop's file holds."""
_MOST_SECONDS = 1e9


def count(text: str) -> int:
    """Return a whole number from 1 on."""
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(
            _("{text}: write a whole number from 1 on").format(text=text)
        )
    return number


def seconds(text: str) -> float:
    """Return a span of seconds, 0 or longer."""
    return _span(text, _MOST_SECONDS)


def hours(text: str) -> float:
    """Return a span of hours, 0 or longer."""
    return _span(text, _MOST_SECONDS / 3600)


def days(text: str) -> int:
    """Return a span of whole days, 0 or longer."""
    most = int(_MOST_SECONDS / 86400)
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= most:
        raise argparse.ArgumentTypeError(
            _("{text}: write a whole number from 0 to {most}").format(text=text, most=most)
        )
    return number


def _span(text: str, most: float) -> float:
    try:
        span = float(text)
    except ValueError:
        span = -1.0
    if not 0 <= span <= most:
        raise argparse.ArgumentTypeError(
            _("{text}: write a number from 0 to {most}").format(text=text, most=int(most))
        )
    return span
