"""What a child writes to its standard error, kept apart run by run, the last part of each."""

from __future__ import annotations

import threading
from typing import IO

from pos_queue.children.frames import END_OF_RUN

KEPT_STDERR = 64 << 10
"""Bytes of a run's output that are kept, the last ones."""
MARK_SECONDS = 0.5
"""How long the output of a run that is over may take to come through."""
_BLOCK = 1 << 13


class Output:
    """Reads a pipe in a thread of its own, which closes it at the end, and so never fills it."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._kept = bytearray()
        self._last_run = b""
        self._runs_ended = 0
        self._is_over = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._gather, daemon=True, name="child-stderr")
        self._reader.start()

    def of_this_run(self) -> str:
        """Return what came since the last run ended: all of it, once the child has ended."""
        with self._changed:
            return _text(self._kept)

    def of_run(self, number: int) -> str:
        """Return what a run wrote that has just ended; the first is number 1."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_over or self._runs_ended >= number, MARK_SECONDS
            )
            return _text(self._last_run if self._runs_ended >= number else self._kept)

    def join(self, within: float) -> None:
        """Wait for the end of the pipe, which a process may hold that the child started."""
        self._reader.join(within)

    def _gather(self) -> None:
        read = getattr(self._pipe, "read1", self._pipe.read)
        with self._pipe:
            while block := read(_BLOCK):
                self._take(block)
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _take(self, block: bytes) -> None:
        with self._changed:
            seen = max(0, len(self._kept) - len(END_OF_RUN))
            self._kept += block
            while (end := self._kept.find(END_OF_RUN, seen)) >= 0:
                self._last_run = bytes(self._kept[:end][-KEPT_STDERR:])
                self._runs_ended += 1
                del self._kept[: end + len(END_OF_RUN)]
                seen = 0
                self._changed.notify_all()
            del self._kept[:-KEPT_STDERR]


def _text(output: bytes | bytearray) -> str:
    return output.decode("utf-8", "replace")
