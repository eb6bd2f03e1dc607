"""Python's collector of cycles, kept out of long work that makes none.

It looks at each row that a planner holds again and again: an eighth of a large import's time,
though nothing that an import drops is a cycle. What counts references goes on, so that no memory
grows.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile, in any thread: not for work that runs for long in a window."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
