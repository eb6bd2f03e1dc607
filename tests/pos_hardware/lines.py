"""Serial lines without hardware: the two ends of a pseudo terminal."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import tty
from collections.abc import Callable
from types import TracebackType
from typing import Self


class FarEnd:
    """The device's end of a line; `path` is the port that a program opens."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.unplug()

    def say(self, data: bytes) -> None:
        """Send bytes to the program."""
        os.write(self._master, data)

    def hear(self, size: int, seconds: float = 5) -> bytes:
        """Return exactly so many bytes that the program sent."""
        heard = b""
        while len(heard) < size:
            if not select.select([self._master], [], [], seconds)[0]:
                raise TimeoutError(heard)
            heard += os.read(self._master, size - len(heard))
        return heard

    def unplug(self) -> None:
        """Pull the device out."""
        for end in (self._slave, self._master):
            with contextlib.suppress(OSError):
                os.close(end)


class Answering:
    """A device on a far end that answers through a function, in a thread."""

    def __init__(self, end: FarEnd, answer: Callable[[bytes], bytes]) -> None:
        self._end = end
        self._answer = answer
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._ending.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                if said := self._answer(self._end.hear(1, 0.05)):
                    self._end.say(said)
