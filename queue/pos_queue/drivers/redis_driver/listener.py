"""Hears what is said on the channels of a board, and goes on when its server has been away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from pos_queue.drivers.redis_driver.server import HEAR_SECONDS, Server, ServerAway


class Listener:
    """A thread's work: `run` blocks until `stop` is called.

    A message may be lost, and is only ever a hint: who waits for one looks for himself once a
    second too.
    """

    def __init__(self, server: Server, channels: Mapping[str, Callable[[], object]]) -> None:
        """Take what is called for each channel; it must be short."""
        self._server = server
        self._channels = channels
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End soon; from any thread."""
        self._stopping.set()

    def run(self) -> None:
        """Listen until stopped."""
        while not self._stopping.is_set():
            with suppress(ServerAway):
                self._server.listen(
                    [*self._channels], lambda channel: self._channels[channel](), self._stopping
                )
            self._stopping.wait(HEAR_SECONDS)
