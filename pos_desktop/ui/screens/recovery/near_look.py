"""The look for backups near a shop: in its folder, on sticks and other disks, while one waits.

A stick that is put in shows what lies on it, one that is out shows nothing more, and a folder of
the network that does not answer keeps nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from pos_desktop.domain.clock import SystemClock
from pos_desktop.services.backup.sticks import plugged_in
from pos_desktop.shop_folder import BACKUPS_FOLDER, DATABASE_FILE
from pos_desktop.shops.near_backups import (
    Likeness,
    NearBackup,
    NearFolders,
    ShopMarks,
    in_order,
    likeliest_of,
    likeness,
    marks_here,
    newest_of,
)
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow

LOOK_MS = 2_000
"""How often it is looked again."""
PATIENCE = 5
"""For so many turns, ten seconds, what does not answer is waited for."""

T = TypeVar("T")


@dataclass(eq=False, frozen=True, slots=True)
class _Question:
    """What a place was asked; its answer is heard as long as the place is there."""

    turn: int
    """The turn in which it was asked."""


class NearLook(QObject):
    """Knows which backups are near, as far as its looks have told."""

    changed = Signal()
    """What is told of backups and of places that are silent is not as it was."""

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
        self._folders = NearFolders(SystemClock())
        self._near: dict[Path, list[NearBackup]] = {}
        """What lies in which place, as it answered last."""
        self._marks: ShopMarks | None = None
        """By what backups of this shop are known; None until its files were looked at."""
        self._asked: dict[Path, _Question] = {}
        """What has not answered yet, the shop's file too: nothing is asked twice at once."""
        self._turn = 0
        self.patience = PATIENCE
        self._told = self._state()
        """As what it was told last."""
        self.timer = QTimer(self)
        self.timer.setInterval(LOOK_MS)
        self.timer.timeout.connect(self._look_again)

    @property
    def found(self) -> list[NearBackup]:
        """What is near, the likeliest of this shop first, and of those the newest."""
        each = {one.path: one for near in self._near.values() for one in near}
        return in_order(each.values(), self._marks or ShopMarks())

    @property
    def newest(self) -> NearBackup | None:
        """The newest backup of this shop that is near; of any where nothing says which it is."""
        return None if self._marks is None else newest_of(self.found, self._marks)

    @property
    def likeliest(self) -> NearBackup | None:
        """The one near that is likeliest of this shop, though it is not known for sure."""
        if self._marks is None:
            return newest_of(self.found, ShopMarks())
        return likeliest_of(self.found, self._marks)

    def likeness(self, near: NearBackup) -> Likeness | None:
        """Return how sure it is that a backup is of this shop; None until its files were read."""
        return None if self._marks is None else likeness(near, self._marks)

    @property
    def silent(self) -> list[Path]:
        """What was asked long ago and has not answered: places, or the shop's file."""
        since = self._turn - self.patience
        return sorted(place for place, asked in self._asked.items() if asked.turn <= since)

    @property
    def is_over(self) -> bool:
        """Whether all that is there has answered once, or was waited for long enough."""
        answered = {*self._near} if self._marks is None else {*self._near, self._file}
        awaited = self._asked.keys() - answered - {*self.silent}
        return not awaited and self._file in answered | self._asked.keys()

    @property
    def _file(self) -> Path:
        return self._directory / DATABASE_FILE

    def start(self) -> None:
        """Look now, and again and again until it is told to stop."""
        self._look()
        if not self.timer.isActive():
            self.timer.start()

    def stop(self) -> None:
        """Look no more; what is asked already is heard."""
        self.timer.stop()

    def _look_again(self) -> None:
        self._turn += 1
        self._look()

    def _look(self) -> None:
        """Look at each place by itself: one that does not answer hides no other."""
        places = {self._directory / BACKUPS_FOLDER, *self.sticks()}
        self._forget_but(places)
        if self._marks in (None, ShopMarks()):
            marks = partial(marks_here, self._directory)
            self._ask(self._file, marks, self._know, partial(self._know, ShopMarks()))
        for place in places:
            see = partial(self._see, place)
            self._ask(place, partial(self._folders.backups, place), see, partial(see, []))
        self._tell()

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
        question = self._asked[place] = _Question(self._turn)

        def answered(note: Callable[[], None]) -> None:
            if self._asked.get(place) is question:
                del self._asked[place]
                note()
                self._tell()

        self._window.look(
            at,
            lambda found: answered(partial(seen, found)),
            partial(answered, failed),
        )

    def _forget_but(self, places: set[Path]) -> None:
        """Forget what lay on a stick that is out, and what it was asked."""
        for gone in self._near.keys() - places:
            del self._near[gone]
        for gone in self._asked.keys() - places - {self._file}:
            del self._asked[gone]

    def _know(self, marks: ShopMarks) -> None:
        self._marks = marks

    def _see(self, place: Path, near: list[NearBackup]) -> None:
        self._near[place] = near

    def _tell(self) -> None:
        """Tell of what is not as it was told last."""
        state = self._state()
        if state != self._told:
            self._told = state
            self.changed.emit()

    def _state(self) -> tuple[object, ...]:
        return self.found, self.newest, self.likeliest, self.is_over, self.silent
