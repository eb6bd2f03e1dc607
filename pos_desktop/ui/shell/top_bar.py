"""The bar at the top: where we are, who sells, how the till is, what time it is."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QFrame, QSizePolicy

from pos_desktop.domain.country import long_day, written_time
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import ElidedLabel, label
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.menu_button import MenuButton
from pos_desktop.ui.kit.pill import Pill, Tone
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Space, Type

_NAME = 220
"""More room than this no name of a shop gets."""


class TopBar(Spoken, QFrame):
    """Shows the state of the till; the printer's opens the papers that are to be looked at."""

    def __init__(self, shop: str, till_code: str, *, demo: bool) -> None:
        super().__init__()
        self.setProperty("look", "top-bar")
        self.setAccessibleName(_("State of the till"))
        self.setFixedHeight(Size.TOP_BAR)
        name = self.name = ElidedLabel(fonts.heavy(Type.SMALL))
        shop = shop or _("A shop without a name")
        name.setFixedWidth(min(_NAME, fonts.width(shop, fonts.heavy(Type.SMALL)) + 2))
        name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        name.show_text(shop)
        till = self.till = label(
            _("Till {code}").format(code=till_code), fonts.regular(Type.SMALL), tone="muted"
        )
        self._person = ElidedLabel(fonts.regular(Type.SMALL), tone="muted")
        self._clock = label(font=fonts.strong(Type.SMALL))
        self.demo = Pill(_("Demo: nothing is sold"), Tone.ACCENT)
        self.demo.setVisible(demo)
        self.clock_doubt = Pill(_("Is the clock right?"), Tone.WARNING)
        self.clock_doubt.hide()
        self.menu = MenuButton()
        self.printer = Pill(pressable=True)
        self.printer.hide()
        self.devices = Pill()
        self.devices.hide()
        self.jobs = Pill(pressable=True)
        self.jobs.hide()
        margins = (Space.INSIDE, 0, Space.EDGE, 0)
        parts = (
            self.menu,
            name,
            till,
            self.demo,
            self.jobs,
            self.devices,
            self.printer,
            self.clock_doubt,
            self._clock,
        )
        layout = row(*parts, gap=Space.BETWEEN, margins=margins)
        layout.insertWidget(3, self._person, 1)
        self.setLayout(layout)

    def show_person(self, name: str, since: str) -> None:
        """Show who sells, and since when the shift is open; both may be empty."""
        if since:
            text = _("{name} · shift since {time}").format(name=name, time=since)
            self._person.show_first_fitting(text.removeprefix(" · "), name or since)
        else:
            self._person.show_text(name)

    def free_until(self) -> int:
        """Return up to where the bar may be covered: devices and clock are always seen."""
        always = (self.devices, self.printer, self.clock_doubt, self._clock)
        kept = [part for part in always if not part.isHidden()]
        return min((part.x() for part in kept), default=self.width()) - Space.BETWEEN

    def show_printer(self, text: str, tone: Tone, explanation: str = "") -> None:
        """Show how the receipt printer is."""
        self.printer.show_state(text, tone, explanation)
        self.printer.show()

    def show_devices(self, text: str, tone: Tone, explanation: str) -> None:
        """Show what is wrong with another device; nothing where there is no text."""
        self.devices.show_state(text, tone, explanation)
        self.devices.setVisible(bool(text))

    def show_jobs(self, text: str, tone: Tone, explanation: str = "") -> None:
        """Show how the background jobs are; nothing where there is no text."""
        if (text, explanation) != (self.jobs.text, self.jobs.toolTip()):
            self.jobs.show_state(text, tone, explanation)
        self.jobs.setVisible(bool(text))

    def show_clock_doubt(self, explanation: str) -> None:
        """Show that the clock may be wrong, and why; nothing where the explanation is empty."""
        if explanation:
            self.clock_doubt.show_state(self.clock_doubt.text, Tone.WARNING, explanation)
        self.clock_doubt.setVisible(bool(explanation))

    def show_time(self, now: datetime) -> None:
        """Show the time of the shop; it must be in the shop's zone already."""
        text = written_time(now)
        if text != self._clock.text():
            self._clock.setText(text)
            self._clock.setToolTip(long_day(now))
