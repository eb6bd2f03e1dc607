"""Devices are found by ids that stay, and no source holds up the others."""

from __future__ import annotations

import logging
import stat
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from pos_hardware.clock import Deadline, SystemClock
from pos_hardware.discovery import (
    DeviceKind,
    FoundDevice,
    cups_queues,
    discover,
    port_of,
    printer_file_of,
    serial_ports,
    usb_printers,
    windows_printers,
)
from pos_hardware.faults import Fault
from pos_hardware.transports.addresses import parse_address, port_fault
from serial.tools import list_ports

from tests.pos_hardware.clocks import FAR
from tests.pos_hardware.test_transports import LPSTAT, Spooler

FOUND = FoundDevice(DeviceKind.CUPS, "cups://a", "a", "a")


def soon() -> Deadline:
    return Deadline(SystemClock(), 5)


def port(device: str, **about: object) -> SimpleNamespace:
    known = {"vid": None, "pid": None, "serial_number": None, "description": "n/a"}
    return SimpleNamespace(device=device, **(known | about))


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> list[SimpleNamespace]:
    found = [
        port("/dev/ttyACM0", vid=0x0403, pid=0x6001, serial_number="A5 0", description="Scanner"),
        port("/dev/ttyUSB1", vid=0x067B, pid=0x2303),
        port("/dev/ttyS0"),
        port("COM3"),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: found)
    return found


def test_serial_devices_are_named_by_what_they_are(ports: list[SimpleNamespace]) -> None:
    assert serial_ports(soon()) == [
        FoundDevice(DeviceKind.SERIAL, "serial://id/0403:6001:A5%200", "0403:6001:A5 0", "Scanner"),
        FoundDevice(DeviceKind.SERIAL, "serial://id/067b:2303", "067b:2303", "/dev/ttyUSB1"),
        FoundDevice(DeviceKind.SERIAL, "serial:///dev/ttyS0", "/dev/ttyS0", "/dev/ttyS0"),
        FoundDevice(DeviceKind.SERIAL, "serial://port/COM3", "COM3", "COM3"),
    ]


def test_a_device_is_found_again_under_another_number(ports: list[SimpleNamespace]) -> None:
    assert port_of("0403:6001:A5 0") == "/dev/ttyACM0"
    ports[0].device = "/dev/ttyACM7"
    assert port_of("0403:6001:A5 0") == "/dev/ttyACM7"
    assert port_of("ffff:0000") is None


def test_why_a_line_cannot_be_used_is_told_without_opening_it(
    ports: list[SimpleNamespace], tmp_path: Path
) -> None:
    line = tmp_path / "line"
    line.touch()
    ports.append(port(str(line), vid=0x1A86, pid=0x7523))
    assert port_fault(f"serial://{line}?baud=9600") is None
    assert port_fault("serial://id/1a86:7523") is None
    assert port_fault("serial://port/COM3") is None
    line.unlink()
    for address in (f"serial://{line}", "serial://id/1a86:7523", "serial://id/ffff:0000"):
        assert port_fault(address) is Fault.UNREACHABLE
    assert port_fault("serial://port/COM9") is Fault.UNREACHABLE
    for address in ("tcp://192.0.2.1", "the scanner", "serial://port/lp0?x=1"):
        assert port_fault(address) is Fault.BAD_ADDRESS


def test_a_port_pulled_out_while_looking_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(19, "no such device")

    monkeypatch.setattr(list_ports, "comports", fail)
    assert serial_ports(soon()) == []
    assert port_of("0403:6001") is None


def test_a_windows_that_lacks_what_pyserial_asks_for_has_no_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As wine, which has no CM_MapCrToWin32Err: pyserial looks for it as it is imported."""

    class Wine:
        @staticmethod
        def find_spec(name: str, path: object, target: object = None) -> None:
            if name == list_ports.__name__:
                raise AttributeError("function 'CM_MapCrToWin32Err' not found")

    monkeypatch.delitem(sys.modules, list_ports.__name__)
    monkeypatch.delattr(sys.modules["serial.tools"], "list_ports")
    monkeypatch.setattr(sys, "meta_path", [Wine, *sys.meta_path])
    assert serial_ports(soon()) == []
    assert port_of("0403:6001") is None


def plug(root: Path, name: str, socket: str, **about: str) -> None:
    """Show a printer as Linux does: a file, and an entry that links to its interface."""
    (root / "dev").mkdir(exist_ok=True)
    (root / "dev" / name).touch()
    interface = root / "devices" / socket / f"{socket}:1.0"
    interface.mkdir(parents=True, exist_ok=True)
    for file, content in about.items():
        (interface.parent / file).write_text(content + "\n")
    entry = root / "class" / name
    entry.mkdir(parents=True, exist_ok=True)
    (entry / "device").unlink(missing_ok=True)
    (entry / "device").symlink_to(interface)


def test_usb_printers_are_named_by_what_they_are(tmp_path: Path) -> None:
    epson = {"idVendor": "04b8", "idProduct": "0e15", "serial": "54 46", "product": "TM-T20II"}
    plug(tmp_path, "lp0", "1-1", idVendor="0416", idProduct="5011")
    plug(tmp_path, "lp1", "1-2", **epson)
    plug(tmp_path, "lp2", "1-3")
    places = (tmp_path / "dev", tmp_path / "class")
    kind = DeviceKind.USB_PRINTER
    unnamed = str(tmp_path / "dev" / "lp2")
    assert usb_printers(soon(), *places) == [
        FoundDevice(kind, "usb://id/0416:5011", "0416:5011", "lp0"),
        FoundDevice(kind, "usb://id/04b8:0e15:54%2046", "04b8:0e15:54 46", "TM-T20II"),
        FoundDevice(kind, f"usb://{unnamed}", unnamed, "lp2"),
    ]
    assert printer_file_of("04b8:0e15:54 46", *places) == tmp_path / "dev" / "lp1"
    plug(tmp_path, "lp0", "1-2", **epson)
    (tmp_path / "dev" / "lp1").unlink()
    assert printer_file_of("04b8:0e15:54 46", *places) == tmp_path / "dev" / "lp0"
    assert printer_file_of("04b8:0e15", *places) is None
    assert usb_printers(soon(), tmp_path / "nothing", tmp_path) == []


def test_cups_queues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cups_queues(soon()) == []
    program = tmp_path / "lpstat"
    program.write_text(LPSTAT.format(folder=tmp_path))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert cups_queues(soon()) == [
        FoundDevice(DeviceKind.CUPS, "cups://receipts", "usb://EPSON/TM-T20?serial=A1", "receipts"),
        FoundDevice(DeviceKind.CUPS, "cups://office", "ipp://10.0.0.9/print", "office"),
    ]


def test_windows_printers() -> None:
    assert [device.address for device in windows_printers(soon(), Spooler)] == [
        "windows://TM",
        "windows://Front%20desk%20%232",
    ]
    assert windows_printers(soon()) == []


def test_every_address_found_can_be_used(ports: list[SimpleNamespace]) -> None:
    for device in (*serial_ports(soon()), *windows_printers(soon(), Spooler)):
        assert parse_address(device.address)()


def test_a_source_that_hangs_or_fails_holds_nobody_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    go = threading.Event()
    back: list[FoundDevice] = []

    def hang(_deadline: Deadline) -> list[FoundDevice]:
        go.wait(FAR)
        back.append(FOUND)
        return back

    def fail(_deadline: Deadline) -> list[FoundDevice]:
        raise ValueError("broken descriptor")

    assert discover([hang, fail, lambda _deadline: [FOUND]], seconds=0.3) == [FOUND]
    assert back == [], "one still hangs"
    assert "broken descriptor" in caplog.text
    go.set()


def test_this_machine_can_be_searched(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever hangs on it: what is found is named, and has an address that is understood."""
    found = discover(seconds=5)
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]  # each looked
    assert not [device for device in found if not device.label]
    for device in found:
        parse_address(device.address)
