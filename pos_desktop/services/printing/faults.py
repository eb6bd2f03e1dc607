"""What is wrong with a device, in words: the one place for the console, the bar and the list."""

from __future__ import annotations

from collections.abc import Callable

from pos_hardware.faults import Fault

from pos_desktop.domain.text import _
from pos_desktop.services.paper.print_queue import DRAWER_DEVICE, Device


def fault_sentence(fault: Fault, device: Device) -> str:
    """Return what is wrong with a device and what to do next."""
    if fault in _OF_THE_ADDRESS and device.address:
        return _of_the_address(fault, device)
    if device.name == DRAWER_DEVICE and fault in _OF_A_DRAWER:
        return _OF_A_DRAWER[fault]()
    return {
        Fault.PAPER_OUT: _("The printer has no paper: put a new roll in; it goes on by itself."),
        Fault.COVER_OPEN: _("The printer's lid is open: close it; it goes on by itself."),
        Fault.OFFLINE: _("The printer is switched off line: press its feed or online button."),
        Fault.BROKEN: _("The printer reports a fault: switch it off and on, look for stuck paper."),
        Fault.UNREACHABLE: _("The printer does not answer: check power, cable and address."),
        Fault.BUSY: _("Another program holds the printer: close it."),
        Fault.REFUSED: _("This login may not use the printer: ask your technician for the right."),
        Fault.SILENT: _("The printer says nothing: look at it; if nothing comes out, switch it off "
                        "and on."),
        Fault.LOST: _("The connection to the printer broke off: check the cable, then the paper."),
        Fault.NO_SUCH_NAME: _("The name in the printer's address is not known here: correct it."),
        Fault.BAD_ADDRESS: _("The printer's address is wrong: correct it in the settings."),
        Fault.NOT_OURS: _("Something else stands in the file of the printer's address: name a new "
                          "file."),
        Fault.NOT_A_PRINTER: _("Something else answers at the printer's address: correct it."),
        Fault.BAD_DOCUMENT: _("A paper could not be printed; the others go on."),
        Fault.TOO_LATE: _("The drawer was not opened: it waited too long. Open it with its key."),
        Fault.NOT_KEPT: _("The till's disk is full or broken: free some room; what waits is "
                          "printed then."),
        Fault.STOPPED: _("The program is closing; what waits is printed at the next start."),
    }[fault]  # fmt: skip


_OF_THE_ADDRESS = (
    Fault.UNREACHABLE,
    Fault.NO_SUCH_NAME,
    Fault.BAD_ADDRESS,
    Fault.NOT_OURS,
    Fault.NOT_A_PRINTER,
)
_OF_A_DRAWER: dict[Fault, Callable[[], str]] = {
    Fault.SILENT: lambda: _("The drawer's line takes nothing: check its cable and its power."),
    Fault.LOST: lambda: _("The connection to the drawer broke off: check its cable."),
    Fault.BUSY: lambda: _("Another program holds the drawer's line: close it."),
    Fault.REFUSED: lambda: _(
        "This login may not use the drawer's line: ask your technician for the right."
    ),
}


def _of_the_address(fault: Fault, device: Device) -> str:
    """Say what stands at an address, name it, and say where it is corrected."""
    words = {"address": device.address, "setting": device.setting}
    if device.name == DRAWER_DEVICE and fault is Fault.UNREACHABLE:
        return _(
            "No drawer answers at {address}: check its cable and power, then the address (Devices "
            "in the menu, or {setting})."
        ).format(**words)
    return {
        Fault.UNREACHABLE: _("Nothing answers at {address}: check power and cable, then the "
                             "address (Devices in the menu, or {setting})."),
        Fault.NO_SUCH_NAME: _("Nothing is found under the name in {address}: check the network, "
                              "then the address (Devices in the menu, or {setting})."),
        Fault.BAD_ADDRESS: _("{address} is no address: correct it (Devices in the menu, or "
                             "{setting})."),
        Fault.NOT_OURS: _("Something else stands in the file {address}: name a new file (Devices "
                          "in the menu, or {setting})."),
        Fault.NOT_A_PRINTER: _("What answers at {address} is no receipt printer: correct the "
                               "address (Devices in the menu, or {setting})."),
    }[fault].format(**words)  # fmt: skip


def fault_words(fault: Fault) -> str:
    """Return what is wrong with the printer in two or three words."""
    return {
        Fault.PAPER_OUT: _("No paper"),
        Fault.COVER_OPEN: _("Printer open"),
        Fault.OFFLINE: _("Printer off line"),
        Fault.BROKEN: _("Printer broken"),
        Fault.NO_SUCH_NAME: _("Printer address wrong"),
        Fault.BAD_ADDRESS: _("Printer address wrong"),
        Fault.NOT_OURS: _("Printer address wrong"),
        Fault.NOT_A_PRINTER: _("Printer address wrong"),
        Fault.BUSY: _("Printer taken"),
        Fault.REFUSED: _("Printer refused"),
        Fault.SILENT: _("Printer says nothing"),
        Fault.LOST: _("Printer cut off"),
        Fault.BAD_DOCUMENT: _("Paper not printed"),
        Fault.TOO_LATE: _("Drawer not opened"),
        Fault.NOT_KEPT: _("Disk full or broken"),
    }.get(fault, _("Printer does not answer"))
