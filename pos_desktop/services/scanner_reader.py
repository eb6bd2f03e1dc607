"""The scanner on a serial line, read in a thread of its own where the settings name one."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pos_hardware.errors import BadAddress
from pos_hardware.serial_scanner import ScannerState, SerialScanner
from pos_hardware.transports.addresses import parse_address

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration


class ScannerReader:
    """Reads the serial scanner from `start` to `stop`; without an address it does nothing."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._scanner: SerialScanner | None = None

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

        self._scanner = SerialScanner(make_transport, scanned, on_state=on_state)
        threading.Thread(target=self._scanner.run, name="serial scanner", daemon=True).start()

    def stop(self) -> bool:
        """End the reading within two seconds; tell whether it has ended."""
        scanner, self._scanner = self._scanner, None
        return scanner is None or scanner.stop()
