"""The scanner on a serial line, read in a thread of its own where the settings name one."""

from __future__ import annotations

from collections.abc import Callable

from pos_hardware.errors import BadAddress
from pos_hardware.serial_scanner import ScannerState, SerialScanner
from pos_hardware.transports.addresses import parse_address

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.device_desk import DeviceDesk


class ScannerReader(DeviceDesk[SerialScanner]):
    """Reads the serial scanner from `start` to `stop`; without an address it does nothing."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.state: ScannerState | None = None
        """What the scanner does now; None where it has not told yet."""

    def start(
        self, scanned: Callable[[str], None], on_state: Callable[[ScannerState], None]
    ) -> None:
        """Begin to read; both are called in the scanner's thread.

        Raises Refused where the settings hold an address that names no device.
        """
        address = self._configuration.get(settings.SCANNER_ADDRESS)
        if not address:
            return
        try:
            make_transport = parse_address(address)
        except BadAddress as error:
            raise Refused(
                _("The serial scanner's address is wrong: correct scanner.address in the settings.")
            ) from error

        def tell(state: ScannerState) -> None:
            self.state = state
            on_state(state)

        self.state = None
        self._begin(SerialScanner(make_transport, scanned, on_state=tell), "serial scanner")
