"""Which addresses a device may be given: printer, drawer, scanner, scale, display."""

from __future__ import annotations

from pos_hardware.faults import Fault
from pos_hardware.transports.addresses import address_fault

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.settings import Setting

_ON_A_LINE = (settings.SCANNER_ADDRESS, settings.SCALE_ADDRESS, settings.DISPLAY_ADDRESS)
"""The addresses of devices that are always on a serial line."""


def check_device_address(setting: Setting[str], address: str) -> None:
    """Raise Refused for an address that says nothing, or that is none for this device."""
    fault = address_fault(address)
    if setting in _ON_A_LINE and not address.strip().startswith("serial:"):
        fault = Fault.BAD_ADDRESS
    if fault is None:
        return
    sentence = {
        Fault.BAD_ADDRESS: _("{key} cannot be “{address}”; type one of: {forms}."),
        Fault.NOT_OURS: _(
            "{key} cannot be “{address}”: something else stands there. Name a new file, or a "
            "folder; a device has an address such as usb:///dev/usb/lp0."
        ),
    }.get(fault, _("{key} cannot be “{address}”: this login may not read it; name another."))
    raise Refused(sentence.format(key=setting.key, address=address, forms=_forms(setting)))


def _forms(setting: Setting[str]) -> str:
    """Return addresses that fit a setting, one of each kind."""
    if setting is settings.PRINTER_ADDRESS:
        return settings.PRINTER_FORMS
    return settings.SERIAL_FORMS
