"""A posctl that runs on a terminal of its own, and who answers what it asks."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")


class Terminal:
    """What is shown and typed there."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self._process, self._master = process, master
        self.seen = ""

    def answer(self, question: str, text: str) -> None:
        """Wait for a question, then type a line."""
        self._read_until(question)
        os.write(self._master, text.encode())

    def ended(self) -> int:
        """Wait for the end; return the exit code."""
        self._read_until(None)
        return self._process.wait(timeout=30)

    def _read_until(self, words: str | None) -> None:
        new = ""
        while words is None or words not in new:
            assert select.select([self._master], [], [], 30)[0], self.seen
            try:
                read = os.read(self._master, 4096).decode()
            except OSError:
                read = ""
            self.seen += read
            new += read
            if not read:
                assert words is None, self.seen
                return


@contextmanager
def on_a_terminal(directory: Path, *arguments: str) -> Iterator[Terminal]:
    master, slave = os.openpty()
    command = [sys.executable, "-m", "pos_desktop.cli.main", *arguments]
    with subprocess.Popen(
        [*command, "--data", str(directory)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as process:
        os.close(slave)
        try:
            yield Terminal(process, master)
        finally:
            process.kill()
            os.close(master)
