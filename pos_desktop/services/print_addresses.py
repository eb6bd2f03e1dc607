"""Which addresses a printer or drawer may be given."""

from __future__ import annotations

from pos_hardware.faults import Fault
from pos_hardware.transports.addresses import address_fault

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _


def check_print_address(key: str, address: str) -> None:
    """Raise Refused for an address that says nothing, or names a file that is not for prints."""
    fault = address_fault(address)
    if fault is Fault.BAD_ADDRESS:
        raise Refused(
            _("{key} cannot be “{address}”; type one such as tcp://192.168.1.50:9100.").format(
                key=key, address=address
            )
        )
    if fault is Fault.NOT_OURS:
        raise Refused(
            _(
                "{key} cannot be “{address}”: something else stands there. Name a new file, or a "
                "folder; a device has an address such as usb:///dev/usb/lp0."
            ).format(key=key, address=address)
        )
    if fault is not None:
        raise Refused(
            _("{key} cannot be “{address}”: this login may not read it; name another.").format(
                key=key, address=address
            )
        )
