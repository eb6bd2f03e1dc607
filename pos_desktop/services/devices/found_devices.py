"""Which devices are found here, and what each is called."""

from __future__ import annotations

from functools import partial

from pos_hardware.discovery import SOURCES, DeviceKind, FoundDevice, discover
from pos_hardware.errors import BadAddress
from pos_hardware.transports.address_parts import address_parts

from pos_desktop.domain.text import _

WIDELY_SECONDS = 4.0


def find_widely(in_use: str = "") -> list[FoundDevice]:
    """Return the devices of this computer, and the printers in its network; takes some seconds.

    A network printer whose address is `in_use` is left in peace, and not among them.
    """
    from pos_hardware.network_printers import network_printers

    beside = partial(network_printers, but=_host(in_use))
    return discover((*SOURCES, beside), seconds=WIDELY_SECONDS)


def called(device: FoundDevice) -> str:
    """Return what a device that was found is called, on a tile."""
    if device.kind is DeviceKind.NETWORK:
        return _("In the network: {address}").format(address=device.label)
    if device.kind is DeviceKind.SERIAL:
        return _("Serial line: {name}").format(name=device.label)
    return device.label


def _host(address: str) -> tuple[str, ...]:
    try:
        parts = address_parts(address)
    except BadAddress:
        return ()
    return (parts.place.rpartition(":")[0],) if parts.scheme == "tcp" else ()
