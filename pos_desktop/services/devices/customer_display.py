"""The customer's display at the till, where the settings name one."""

from __future__ import annotations

from collections.abc import Callable

from pos_hardware.displays.dialects import DIALECTS
from pos_hardware.displays.display import CustomerDisplay, DisplayState, show_once
from pos_hardware.errors import BadAddress
from pos_hardware.faults import Fault
from pos_hardware.transports.addresses import TransportFactory, parse_serial_address
from pos_hardware.transports.serial_port import LineSettings

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.customer_view import CustomerView, Phase
from pos_desktop.services.devices.device_desk import DeviceDesk
from pos_desktop.services.devices.display_texts import DisplayText, greeting_text, view_text


class CustomerDisplayDesk(DeviceDesk[CustomerDisplay]):
    """Shows what the till does, from `start` to `stop`; without an address it does nothing.

    `show` may be called in any thread and returns at once; the last text wins.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.state: DisplayState | None = None
        """What the display does now; None where it has not told yet."""
        self._view = CustomerView(phase=Phase.CLOSED)

    def start(self, on_state: Callable[[DisplayState], None] = lambda _state: None) -> None:
        """Begin with what is to be seen now; `on_state` is called in the display's thread.

        Raises Refused where the settings hold an address that names no device.
        """
        if not self._configuration.get(settings.DISPLAY_ADDRESS):
            return
        dialect = DIALECTS[self._configuration.get(settings.DISPLAY_DIALECT)]

        def tell(state: DisplayState) -> None:
            self.state = state
            on_state(state)

        display = CustomerDisplay(self._line(), dialect, on_state=tell)
        self.state = None
        self._show(self._view, display)
        self._begin(display, "customer display")

    def show(self, view: CustomerView) -> None:
        """Show a moment of the till, until another one is shown."""
        self._view = view
        self.show_anew()

    def show_anew(self) -> None:
        """Show the moment of the till again, as after a test or with another greeting."""
        display = self._worker
        if display is not None:
            self._show(self._view, display)

    def try_out(self) -> None:
        """Show a test in place of the till's moment, by the worker that has the display."""
        text = _test_text()
        if self._worker is not None:
            self._worker.show(text.upper, text.lower)

    def show_test(self) -> Fault | None:
        """Show a test without a worker, which stays; takes some seconds at most.

        Returns what is wrong. Raises Refused where the settings hold an address that names no
        device.
        """
        dialect = DIALECTS[self._configuration.get(settings.DISPLAY_DIALECT)]
        text = _test_text()
        return show_once(self._line()(), dialect, text.upper, text.lower)

    def sentence(self, fault: Fault) -> str:
        """Say why the display shows nothing, and what to do next."""
        address = self._configuration.get(settings.DISPLAY_ADDRESS)
        sentence = {
            Fault.BUSY: _("Another program holds the display: close it, or the till, and try "
                          "again."),
            Fault.REFUSED: _("This login may not use the display's line: ask your technician for "
                             "the right."),
            Fault.SILENT: _("The display at {address} takes nothing: check its cable and power."),
        }.get(fault, _("No display is found at {address}: check its cable, then the address "
                       "(Devices in the menu, or display.address)."))  # fmt: skip
        return sentence.format(address=address)

    def _show(self, view: CustomerView, display: CustomerDisplay) -> None:
        text = view_text(view, self._configuration.get(settings.DISPLAY_GREETING))
        display.show(text.upper, text.lower)

    def _line(self) -> TransportFactory:
        try:
            address = self._configuration.get(settings.DISPLAY_ADDRESS)
            return parse_serial_address(address, LineSettings())
        except BadAddress as error:
            raise Refused(
                _("The display's address is wrong: correct display.address in the settings.")
            ) from error


def _test_text() -> DisplayText:
    return greeting_text(_("Test of the display | 1234567890"))
