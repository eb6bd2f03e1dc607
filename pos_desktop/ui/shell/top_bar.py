"""The bar at the top: where we are, who sells, how the till is, what time it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

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
_LEAST_PERSON = 64
"""Who sells is cut, but not to less than this."""


class TopBar(Spoken, QFrame):
    """Shows the state of the till; the printer's opens the papers that are to be looked at.

    Where not all of it finds room, what matters least gives way.
    """

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
        self.clock_doubt = Pill(_("Is the clock right?"), Tone.WARNING)
        self.room = Pill()
        self.menu = MenuButton()
        self.printer = Pill(pressable=True)
        self.devices = Pill()
        self.jobs = Pill(pressable=True)
        self._least_first: tuple[QWidget, ...] = (till, name, self.demo, self.jobs)
        """What gives way where the bar is too narrow, in this order; all else stays."""
        self._unwanted: set[QWidget] = {
            self.clock_doubt,
            self.room,
            self.printer,
            self.devices,
            self.jobs,
        }
        """What has nothing to say now."""
        if not demo:
            self._unwanted.add(self.demo)
        self._parts = (
            self.menu,
            name,
            till,
            self.demo,
            self.jobs,
            self.devices,
            self.printer,
            self.room,
            self.clock_doubt,
            self._clock,
        )
        self._lay_out()

    def _lay_out(self) -> None:
        layout = row(*self._parts, gap=Space.BETWEEN, margins=(Space.INSIDE, 0, Space.EDGE, 0))
        layout.insertWidget(4, self._person, 1)  # what comes and goes beyond it moves nothing here
        self.setLayout(layout)
        self._make_room()

    def _want(self, part: QWidget, *, wanted: bool = True) -> None:
        """Let a part be seen, as far as there is room, or not."""
        (self._unwanted.discard if wanted else self._unwanted.add)(part)
        self._make_room()

    def _make_room(self) -> None:
        """Show what has something to say; what matters least gives way to the rest."""
        shown = [part for part in self._parts if part not in self._unwanted]
        for part in self._least_first:
            if self._width_of(shown) > self.width():
                shown = [one for one in shown if one is not part]
        for part in self._parts:
            part.setVisible(part in shown)

    def _width_of(self, parts: Sequence[QWidget]) -> int:
        """Return what these parts take, with the least room for who sells."""
        widths = (max(part.minimumWidth(), part.minimumSizeHint().width()) for part in parts)
        gaps = len(parts) * Space.BETWEEN
        return Space.INSIDE + Space.EDGE + gaps + _LEAST_PERSON + sum(widths)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Make room anew."""
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Make room anew where a part takes another width, as in another language."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return super().event(event)

    def show_person(self, name: str, since: str) -> None:
        """Show who sells, and since when the shift is open; both may be empty."""
        if since:
            text = _("{name} · shift since {time}").format(name=name, time=since)
            self._person.show_first_fitting(text.removeprefix(" · "), name or since)
        else:
            self._person.show_text(name)

    def free_until(self) -> int:
        """Return up to where the bar may be covered: devices and clock are always seen."""
        always = (self.devices, self.printer, self.room, self.clock_doubt, self._clock)
        kept = [part for part in always if not part.isHidden()]
        return min((part.x() for part in kept), default=self.width()) - Space.BETWEEN

    def show_printer(self, text: str, tone: Tone, explanation: str = "") -> None:
        """Show how the receipt printer is."""
        self.printer.show_state(text, tone, explanation)
        self._want(self.printer)

    def show_devices(self, text: str, tone: Tone, explanation: str) -> None:
        """Show what is wrong with another device; nothing where there is no text."""
        self.devices.show_state(text, tone, explanation)
        self._want(self.devices, wanted=bool(text))

    def show_jobs(self, text: str, tone: Tone, explanation: str = "") -> None:
        """Show how the background jobs are; nothing where there is no text."""
        if (text, explanation) != (self.jobs.text, self.jobs.toolTip()):
            self.jobs.show_state(text, tone, explanation)
        self._want(self.jobs, wanted=bool(text))

    def show_clock_doubt(self, explanation: str) -> None:
        """Show that the clock may be wrong, and why; nothing where the explanation is empty."""
        if explanation:
            self.clock_doubt.show_state(self.clock_doubt.text, Tone.WARNING, explanation)
        self._want(self.clock_doubt, wanted=bool(explanation))

    def show_room(self, text: str, tone: Tone, explanation: str = "") -> None:
        """Show how little room the disk has left; nothing where there is no text."""
        self.room.show_state(text, tone, explanation)
        self._want(self.room, wanted=bool(text))

    def show_time(self, now: datetime) -> None:
        """Show the time of the shop; it must be in the shop's zone already."""
        text = written_time(now)
        if text != self._clock.text():
            self._clock.setText(text)
            self._clock.setToolTip(long_day(now))
