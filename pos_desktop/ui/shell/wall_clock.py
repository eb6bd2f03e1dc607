"""The clock of the top bar: it shows the shop's time, and says once when that looks wrong."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from pos_desktop.services.counter.clock_watch import ClockDoubt
from pos_desktop.shop import Shop
from pos_desktop.ui.shell.top_bar import TopBar
from pos_desktop.ui.shell.warning_strip import Subject, WarningStrip

TICK_MS = 1000


class WallClock(QObject):
    """Ticks once a second."""

    def __init__(self, shop: Shop, bar: TopBar, warning: WarningStrip) -> None:
        """Take the strip that says something on whatever screen is open."""
        super().__init__(bar)
        self._shop = shop
        self._bar = bar
        self._warning = warning
        self._doubt: ClockDoubt | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)
        self.tick()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def tick(self) -> None:
        """Show the time, and whether it is doubted."""
        self._bar.show_time(self._shop.configuration.now)
        self._mind()

    def _mind(self) -> None:
        """Say once that the clock looks wrong; the pill stays as long as it does."""
        before, doubt = self._doubt, self._shop.clock_watch.doubt
        if doubt == before:
            return
        self._doubt = doubt
        sentence = doubt.sentence(self._shop.configuration.zone) if doubt else ""
        self._bar.show_clock_doubt(sentence)
        if before is None or not sentence:
            self._warning.tell(Subject.CLOCK, sentence)
