"""Processes that tests start, what is said to them, and what the system tells of them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")

SECONDS = 20


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a process that runs Python code, its input and output as lines of text."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


class Process:
    """A process that is spoken to by lines, and ends with its standard input."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def tell(self, line: str) -> None:
        """Say a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        """Return the next line that it says."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        """End it as a power cut would; its standard input stays open."""
        self.process.kill()
        self.process.wait(SECONDS)

    def close(self) -> None:
        """Let it end in good order, if it still lives."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(SECONDS)
        finally:
            self.process.kill()
            self.process.stdout.close()


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


def wait_until(is_so: Callable[[], T]) -> T:
    """Return what is so once it is; fails the test if it never is."""
    for _look in range(100 * SECONDS):
        if found := is_so():
            return found
        threading.Event().wait(0.01)
    pytest.fail("it was never so")
