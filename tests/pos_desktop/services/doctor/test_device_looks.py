"""Devices: emulated printers and lines, switched off, in use, forbidden."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from filelock import FileLock
from pos_hardware.faults import Fault
from pos_hardware.testing.scale_simulator import ToledoSimulator
from pos_hardware.testing.simulator import PrinterSimulator
from pos_hardware.testing.virtual import set_fault

from pos_desktop import settings
from pos_desktop.services.doctor import device_looks
from pos_desktop.services.doctor.finding import State
from pos_desktop.shop import Shop
from tests.house.sources import ROOT
from tests.pos_desktop.services.doctor.looked import looked, seen, set_values, states


def test_a_printer_in_the_network_is_asked(shop_directory: Path) -> None:
    with PrinterSimulator() as printer:
        set_values(shop_directory, {settings.PRINTER_ADDRESS: printer.address})
        assert seen(shop_directory, "printers", "printer").state is State.OK
        printer.set(fault=Fault.PAPER_OUT)
        found = seen(shop_directory, "printers", "printer")
        assert (found.state, "roll" in found.advice) == (State.BROKEN, True)
        assert printer.received
        assert not printer.paper.text
        printer.unplug()
        found = seen(shop_directory, "printers", "printer")
        assert (found.state, printer.address in found.advice) == (State.BROKEN, True)


def test_a_printer_that_a_till_uses_is_left_alone(demo_shop: Shop) -> None:
    """The till that prints says by its papers how the printer is."""
    set_fault(demo_shop.directory / "prints", Fault.COVER_OPEN)
    assert "lid" in seen(demo_shop.directory, "printers", "printer").advice
    with FileLock(demo_shop.directory / "locks" / "device-receipt"):
        found = seen(demo_shop.directory, "printers", "printer")
        assert (found.state, "in use by a program" in found.detail) == (State.OK, True)
        with demo_shop.database.write():
            job = demo_shop.print_queue.open_drawer("Opened by a test")
            assert job is not None
        demo_shop.print_room.jobs.put_back(job, Fault.PAPER_OUT)
        found = seen(demo_shop.directory, "printers", "printer")
        assert (found.state, "roll" in found.advice) == (State.BROKEN, True)


@pytest.mark.parametrize(
    ("address", "is_told"), [("usb:///dev/usb/lp0", True), ("serial:///dev/ttyUSB0", False)]
)
def test_a_usb_printer_without_a_right_leads_to_the_page_that_says_how(
    shop_directory: Path, monkeypatch: pytest.MonkeyPatch, address: str, is_told: bool
) -> None:
    set_values(shop_directory, {settings.PRINTER_ADDRESS: address})
    monkeypatch.setattr(device_looks, "address_fault", lambda _address: Fault.REFUSED)
    advice = seen(shop_directory, "printers", "printer").advice
    assert "may not use the printer" in advice
    place, heading = "docs/counter-devices.md", "USB printers on Linux"
    assert (f"{place} says how, under “{heading}”" in advice) is is_told
    assert f"### {heading}\n" in (ROOT / place).read_text(encoding="utf-8")


def test_no_printer_is_told_and_its_drawer(shop_directory: Path) -> None:
    found = states(looked(shop_directory, "printers", "drawer"))
    assert (found["printer"], found["drawer"]) == (State.NOTE, State.NOTE)


def test_papers_that_wait_are_told(demo_shop: Shop) -> None:
    with demo_shop.database.write():
        demo_shop.print_queue.open_drawer("Opened by a test")
    found = seen(demo_shop.directory, "printers", "papers")
    assert (found.state, found.detail) == (State.NOTE, "1 paper waits")


def test_a_spooler_that_does_not_know_its_printer_is_told(shop_directory: Path) -> None:
    set_values(shop_directory, {settings.PRINTER_ADDRESS: "cups://no-such-queue"})
    found = seen(shop_directory, "printers", "printer")
    assert found.state is State.BROKEN
    assert "posctl printers lists" in found.advice
    assert "network" not in found.advice


@pytest.mark.skipif(sys.platform == "win32", reason="lines of a terminal")
def test_devices_on_a_line_are_told(shop_directory: Path, tmp_path: Path) -> None:
    with ToledoSimulator(tmp_path / "scale") as scale:
        scale.put(1_250)
        set_values(
            shop_directory,
            {
                settings.SCALE_ADDRESS: scale.address,
                settings.SCANNER_ADDRESS: f"serial://{tmp_path / 'scanner'}",
                settings.DRAWER_ADDRESS: f"serial://{tmp_path / 'drawer'}",
                settings.DISPLAY_ADDRESS: scale.address,
            },
        )
        found = {one.check: one for one in looked(
            shop_directory, "scale", "scanner", "drawer", "display"
        )}  # fmt: skip
    assert "1.250 kg" in found["scale"].detail
    assert found["display"].state is State.OK
    assert (found["scanner"].state, found["drawer"].state) == (State.BROKEN, State.BROKEN)
    assert "scanner.address" in found["scanner"].advice


def test_a_scanner_that_types_needs_nothing(shop_directory: Path) -> None:
    found = states(looked(shop_directory, "scanner", "scale", "display"))
    assert found["scanner"] is State.OK
    assert not {"scale", "display"} & {*found}
