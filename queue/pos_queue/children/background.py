"""How a child process leaves the processor to the screen beside it.

A low priority alone does not do it: whatever has waited long enough gets a whole turn of the
processor, on Linux 4 to 8 ms, also while a window has a line to paint. So a child works in short
stretches too, and sleeps between them; on Windows that is all it does.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

REST_SECONDS = 0.0007
NICENESS = 10


def lower_priority() -> None:
    """Let everything else of this machine go first, for the rest of this process's life.

    Only an administrator can take it back.
    """
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    elif sys.platform != "win32":
        os.nice(max(0, NICENESS - os.nice(0)))


def with_rests(
    results: Iterator[T], sleep: Callable[[float], None] = time.sleep
) -> Generator[T, None, Any]:
    """Yield the results, with a short sleep after each; return what their iterator returns."""
    while True:
        try:
            result = next(results)
        except StopIteration as end:
            return end.value
        yield result
        sleep(REST_SECONDS)
