"""Reads the address of a device, a setting that looks like a URL.

tcp://192.168.1.50:9100            serial:///dev/ttyUSB0?baud=9600&flow=dtr
usb:///dev/usb/lp0                 serial://id/0403:6001:A50285BI?baud=19200
usb://id/04b8:0e15:5446            serial://port/COM3
file:///var/spool/pos/prints.bin     a new file, or one with prints alone; or a folder
cups://receipts                    windows://EPSON%20TM-T20
virtual:///home/me/prints          a folder with a picture of every print
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path, PurePath
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pos_hardware.errors import BadAddress, NotSent
from pos_hardware.faults import Fault
from pos_hardware.transports.base import Transport
from pos_hardware.transports.cups import CupsTransport
from pos_hardware.transports.device_file import DeviceFileTransport
from pos_hardware.transports.network import NetworkTransport
from pos_hardware.transports.print_file import FileTransport, check_print_file
from pos_hardware.transports.serial_port import FlowControl, LineSettings, SerialTransport
from pos_hardware.transports.windows import WindowsTransport, system_winspool

PRINTER_PORT = 9100

TransportFactory = Callable[[], Transport]
"""Makes a fresh transport for each use: devices come and go."""


def parse_address(text: str) -> TransportFactory:
    """Return what makes transports for an address; `BadAddress` if it says nothing we know."""
    try:
        parts = urlsplit(text.strip())
        maker = _MAKERS.get(parts.scheme)
    except ValueError as error:
        raise BadAddress from error
    if maker is None:
        raise BadAddress
    return maker(parts)


def virtual_address(folder: PurePath) -> str:
    """Return the address of a virtual printer that leaves pictures in a folder, a whole path."""
    return folder.as_uri().replace("file:", "virtual:", 1)


def parse_serial_address(text: str, default: LineSettings) -> TransportFactory:
    """Return what makes transports for a device that is always on a serial line.

    `default` is how such a device sets its line; what the address says of it comes first. Raises
    `BadAddress` for every other kind of address.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError as error:
        raise BadAddress from error
    if parts.scheme != "serial":
        raise BadAddress("this device is on a serial line")
    return _serial(parts, default)


def address_fault(text: str) -> Fault | None:
    """Return why an address may not stand in the settings, or None; opens no device.

    `BAD_ADDRESS` for what says nothing, `NOT_OURS` for a file with something else in it, and
    what the system says of a file that may not be read.
    """
    try:
        parse_address(text)
        parts = urlsplit(text.strip())
        if parts.scheme == "file":
            check_print_file(_path(parts))
    except BadAddress:
        return Fault.BAD_ADDRESS
    except NotSent as error:
        return error.fault
    except OSError:
        return Fault.REFUSED
    return None


def port_fault(text: str) -> Fault | None:
    """Return why the device on a serial line cannot be used now, or None; opens nothing.

    `UNREACHABLE` where nothing is plugged in there, `REFUSED` where this login may not use it.
    """
    try:
        parse_serial_address(text, LineSettings())
    except BadAddress:
        return Fault.BAD_ADDRESS
    place = _port_place(urlsplit(text.strip()))
    if place is None:
        return Fault.UNREACHABLE
    if place.startswith("/"):
        if not Path(place).exists():
            return Fault.UNREACHABLE
        return None if os.access(place, os.R_OK | os.W_OK) else Fault.REFUSED
    return None


def _port_place(parts: SplitResult) -> str | None:
    """Return the port that a serial address means now; None where there is none."""
    from pos_hardware.discovery import has_port, port_of

    name = unquote(parts.path)
    if parts.netloc == "id":
        return port_of(name.removeprefix("/"))
    if parts.netloc == "port":
        return name.removeprefix("/") if has_port(name.removeprefix("/")) else None
    return str(_path(parts))


def _tcp(parts: SplitResult) -> TransportFactory:
    try:
        host, port = parts.hostname, parts.port or PRINTER_PORT
    except ValueError as error:
        raise BadAddress("the port of a network printer is a number up to 65535") from error
    if not host:
        raise BadAddress("the address of a network printer needs a host")
    return lambda: NetworkTransport(host, port)


def _usb(parts: SplitResult) -> TransportFactory:
    name = unquote(parts.path).removeprefix("/")
    if parts.netloc == "id" and name:
        return lambda: DeviceFileTransport(_file_finder(name))
    path = _path(parts)
    return lambda: DeviceFileTransport(lambda: path)


def _file(parts: SplitResult) -> TransportFactory:
    path = _path(parts)
    return lambda: FileTransport(path)


def _virtual(parts: SplitResult) -> TransportFactory:
    path = _path(parts)

    def make() -> Transport:
        from pos_hardware.testing.virtual import VirtualPrinter

        return VirtualPrinter(path)

    return make


def _serial(parts: SplitResult, default: LineSettings | None = None) -> TransportFactory:
    line = _line_settings(parts.query, default or LineSettings())
    name = unquote(parts.path)
    find: Callable[[], str | None]
    if parts.netloc == "id" and len(name) > 1:
        find = _finder(name.removeprefix("/"))
    elif parts.netloc == "port" and re.fullmatch(r"/COM\d+", name):
        find = name.removeprefix("/").__str__
    else:
        find = str(_path(parts)).__str__
    return lambda: SerialTransport(find, line)


def _file_finder(stable_id: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        from pos_hardware.discovery import printer_file_of

        return printer_file_of(stable_id)

    return find


def _finder(stable_id: str) -> Callable[[], str | None]:
    def find() -> str | None:
        from pos_hardware.discovery import port_of

        return port_of(stable_id)

    return find


def _line_settings(query: str, default: LineSettings) -> LineSettings:
    given = dict(parse_qsl(query))
    try:
        line = LineSettings(
            baud=int(given.pop("baud", default.baud)),
            bits=int(given.pop("bits", default.bits)),
            parity=given.pop("parity", default.parity).upper(),
            stop=float(given.pop("stop", default.stop)),
            flow=FlowControl(given.pop("flow", default.flow)),
        )
    except ValueError as error:
        raise BadAddress("a setting of the serial line cannot be read") from error
    known = line.bits in {5, 6, 7, 8} and line.parity in set("NEOMS") and line.stop in {1, 1.5, 2}
    if given or not known or not 50 <= line.baud <= 4_000_000:
        raise BadAddress("a setting of the serial line is not known")
    return line


def _cups(parts: SplitResult) -> TransportFactory:
    queue = unquote(parts.netloc)
    if not re.fullmatch(r"[^\s/#?'\"-][^\s/#?'\"]*", queue):
        raise BadAddress("the address of a CUPS printer needs the name of its queue")
    return lambda: CupsTransport(queue)


def _windows(parts: SplitResult) -> TransportFactory:
    printer = unquote(parts.netloc + parts.path)
    if not printer:
        raise BadAddress("the address of a Windows printer needs its name")
    return lambda: WindowsTransport(printer, system_winspool)


def _path(parts: SplitResult) -> Path:
    path = unquote(parts.path)
    if parts.netloc or not path.startswith("/") or "\0" in path:
        raise BadAddress("the address needs a whole path, after three slashes")
    drive = re.fullmatch(r"/([A-Za-z]:.*)", path)
    return Path(drive[1] if drive else path)


_MAKERS: dict[str, Callable[[SplitResult], TransportFactory]] = {
    "tcp": _tcp,
    "usb": _usb,
    "file": _file,
    "virtual": _virtual,
    "serial": _serial,
    "cups": _cups,
    "windows": _windows,
}
