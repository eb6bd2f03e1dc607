"""How a child process is started, from a checkout and from a frozen program."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

FROZEN_ARGUMENT = "--pos-child"
"""The hidden argument by which a frozen program's own executable becomes a child."""
_START = (
    "import sys; sys.path[:] = sys.argv[2:]; from pos_queue import child; "
    "child.main([name for name in sys.argv[1].split(',') if name])"
)


def child_command(preload: Sequence[str] = ()) -> list[str]:
    """Return how a child is started: isolated, without site, on the parent's import path.

    A frozen program calls its own executable; its entry hands FROZEN_ARGUMENT to
    `frozen_child` before it imports anything else.
    """
    names = ",".join(preload)
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_ARGUMENT, names]
    paths = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 - the import path is text
    return [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, names, *paths]


def frozen_child(argv: Sequence[str]) -> bool:
    """Become a child if a frozen program was started as one; returns False if it was not."""
    if len(argv) < 3 or argv[1] != FROZEN_ARGUMENT:
        return False
    from pos_queue import child

    child.main([name for name in argv[2].split(",") if name])
    return True
