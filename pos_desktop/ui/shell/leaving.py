"""The end of the window: what waits is written first, and nobody has to stand by for it.

Closing takes two seconds at most. Where a sale or another write waits longer than a moment for
the disk, the window stays open, says so, and closes by itself when all is written; where the sale
comes back instead, the window stays, because somebody has to deal with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QTimer

from pos_desktop.domain.errors import PosError, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.shop import Shop
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.shell.window import Window
from pos_desktop.ui.threads.adapter import Adapter
from pos_desktop.ui.threads.lane import DatabaseLane

STOP_SECONDS = 1.8
"""The process itself needs the rest of the two seconds to end."""
SETTLE_SECONDS = 0.3
"""How long the window may stand still while what waits is written."""


class Leaving:
    """Answers whether the window may close now, and closes it later where it may not."""

    def __init__(
        self,
        window: Window,
        lane: DatabaseLane,
        adapter: Adapter,
        shop: Shop,
        stop: Callable[[float], None],
    ) -> None:
        self._window = window
        self._lane = lane
        self._adapter = adapter
        self._shop = shop
        self._stop = stop
        self._over = False
        self._waiting = False
        self._called_off = False
        self._warned = False
        window.ask_before_close(self.may_close)
        window.counter.not_sold.connect(self._call_off)

    def may_close(self) -> bool:
        """Write what waits and stop everything; False where that takes longer than a moment."""
        if self._over:
            return True
        began = self._now()
        self._called_off = False
        settled = self._settle(began + SETTLE_SECONDS)
        if self._called_off:
            return False
        if not settled:
            self._wait()
            return False
        if self._warn_of_stranded():
            return False
        self._over = True
        self._stop(max(0.0, began + STOP_SECONDS - self._now()))
        return True

    def _now(self) -> float:
        return self._shop.clock.monotonic()

    def _settle(self, limit: float) -> bool:
        """Wait until nothing is left to write, and all that was written has been told."""
        with suppress(PosError):
            self._shop.till.keep()
        while self._lane.wait_until_idle(max(0.0, limit - self._now())):
            self._adapter.deliver()
            if self._window.counter.idle and self._lane.wait_until_idle(0):
                return True
            if self._now() > limit:
                return False
        return False

    def _warn_of_stranded(self) -> bool:
        """Say once that a paid sale would be lost; whoever closes again means it."""
        counter = self._window.counter
        warned, self._warned = self._warned, bool(counter.stranded)
        if warned or not counter.stranded:
            return False
        counter.say_failed(
            Unavailable(
                _(
                    "A paid sale is in memory alone: free some room and press "
                    '"Not recorded: try again" first. Closing again leaves it behind.'
                )
            )
        )
        return True

    def _wait(self) -> None:
        text = _("The till is still writing; the window closes by itself when it is done.")
        if self._window.counter.is_recording:
            text = _(
                "The last sale is still being written; the window closes by itself when it is done."
            )
        self._window.leaving.say(Notice(text, Tone.WARNING))
        if not self._waiting:
            self._waiting = True
            self._lane.submit(lambda: None, self._try_again)

    def _try_again(self, _done: None) -> None:
        if self._waiting:
            self._waiting = False
            QTimer.singleShot(0, self._window.close)

    def _call_off(self) -> None:
        """Stay: a sale was not recorded, and the cashier has to see that."""
        self._called_off, self._waiting = True, False
        self._window.leaving.say(None)
