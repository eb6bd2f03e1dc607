"""The quiet line about the subscription: for managers who have come in, and never over a sale.

It stands over the top bar for a moment, as news of jobs do, so that nothing moves for it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from pos_desktop.domain.text import _
from pos_desktop.shop import Shop
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.toast import Saying, Toast
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.shell.top_bar import TopBar
from pos_desktop.ui.threads.lane import DatabaseLane


class LicenceLine(QObject):
    """Says how the subscription stands, where that is to be said, until a sale begins."""

    def __init__(self, shop: Shop, lane: DatabaseLane, counter: Counter, bar: TopBar) -> None:
        """Take the bar over which the line stands, which has its parent already."""
        super().__init__(counter)
        self._shop = shop
        self._lane = lane
        self._counter = counter
        self.toast = Toast(bar, bar.free_until)
        counter.changed.connect(self._give_way)

    def look(self) -> None:
        """Find out whether the person at the till is to hear of it."""
        person = self._shop.till.state.person
        subscription = self._shop.licence.subscription

        def say(words: str) -> None:
            if words and self._shop.till.state.person == person:
                self._say(words)

        self._lane.submit(lambda: subscription.line(person), say)

    def leave(self) -> None:
        """Say nothing any more."""
        self.toast.leave()

    def _say(self, words: str) -> None:
        if self._counter.basket.is_empty:
            self.toast.say(Saying(text=words, tone=Tone.ACCENT, step=_("Menu"), key="Ctrl B"))

    def _give_way(self) -> None:
        if not self._counter.basket.is_empty:
            self.leave()
