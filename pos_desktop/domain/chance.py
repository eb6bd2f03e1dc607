"""The seam through which chance reaches the program."""

from __future__ import annotations

import os
from collections.abc import Callable

_BITS = 53
"""As many as a float keeps."""


def draw(random_bytes: Callable[[int], bytes] = os.urandom) -> float:
    """Return a number from 0 up to, but not, 1."""
    return (int.from_bytes(random_bytes(7), "big") >> (56 - _BITS)) / (1 << _BITS)
