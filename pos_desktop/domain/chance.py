"""The seam through which chance reaches the program."""

from __future__ import annotations

import os
from collections.abc import Callable

_BITS = 53
"""As many as a float keeps."""


def unguessable(count: int) -> bytes:
    """Return so many bytes of which nobody can tell anything before."""
    return os.urandom(count)


def draw(random_bytes: Callable[[int], bytes] = os.urandom) -> float:
    """Return a number from 0 up to, but not, 1."""
    return (int.from_bytes(random_bytes(7), "big") >> (56 - _BITS)) / (1 << _BITS)


def digits(count: int, random_bytes: Callable[[int], bytes] = os.urandom) -> str:
    """Return so many decimal digits, each as likely as the others, that nobody can guess."""
    number = int.from_bytes(random_bytes(count + 8), "big") % 10**count
    return f"{number:0{count}d}"
