"""Printers behind CUPS: one `lp` a print. Success means queued, never printed.

Programs are asked in the language C, with a time limit that ends them.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence

from pos_hardware.clock import Deadline
from pos_hardware.errors import Lost, NotSent
from pos_hardware.faults import Fault

_REQUEST = re.compile(r"request id is (\S+)")


class CupsTransport:
    """A queue of the CUPS server on this machine."""

    can_answer = False
    takes_whole = True

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._request = ""

    def open(self, deadline: Deadline) -> None:
        """Ask whether the queue is there and takes prints."""
        if fault := self._state(deadline):
            raise NotSent(fault)

    def write(self, data: bytes, deadline: Deadline) -> int:
        """Queue all the bytes as one print."""
        try:
            done = run(["lp", "-d", self._queue, "-o", "raw", "-t", "POS", "-"], deadline, data)
        except subprocess.TimeoutExpired as error:
            raise Lost("lp did not come back in time", uncertain=True) from error
        except OSError as error:
            raise NotSent(Fault.UNREACHABLE) from error
        if done.returncode:
            raise NotSent(Fault.OFFLINE, done.stderr.decode(errors="replace").strip())
        found = _REQUEST.search(done.stdout.decode(errors="replace"))
        self._request = found[1] if found else ""
        return len(data)

    def read(self, size: int, deadline: Deadline) -> bytes:  # noqa: ARG002 - a spooler is silent
        """Return nothing."""
        return b""

    def settle(self, deadline: Deadline) -> Fault | None:
        """Watch the queue until the print has left it."""
        while self._request and self._is_waiting(deadline):
            if not deadline.left():
                return Fault.OFFLINE
            deadline.pause(0.25)
        return None

    def close(self) -> None:
        """Nothing is held open."""

    def _state(self, deadline: Deadline) -> Fault | None:
        try:
            done = run(["lpstat", "-p", self._queue], deadline)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotSent(Fault.UNREACHABLE) from error
        if done.returncode:
            return Fault.NO_SUCH_NAME
        return Fault.OFFLINE if b"disabled" in done.stdout else None

    def _is_waiting(self, deadline: Deadline) -> bool:
        try:
            listed = run(["lpstat", "-o", self._queue], deadline).stdout
        except (OSError, subprocess.TimeoutExpired):
            return False
        return self._request.encode() in listed.split()


def run(
    command: Sequence[str], deadline: Deadline, data: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end; `TimeoutExpired` if it had to be ended, `OSError` if missing."""
    environment = os.environ | {"LC_ALL": "C"}
    pipe = subprocess.PIPE
    rest: bytes | None = data
    with subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment
    ) as process:
        while True:
            try:
                out, error = process.communicate(rest, timeout=max(deadline.step(), 0.01))
            except subprocess.TimeoutExpired:
                rest = None
                if not deadline.left():
                    process.kill()
                    process.communicate()
                    raise
            else:
                return subprocess.CompletedProcess(command, process.returncode, out, error)
