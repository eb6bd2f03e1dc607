"""A printer on a real TCP port of this machine, whose faults can be set while it runs."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Self

from pos_hardware.faults import Fault
from pos_hardware.testing.interpreter import Interpreter
from pos_hardware.testing.model import PrinterModel

_LOOK = 0.02
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class PrinterSimulator:
    """Serves one client at a time, as most printers do; use it in a `with`.

    Settable while it runs, by `set()`: its fault, whether it answers, bytes until the paper ends;
    directly: `reads` (False: it accepts and never reads), `dies_after` (resets the connection
    after so many bytes), `silent_after` (says nothing more after so many bytes).
    `closed` and `lost` count how clients went.
    """

    def __init__(self, columns: int = 48) -> None:
        self._model = PrinterModel(columns)
        self._changed = threading.Condition()
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="printer simulator", daemon=True)
        self.reads = True
        self.dies_after: int | None = None
        self.silent_after: int | None = None
        self.connections = 0
        self.closed = 0
        self.lost = 0
        self.port = 0

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
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def paper(self) -> Interpreter:
        """What has been printed so far."""
        return self._model.paper

    @property
    def received(self) -> int:
        """How many bytes have come in."""
        return self._model.received

    def set(
        self,
        *,
        fault: Fault | None = None,
        answers: bool | None = None,
        paper_left: int | None = None,
    ) -> None:
        """Change the printer; a fault of None mends it, and it goes on with what it holds."""
        with self._changed:
            self._model.fault = fault
            self._model.paper_left = paper_left
            if answers is not None:
                self._model.answers = answers

    def say(self, data: bytes) -> None:
        """Send bytes unasked, as printers with an automatic status do."""
        with self._changed:
            if self._client is not None:
                self._client.sendall(data)

    def unplug(self) -> None:
        """Pull the plug: the connection is reset, new ones are refused, its memory is lost."""
        with self._changed:
            for name in ("_client", "_listener"):
                connection: socket.socket | None = getattr(self, name)
                setattr(self, name, None)
                if connection is not None:
                    _reset(connection)

    def plug_in(self) -> None:
        """Listen, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(1)
        listener.settimeout(0)
        with self._changed:
            self.port = listener.getsockname()[1]
            self._listener = listener

    def wait_for(self, condition: Callable[[PrinterSimulator], bool], seconds: float = 5) -> None:
        """Return when the condition holds; `TimeoutError` if it does not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), seconds):
                raise TimeoutError(f"received {self.received}, paper:\n{self.paper.text}")

    def _serve(self) -> None:
        while not self._ending.is_set():
            with self._changed:
                waiting = self._client or self._listener
            if waiting is None or not _readable(waiting):
                self._ending.wait(_LOOK if waiting is None else 0)
                self._go_on()
            elif waiting is self._client:
                self._receive(waiting)
            else:
                self._accept(waiting)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError), self._changed:
            self._client, _ = listener.accept()
            self._client.settimeout(0)
            self.connections += 1
            self._changed.notify_all()

    def _receive(self, client: socket.socket) -> None:
        if not self.reads:
            self._ending.wait(_LOOK)
            return
        with self._changed, self._losing(client):
            room = 65536
            if self.dies_after is not None:
                room = max(0, self.dies_after - self._model.received)
            data = client.recv(room) if room else b""
            if not room:
                self._client, self.dies_after = None, None
                _reset(client)
            elif not data:
                self._client = None
                self.closed += 1
                client.close()
            else:
                said = self._model.receive(data)
                if self.silent_after is None or self.received < self.silent_after:
                    client.sendall(said)
            self._changed.notify_all()

    def _go_on(self) -> None:
        with self._changed:
            said = self._model.go_on()
            client = self._client
            if client is not None and said:
                with self._losing(client):
                    client.sendall(said)
            self._changed.notify_all()

    @contextlib.contextmanager
    def _losing(self, client: socket.socket) -> Iterator[None]:
        try:
            yield
        except OSError:
            self._client = None
            self.lost += 1
            client.close()


def _readable(connection: socket.socket) -> bool:
    with contextlib.suppress(OSError, ValueError), selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(_LOOK))
    return False


def _reset(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    connection.close()
