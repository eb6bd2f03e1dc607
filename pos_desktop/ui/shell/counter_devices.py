"""Scanner, scale and customer display: each has a thread of its own, and none holds a sale up.

What they say comes to the screen's thread; what the display is to show is only handed over.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_hardware.displays.display import DisplayState
from pos_hardware.scales.reading import Reading
from pos_hardware.serial_scanner import ScannerState

from pos_desktop import settings
from pos_desktop.domain.errors import PosError, Unavailable
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.customer_display import CustomerDisplayDesk
from pos_desktop.services.devices.scanner_reader import ScannerReader
from pos_desktop.ui.shell.device_state import (
    Trouble,
    devices_pill,
    display_trouble,
    scale_trouble,
    scanner_trouble,
)
from pos_desktop.ui.shell.window import Window

Post = Callable[[Callable[[], None]], None]
"""Runs something in the screen's thread in a moment."""


class CounterDevices:
    """Starts and stops them, and shows in the top bar what is wrong with one."""

    def __init__(self, configuration: Configuration, window: Window, post: Post) -> None:
        self._configuration = configuration
        self._window = window
        self._post = post
        self._scanner = ScannerReader(configuration)
        self._scale = window.counter.scale
        self.display = CustomerDisplayDesk(configuration)
        self._troubles: dict[str, Trouble] = {}

    def start(self) -> None:
        """Begin with those that are set; an address that names no device is said."""
        starts: tuple[Callable[[], None], ...] = (
            lambda: self._scanner.start(self._scanned, self._scanner_changed),
            lambda: self._scale.start(self._scale_changed),
            lambda: self.display.start(self._display_changed),
        )
        for start in starts:
            try:
                start()
            except PosError as error:
                self._window.counter.say_failed(error)

    def tell_to_stop(self) -> None:
        """Let them come to their ends; nobody waits for that yet."""
        for device in (self._scanner, self._scale, self.display):
            device.tell_to_stop()

    def stop(self, left: Callable[[], float]) -> list[str]:
        """End them within the seconds that are left; return those that have not ended."""
        stops = {
            "the serial scanner": self._scanner.stop,
            "the scale": self._scale.stop,
            "the customer display": self.display.stop,
        }
        return [name for name, stop in stops.items() if not stop(left())]

    def _scanned(self, code: str) -> None:
        self._post(lambda: self._window.take_scan(code))

    def _scanner_changed(self, state: ScannerState) -> None:
        def show() -> None:
            trouble = scanner_trouble(state)
            self._show("scanner", trouble)
            if trouble is not None:
                self._window.counter.say_failed(Unavailable(trouble.sentence))

        self._post(show)

    def _scale_changed(self, reading: Reading) -> None:
        def show() -> None:
            address = self._configuration.get(settings.SCALE_ADDRESS)
            self._show("scale", scale_trouble(reading, address))
            self._window.counter.weigher.look(reading)

        self._post(show)

    def _display_changed(self, state: DisplayState) -> None:
        def show() -> None:
            address = self._configuration.get(settings.DISPLAY_ADDRESS)
            self._show("display", display_trouble(state, address))

        self._post(show)

    def _show(self, device: str, trouble: Trouble | None) -> None:
        self._troubles.pop(device, None)
        if trouble is not None:
            self._troubles[device] = trouble
        self._window.top_bar.show_devices(*devices_pill([*self._troubles.values()]))
