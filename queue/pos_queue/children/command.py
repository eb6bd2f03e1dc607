"""How a child process is started, from a checkout and from a frozen program."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

FROZEN_ARGUMENT = "--pos-child"
"""The hidden argument by which a frozen program's own executable becomes a child."""
_START = (
    "import sys; sys.path[:] = sys.argv[2:]; from pos_queue.children import inside; "
    "inside.main(int(sys.argv[1]))"
)


def child_command(leash: int) -> list[str]:
    """Return how a child is started: isolated, without site, on the parent's import path.

    leash is the number that `leash` gives a child. A frozen program calls its own
    executable; its entry hands FROZEN_ARGUMENT to `frozen_child` before it imports anything else.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_ARGUMENT, str(leash)]
    paths = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 - the import path is text
    return [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, str(leash), *paths]


def frozen_child(argv: Sequence[str]) -> bool:
    """Become a child if a frozen program was started as one; returns False if it was not."""
    if len(argv) < 3 or argv[1] != FROZEN_ARGUMENT:
        return False
    from pos_queue.children import inside

    inside.main(int(argv[2]))
    return True
