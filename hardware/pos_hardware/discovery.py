"""Finds the devices of this machine, each source within a time limit.

A device is named by an id that stays (maker, product and serial number, or a path made of them),
never by a port number where there is a better one: numbers change with the socket it is put into.
"""

from __future__ import annotations

import logging
import re
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pos_hardware.bounded import bounded
from pos_hardware.clock import Clock, Deadline, SystemClock
from pos_hardware.transports.cups import run
from pos_hardware.transports.serial_port import port_errors
from pos_hardware.transports.windows import Winspool, system_winspool

if TYPE_CHECKING:
    from serial.tools.list_ports_common import ListPortInfo

DEVICES = Path("/dev/usb")
SYSTEM = Path("/sys/class/usbmisc")
"""Where Linux tells the maker, product and serial number behind a printer's file."""
_CUPS_DEVICE = re.compile(r"^device for (?P<queue>\S+): (?P<uri>\S+)$", re.MULTILINE)


class DeviceKind(StrEnum):
    """Where a device was found."""

    SERIAL = "serial"
    USB_PRINTER = "usb"
    CUPS = "cups"
    WINDOWS = "windows"
    NETWORK = "network"


@dataclass(frozen=True)
class FoundDevice:
    """A device: its address for the settings, an id that stays, and what to call it."""

    kind: DeviceKind
    address: str
    stable_id: str
    label: str


logger = logging.getLogger(__name__)

Source = Callable[[Deadline], Sequence[FoundDevice]]


def discover(
    sources: Sequence[Source] | None = None, *, seconds: float = 3.0, clock: Clock | None = None
) -> list[FoundDevice]:
    """Return the devices of all sources, those asked at once; a late or broken one gives none.

    Takes at most about `seconds`: call it from a thread that may wait that long.
    """
    asked = SOURCES if sources is None else sources
    deadline = Deadline(clock or SystemClock(), seconds)
    found: list[Sequence[FoundDevice]] = [()] * len(asked)

    def ask(index: int, source: Source) -> None:
        try:
            found[index] = bounded(lambda: source(deadline), deadline)
        except Exception:
            logger.warning("a source of devices failed", exc_info=True)
            found[index] = ()

    threads = [
        threading.Thread(target=ask, args=each, daemon=True, name="discovery")
        for each in enumerate(asked)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [device for devices in found for device in devices]


def serial_ports(_deadline: Deadline) -> list[FoundDevice]:
    """Return the serial lines; one of USB is named by what it is, not by its number."""
    return [_serial_device(port) for port in _ports()]


def usb_printers(
    _deadline: Deadline, devices: Path = DEVICES, system: Path = SYSTEM
) -> list[FoundDevice]:
    """Return the printers that Linux shows as files, named by what they are where it tells."""
    found = []
    for file in sorted(devices.glob("lp*")):
        stable_id = _printer_id(system / file.name)
        address = f"usb://id/{quote(stable_id, safe=':')}" if stable_id else f"usb://{file}"
        label = _read(system / file.name / "device" / ".." / "product") or file.name
        found.append(FoundDevice(DeviceKind.USB_PRINTER, address, stable_id or str(file), label))
    return found


def printer_file_of(stable_id: str, devices: Path = DEVICES, system: Path = SYSTEM) -> Path | None:
    """Return the file that a USB printer has now, by its `VID:PID:serial`; None if not there."""
    files = sorted(devices.glob("lp*"))
    return next((file for file in files if _printer_id(system / file.name) == stable_id), None)


def _printer_id(entry: Path) -> str:
    """Return `VID:PID:serial` of a printer; the parent of its interface is the device."""
    device = entry / "device" / ".."
    vendor, product = _read(device / "idVendor"), _read(device / "idProduct")
    if not vendor or not product:
        return ""
    return ":".join(filter(None, (vendor, product, _read(device / "serial"))))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def cups_queues(deadline: Deadline) -> list[FoundDevice]:
    """Return the queues of the CUPS server of this machine."""
    if shutil.which("lpstat") is None:
        return []
    listed = run(["lpstat", "-v"], deadline).stdout.decode(errors="replace")
    return [
        FoundDevice(DeviceKind.CUPS, f"cups://{quote(queue, safe='')}", uri, queue)
        for queue, uri in _CUPS_DEVICE.findall(listed)
    ]


def windows_printers(
    _deadline: Deadline, api: Callable[[], Winspool] = system_winspool
) -> list[FoundDevice]:
    """Return the printers of the Windows spooler; nothing elsewhere."""
    try:
        names = api().printers()
    except OSError:
        return []
    return [
        FoundDevice(DeviceKind.WINDOWS, f"windows://{quote(name, safe='')}", name, name)
        for name in names
    ]


SOURCES: tuple[Source, ...] = (serial_ports, usb_printers, cups_queues, windows_printers)


def port_of(stable_id: str) -> str | None:
    """Return the port that a device has now, by its `VID:PID:serial`; None if it is not there."""
    return next((str(port.device) for port in _ports() if usb_id(port) == stable_id), None)


def has_port(name: str) -> bool:
    """Tell whether this computer has a port of this name now."""
    return any(port.device == name for port in _ports())


def usb_id(port: ListPortInfo) -> str:
    """Return `VID:PID:serial` of a port, without the serial number if it has none, or nothing."""
    if port.vid is None or port.pid is None:
        return ""
    serial = f":{port.serial_number}" if port.serial_number else ""
    return f"{port.vid:04x}:{port.pid:04x}{serial}"


def _ports() -> list[ListPortInfo]:
    """Ask pyserial, which fails when a device is pulled out while it looks.

    On Windows it looks for functions of the system as it is imported, and wine lacks one of them:
    CM_MapCrToWin32Err.
    """
    try:
        from serial.tools import list_ports

        return list(list_ports.comports())
    except port_errors():
        return []
    except AttributeError as error:
        logger.warning("this system cannot list its serial lines: %s", error)
        return []


def _serial_device(port: ListPortInfo) -> FoundDevice:
    stable_id = usb_id(port)
    label = port.description if port.description not in {None, "n/a"} else port.device
    if stable_id:
        address = f"serial://id/{quote(stable_id, safe=':')}"
    elif port.device.startswith("/"):
        address = f"serial://{quote(port.device)}"
    else:
        address = f"serial://port/{quote(port.device)}"
    return FoundDevice(DeviceKind.SERIAL, address, stable_id or port.device, label)
