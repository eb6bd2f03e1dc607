"""What has to do with the devices of a till, joined."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.clock import Clock
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.customer_display import CustomerDisplayDesk
from pos_desktop.services.devices.device_setup import DeviceSetup
from pos_desktop.services.devices.device_trials import DeviceTrials
from pos_desktop.services.devices.scale_desk import ScaleDesk
from pos_desktop.services.devices.scanner_reader import ScannerReader
from pos_desktop.services.paper.print_queue import PrintQueue
from pos_desktop.services.printing.print_room import PrintRoom
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRoom:
    """The devices. Scanner, scale and display are read while a window is open."""

    scanner: ScannerReader
    scale: ScaleDesk
    display: CustomerDisplayDesk
    setup: DeviceSetup
    trials: DeviceTrials


def device_room(
    database: ShopDatabase,
    books: Books,
    configuration: Configuration,
    print_queue: PrintQueue,
    print_room: PrintRoom,
    clock: Clock,
) -> DeviceRoom:
    """Join the devices of a shop; none is opened. `clock` is the machine's."""
    scanner = ScannerReader(configuration)
    scale, display = ScaleDesk(configuration), CustomerDisplayDesk(configuration)
    desks = scanner, scale, display
    return DeviceRoom(
        scanner=scanner,
        scale=scale,
        display=display,
        setup=DeviceSetup(database, books, configuration, print_room, desks),
        trials=DeviceTrials(
            database, books, configuration, print_queue, print_room, clock, desks[1:]
        ),
    )
