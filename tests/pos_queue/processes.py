"""What the tests ask the system about processes they started."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS = 20


def is_gone(pid: int | None) -> bool:
    """Tell whether a process has ended, also where nobody has buried it yet."""
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" in status.read_text()


def open_files() -> int:
    """Count the files of this process, where the system tells."""
    files = Path("/proc/self/fd")
    return sum(1 for _file in files.iterdir()) if files.exists() else 0


def wait_until(is_so: Callable[[], object]) -> None:
    """Return once something is so; fails the test if it never is."""
    for _look in range(100 * SECONDS):
        if is_so():
            return
        threading.Event().wait(0.01)
    pytest.fail("it was never so")
