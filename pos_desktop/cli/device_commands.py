"""posctl printers, drawer, scanners: the devices found, and a test of each."""

from __future__ import annotations

import argparse
import threading
from typing import Any

from pos_hardware.discovery import FoundDevice, discover
from pos_hardware.errors import BadAddress
from pos_hardware.print_jobs import PrintDevice
from pos_hardware.serial_scanner import ScannerState, SerialScanner
from pos_hardware.testpage import make_test_page
from pos_hardware.transports.addresses import TransportFactory, parse_address

from pos_desktop import settings
from pos_desktop.cli import print_job_commands
from pos_desktop.cli.output import complain, print_json, print_table
from pos_desktop.cli.print_job_commands import see_through
from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.devices.found_devices import find_widely
from pos_desktop.services.paper.print_queue import DRAWER_DEVICE, TEST_KIND
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import print_jobs

_SET_PRINTER = "posctl config set printer.address tcp://192.168.1.50:9100"
_SET_DRAWER = "posctl config set drawer.address serial:///dev/ttyUSB0"
_SET_SCANNER = "posctl config set scanner.address serial:///dev/ttyUSB0"


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    printers = groups.add_parser("printers", parents=[common], help=_("printers found"))
    printers.add_argument(
        "--network", action="store_true", help=_("look for printers in the network too")
    )
    printers.set_defaults(run=_list_printers)
    acts = printers.add_subparsers(metavar="ACT")
    test = acts.add_parser(
        "test",
        parents=[common],
        help=_("print a test page"),
        description=_(
            "Print a page with letters, a barcode and a QR code on this printer, and wait until it "
            "is out; a drawer on a line of its own is opened. Exit 1, and what to do, where that "
            "fails."
        ),
    )
    test.add_argument("name", help=_("receipt or drawer: the name, as posctl printers lists it"))
    test.set_defaults(run=_test_printer)
    print_job_commands.add_to(acts, common)
    drawer = groups.add_parser("drawer", parents=[common], help=_("cash drawer"))
    drawer_acts = drawer.add_subparsers(metavar="ACT", required=True)
    kick = drawer_acts.add_parser(
        "open",
        parents=[common],
        help=_("open the drawer"),
        description=_("Open the cash drawer, and write into the journal that posctl did."),
    )
    kick.add_argument(
        "name", nargs="?", default="", help=_("the device it hangs on; else that of the settings")
    )
    kick.set_defaults(run=_open_drawer)
    scanners = groups.add_parser(
        "scanners", parents=[common], help=_("the scanner that is set, and those found")
    )
    scanners.set_defaults(run=_list_scanners)
    scanner_acts = scanners.add_subparsers(metavar="ACT")
    listen = scanner_acts.add_parser(
        "listen",
        parents=[common],
        help=_("print what is scanned"),
        description=_(
            "Print what the serial scanner of scanner.address reads, a code a line, until Ctrl C. "
            "A scanner that types like a keyboard is tested without this: scan into any text."
        ),
    )
    listen.add_argument("--seconds", type=float, default=None, help=_("stop after so long"))
    listen.set_defaults(run=_listen)


def _list_printers(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    devices = shop.print_room.devices()
    waiting = {d.name: print_jobs.count_waiting(shop.database, d.name) for d in devices}
    to_look_at = shop.unsettled_prints.count()
    shop.close()
    found = [one for one in _found(options) if one.kind.value != "serial"]
    if options.json:
        print_json(
            {
                "configured": [_configured(device, waiting) for device in devices],
                "found": [found_json(device) for device in found],
                "to_look_at": to_look_at,
            }
        )
        return 0
    rows = [[d.name, d.address, _("{n} waiting").format(n=waiting[d.name])] for d in devices]
    rows += [["-", device.address, device.label] for device in found]
    if not rows:
        print(_("No printer is set and none was found; set one with:"))
        print(_SET_PRINTER)
        return 0
    print_table((_("Name"), _("Address"), _("What")), rows, set())
    if to_look_at:
        sentence = ngettext(
            "{count} paper to look at: posctl printers jobs",
            "{count} papers to look at: posctl printers jobs",
            to_look_at,
        )
        print(sentence.format(count=to_look_at))
    return 0


def _found(options: argparse.Namespace) -> list[FoundDevice]:
    return find_widely() if options.network else discover()


def _configured(device: PrintDevice, waiting: dict[str, int]) -> dict[str, Any]:
    return {"name": device.name, "address": device.address, "waiting": waiting[device.name]}


def found_json(device: FoundDevice) -> dict[str, Any]:
    """Return a device that was found, as JSON tells of it."""
    return {"kind": device.kind.value, "address": device.address, "label": device.label}


def _test_printer(options: argparse.Namespace) -> int:
    """Print a test page; the test of a drawer on a line of its own is that it opens."""
    shop = open_shop(options.data)
    try:
        device = _device(shop, options.name)
        if device.name == DRAWER_DEVICE:
            return _open(shop, device.name, as_json=options.json)
        shop_name = shop.configuration.get(settings.SHOP_NAME)
        page = make_test_page(device.profile, shop_name, device.address)
        with shop.database.write():
            job_id = shop.print_queue.paper(TEST_KIND, _("Test page"), page)
        return see_through(shop, job_id, as_json=options.json)
    finally:
        shop.close()


def _open_drawer(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    try:
        name = _device(shop, options.name or shop.print_queue.drawer_hangs_on()).name
        return _open(shop, name, as_json=options.json)
    finally:
        shop.close()


def _open(shop: Shop, device: str, *, as_json: bool) -> int:
    with shop.database.write():
        job_id = shop.print_queue.open_drawer(_("Opened by posctl"), device=device)
        detail = {"why": "posctl drawer open", "device": device}
        shop.books.note(Act.NO_SALE.value, actor_id=None, detail=detail)
    if job_id is None:
        raise Refused(_("This is a training shop: its drawer stays shut."))
    return see_through(shop, job_id, as_json=as_json)


def _device(shop: Shop, name: str) -> PrintDevice:
    devices = {device.name: device for device in shop.print_room.devices()}
    if name in devices:
        return devices[name]
    if not devices:
        sentence = _(
            "No printer is set, on which a drawer hangs too; set it with {printer} or, for a "
            "drawer on a line of its own, {drawer}."
        )
    else:
        sentence = _(
            "There is no device {name}; known: {known}. Others need an address: {printer} or "
            "{drawer}."
        )
    known = ", ".join(sorted(devices))
    raise Refused(sentence.format(name=name, known=known, printer=_SET_PRINTER, drawer=_SET_DRAWER))


def _list_scanners(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    get = shop.configuration.get
    address = get(settings.SCANNER_ADDRESS)
    gap_ms, least = get(settings.SCANNER_GAP_MS), get(settings.SCANNER_MIN_LENGTH)
    shop.close()
    found = [device for device in discover() if device.kind.value == "serial"]
    if options.json:
        print_json({"configured": address, "found": [found_json(device) for device in found]})
        return 0
    sentence = _(
        "A scanner that types like a keyboard needs no address: {least} signs or more, each within "
        "{gap} ms of the one before, are a scan (scanner.min_length, scanner.gap_ms)."
    )
    print(sentence.format(least=least, gap=gap_ms))
    rows = [["scanner", address, _("set by scanner.address")]] if address else []
    rows += [["-", device.address, device.label] for device in found if device.address != address]
    if not address:
        print(_("No serial scanner is set; set one with: {command}").format(command=_SET_SCANNER))
    if rows:
        print_table((_("Name"), _("Serial address"), _("What")), rows, set())
    else:
        print(_("No serial line was found on this computer."))
    return 0


def _listen(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    address = shop.configuration.get(settings.SCANNER_ADDRESS)
    shop.close()
    if not address:
        sentence = _(
            "No serial scanner is set, and a scanner that types like a keyboard is not heard here: "
            "test that by scanning into any text, where the code and an Enter appear. For a serial "
            "one plug it in, see its address with posctl scanners, and set it with: {command}"
        )
        raise Refused(sentence.format(command=_SET_SCANNER))
    try:
        transport = parse_address(address)
    except BadAddress as error:
        raise Refused(_("The scanner's address is wrong: correct scanner.address.")) from error
    return _print_scans(transport, address, options)


def _print_scans(transport: TransportFactory, address: str, options: argparse.Namespace) -> int:
    def show(code: str) -> None:
        if options.json:
            print_json({"code": code})
        else:
            print(code, flush=True)

    def tell(state: ScannerState) -> None:
        if state is ScannerState.READY:
            complain(_("The scanner is there: scan something."))
        elif state is ScannerState.MISSING:
            words = _(
                "No scanner at {address}, or another program has it: check its cable; it is "
                "looked for all the time. The till that is open has it for itself: close it."
            )
            complain(words.format(address=address))

    scanner = SerialScanner(transport, show, on_state=tell)
    if options.seconds is not None:
        threading.Timer(options.seconds, scanner.stop).start()
    try:
        scanner.run()
    finally:
        scanner.stop()
    return 0
