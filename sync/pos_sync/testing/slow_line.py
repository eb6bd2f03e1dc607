"""A line to a server that takes its time, and that can be cut and mended."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import selectors
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from pos_sync.testing.endings import RESET_AT_CLOSE

_CHUNK = 65536
_LOOK = 0.05


@dataclass(order=True)
class _Due:
    """What happens later: bytes that arrive, or a connection that is made."""

    at: float
    number: int
    act: Callable[[], None] = field(compare=False)


class _End:
    """One side of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.rest = bytearray()
        self.is_silent = False
        """Whether it has said all it had to say."""
        self.is_ending = False
        """Whether it is to be closed when the rest has gone to it."""


class SlowLine:
    """A port of this machine that leads to another; use it in a `with`.

    Every round trip takes so many seconds more, also the one by which a connection is made.
    """

    def __init__(
        self, host: str, port: int, *, round_trip: float, monotonic: Callable[[], float]
    ) -> None:
        self._target = (host, port)
        self._one_way = round_trip / 2
        self._monotonic = monotonic
        self._selector = selectors.DefaultSelector()
        self._due: list[_Due] = []
        self._numbers = itertools.count()
        self._peers: dict[_End, _End] = {}
        self._listener: socket.socket | None = None
        self._ending = threading.Event()
        self._lock = threading.RLock()
        self._thread = threading.Thread(target=self._run, name="slow line", daemon=True)
        self.connections = 0
        self.port = 0

    def __enter__(self) -> Self:
        self.restore()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join(5)
        self.cut()
        self._selector.close()

    def cut(self) -> None:
        """Refuse new connections and tear down those that there are."""
        with self._lock:
            if self._listener is not None:
                self._selector.unregister(self._listener)
                self._listener.close()
                self._listener = None
            while self._peers:
                self._tear(next(iter(self._peers)))
            self._due = []

    def restore(self) -> None:
        """Let connections through again, at the same port."""
        with self._lock:
            if self._listener is None:
                self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
                self._listener.settimeout(0)
                self.port = self._listener.getsockname()[1]
                self._selector.register(self._listener, selectors.EVENT_READ, None)

    def _run(self) -> None:
        while not self._ending.is_set():
            events = self._selector.select(self._patience())
            with self._lock:
                for key, mask in events:
                    if key.data is None:
                        self._accept()
                    elif key.data in self._peers:
                        self._serve(key.data, mask)
                while self._due and self._due[0].at <= self._monotonic():
                    heapq.heappop(self._due).act()

    def _patience(self) -> float:
        with self._lock:
            left = self._due[0].at - self._monotonic() if self._due else _LOOK
            return min(_LOOK, max(0.0, left))

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        due = _Due(self._monotonic() + seconds, next(self._numbers), act)
        heapq.heappush(self._due, due)

    def _accept(self) -> None:
        if self._listener is None:
            return
        with contextlib.suppress(BlockingIOError):
            client = _End(self._listener.accept()[0])
            self.connections += 1
            self._peers[client] = client
            # greeting, answer to it, and the answer to that on its way: a server hears of us then
            self._later(3 * self._one_way, lambda: self._join(client))

    def _join(self, client: _End) -> None:
        try:
            server = _End(socket.create_connection(self._target, 1))
        except OSError:
            self._tear(client)
            return
        self._peers |= {client: server, server: client}
        for end in (client, server):
            end.connection.settimeout(0)
            end.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(end.connection, selectors.EVENT_READ, end)

    def _serve(self, end: _End, mask: int) -> None:
        if mask & selectors.EVENT_WRITE:
            self._flush(end)
        if mask & selectors.EVENT_READ and end in self._peers:
            self._read(end)

    def _read(self, end: _End) -> None:
        peer = self._peers[end]
        try:
            data = end.connection.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            self._tear(end)
            return
        if not data:
            end.is_silent = True
            self._watch(end)
        self._later(self._one_way, lambda: self._arrive(peer, data))

    def _arrive(self, end: _End, data: bytes) -> None:
        if end not in self._peers:
            return
        end.rest += data
        end.is_ending = not data
        self._flush(end)

    def _flush(self, end: _End) -> None:
        try:
            while end.rest:
                del end.rest[: end.connection.send(end.rest)]
        except BlockingIOError:
            pass
        except OSError:
            self._tear(end)
            return
        if end.is_ending and not end.rest:
            self._close(end)
        else:
            self._watch(end)

    def _watch(self, end: _End) -> None:
        wanted = 0 if end.is_silent else selectors.EVENT_READ
        wanted |= selectors.EVENT_WRITE if end.rest else 0
        is_watched = end.connection in self._selector.get_map()
        if wanted and is_watched:
            self._selector.modify(end.connection, wanted, end)
        elif wanted:
            self._selector.register(end.connection, wanted, end)
        elif is_watched:
            self._selector.unregister(end.connection)

    def _tear(self, end: _End) -> None:
        """Tear a connection down, as a network does that is gone."""
        for one in {end, self._peers.get(end, end)}:
            with contextlib.suppress(OSError):
                one.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        self._close(end)

    def _close(self, end: _End) -> None:
        for one in {end, self._peers.get(end, end)}:
            self._peers.pop(one, None)
            if one.connection in self._selector.get_map():
                self._selector.unregister(one.connection)
            one.connection.close()
