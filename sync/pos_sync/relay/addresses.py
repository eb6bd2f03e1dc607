"""From which addresses reports are taken, and where a request came from behind a proxy."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

ANY = "any"
PUBLISHED = (
    "196.201.212.69",
    "196.201.212.74",
    "196.201.212.127",
    "196.201.212.128",
    "196.201.212.129",
    "196.201.212.132",
    "196.201.212.136",
    "196.201.212.138",
    "196.201.213.44",
    "196.201.213.114",
    "196.201.214.200",
    "196.201.214.206",
    "196.201.214.207",
    "196.201.214.208",
)
"""From where M-Pesa reports, as its portal and others who were reported to have it."""


class AddressList:
    """Addresses and networks."""

    def __init__(self, listed: Iterable[str]) -> None:
        """Take addresses, networks, or `any`; ValueError for what is none of them."""
        listed = list(listed)
        self._is_any = ANY in listed
        self._networks = [ip_network(one, strict=False) for one in listed if one != ANY]

    def __contains__(self, address: Address | None) -> bool:
        if self._is_any:
            return True
        return address is not None and any(address in one for one in self._networks)


def read_address(text: str) -> Address | None:
    """Return an address, an IPv4 one that is written as IPv6 as the former; None for none."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def came_from(peer: Address | None, forwarded: str, proxies: AddressList) -> Address | None:
    """Return where a request came from: what our own proxies say, else who is connected.

    Anybody may write `X-Forwarded-For`; each proxy adds who was connected to it at its end. So it
    is read from its end, for as long as it is our own proxies that say so.
    """
    address = peer
    for one in reversed(forwarded.split(",")):
        if address not in proxies or not one.strip():
            return address
        address = read_address(one)
    return address
