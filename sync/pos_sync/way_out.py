"""Whether this computer has a way to any network, and whether names are found. Sends nothing."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from pos_sync.deadline import Deadline, Monotonic, bounded

_SOMEWHERE = ("192.0.2.1", 9)
"""An address that is kept for examples: only the way to it is asked for."""


def own_address() -> str | None:
    """Return this computer's address in its network; None where it has no way out.

    No packet leaves: the system says by which of its addresses one would.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(_SOMEWHERE)
            own = str(asked.getsockname()[0])
        except OSError:
            return None
    return None if ip_address(own).is_loopback or ip_address(own).is_unspecified else own


def is_name(host: str) -> bool:
    """Tell whether a host has to be looked up: it is no address, and not this computer."""
    try:
        ip_address(host)
    except ValueError:
        return host != "localhost"
    return False


def is_found(host: str, monotonic: Monotonic, seconds: float) -> bool:
    """Tell whether a name is found, within so many seconds."""
    try:
        bounded(lambda: socket.getaddrinfo(host, None), Deadline(monotonic, seconds))
    except (OSError, UnicodeError, TimeoutError):
        return False
    return True
