"""Scanner, scale and customer display: each has a thread of its own, and none holds a sale up.

What they say comes to the screen's thread; what the display is to show is only handed over. They
follow the settings: a device that is another one now is let go of, and the new one begun with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pos_hardware.displays.display import DisplayState
from pos_hardware.scales.reading import Reading
from pos_hardware.serial_scanner import ScannerState

from pos_desktop import settings
from pos_desktop.domain.errors import PosError, Unavailable
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.device_desk import DeviceDesk
from pos_desktop.services.devices.device_room import DeviceRoom
from pos_desktop.settings import Setting
from pos_desktop.ui.screens.devices.device_state import (
    Trouble,
    devices_pill,
    display_trouble,
    scale_trouble,
    scanner_trouble,
)
from pos_desktop.ui.shell.window import Window

Post = Callable[[Callable[[], None]], None]
"""Runs something in the screen's thread in a moment."""


@dataclass(frozen=True, slots=True)
class _Followed:
    """A device, what begins with it, and the settings by which it is begun with."""

    desk: DeviceDesk[Any]
    start: Callable[[], None]
    settings: tuple[Setting[Any], ...]


class CounterDevices:
    """Starts and stops them, and shows in the top bar what is wrong with one."""

    def __init__(
        self, room: DeviceRoom, configuration: Configuration, window: Window, post: Post
    ) -> None:
        self._configuration = configuration
        self._window = window
        self._post = post
        self.display = room.display
        self._followed = (
            _Followed(
                room.scanner,
                lambda: room.scanner.start(self._scanned, self._scanner_changed),
                (settings.SCANNER_ADDRESS,),
            ),
            _Followed(
                room.scale,
                lambda: room.scale.start(self._scale_changed),
                (settings.SCALE_ADDRESS, settings.SCALE_PROTOCOL),
            ),
            _Followed(
                room.display,
                lambda: room.display.start(self._display_changed),
                (settings.DISPLAY_ADDRESS, settings.DISPLAY_DIALECT),
            ),
        )
        self._is_on = False
        self._troubles: dict[str, Trouble] = {}
        configuration.subscribe(self._settings_changed)

    def start(self) -> None:
        """Begin with those that are set; an address that names no device is said."""
        self._is_on = True
        for one in self._followed:
            self._start(one)

    def _start(self, device: _Followed) -> None:
        try:
            device.start()
        except PosError as error:
            self._window.counter.say_failed(error)

    def _settings_changed(self, keys: frozenset[str]) -> None:
        self._post(lambda: self._follow(keys))

    def _follow(self, keys: frozenset[str]) -> None:
        """Go by what the settings of these keys say now."""
        if not self._is_on:
            return
        for device in self._followed:
            if _are_among(keys, *device.settings):
                device.desk.leave()
                self._start(device)
        if _are_among(keys, settings.DISPLAY_GREETING):
            self.display.show_anew()
        if _are_among(keys, settings.SCANNER_GAP_MS, settings.SCANNER_MIN_LENGTH):
            self._window.learn_scanner()

    def tell_to_stop(self) -> None:
        """Let them come to their ends; nobody waits for that yet."""
        self._is_on = False
        for one in self._followed:
            one.desk.tell_to_stop()

    def stop(self, left: Callable[[], float]) -> list[str]:
        """End them within the seconds that are left; return those that have not ended."""
        names = ("the serial scanner", "the scale", "the customer display")
        ended = zip(names, self._followed, strict=True)
        return [name for name, one in ended if not one.desk.stop(left())]

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


def _are_among(keys: frozenset[str], *wanted: Setting[Any]) -> bool:
    return any(one.key in keys for one in wanted)
