"""The look for backups near a shop: in its folder, on sticks and other disks, while one waits.

A stick that is put in shows what lies on it, and a folder of the network that does not answer
keeps nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from pos_desktop.services.backup.sticks import plugged_in
from pos_desktop.shop_folder import BACKUPS_FOLDER, DATABASE_FILE
from pos_desktop.shops.near_backups import NearBackup, backups_near, in_order, newest_of
from pos_desktop.shops.put_aside import shops_here
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow

LOOK_MS = 2_000
"""How often it is looked again as long as no backup of the shop is near."""

T = TypeVar("T")


class NearLook(QObject):
    """Knows which backups are near, as far as its looks have told."""

    changed = Signal()
    """Others are near than before, or the first look is over."""

    def __init__(
        self,
        window: StepsWindow,
        directory: Path,
        sticks: Callable[[], tuple[Path, ...]] = plugged_in,
    ) -> None:
        """Take the window that looks, the shop's folder, and what returns what is plugged in."""
        super().__init__(window)
        self._window = window
        self._directory = directory
        self.sticks = sticks
        self._near: dict[Path, list[NearBackup]] = {}
        """What lies in which place."""
        self._shops: set[str] | None = None
        """The ids by which backups of this shop are known; None until the shop was looked at."""
        self._asked: set[Path] = set()
        """What has not answered yet: nothing is asked twice at once."""
        self.is_over = False
        """Whether every place has answered once."""
        self.timer = QTimer(self)
        self.timer.setInterval(LOOK_MS)
        self.timer.timeout.connect(self._look)

    @property
    def found(self) -> list[NearBackup]:
        """What is near, the newest first; of other shops and damaged ones behind them."""
        each = {one.path: one for near in self._near.values() for one in near}
        return in_order(each.values(), self._shops or ())

    @property
    def newest(self) -> NearBackup | None:
        """The newest backup of this shop that is near; of any where it is not known which it is."""
        return None if self._shops is None else newest_of(self.found, self._shops)

    def start(self) -> None:
        """Look now, and again and again until a backup of the shop is near."""
        self._look()
        self.timer.start()

    def stop(self) -> None:
        """Look no more; what is asked already is heard."""
        self.timer.stop()

    def _look(self) -> None:
        """Look at each place by itself: one that does not answer hides no other."""
        places = {self._directory / BACKUPS_FOLDER, *self.sticks()}
        if self._shops is None:
            shops = partial(shops_here, self._directory)
            file = self._directory / DATABASE_FILE
            self._ask(file, shops, self._know, partial(self._know, set()))
        for place in places:
            see = partial(self._see, place)
            self._ask(place, partial(backups_near, place), see, partial(see, []))
        self._note(lambda: self._keep(places))

    def _ask(
        self,
        place: Path,
        at: Callable[[], T],
        seen: Callable[[T], None],
        failed: Callable[[], None],
    ) -> None:
        """Look at a place, unless it is asked already."""
        if place in self._asked:
            return
        self._asked.add(place)

        def answered(note: Callable[[], None]) -> None:
            self._asked.discard(place)
            self._note(note)

        self._window.look(
            at,
            lambda found: answered(partial(seen, found)),
            partial(answered, failed),
        )

    def _keep(self, places: set[Path]) -> None:
        """Forget what lay on a stick that is out."""
        self._near = {place: near for place, near in self._near.items() if place in places}

    def _know(self, shops: set[str]) -> None:
        self._shops = shops

    def _see(self, place: Path, near: list[NearBackup]) -> None:
        self._near[place] = near

    def _note(self, note: Callable[[], None]) -> None:
        """Note something, and tell of it where that makes a difference."""
        before = self.found, self.newest, self.is_over
        note()
        self.is_over = self.is_over or not self._asked
        if self.newest is not None:
            self.timer.stop()
        if (self.found, self.newest, self.is_over) != before:
            self.changed.emit()
