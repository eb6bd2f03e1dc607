"""Looks for printers in the network of this computer: what listens where receipt printers do.

Only when somebody asks for it. The addresses beside this computer's own in a private network are
knocked at, all at once, and nothing is said to who opens: a printer of another kind would put it
on paper.
"""

from __future__ import annotations

import errno
import ipaddress
import selectors
import socket
import struct
from collections.abc import Collection, Iterable
from contextlib import suppress

from pos_hardware.clock import Deadline
from pos_hardware.discovery import DeviceKind, FoundDevice

PORT = 9100
HERE = "127.0.0.1"
MOST_NETWORKS = 4
KNOCK_SECONDS = 0.8
"""A printer in the same network answers within a few milliseconds, one that wakes up within half
a second."""
_UNDER_WAY = {errno.EINPROGRESS, errno.EWOULDBLOCK, 10035}
"""Windows says 10035."""
_GIVE_ADDRESS = 0x8915
"""What Linux calls SIOCGIFADDR."""


def network_printers(deadline: Deadline, but: Collection[str] = ()) -> list[FoundDevice]:
    """Return what listens on port 9100 on this computer and beside it.

    Nobody knocks at the addresses `but`: most printers serve one program at a time.
    """
    found = [
        address
        for network in networks(own_addresses())
        for address in who_listens(
            [one for one in network if one not in but], PORT, deadline.within(KNOCK_SECONDS)
        )
    ]
    return [
        FoundDevice(DeviceKind.NETWORK, f"tcp://{address}:{PORT}", address, address)
        for address in found
    ]


def networks(own: Iterable[str]) -> list[list[str]]:
    """Return the addresses to knock at, network by network: this computer, then what is beside it.

    Those are the 254 that share the first three numbers of a private address.
    """
    beside = {
        ipaddress.ip_network(f"{one}/24", strict=False)
        for one in map(ipaddress.IPv4Address, own)
        if one.is_private and not (one.is_loopback or one.is_link_local)
    }
    asked = [[str(host) for host in network.hosts()] for network in sorted(beside)]
    return [[HERE], *asked[:MOST_NETWORKS]]


def who_listens(addresses: Iterable[str], port: int, deadline: Deadline) -> list[str]:
    """Return the addresses where somebody opens, in the order given."""
    asked = list(addresses)
    opened: set[str] = set()
    with selectors.DefaultSelector() as waiting:
        try:
            for address in asked:
                _knock(address, port, waiting)
            while waiting.get_map() and deadline.left():
                for key, _events in waiting.select(deadline.step()):
                    waiting.unregister(key.fileobj)
                    if _has_opened(key.fileobj):
                        opened.add(key.data)
        finally:
            for key in list(waiting.get_map().values()):
                _close(key.fileobj)
    return [address for address in asked if address in opened]


def _knock(address: str, port: int, waiting: selectors.BaseSelector) -> None:
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    line.settimeout(0)
    if line.connect_ex((address, port)) in {0, *_UNDER_WAY}:
        waiting.register(line, selectors.EVENT_WRITE, address)
    else:
        line.close()


def _has_opened(line: object) -> bool:
    assert isinstance(line, socket.socket)
    has_opened = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    line.close()
    return has_opened


def _close(line: object) -> None:
    assert isinstance(line, socket.socket)
    line.close()


def own_addresses() -> list[str]:
    """Return the IPv4 addresses of this computer."""
    try:
        import fcntl
    except ImportError:  # Windows, where a look-up of the own name gives them all
        return _addresses_by_name()
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        for _number, name in socket.if_nameindex():
            with suppress(OSError):
                asked = struct.pack("256s", name.encode()[:15])
                found.append(socket.inet_ntoa(fcntl.ioctl(line, _GIVE_ADDRESS, asked)[20:24]))
    return found


def _addresses_by_name() -> list[str]:
    try:
        return socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []
