"""One connection of the simulator: requests are read, and answered one after the other."""

from __future__ import annotations

import selectors
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Protocol

from pos_sync.testing.endings import RESET_AT_CLOSE, Then
from pos_sync.testing.mpesa.said import Letter, Reply, Said
from pos_sync.testing.mpesa.scripts import NEVER, Trouble

_CHUNK = 65_536
_LONGEST_HEAD = 32_768
_LONGEST_BODY = 1_000_000
_HEAD_END = b"\r\n\r\n"
_NOT_FOLLOWED = (OSError, ValueError)
"""What a client brings about that speaks another language, or leaves in the middle."""
_NOTHING = Reply(Said(500, b""))
_NOT_READ = Said(400, b"")


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """By names in small letters."""
    body: bytes
    is_last: bool
    """Whether the client wants the connection to end with it."""


class FrontDesk(Protocol):
    """The simulator as one of its lines sees it."""

    @property
    def context(self) -> ssl.SSLContext | None:
        """Its certificate."""

    @property
    def idle_seconds(self) -> float | None:
        """After how long a silent line is closed."""

    def time(self) -> datetime:
        """Return the time that stands in answers."""

    def rest(self, seconds: float) -> None:
        """Wait, or less where the server ends."""

    def greets(self) -> Trouble | None:
        """Return what is to happen to somebody who has connected."""

    def trouble(self, asked: Asked) -> Trouble | None:
        """Return what is to happen at a request."""

    def attend(self, asked: Asked) -> Reply:
        """Deal with a request."""

    def deliver(self, letter: Letter) -> None:
        """Report at once."""

    def send(self, letters: tuple[Letter, ...]) -> None:
        """Report when it is time."""


class _Over(Exception):
    """The connection has ended."""


class Line:
    """One connection; `run` returns when it is over."""

    def __init__(self, desk: FrontDesk, client: socket.socket) -> None:
        self._desk = desk
        self._client = client
        self._read = bytearray()
        self.is_frozen = False
        """Whether nothing is heard or said any more, though the line is not closed: as after a
        router has forgotten it."""
        self.is_asked = False
        """Whether a request has come whose answer has not begun to go out."""

    def run(self) -> None:
        """Answer until one of both has had enough."""
        try:
            if self._desk.context is not None:
                self._client = self._desk.context.wrap_socket(self._client, server_side=True)
            self._greet()
            self._client.settimeout(self._desk.idle_seconds)
            while self._is_answered():
                pass
        except (_Over, *_NOT_FOLLOWED):
            pass
        finally:
            self._client.close()

    def _greet(self) -> None:
        trouble = self._desk.greets()
        if trouble is None:
            return
        self._is_word(NEVER)
        self._desk.rest(trouble.seconds)
        self._end(trouble.then)

    def _is_answered(self) -> bool:
        """Answer one request; tell whether there may be more."""
        asked = self._next()
        if self.is_frozen:
            self._is_word(NEVER)
            raise _Over
        self.is_asked = True
        trouble = self._desk.trouble(asked)
        is_done = trouble is None or trouble.is_done
        reply = self._desk.attend(asked) if is_done else _NOTHING
        for letter in reply.first:
            self._desk.deliver(letter)
        try:
            self._answer(reply.said, trouble, is_last=asked.is_last)
        finally:
            self._desk.send(reply.then)
        return not asked.is_last

    def _answer(self, said: Said, trouble: Trouble | None, *, is_last: bool) -> None:
        if trouble is None:
            self.is_asked = False
            self._client.sendall(self._written(said, is_last=is_last))
            return
        self._rest(trouble.seconds)
        self.is_asked = False
        data = self._written(trouble.say or said, is_last=is_last)
        if trouble.then is not Then.GO_ON:
            data = data[: trouble.sent]
        self._say(data, trouble.byte_seconds)
        self._end(trouble.then)

    def _say(self, data: bytes, byte_seconds: float) -> None:
        if not byte_seconds:
            self._client.sendall(data)
            return
        for place in range(len(data)):
            self._client.sendall(data[place : place + 1])
            self._rest(byte_seconds)

    def _end(self, then: Then) -> None:
        if then is Then.RESET:
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        if then is not Then.GO_ON:
            raise _Over

    def _written(self, said: Said, *, is_last: bool) -> bytes:
        head = {
            "Date": format_datetime(self._desk.time(), usegmt=True),
            "Content-Type": said.content_type,
            "Content-Length": str(len(said.body)),
            **({"Connection": "close"} if is_last else {}),
            **said.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        reason = HTTPStatus(said.status).phrase
        return f"HTTP/1.1 {said.status} {reason}\r\n{lines}\r\n".encode() + said.body

    def _rest(self, seconds: float) -> None:
        """Wait, and leave where the client leaves."""
        if seconds and self._is_word(seconds):
            # who waits for an answer says nothing: it has left
            raise _Over

    def _is_word(self, seconds: float) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self._client, selectors.EVENT_READ)
            return bool(selector.select(seconds))

    def _next(self) -> Asked:
        while (end := self._read.find(_HEAD_END)) < 0:
            self._receive()
            if not self._read[:1].isalpha() or len(self._read) > _LONGEST_HEAD:
                # another language, such as TLS where there is none
                self._client.sendall(self._written(_NOT_READ, is_last=True))
                raise _Over
        first, *lines = self._read[:end].decode("latin-1").split("\r\n")
        method, target, version = first.split(" ")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        del self._read[: end + len(_HEAD_END)]
        body = self._body(int(headers.get("content-length", "0")))
        path, _, query = target.partition("?")
        is_last = version != "HTTP/1.1" or headers.get("connection", "").lower() == "close"
        return Asked(method, path, query, headers, body, is_last)

    def _body(self, length: int) -> bytes:
        if not 0 <= length <= _LONGEST_BODY:
            raise _Over
        while len(self._read) < length:
            self._receive()
        body = bytes(self._read[:length])
        del self._read[:length]
        return body

    def _receive(self) -> None:
        data = self._client.recv(_CHUNK)
        if not data:
            raise _Over
        self._read += data
