"""The devices of a till are seen as they are, and changed with what belongs to them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pos_hardware.discovery import DeviceKind, FoundDevice
from pos_hardware.displays.display import DisplayState
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState
from pos_hardware.scales.reading import Weight
from pos_hardware.testing.display_simulator import DisplaySimulator
from pos_hardware.testing.scale_simulator import ToledoSimulator
from pos_hardware.testing.simulator import PrinterSimulator
from pos_hardware.worker import WorkerState

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.services.devices import found_devices
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.device_setup import SeenDevice
from pos_desktop.services.devices.found_devices import called, find_widely
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.printing.print_room import DeviceState
from pos_desktop.settings.declaring import Unfit
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import print_jobs
from tests.pos_desktop.conftest import CASHIER, person
from tests.pos_desktop.services.play import play

LINE = "serial:///dev/ttyUSB7"


@pytest.fixture
def till(selling_shop: Shop) -> Iterator[Shop]:
    """A shop whose print room is open."""
    selling_shop.print_room.start()
    yield selling_shop
    assert selling_shop.print_room.stop(10)


def _seen(shop: Shop, kind: CounterKind) -> SeenDevice:
    return next(one for one in shop.devices.setup.seen(actor=None) if one.kind is kind)


def _change(shop: Shop, kind: CounterKind, *values: tuple[settings.Setting[Any], Any]) -> None:
    shop.devices.setup.change(kind, values, actor=None)


def _until(shop: Shop, kind: CounterKind, state: object) -> SeenDevice:
    rest = threading.Event()
    for _ in range(400):
        if (seen := _seen(shop, kind)).state == state:
            return seen
        rest.wait(0.025)
    raise TimeoutError(seen)


def test_without_devices_nothing_is_known_of_any(till: Shop) -> None:
    assert till.devices.setup.seen(actor=None) == [
        SeenDevice(kind=kind, address="") for kind in CounterKind
    ]


def test_a_printer_is_seen_as_its_worker_sees_it_and_a_drawer_hangs_on_it(till: Shop) -> None:
    with PrinterSimulator() as printer:
        _change(till, CounterKind.PRINTER, (settings.PRINTER_ADDRESS, printer.address))
        well = DeviceState(WorkerState.IDLE)
        assert _until(till, CounterKind.PRINTER, well).address == printer.address
        drawer = _seen(till, CounterKind.DRAWER)
        assert (drawer.address, drawer.state, drawer.on_printer) == ("", well, True)
        printer.set(fault=Fault.PAPER_OUT)
        till.devices.setup.ask_anew(actor=None)
        empty = DeviceState(WorkerState.FAULT, Fault.PAPER_OUT)
        _until(till, CounterKind.PRINTER, empty)
        play(till, "SUGAR", "pay cash 200")
        assert _until(till, CounterKind.PRINTER, empty).waiting == 1


def test_a_printer_of_another_program_is_as_the_papers_that_wait_for_it_say(
    selling_shop: Shop,
) -> None:
    other = open_shop(selling_shop.directory)
    with PrinterSimulator() as printer:
        _change(selling_shop, CounterKind.PRINTER, (settings.PRINTER_ADDRESS, printer.address))
        other.configuration.refresh()
        other.print_room.start()
        _until(other, CounterKind.PRINTER, DeviceState(WorkerState.IDLE))
        selling_shop.print_room.start()
        _until(selling_shop, CounterKind.PRINTER, DeviceState(WorkerState.WAITING))
        printer.set(fault=Fault.COVER_OPEN)
        play(selling_shop, "SUGAR", "pay cash 200")
        _until(selling_shop, CounterKind.PRINTER, DeviceState(WorkerState.FAULT, Fault.COVER_OPEN))
        assert selling_shop.print_room.stop(10)
        assert other.print_room.stop(10)
    other.close()


def test_scale_and_display_are_seen_as_their_readers_see_them(
    selling_shop: Shop, tmp_path: Path
) -> None:
    room = selling_shop.devices
    with (
        ToledoSimulator(tmp_path / "scale") as scale,
        DisplaySimulator(tmp_path / "display", "epson") as display,
    ):
        scale.put(750)
        _change(selling_shop, CounterKind.SCALE, (settings.SCALE_ADDRESS, scale.address))
        _change(selling_shop, CounterKind.DISPLAY, (settings.DISPLAY_ADDRESS, display.address))
        room.scale.start()
        room.display.start()
        _until(selling_shop, CounterKind.SCALE, Weight(750))
        _until(selling_shop, CounterKind.DISPLAY, DisplayState.READY)
        assert room.scale.stop(10)
        assert room.display.stop(10)


def test_a_device_is_changed_with_all_that_belongs_to_it_or_not_at_all(shop: Shop) -> None:
    get = shop.configuration.get
    with pytest.raises(Refused):
        _change(
            shop,
            CounterKind.PRINTER,
            (settings.PRINTER_PAPER_MM, 58),
            (settings.PRINTER_ADDRESS, "the one on the desk"),
        )
    assert get(settings.PRINTER_PAPER_MM) == 80
    _change(
        shop,
        CounterKind.PRINTER,
        (settings.PRINTER_PAPER_MM, 58),
        (settings.PRINTER_ADDRESS, "tcp://192.168.1.50:9100"),
    )
    assert (get(settings.PRINTER_PAPER_MM), get(settings.PRINTER_ADDRESS)) == (
        58,
        "tcp://192.168.1.50:9100",
    )


def test_a_refused_address_is_said_by_the_name_of_the_device(shop: Shop) -> None:
    with pytest.raises(Unfit) as refused:
        _change(shop, CounterKind.SCALE, (settings.SCALE_ADDRESS, "tcp://192.168.1.50"))
    assert refused.value.labelled.startswith("Scale cannot be “tcp://192.168.1.50”; type one of:")
    assert refused.value.sentence.startswith("scale.address cannot be")


@pytest.mark.parametrize("theirs", [LINE, f"{LINE}?baud=4800"])
def test_one_line_has_one_device(shop: Shop, theirs: str) -> None:
    _change(shop, CounterKind.SCALE, (settings.SCALE_ADDRESS, theirs))
    with pytest.raises(Refused, match=r"another device already \(Scale\)"):
        _change(shop, CounterKind.DISPLAY, (settings.DISPLAY_ADDRESS, f"{LINE}?baud=9600"))
    _change(shop, CounterKind.SCALE, (settings.SCALE_ADDRESS, f"{LINE}?baud=1200"))


def test_a_drawer_on_the_printer_has_no_address_of_its_own(shop: Shop) -> None:
    """Else two workers would open one printer."""
    printer = "tcp://192.168.1.50:9100"
    _change(shop, CounterKind.PRINTER, (settings.PRINTER_ADDRESS, printer))
    with pytest.raises(Refused, match="leave the drawer's empty"):
        _change(shop, CounterKind.DRAWER, (settings.DRAWER_ADDRESS, printer))


def test_who_may_not_change_settings_sees_no_devices(shop: Shop) -> None:
    cashier, setup = person(shop, CASHIER), shop.devices.setup
    for act in (setup.seen, setup.look_around, setup.ask_anew):
        with pytest.raises(NeedsApproval):
            act(actor=cashier)
    with pytest.raises(NeedsApproval):
        setup.change(CounterKind.SCALE, [(settings.SCALE_ADDRESS, LINE)], actor=cashier)


def test_a_change_is_in_the_journal_with_who_made_it(shop: Shop) -> None:
    manager = person(shop, ("manager", "1234"))
    values = [(settings.SCALE_ADDRESS, LINE), (settings.SCALE_PROTOCOL, "toledo")]
    shop.devices.setup.change(CounterKind.SCALE, values, actor=manager)
    (noted,) = shop.database.rows("SELECT actor_id, detail FROM journal WHERE kind = 'setting'")
    assert noted["actor_id"] == manager.id
    assert "scale.address" in noted["detail"]


def test_what_is_not_plugged_in_is_found_out_aside(shop: Shop) -> None:
    _change(shop, CounterKind.DRAWER, (settings.DRAWER_ADDRESS, LINE))
    _change(shop, CounterKind.PRINTER, (settings.PRINTER_ADDRESS, "tcp://192.168.1.50:9100"))
    around = shop.devices.setup.look_around(actor=None)
    assert around.ports == {LINE: Fault.UNREACHABLE}


def test_a_printer_in_use_is_not_knocked_at() -> None:
    asked: list[object] = []

    def discover(sources: Any, **_limits: object) -> list[FoundDevice]:
        asked.append(sources[-1].keywords["but"])
        return []

    with patch.object(found_devices, "discover", discover):
        for address in ("tcp://192.168.1.50:9100", "usb:///dev/usb/lp0", "", "no address"):
            find_widely(address)
    assert asked == [("192.168.1.50",), (), (), ()]


def test_what_is_in_the_network_is_called_so() -> None:
    printer = FoundDevice(DeviceKind.NETWORK, "tcp://10.0.0.5:9100", "10.0.0.5", "10.0.0.5")
    assert called(printer) == "In the network: 10.0.0.5"
    cups = FoundDevice(DeviceKind.CUPS, "cups://front", "front", "front")
    assert called(cups) == "front"


def test_a_closed_program_stops_no_paper(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 200")
    database = selling_shop.database
    (job,) = [one for one in print_jobs.waiting(database, "receipt") if one.kind == "receipt"]
    for fault, told in ((Fault.STOPPED, None), (Fault.PAPER_OUT, Fault.PAPER_OUT)):
        with database.write():
            print_jobs.set_state(database, job.id, JobState.QUEUED, fault=fault, at=0)
        assert print_jobs.stopped_by(database, "receipt") is told
