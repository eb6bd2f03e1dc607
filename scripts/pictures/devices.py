"""The states of the page of devices of which pictures are made."""

from __future__ import annotations

from collections.abc import Sequence
from unittest.mock import patch

from pos_hardware.discovery import DeviceKind, FoundDevice
from pos_hardware.faults import Fault
from pos_hardware.testing.scale_simulator import ToledoSimulator
from pos_hardware.testing.simulator import PrinterSimulator

from pos_desktop import settings
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.device_setup import Around, DeviceSetup
from pos_desktop.ui.screens.devices.device_form import DeviceForm
from pos_desktop.ui.screens.devices.devices_page import DevicesPage
from scripts.pictures.steps import K, States, by_name
from scripts.player import Player

_EPSON = FoundDevice(
    DeviceKind.USB_PRINTER, "usb://id/04b8:0e15:X1", "04b8:0e15:X1", "EPSON TM-T20"
)
_FRONT = FoundDevice(DeviceKind.CUPS, "cups://front", "front", "front")
_NETWORK = FoundDevice(
    DeviceKind.NETWORK, "tcp://192.168.1.50:9100", "192.168.1.50", "192.168.1.50"
)
_LINE = FoundDevice(
    DeviceKind.SERIAL,
    "serial://id/0403:6001:A50285BI",
    "0403:6001:A50285BI",
    "FT232R USB UART",
)
_HERE = (_EPSON, _FRONT, _LINE)
_ALL = (
    settings.PRINTER_ADDRESS,
    settings.DRAWER_ADDRESS,
    settings.SCANNER_ADDRESS,
    settings.SCALE_ADDRESS,
    settings.DISPLAY_ADDRESS,
)


def _set(player: Player, **values: str) -> None:
    shop = player.program.shop
    for setting in _ALL:
        shop.configuration.set(setting, "", shop.books, actor=None)
    for name, value in values.items():
        shop.configuration.set(getattr(settings, name), value, shop.books, actor=None)


def _open(player: Player, here: Sequence[FoundDevice] = _HERE) -> DevicesPage:
    around = Around(here, {"serial:///dev/ttyUSB7": Fault.UNREACHABLE})
    with patch.object(DeviceSetup, "look_around", lambda *_args, **_actor: around):
        page = player.office_page("devices", DevicesPage)
        player.settle(lambda: bool(page.devices) and page.around is around)
    return page


def _choose(page: DevicesPage, kind: CounterKind) -> None:
    place = page.list.lines.place_of(kind.value)
    assert place is not None
    page.list.clicked.emit(page.list.lines.index(place))


def _form(player: Player, kind: CounterKind, here: Sequence[FoundDevice] = _HERE) -> DeviceForm:
    page = _open(player, here)
    _choose(page, kind)
    player.press(K.Key_Return)
    assert isinstance(page.form, DeviceForm)
    return page.form


def devices_none(player: Player) -> None:
    _set(player)
    _open(player, ())


def devices_well(player: Player) -> None:
    shop = player.program.shop
    with PrinterSimulator() as printer, ToledoSimulator(shop.directory / "scale") as scale:
        scale.put(1_250)
        _set(player, PRINTER_ADDRESS=printer.address, SCALE_ADDRESS=scale.address)
        page = _open(player)
        player.settle(lambda: all(page.devices[at].state is not None for at in (0, 1, 3)))


def devices_not_well(player: Player) -> None:
    _set(
        player,
        PRINTER_ADDRESS="tcp://127.0.0.1:1",
        DRAWER_ADDRESS="serial:///dev/ttyUSB7",
        SCANNER_ADDRESS="serial:///dev/ttyUSB8?baud=19200",
        SCALE_ADDRESS="serial://id/0403:6001:A50285BI?baud=4800",
        DISPLAY_ADDRESS="serial:///dev/ttyUSB9",
    )
    page = _open(player)
    player.settle(lambda: all(one.state is not None for one in page.devices))


_LONG = FoundDevice(
    DeviceKind.USB_PRINTER,
    "usb://id/0fe6:811e:LONG-SERIAL-NUMBER-0123456789ABCDEF",
    "0fe6:811e:LONG-SERIAL-NUMBER-0123456789ABCDEF",
    "ICS Advent Parallel Adapter for Thermal Receipt Printer 80 mm with Auto Cutter",
)


def devices_long_names(player: Player) -> None:
    _set(
        player,
        PRINTER_ADDRESS=_LONG.address,
        SCALE_ADDRESS="serial:///dev/serial/by-id/" + "x" * 90,
    )
    _open(player, (*_HERE, _LONG))


def devices_long_names_form(player: Player) -> None:
    _set(player, PRINTER_ADDRESS=_LONG.address)
    _form(player, CounterKind.PRINTER, (*_HERE, _LONG))


def devices_printer(player: Player) -> None:
    _set(player, PRINTER_ADDRESS="tcp://127.0.0.1:1")
    _form(player, CounterKind.PRINTER)


def devices_printer_found(player: Player) -> None:
    _set(player)
    _form(player, CounterKind.PRINTER)
    page = player.page("devices", DevicesPage)
    page.find_devices = lambda _in_use: [*_HERE, _NETWORK]
    player.press(K.Key_F6)
    player.settle(lambda: "192.168.1.50" in str(page.strip.notice))


def devices_printer_refused(player: Player) -> None:
    _set(player)
    form = _form(player, CounterKind.PRINTER, ())
    form.which.choose("another")
    form.address.show_text("EPSON on the counter")
    player.press(K.Key_F5)
    page = player.page("devices", DevicesPage)
    player.settle(page.strip.isVisible)


def devices_drawer(player: Player) -> None:
    _set(player)
    _form(player, CounterKind.DRAWER)


def devices_scanner(player: Player) -> None:
    _set(player, SCANNER_ADDRESS="serial:///dev/ttyUSB8?baud=19200")
    _form(player, CounterKind.SCANNER)


def devices_scale(player: Player) -> None:
    _set(player, SCALE_ADDRESS="serial://id/0403:6001:A50285BI?baud=4800")
    _form(player, CounterKind.SCALE)


def devices_display(player: Player) -> None:
    _set(player, DISPLAY_ADDRESS="serial:///dev/ttyUSB9")
    _form(player, CounterKind.DISPLAY)


def devices_trial(player: Player) -> None:
    with PrinterSimulator() as printer:
        _set(player, PRINTER_ADDRESS=printer.address)
        page = _open(player)
        player.press(K.Key_F5)
        player.settle(lambda: page.trials.trial is None and page.strip.isVisible())


def devices_trial_failed(player: Player) -> None:
    with PrinterSimulator() as printer:
        printer.set(fault=Fault.PAPER_OUT)
        _set(player, PRINTER_ADDRESS=printer.address)
        page = _open(player)
        player.press(K.Key_F5)
        player.settle(lambda: page.trials.trial is not None)
        player.settle(lambda: page.trials.trial is None)


def devices_scan(player: Player) -> None:
    _set(player)
    page = _open(player)
    _choose(page, CounterKind.SCANNER)
    player.press(K.Key_F5)


def devices_scanned(player: Player) -> None:
    devices_scan(player)
    player.window.take_scan("6161990000013")
    player.settle()


def devices_typed(player: Player) -> None:
    devices_scan(player)
    player.write("6161990000013")
    player.press(K.Key_Return)


def devices_not_scanned(player: Player) -> None:
    devices_scan(player)
    page = player.page("devices", DevicesPage)
    page.scan_view.run_out()
    player.settle()


STATES: States = by_name(
    devices_none,
    devices_well,
    devices_not_well,
    devices_printer,
    devices_long_names,
    devices_long_names_form,
    devices_printer_found,
    devices_printer_refused,
    devices_drawer,
    devices_scanner,
    devices_scale,
    devices_display,
    devices_trial,
    devices_trial_failed,
    devices_scan,
    devices_scanned,
    devices_typed,
    devices_not_scanned,
)
