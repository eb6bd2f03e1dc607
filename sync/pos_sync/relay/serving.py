"""A relay from its start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime

from pos_sync.deadline import Monotonic
from pos_sync.relay.counts import Counts
from pos_sync.relay.desk import Desk, Rules
from pos_sync.relay.engines import open_engine
from pos_sync.relay.lane import Lane
from pos_sync.relay.server import Limits, Server


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a relay listens, and where it keeps its messages."""

    host: str
    port: int
    """0 for one that is free."""
    database: str


@dataclass(frozen=True)
class Running:
    """A relay that listens."""

    port: int
    counts: Counts


@asynccontextmanager
async def relay(
    place: Place,
    *,
    rules: Rules,
    now: Callable[[], datetime],
    monotonic: Monotonic,
    limits: Limits | None = None,
) -> AsyncIterator[Running]:
    """Run a relay for a while; raises DatabaseRefused, or OSError where the port cannot be had."""
    counts = Counts()
    with (
        closing(Lane(lambda: open_engine(place.database))) as writing,
        closing(Lane(lambda: open_engine(place.database), only_reads=True)) as reading,
    ):
        desk = Desk(writing, reading, rules=rules, counts=counts, now=now, monotonic=monotonic)
        server = Server(
            desk, proxies=rules.proxies, counts=counts, monotonic=monotonic, limits=limits
        )
        listening = await server.listen(place.host, place.port)
        tasks = [asyncio.create_task(desk.watch()), asyncio.create_task(desk.prune())]
        try:
            yield Running(listening.sockets[0].getsockname()[1], counts)
        finally:
            listening.close()
            for task in tasks:
                task.cancel()
            await server.end()
