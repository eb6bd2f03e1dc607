"""The lines to a relay: many at once, each with hard limits, so that none can do harm to others."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus

from pos_sync.deadline import Monotonic
from pos_sync.relay.addresses import Address, AddressList, came_from, read_address
from pos_sync.relay.counts import Counts
from pos_sync.relay.desk import Desk
from pos_sync.relay.http import (
    LARGEST_HEAD,
    Answer,
    Left,
    Request,
    Unreadable,
    read_head,
    with_body,
)

_LINGER_SECONDS = 1.0
_LINGER_BYTES = 1_000_000
_BACKLOG = 1_024

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much is let in; seconds are hard."""

    request_seconds: float = 10.0
    """From the first byte of a request to its last."""
    answer_seconds: float = 10.0
    """For the client to take an answer."""
    idle_seconds: float = 75.0
    """Without a request; longer than a proxy before us keeps a line."""
    connections: int = 1_000
    per_address: int = 100
    """Of the connections; a proxy of our own may have all."""


@dataclass(eq=False)
class _Line:
    writer: asyncio.StreamWriter
    peer: Address | None
    idle_since: float | None = None
    """While no request is under way."""
    task: asyncio.Task[None] | None = field(default=None)


class Server:
    """Takes connections and lets the desk answer."""

    def __init__(
        self,
        desk: Desk,
        *,
        proxies: AddressList,
        counts: Counts,
        monotonic: Monotonic,
        limits: Limits | None = None,
    ) -> None:
        self._desk = desk
        self._proxies = proxies
        self._counts = counts
        self._monotonic = monotonic
        self._limits = limits or Limits()
        self._lines: set[_Line] = set()
        self._per_peer: Counter[Address | None] = Counter()

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Begin to take connections; raises OSError where the port cannot be had."""
        return await asyncio.start_server(
            self._come, host, port, limit=LARGEST_HEAD, backlog=_BACKLOG
        )

    async def end(self) -> None:
        """End all lines; what is being kept at this moment is kept and answered."""
        for line in [*self._lines]:
            if line.idle_since is not None:
                line.writer.close()
        tasks = [line.task for line in self._lines if line.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=_LINGER_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = writer.get_extra_info("peername")
        line = _Line(writer, read_address(name[0]) if name else None, task=asyncio.current_task())
        try:
            if self._has_room(line):
                self._lines.add(line)
                self._per_peer[line.peer] += 1
                try:
                    await self._run(line, reader)
                finally:
                    self._lines.discard(line)
                    self._per_peer[line.peer] -= 1
                    self._per_peer += Counter()  # forgets who has none
            else:
                self._counts.too_many += 1
                await self._say(line, _status(HTTPStatus.SERVICE_UNAVAILABLE), is_last=True)
        except (Left, ConnectionError, TimeoutError):
            pass
        finally:
            await _close(writer)

    def _has_room(self, line: _Line) -> bool:
        is_proxy = line.peer in self._proxies
        if not is_proxy and self._per_peer[line.peer] >= self._limits.per_address:
            return False
        return len(self._lines) < self._limits.connections or self._has_ended_an_idle_one()

    def _has_ended_an_idle_one(self) -> bool:
        idle = [(line.idle_since, line) for line in self._lines if line.idle_since is not None]
        if not idle:
            return False
        _, oldest = min(idle, key=lambda one: one[0])
        oldest.writer.close()
        oldest.idle_since = None
        return True

    async def _run(self, line: _Line, reader: asyncio.StreamReader) -> None:
        is_over = False
        while not is_over:
            line.idle_since = self._monotonic()
            async with asyncio.timeout(self._limits.idle_seconds):
                first = await reader.read(1)
            line.idle_since = None
            if not first:
                return
            is_over = await self._is_answered_for_good(line, reader, first)
            if is_over:
                await _linger(line.writer, reader)

    async def _is_answered_for_good(
        self, line: _Line, reader: asyncio.StreamReader, first: bytes
    ) -> bool:
        """Answer one request; tell whether the line is to end."""
        try:
            async with asyncio.timeout(self._limits.request_seconds):
                request = await read_head(reader, first)
                address = self._address(line, request)
                refusal = await self._refusal(request, address)
                if refusal is not None:
                    await self._say(line, refusal, is_last=True)
                    return True
                request = await with_body(request, reader, line.writer.write)
        except TimeoutError:
            self._counts.too_slow += 1
            await self._say(line, _status(HTTPStatus.REQUEST_TIMEOUT), is_last=True)
            return True
        except Unreadable as error:
            self._count(error.status)
            await self._say(line, _status(error.status), is_last=True)
            return True
        answer = await self._answered(request)
        await self._say(line, answer, is_last=request.is_last)
        return request.is_last

    def _address(self, line: _Line, request: Request) -> Address | None:
        forwarded = request.headers.get("x-forwarded-for", "")
        return came_from(line.peer, forwarded, self._proxies)

    async def _refusal(self, request: Request, address: Address | None) -> Answer | None:
        """Look at a request before its body is read: nobody's is not worth the reading."""
        try:
            return await self._desk.refusal(request, address)
        except Exception:
            log.exception("a request has met a fault of the relay")
            return _status(HTTPStatus.INTERNAL_SERVER_ERROR)

    async def _answered(self, request: Request) -> Answer:
        try:
            return await self._desk.answer(request)
        except Exception:
            # a fault of ours costs this request, and neither the line nor the others
            log.exception("a request has met a fault of the relay")
            return _status(HTTPStatus.INTERNAL_SERVER_ERROR)

    async def _say(self, line: _Line, answer: Answer, *, is_last: bool) -> None:
        line.writer.write(answer.written(is_last=is_last))
        async with asyncio.timeout(self._limits.answer_seconds):
            await line.writer.drain()

    def _count(self, status: HTTPStatus) -> None:
        if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            self._counts.too_large += 1
        else:
            self._counts.unreadable += 1


async def _close(writer: asyncio.StreamWriter) -> None:
    """Close a line; what its other end does not take is thrown away after a moment."""
    writer.close()
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            await writer.wait_closed()
    except (ConnectionError, TimeoutError):
        writer.transport.abort()


async def _linger(writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> None:
    """Take what still comes for a moment: to close at once would throw our answer away."""
    writer.write_eof()
    left = _LINGER_BYTES
    async with asyncio.timeout(_LINGER_SECONDS):
        while left > 0 and (data := await reader.read(65_536)):
            left -= len(data)


def _status(status: HTTPStatus) -> Answer:
    return Answer(status=status, document={"error": status.phrase})
