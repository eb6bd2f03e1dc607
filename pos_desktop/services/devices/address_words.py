"""Where a device is, in words: what its address says, and what is found there."""

from __future__ import annotations

from collections.abc import Sequence

from pos_hardware.discovery import FoundDevice
from pos_hardware.errors import BadAddress
from pos_hardware.transports.address_parts import AddressParts, address_parts, without_baud

from pos_desktop.domain.text import _


def place_words(address: str, found: Sequence[FoundDevice] = ()) -> str:
    """Return where a device is; one that is found here by its name. Nothing for no address."""
    if not address:
        return ""
    try:
        parts = address_parts(address)
    except BadAddress:
        return address
    name = _name(address, found)
    if name and parts.is_id:
        place = _("{name} ({id})").format(name=name, id=parts.place)
    else:
        place = parts.place
    return _form(parts).format(place=place, baud=parts.baud)


def _name(address: str, found: Sequence[FoundDevice]) -> str:
    there = (one for one in found if one.address == without_baud(address.strip()))
    device = next(there, None)
    return device.label if device is not None else ""


def _form(parts: AddressParts) -> str:
    if parts.scheme == "serial" and parts.baud:
        return _("serial line {place}, {baud} baud")
    return {
        "tcp": _("network {place}"),
        "usb": _("USB printer {place}"),
        "serial": _("serial line {place}"),
        "cups": _("queue {place} of CUPS"),
        "windows": _("printer {place} of Windows"),
        "file": _("file {place}"),
        "virtual": _("pictures in {place}"),
    }[parts.scheme]
