"""The devices of a till, by what they are: each has its address among the settings."""

from __future__ import annotations

from enum import Enum

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.settings import Setting


class CounterKind(Enum):
    """What stands on a counter, one of each."""

    PRINTER = "printer"
    DRAWER = "drawer"
    SCANNER = "scanner"
    SCALE = "scale"
    DISPLAY = "display"

    @property
    def address(self) -> Setting[str]:
        """The setting that says where it is."""
        return _ADDRESSES[self]

    @property
    def title(self) -> str:
        """What it is called."""
        return {
            CounterKind.PRINTER: _("Receipt printer"),
            CounterKind.DRAWER: _("Cash drawer"),
            CounterKind.SCANNER: _("Scanner"),
            CounterKind.SCALE: _("Scale"),
            CounterKind.DISPLAY: _("Customer display"),
        }[self]


_ADDRESSES = {
    CounterKind.PRINTER: settings.PRINTER_ADDRESS,
    CounterKind.DRAWER: settings.DRAWER_ADDRESS,
    CounterKind.SCANNER: settings.SCANNER_ADDRESS,
    CounterKind.SCALE: settings.SCALE_ADDRESS,
    CounterKind.DISPLAY: settings.DISPLAY_ADDRESS,
}
