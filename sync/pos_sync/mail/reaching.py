"""Makes a connection to a host: names are looked up and addresses tried within a time limit."""

from __future__ import annotations

import socket
from typing import Any

from pos_sync.deadline import Deadline, bounded
from pos_sync.mail.errors import Unreachable, WhyUnreachable


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Return a connection to the first of a host's addresses that lets us; raises Unreachable.

    The addresses share what is left of the time when the name has been looked up.
    """
    addresses = _addresses(host, port, deadline)
    failed: OSError = TimeoutError()
    for number, address in enumerate(addresses):
        try:
            return _connect(address, deadline.left() / (len(addresses) - number))
        except OSError as error:
            failed = error
    raise Unreachable(_why(failed)) from failed


def _addresses(host: str, port: int, deadline: Deadline) -> list[tuple[Any, ...]]:
    def look_up() -> list[tuple[Any, ...]]:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    try:
        return bounded(look_up, deadline)
    except TimeoutError as error:
        raise Unreachable(WhyUnreachable.TIMED_OUT) from error
    except (OSError, UnicodeError, OverflowError) as error:
        raise Unreachable(WhyUnreachable.NO_SUCH_NAME) from error


def _connect(address: tuple[Any, ...], seconds: float) -> socket.socket:
    family, kind, protocol, _name, place = address
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(seconds)
        connection.connect(place)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        connection.close()
        raise
    return connection


def _why(error: OSError) -> WhyUnreachable:
    if isinstance(error, TimeoutError):
        return WhyUnreachable.TIMED_OUT
    if isinstance(error, ConnectionRefusedError):
        return WhyUnreachable.REFUSED
    if isinstance(error, ConnectionError):
        return WhyUnreachable.BROKE_OFF
    return WhyUnreachable.NO_NETWORK
