"""A device on a serial line that is a pseudo terminal; Linux and macOS only."""

from __future__ import annotations

import contextlib
import os
import select
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

_LOOK = 0.02
_PORTION = 256


class PtyDevice:
    """Hands what comes to `receive`, and sends back what that returns; use it in a `with`.

    Its port is a link of a fixed name, so that a device put in again is found where it was.
    `reads` False: it takes nothing more, as a device that holds its line. `say` sends unasked.
    """

    def __init__(self, link: Path, receive: Callable[[bytes], bytes]) -> None:
        self.link = link
        self.reads = True
        self._receive = receive
        self._lock = threading.Lock()
        self._ends: tuple[int, int] | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="pty device", daemon=True)

    def __enter__(self) -> Self:
        self.plug_in()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(5)
        self.unplug()

    @property
    def address(self) -> str:
        """The address for `parse_address`."""
        return f"serial://{self.link}"

    def plug_in(self) -> None:
        """Put the device in, under the same name as before."""
        import tty

        master, slave = os.openpty()
        tty.setraw(slave)
        with self._lock:
            self._ends = master, slave
            self.link.unlink(missing_ok=True)
            self.link.symlink_to(os.ttyname(slave))

    def unplug(self) -> None:
        """Pull the device out: who holds its line loses it."""
        with self._lock:
            ends, self._ends = self._ends, None
            self.link.unlink(missing_ok=True)
            for end in ends or ():
                os.close(end)

    def say(self, data: bytes) -> None:
        """Send bytes unasked."""
        with self._lock:
            if self._ends is not None:
                os.write(self._ends[0], data)

    def _serve(self) -> None:
        while not self._ending.is_set():
            if not self.reads or not self._take():
                self._ending.wait(_LOOK)

    def _take(self) -> bool:
        with self._lock, contextlib.suppress(OSError):
            if self._ends is None or not select.select([self._ends[0]], [], [], 0)[0]:
                return False
            if said := self._receive(os.read(self._ends[0], _PORTION)):
                os.write(self._ends[0], said)
            return True
        return False
