"""What stands on the counter beside the printer, joined."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.customer_display import CustomerDisplayDesk
from pos_desktop.services.devices.scale_desk import ScaleDesk
from pos_desktop.services.devices.scanner_reader import ScannerReader


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRoom:
    """What has to do with devices. Scanner, scale and display are read while a window is open."""

    scanner: ScannerReader
    scale: ScaleDesk
    display: CustomerDisplayDesk


def device_room(configuration: Configuration) -> DeviceRoom:
    """Join the devices of a shop; none is opened."""
    return DeviceRoom(
        scanner=ScannerReader(configuration),
        scale=ScaleDesk(configuration),
        display=CustomerDisplayDesk(configuration),
    )
