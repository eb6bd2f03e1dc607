"""Which addresses a device may be given: printer, drawer, scanner, scale, display."""

from __future__ import annotations

from pos_hardware.faults import Fault
from pos_hardware.transports.addresses import address_fault

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.settings import Setting
from pos_desktop.settings.declaring import Unfit

_ON_A_LINE = (settings.SCANNER_ADDRESS, settings.SCALE_ADDRESS, settings.DISPLAY_ADDRESS)
"""The addresses of devices that are always on a serial line."""


def check_device_address(setting: Setting[str], address: str) -> None:
    """Raise Unfit for an address that says nothing, or that is none for this device."""
    fault = address_fault(address)
    if setting in _ON_A_LINE and not address.strip().startswith("serial:"):
        fault = Fault.BAD_ADDRESS
    if fault is None:
        return
    sentence = {
        Fault.BAD_ADDRESS: _("{setting} cannot be “{value}”; type one of: {forms}."),
        Fault.NOT_OURS: _(
            "{setting} cannot be “{value}”: something else stands there. Name a new file, or a "
            "folder; a device has an address such as usb:///dev/usb/lp0."
        ),
    }.get(fault, _("{setting} cannot be “{value}”: this login may not read it; name another."))
    raise Unfit(setting, address, sentence, forms=_forms(setting))


def _forms(setting: Setting[str]) -> str:
    """Return addresses that fit a setting, one of each kind."""
    if setting is settings.PRINTER_ADDRESS:
        return settings.PRINTER_FORMS
    return settings.SERIAL_FORMS
