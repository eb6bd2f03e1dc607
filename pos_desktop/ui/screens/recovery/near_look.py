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

from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.services.backup.sticks import plugged_in
from pos_desktop.shop_folder import BACKUPS_FOLDER, DATABASE_FILE
from pos_desktop.shops.near_backups import (
    NearBackup,
    backups_near,
    in_order,
    newest_of,
    newest_of_others,
)
from pos_desktop.shops.put_aside import shops_here
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow

LOOK_MS = 2_000
"""How often it is looked again."""
_PATIENCE = 5
"""For so many turns a place that does not answer is waited for."""

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
        self.clock: Clock = SystemClock()
        self._near: dict[Path, list[NearBackup]] = {}
        """What lies in which place."""
        self._shops: set[str] | None = None
        """The ids by which backups of this shop are known; None until the shop was looked at."""
        self._asked: dict[Path, int] = {}
        """What has not answered yet, since which turn: nothing is asked twice at once."""
        self._turn = 0
        """How often it was looked again."""
        self._keeps_on = False
        self.is_over = False
        """Whether every place has answered once, or was waited for long enough."""
        self.timer = QTimer(self)
        self.timer.setInterval(LOOK_MS)
        self.timer.timeout.connect(self._look_again)

    @property
    def found(self) -> list[NearBackup]:
        """What is near, the newest first; of other shops and damaged ones behind them."""
        each = {one.path: one for near in self._near.values() for one in near}
        return in_order(each.values(), self._shops or (), self.clock.now())

    @property
    def newest(self) -> NearBackup | None:
        """The newest backup of this shop that is near; of any where it is not known which it is."""
        if self._shops is None and not self.is_over:
            return None
        return newest_of(self.found, self._shops or (), self.clock.now())

    @property
    def newest_of_others(self) -> NearBackup | None:
        """The newest that is near of a shop that is not this one by its id."""
        return newest_of_others(self.found, self._shops or (), self.clock.now())

    @property
    def silent(self) -> list[Path]:
        """The places that were asked long ago, and have not answered."""
        since = self._turn - _PATIENCE
        return sorted(place for place, turn in self._asked.items() if turn <= since)

    def start(self) -> None:
        """Look everywhere now, and again and again until a backup of the shop is near."""
        self._begin(keeps_on=False)

    def watch(self) -> None:
        """Look everywhere now, and at every stick that is put in until it is told to stop."""
        self._begin(keeps_on=True)

    def stop(self) -> None:
        """Look no more; what is asked already is heard."""
        self.timer.stop()

    def _begin(self, *, keeps_on: bool) -> None:
        self._keeps_on = keeps_on
        self._look(self._places())
        self.timer.start()

    def _look_again(self) -> None:
        """Look everywhere; once a backup of the shop is near, only where none was seen yet."""
        self._turn += 1
        places = self._places()
        if self.newest is not None:
            places = {place for place in places if not self._near.get(place)}
        self._look(places)

    def _places(self) -> set[Path]:
        return {self._directory / BACKUPS_FOLDER, *self.sticks()}

    def _look(self, places: set[Path]) -> None:
        """Look at each place by itself: one that does not answer hides no other."""
        if self._shops is None:
            shops = partial(shops_here, self._directory)
            file = self._directory / DATABASE_FILE
            self._ask(file, shops, self._know, partial(self._know, set()))
        for place in places:
            see = partial(self._see, place)
            self._ask(place, partial(backups_near, place), see, partial(see, []))
        self._note(self._keep)

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
        self._asked[place] = self._turn

        def answered(note: Callable[[], None]) -> None:
            self._note(lambda: self._asked.pop(place), note)

        self._window.look(
            at,
            lambda found: answered(partial(seen, found)),
            partial(answered, failed),
        )

    def _keep(self) -> None:
        """Forget what lay on a stick that is out."""
        places = self._places()
        self._near = {place: near for place, near in self._near.items() if place in places}

    def _know(self, shops: set[str]) -> None:
        self._shops = shops

    def _see(self, place: Path, near: list[NearBackup]) -> None:
        self._near[place] = near

    def _note(self, *notes: Callable[[], object]) -> None:
        """Note something, and tell of it where that makes a difference."""
        before = self._state()
        for note in notes:
            note()
        self.is_over = self.is_over or len(self.silent) == len(self._asked)
        if self.newest is not None and not self._keeps_on:
            self.timer.stop()
        if self._state() != before:
            self.changed.emit()

    def _state(self) -> tuple[object, ...]:
        return self.found, self.newest, self.is_over, self.silent
