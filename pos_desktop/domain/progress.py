"""How far something is that takes long: how much of it is done, and of how much."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], object]
"""Told how much is done, and of how much."""


def tell_nobody(_done: int, _total: int) -> None:
    """Leave it at that: nobody asked."""
