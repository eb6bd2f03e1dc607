"""The port of the simulator, and all connections to it."""

from __future__ import annotations

import contextlib
import socket
import threading

from pos_sync.testing.mpesa.line import FrontDesk, Line

_LOOK = 0.05
_PATIENCE = 5.0


class Lines:
    """Lets everybody in who comes; `count` is how many have come."""

    def __init__(self, desk: FrontDesk, lock: threading.Condition) -> None:
        self._desk = desk
        self._lock = lock
        self._open: dict[socket.socket, tuple[Line, threading.Thread]] = {}
        self._ending = threading.Event()
        self._listener: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="M-Pesa", daemon=True)
        self.count = 0
        self.port = 0

    def start(self, port: int) -> None:
        """Open a port of this machine; 0 for any."""
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self._listener.settimeout(_LOOK)
        self.port = self._listener.getsockname()[1]
        self._thread.start()

    def close(self) -> None:
        """End, with every connection."""
        self._ending.set()
        self._thread.join(_PATIENCE)
        assert self._listener is not None
        self._listener.close()
        self.drop()

    @property
    def open_count(self) -> int:
        """How many connections there are now."""
        return len(self._open)

    def drop(self) -> None:
        """End every connection, and wait until it is over."""
        with self._lock:
            lines = dict(self._open)
        for client, (_line, thread) in lines.items():
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE)

    def freeze(self) -> None:
        """Let every connection on which nothing is asked now be dead without having ended."""
        with self._lock:
            for line, _thread in self._open.values():
                line.is_frozen |= not line.is_asked

    def rest(self, seconds: float) -> None:
        """Wait, or less where the server ends."""
        self._ending.wait(seconds)

    def _serve(self) -> None:
        assert self._listener is not None
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                self._welcome(self._listener.accept()[0])

    def _welcome(self, client: socket.socket) -> None:
        client.settimeout(None)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # a client's own copy: TLS takes the first one over, and ending it must still be possible
        handle = client.dup()
        line = Line(self._desk, client)
        thread = threading.Thread(target=self._host, args=(line, handle), daemon=True)
        with self._lock:
            self._open[handle] = (line, thread)
            self.count += 1
            thread.start()  # who drops lines waits for their threads: none may be unbegun

    def _host(self, line: Line, handle: socket.socket) -> None:
        try:
            line.run()
        finally:
            with self._lock:
                del self._open[handle]
                handle.close()
                self._lock.notify_all()
