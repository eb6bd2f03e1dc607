"""How processes tell one another that there is work: a datagram to a port of this machine.

Its content says nothing and is not read, so whoever sends one, with whatever intent, causes one
look at the queue. It may be lost, or find nobody: `wal_watch` is the net below.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from pos_queue.owners.owner_files import owner_files

LOOPBACK = "127.0.0.1"
CALL_SECONDS = 0.005
"""The mean time between two calls under a flood: at most 200 calls a second."""
BURST_CALLS = 10
"""How many calls may follow one another without a pause."""
MOST_DRAINED = 64
"""Datagrams that are thrown away at once: a flood must not hold up the call."""
RECEIVE_BYTES = 4096
"""What the system keeps for a listener. One datagram is as good as a thousand."""
STOP_SECONDS = 2.0
SETTLE_SECONDS = 0.1
"""How coarse a folder's time may be: two changes within it can leave the same time."""

logger = logging.getLogger(__name__)


class WakeListener:
    """Calls `on_wake`, in a thread of its own, when another process has sent a wake.

    One call at a time. Wakes that came before a call began are covered by it, and one that comes
    later leads to another call: the last one is never lost.
    """

    def __init__(
        self, on_wake: Callable[[], None], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_wake = on_wake
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._due = float("-inf")
        self.port = 0
        """The port that wakes, chosen by the system at the start; 0 before."""

    def start(self) -> None:
        """Open the port and listen; once only. Raises OSError where there is no port to be had."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
            listening.bind((LOOPBACK, 0))
            self.port = listening.getsockname()[1]
        except OSError:
            listening.close()
            raise
        self._socket = listening
        self._thread = threading.Thread(
            target=self._listen, args=(listening,), daemon=True, name="queue-wake"
        )
        self._thread.start()

    def stop(self) -> None:
        """Close the port and end the thread, from any thread; may be called again.

        Waits for a call of `on_wake` that is under way, at most STOP_SECONDS.
        """
        self._stopping.set()
        if self._thread is None or self._socket is None:
            return
        # A datagram ends the wait everywhere, but needs a loopback that is up; this needs Unix.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.sendto(b"", (LOOPBACK, self.port))
        if self._thread is not threading.current_thread():
            self._thread.join(STOP_SECONDS)

    def _listen(self, listening: socket.socket) -> None:
        with listening:
            while not self._stopping.is_set():
                _receive(listening)
                if not self._stopping.is_set():
                    self._call()
                    self._pause()

    def _call(self) -> None:
        try:
            self._on_wake()
        except Exception as error:
            logger.error("a wake of the queue failed: %s", error)
            logger.info("the error of the wake", exc_info=error)

    def _pause(self) -> None:
        """Wait until the next call is within the bound; what comes meanwhile is kept."""
        now = self._monotonic()
        self._due = max(self._due, now - BURST_CALLS * CALL_SECONDS) + CALL_SECONDS
        if self._due > now:
            self._stopping.wait(self._due - now)


def _receive(listening: socket.socket) -> None:
    """Return when something has come, and throw it away; an error is something too."""
    with suppress(OSError):
        listening.settimeout(None)
        listening.recv(1)
    with suppress(OSError):
        listening.settimeout(0)
        for _datagram in range(MOST_DRAINED):
            listening.recv(1)


class _Ports(NamedTuple):
    """The ports found in a folder, and how far they can be trusted."""

    ports: frozenset[int] = frozenset()
    changed: int = -1
    """The folder's time when it was read."""
    first: float = 0.0
    """When this time of the folder was seen first."""
    is_settled: bool = False
    """Whether the folder was read late enough after that to hold all changes of this time."""


class WakeSender:
    """Wakes the other owners of a folder; for any process, one that runs no jobs too.

    From any thread. Nothing here waits or fails: who cannot be woken looks for himself.
    """

    def __init__(
        self,
        folder: Path,
        *,
        own_port: int = 0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Name the folder of the owners' lock files, and the port that is not to be woken."""
        self._folder = folder
        self._own_port = own_port
        self._monotonic = monotonic
        self._found = _Ports()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the socket back; nobody is woken from now on."""
        self._socket.close()

    def wake_others(self) -> None:
        """Send a datagram to every other owner; call it after the commit."""
        for port in self._ports():
            with suppress(OSError):
                self._socket.sendto(b"", (LOOPBACK, port))

    def _ports(self) -> Iterable[int]:
        """Return the ports, read anew where the folder may have changed."""
        found = self._found
        try:
            changed = os.stat(self._folder).st_mtime_ns  # noqa: PTH116 - half the time of Path's
            if not found.is_settled or changed != found.changed:
                self._found = found = self._read(found, changed)
        except OSError:
            return ()
        return found.ports

    def _read(self, found: _Ports, changed: int) -> _Ports:
        now = self._monotonic()
        first = found.first if changed == found.changed else now
        ports = {file.port for file in owner_files(self._folder)} - {0, self._own_port}
        return _Ports(frozenset(ports), changed, first, now - first >= SETTLE_SECONDS)
