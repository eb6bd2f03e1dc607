"""What an address says, part by part: for people, and for a form that asks for it in parts."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from pos_hardware.transports.addresses import PRINTER_PORT, parse_address

SERIAL = "serial"
_BAUD = "baud"


@dataclass(frozen=True, slots=True)
class AddressParts:
    """The kind of an address, and which device of that kind it names."""

    scheme: str
    place: str
    """Host and port, a path, a port, a queue, or `VID:PID:serial`."""
    is_id: bool = False
    """Whether the place is an id that stays with the device, whatever it is plugged into."""
    baud: int | None = None
    """The speed of a serial line, where the address says one."""


def address_parts(text: str) -> AddressParts:
    """Return the parts of an address; raise `BadAddress` where `parse_address` does."""
    parse_address(text)
    parts = urlsplit(text.strip())
    baud = dict(parse_qsl(parts.query)).get(_BAUD)
    return AddressParts(
        scheme=parts.scheme,
        place=_place(parts),
        is_id=parts.netloc == "id",
        baud=int(baud) if baud else None,
    )


def without_baud(text: str) -> str:
    """Return an address without the speed of its line; one that says none as it is."""
    return with_baud(text, None)


def with_baud(text: str, baud: int | None) -> str:
    """Return a serial address with this speed in place of its own; any other as it is."""
    way, _mark, query = text.strip().partition("?")
    if not way.startswith(f"{SERIAL}:"):
        return text
    rest = [(name, value) for name, value in parse_qsl(query) if name != _BAUD]
    said = urlencode([*([(_BAUD, str(baud))] if baud is not None else []), *rest])
    return f"{way}?{said}" if said else way


def _place(parts: SplitResult) -> str:
    path = unquote(parts.path)
    if parts.scheme == "tcp":
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{host}:{parts.port or PRINTER_PORT}"
    if parts.scheme == "cups":
        return unquote(parts.netloc)
    if parts.scheme == "windows":
        return unquote(parts.netloc + parts.path)
    return path.removeprefix("/") if parts.netloc in ("id", "port") else path
