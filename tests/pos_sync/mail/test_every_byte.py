"""Wherever a conversation is cut, what is told as not sent has not reached the server whole."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field

import pytest
from pos_sync.mail.errors import Unreachable
from pos_sync.mail.outcomes import Accepted, NotSent, Unknown

from tests.pos_sync.mail.scene import connected, envelope, server_at

END = b"\r\n.\r\n"
RESET_AT_CLOSE = struct.pack("ii", 1, 0)
SMALL = envelope(text="Thank you.\n")
FULL = 10_000
"""More bytes than the whole conversation has."""


@dataclass
class CuttingServer:
    """Takes so many bytes of each client, answers what is whole in them, and cuts."""

    listener: socket.socket
    extensions: bytes
    takes: int = FULL
    resets: bool = False
    taken: bytes = b""
    over: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                with closing(self.listener.accept()[0]) as client:
                    self.taken = b""
                    with suppress(OSError):
                        self._talk(client)
                self.over.set()

    def _talk(self, client: socket.socket) -> None:
        client.sendall(b"220 here\r\n")
        answered, is_body = 0, False
        while len(self.taken) < self.takes:
            data = client.recv(min(4096, self.takes - len(self.taken)))
            if not data:
                return
            self.taken += data
            while (end := self.taken.find(END if is_body else b"\r\n", answered)) >= 0:
                line = self.taken[answered:end]
                answered = end + (len(END) if is_body else 2)
                is_body = not is_body and line == b"DATA"
                client.sendall(self._answer(line, is_body=is_body))
        if self.resets:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)

    def _answer(self, line: bytes, *, is_body: bool) -> bytes:
        if is_body:
            return b"354 go on\r\n"
        return self.extensions if line.startswith(b"EHLO") else b"250 yes\r\n"


@pytest.fixture(params=[b"250 here\r\n", b"250-here\r\n250 PIPELINING\r\n"])
def server(request: pytest.FixtureRequest) -> Iterator[CuttingServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        cutting = CuttingServer(listener, request.param)
        thread = threading.Thread(target=cutting.serve, daemon=True)
        thread.start()
        yield cutting
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def attempt(server: CuttingServer) -> object:
    """Send a letter; return what became of it when the server is through with it."""
    server.over.clear()
    outcome: object
    try:
        connection = connected(server_at(server.listener.getsockname()[1]))
    except Unreachable as unreachable:
        outcome = unreachable
    else:
        outcome = connection.send(SMALL)
        connection.cut()
        connection.close(0)
    assert server.over.wait(10)
    return outcome


@pytest.mark.parametrize("resets", [False, True])
def test_a_letter_is_not_sent_or_in_doubt(server: CuttingServer, resets: bool) -> None:
    assert isinstance(attempt(server), Accepted)
    whole = len(server.taken)
    offered = whole - SMALL.size - len(b".\r\n")
    assert server.taken.endswith(END)
    server.resets = resets
    kinds = set()
    for takes in [*range(0, whole - 8, 19), *range(whole - 8, whole)]:
        server.takes = takes
        outcome = attempt(server)
        kinds.add(type(outcome))
        assert isinstance(outcome, NotSent | Unknown | Unreachable), takes
        assert not server.taken.endswith(END), takes
        if takes < offered:
            assert not isinstance(outcome, Unknown), takes
    assert {NotSent, Unknown, Unreachable} == kinds
