"""Wakes who waits for messages of a shop: at once by its own relay, in a moment by another.

Another relay on the same database, or another program, writes without telling us. So while
somebody waits, the numbers of the last messages are looked at every few milliseconds: that is one
small query, the same for every engine, and needs no connection of its own that could be lost.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from pos_sync.relay.database import DatabaseFailed
from pos_sync.relay.lane import Busy

LOOK_SECONDS = 0.015

LastNumbers = Callable[[Sequence[str]], Awaitable[dict[str, int]]]


class Bell:
    """Who waits for which shop."""

    def __init__(self, last_numbers: LastNumbers) -> None:
        self._last_numbers = last_numbers
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._known: dict[str, int] = {}
        self._is_wanted = asyncio.Event()

    @contextmanager
    def heard(self, shop: str) -> Iterator[asyncio.Event]:
        """Return what is set when a message of a shop may have come, from now on."""
        event = asyncio.Event()
        self._waiting[shop].add(event)
        self._is_wanted.set()
        try:
            yield event
        finally:
            self._waiting[shop].discard(event)
            if not self._waiting[shop]:
                del self._waiting[shop]
                self._known.pop(shop, None)

    def ring(self, shop: str) -> None:
        """Wake who waits for a shop."""
        for event in self._waiting.get(shop, ()):
            event.set()

    async def watch(self) -> None:
        """Look for what others have written, for as long as the relay runs."""
        while True:
            if not self._waiting:
                self._is_wanted.clear()
                await self._is_wanted.wait()
            await self._look()
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        try:
            found = await self._last_numbers(tuple(self._waiting))
        except (DatabaseFailed, Busy):
            # who waits asks again when its time is over
            return
        for shop, number in found.items():
            # a shop that is seen for the first time may have got one since its messages were read
            if self._known.get(shop) != number:
                self._known[shop] = number
                self.ring(shop)
