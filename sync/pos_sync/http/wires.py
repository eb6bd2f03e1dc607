"""The open sockets of an adapter of requests, so that who waits at one can be made to stop."""

from __future__ import annotations

import socket
import threading
import weakref
from contextlib import suppress

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Wires:
    """Sockets that are open or were; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._are_cut = False

    @property
    def are_cut(self) -> bool:
        """Whether nobody is to speak on them any more."""
        return self._are_cut

    def note(self, wire: socket.socket) -> None:
        """Take note of a new one; it is cut at once where they are."""
        with self._lock:
            self._sockets.add(wire)
        if self._are_cut:
            _cut(wire)

    def cut(self) -> None:
        """End what is said on any of them, for good."""
        self._are_cut = True
        self.drop()

    def drop(self) -> None:
        """End what is said on those open now: who reads there is told that it has broken off."""
        with self._lock:
            wires = list(self._sockets)
        for one in wires:
            _cut(one)


def noted_adapter(
    wires: Wires,
    http: type[HTTPConnection] = HTTPConnection,
    https: type[HTTPSConnection] = HTTPSConnection,
) -> HTTPAdapter:
    """Return an adapter without repeats whose sockets are noted, of these kinds of connections."""

    class Http(http):  # type: ignore[valid-type, misc]
        def connect(self) -> None:
            super().connect()
            wires.note(self.sock)

    class Https(https):  # type: ignore[valid-type, misc]
        def connect(self) -> None:
            super().connect()
            wires.note(self.sock)

    class HttpPool(HTTPConnectionPool):
        ConnectionCls = Http

    class HttpsPool(HTTPSConnectionPool):
        ConnectionCls = Https

    adapter = HTTPAdapter(max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = {"http": HttpPool, "https": HttpsPool}
    return adapter


def _cut(wire: socket.socket) -> None:
    with suppress(OSError):  # past TLS, whose state another thread reads
        socket.socket.shutdown(wire, socket.SHUT_RDWR)
