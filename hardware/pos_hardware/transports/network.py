"""Printers on the network: raw bytes over TCP, usually to port 9100.

One connection a print: most printers serve one client at a time, and a connection kept open goes
stale without a sign.
"""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import socket
import struct
import sys
from typing import Any

from pos_hardware.bounded import TookTooLong, bounded
from pos_hardware.clock import Deadline
from pos_hardware.errors import Lost, NotSent
from pos_hardware.faults import Fault
from pos_hardware.transports.base import StreamTransport

_LOOK = 0.02
_PLACES = (24, 144)
_INFO_SIZE = 148
"""Where Linux puts packets not acknowledged, and bytes not sent, in what it tells."""
_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}


class NetworkTransport(StreamTransport):
    """A TCP connection without any call that blocks."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None

    def open(self, deadline: Deadline) -> None:
        """Connect to the first of the host's addresses that lets us."""
        error: Exception | None = None
        for family, kind, protocol, _, address in self._addresses(deadline):
            try:
                self._socket = _connect(socket.socket(family, kind, protocol), address, deadline)
            except OSError as failed:
                error = failed
            else:
                return
        raise NotSent(Fault.UNREACHABLE) from error

    def write(self, data: bytes, deadline: Deadline) -> int:
        """Hand over what fits into the connection's window."""
        connection = self._open_socket()
        if not _ready(connection, selectors.EVENT_WRITE, deadline):
            return 0
        try:
            return connection.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise Lost from error

    def read(self, size: int, deadline: Deadline) -> bytes:
        """Return what the printer said; `Lost` once it has closed."""
        connection = self._open_socket()
        if not _ready(connection, selectors.EVENT_READ, deadline):
            return b""
        try:
            data = connection.recv(size)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise Lost from error
        if not data:
            raise Lost("the printer closed the connection")
        return data

    def settle(self, deadline: Deadline) -> Fault | None:
        """Wait until the printer's side has acknowledged every packet; SILENT if it does not.

        What its side has taken nobody need have read; systems but Linux do not tell even this.
        """
        while _is_under_way(self._open_socket()):
            if not deadline.left():
                return Fault.SILENT
            deadline.pause(_LOOK)
        return None

    def close(self) -> None:
        """Close, with nothing left unread.

        A socket closed with bytes unread would reset the connection, and the printer might
        throw away what it has not printed.
        """
        connection, self._socket = self._socket, None
        if connection is None:
            return
        with contextlib.suppress(OSError):
            while connection.recv(4096):
                pass
        connection.close()

    def _open_socket(self) -> socket.socket:
        if self._socket is None:
            raise Lost("the connection is not open")
        return self._socket

    def _addresses(self, deadline: Deadline) -> list[tuple[Any, ...]]:
        def look_up() -> list[tuple[Any, ...]]:
            return list(socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM))

        try:
            return bounded(look_up, deadline)
        except (socket.gaierror, UnicodeError) as error:
            raise NotSent(Fault.NO_SUCH_NAME) from error
        except (OSError, TookTooLong) as error:
            raise NotSent(Fault.UNREACHABLE) from error


def _connect(
    connection: socket.socket, address: tuple[Any, ...], deadline: Deadline
) -> socket.socket:
    try:
        connection.settimeout(0)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = connection.connect_ex(address)
        if code in _UNDER_WAY:
            if not _ready(connection, selectors.EVENT_WRITE, deadline):
                raise TimeoutError(errno.ETIMEDOUT, "no answer in time")
            code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
    except OSError:
        connection.close()
        raise
    return connection


def _is_under_way(connection: socket.socket) -> bool:
    """Tell whether something is not acknowledged or not even sent, as far as the system tells."""
    option = getattr(socket, "TCP_INFO", None)
    if option is None or not sys.platform.startswith("linux"):
        return False
    with contextlib.suppress(OSError, struct.error):
        info = connection.getsockopt(socket.IPPROTO_TCP, option, _INFO_SIZE)
        return any(struct.unpack_from("=I", info, at)[0] for at in _PLACES)
    return False


def _ready(connection: socket.socket, event: int, deadline: Deadline) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(connection, event)
        while True:
            if selector.select(deadline.step()):
                return True
            if not deadline.left():
                return False
