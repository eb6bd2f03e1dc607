"""Printer, drawer, scanner, scale and display: those that are set, and those that are found.

A device that a till uses just now is not opened: the till says how it is, by the papers that wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pos_hardware.clock import SystemClock as DeviceClock
from pos_hardware.errors import BadAddress
from pos_hardware.faults import Fault
from pos_hardware.printing import Limits, ask_once
from pos_hardware.scales.reading import ScaleFault
from pos_hardware.status import PrinterStatus
from pos_hardware.transports.addresses import address_fault, parse_address, port_fault

from pos_desktop import settings
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.devices.scale_desk import ScaleDesk
from pos_desktop.services.devices.scale_words import reading_words
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import Finding
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.paper.print_queue import (
    DRAWER_DEVICE,
    DRAWER_KIND,
    RECEIPT_PRINTER,
    Device,
)
from pos_desktop.services.printing.faults import fault_sentence
from pos_desktop.settings import Setting
from pos_desktop.storage import print_jobs

_LIMITS = Limits(connect=3.0, reply=0.6)
_SPOOLERS = ("cups", "windows")
_BAD_SCALE = (
    ScaleFault.SILENT,
    ScaleFault.GARBLED,
    ScaleFault.UNPLUGGED,
    ScaleFault.REFUSED,
    ScaleFault.OTHER_UNIT,
)


def _printer(patient: Patient, look: Look) -> Iterator[Finding]:
    address = patient.configuration.get(settings.PRINTER_ADDRESS)
    device = Device(RECEIPT_PRINTER, address)
    if not address:
        yield look.note(
            _("No printer is set."),
            _("Set one: Devices in the menu, or posctl config set {key}.").format(
                key=settings.PRINTER_ADDRESS.key
            ),
        )
    elif not patient.sees_locks:
        yield _not_asked(look, device)
    elif patient.prints(RECEIPT_PRINTER):
        yield _as_the_till_says(patient, look, device)
    else:
        yield _asked(patient, look, device)


def _not_asked(look: Look, device: Device) -> Finding:
    """Return that nobody can say whether a till has a device just now."""
    words = _("{address}: not asked, since this login may not see whether a till has it")
    advice = _("Look at the line of the rights to the files first.")
    return look.note(words.format(address=device.address), advice)


def _as_the_till_says(patient: Patient, look: Look, device: Device) -> Finding:
    """Return how a device is that another program of the shop has: by what stops its papers."""
    stopped = print_jobs.stopped_by(patient.reader, device.name)
    words = _("{address}, in use by a program of the shop").format(address=device.address)
    if stopped is None:
        return look.ok(words)
    return look.broken(words, _advice(stopped, device))


def _asked(patient: Patient, look: Look, device: Device) -> Finding:
    fault = address_fault(device.address)
    if fault is not None:
        return look.broken(device.address, _advice(fault, device))
    if urlsplit(device.address).scheme in _SPOOLERS:
        return _spooled(patient, look, device)
    status = _status(device.address)
    if status is None:
        words = _("{address}: it takes prints and never says how it is").format(
            address=device.address
        )
        return look.ok(words)
    if status.fault is not None:
        return look.broken(device.address, _advice(status.fault, device))
    if status.paper_low:
        return look.note(
            _("{address}: its paper is nearly used up").format(address=device.address),
            _("Have a new roll at hand."),
        )
    words = _("{address} answers") if status.answers else _(
        "{address} is reached; it does not say how it is: posctl printers test receipt tries it"
    )  # fmt: skip
    return look.ok(words.format(address=device.address))


def _advice(fault: Fault, device: Device) -> str:
    """Say what is wrong and what to do, and to the technician where a right to USB is described."""
    advice = fault_sentence(fault, device)
    if fault is Fault.REFUSED and urlsplit(device.address).scheme == "usb":
        where = _("docs/counter-devices.md says how, under “USB printers on Linux”.")
        return str(joined(" ", (advice, where)))
    return advice


def _status(address: str) -> PrinterStatus | None:
    """Ask a printer how it is; None for a way by which nothing comes back."""
    try:
        transport = parse_address(address)()
    except BadAddress:
        return PrinterStatus(answers=False, fault=Fault.BAD_ADDRESS)
    if not transport.can_answer:
        return None
    return ask_once(transport, clock=DeviceClock(), limits=_LIMITS)


def _spooled(patient: Patient, look: Look, device: Device) -> Finding:
    """Look for the name of a spooler's queue among those of this computer."""
    if any(one.address == device.address.strip() for one in patient.found_devices):
        return look.ok(_("{address} is a printer of this computer").format(
            address=device.address
        ))  # fmt: skip
    words = _("No printer of this computer is called {address}.").format(address=device.address)
    return look.broken(
        words,
        _("posctl printers lists those that are; set one: posctl config set {setting}.").format(
            setting=device.setting
        ),
    )


def _papers(patient: Patient, look: Look) -> Iterator[Finding]:
    waiting = print_jobs.count_waiting(patient.reader, RECEIPT_PRINTER)
    doubtful = print_jobs.count_for_a_person(patient.reader, other_than=DRAWER_KIND)
    parts = [ngettext("{count} paper waits", "{count} papers wait", waiting).format(count=waiting)]
    if doubtful:
        words = ngettext(
            "{count} failed or may not be on paper", "{count} failed or may not be on paper",
            doubtful,
        )  # fmt: skip
        parts.append(words.format(count=doubtful))
    if doubtful or waiting:
        advice = _("posctl printers jobs lists them and says what to do with each.")
        yield look.note(joined(", ", parts), advice)
    else:
        yield look.ok(_("none waits"))


def _printers_found(patient: Patient, look: Look) -> Iterator[Finding]:
    found = [one.address for one in patient.found_devices if one.kind.value != "serial"]
    none = _("none at this computer; posctl printers --network looks in the network")
    yield look.ok(", ".join(found) or none)


def _lines_found(patient: Patient, look: Look) -> Iterator[Finding]:
    found = [
        f"{one.address} ({one.label})"
        for one in patient.found_devices
        if one.kind.value == "serial"
    ]
    yield look.ok(", ".join(found) or _("none"))


def _drawer(patient: Patient, look: Look) -> Iterator[Finding]:
    get = patient.configuration.get
    address = get(settings.DRAWER_ADDRESS)
    if not address:
        if get(settings.PRINTER_ADDRESS):
            yield look.ok(_("plugged into the receipt printer, which opens it"))
        else:
            yield look.note(
                _("No drawer is set, and no printer that opens one."),
                _(
                    "Set the printer it is plugged into, or its own line: Devices in the menu, "
                    "or {key}."
                ).format(key=settings.DRAWER_ADDRESS.key),
            )
        return
    device = Device(DRAWER_DEVICE, address)
    if not patient.sees_locks:
        yield _not_asked(look, device)
        return
    if patient.prints(DRAWER_DEVICE):
        yield _as_the_till_says(patient, look, device)
        return
    is_serial = address.strip().startswith("serial:")
    fault = port_fault(address) if is_serial else address_fault(address)
    if fault is not None:
        yield look.broken(address, fault_sentence(fault, device))
    else:
        words = _("{address}; posctl drawer open tries it").format(address=address)
        yield look.ok(words)


def _scanner(patient: Patient, look: Look) -> Iterator[Finding]:
    get = patient.configuration.get
    address = get(settings.SCANNER_ADDRESS)
    if address:
        yield _on_a_line(look, address, settings.SCANNER_ADDRESS)
        return
    words = _("one that types like a keyboard: {least} signs or more, each within {gap} ms")
    yield look.ok(
        words.format(least=get(settings.SCANNER_MIN_LENGTH), gap=get(settings.SCANNER_GAP_MS))
    )


def _display(patient: Patient, look: Look) -> Iterator[Finding]:
    if address := patient.configuration.get(settings.DISPLAY_ADDRESS):
        yield _on_a_line(look, address, settings.DISPLAY_ADDRESS)


def _scale(patient: Patient, look: Look) -> Iterator[Finding]:
    """Ask the scale, unless a till reads it."""
    configuration = patient.configuration
    address = configuration.get(settings.SCALE_ADDRESS)
    if not address:
        return
    plugged_in = _on_a_line(look, address, settings.SCALE_ADDRESS)
    if not plugged_in.ok or patient.tills:
        yield plugged_in
        return
    desk = ScaleDesk(configuration)
    reading = desk.ask_once()
    if reading in _BAD_SCALE and isinstance(reading, ScaleFault):
        yield look.broken(address, desk.sentence(reading))
    else:
        yield look.ok(joined(": ", (address, reading_words(reading))))


def _on_a_line(look: Look, address: str, setting: Setting[str]) -> Finding:
    fault = port_fault(address)
    if fault is None:
        return look.ok(address)
    fields = {"address": address, "key": setting.key}
    words, advice = {
        Fault.BAD_ADDRESS: (
            _("{address} is no serial address."),
            _("Correct the address (Devices in the menu, or {key})."),
        ),
        Fault.REFUSED: (
            _("This login may not use {address}."),
            _("As root: add this login to the group dialout; then sign in to the computer anew."),
        ),
    }.get(
        fault,
        (
            _("Nothing is plugged in at {address}."),
            _(
                "Check its cable, then the address (Devices in the menu, or {key}); posctl "
                "scanners lists the lines."
            ),
        ),
    )
    return look.broken(words.format(**fields), advice.format(**fields))


_PRINTERS = (
    Look("printer", lambda: _("Receipt printer"), _printer),
    Look("papers", lambda: _("Papers"), _papers),
    Look("printers-found", lambda: _("Printers found"), _printers_found),
)
_SCANNER = (
    Look("scanner", lambda: _("Scanner"), _scanner),
    Look("lines-found", lambda: _("Serial lines found"), _lines_found),
)
GROUPS = (
    Group("printers", _PRINTERS),
    Group("drawer", (Look("drawer", lambda: _("Cash drawer"), _drawer),)),
    Group("scanner", _SCANNER),
    Group("scale", (Look("scale", lambda: _("Scale"), _scale),)),
    Group("display", (Look("display", lambda: _("Customer display"), _display),)),
)
"""Each device in a group of its own: none waits for another."""
