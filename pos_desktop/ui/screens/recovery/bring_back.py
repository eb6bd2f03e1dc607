"""The way from a backup to a shop: which one, the recovery key, and what came back, in a window.

The first run and the recovery go it alike. Backups that are near are found while one looks: a stick
that is put in shows what lies on it, and a folder of the network that does not answer keeps nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from pos_desktop.domain.progress import Progress
from pos_desktop.domain.text import _
from pos_desktop.services.backup.sticks import plugged_in
from pos_desktop.shop_folder import BACKUPS_FOLDER
from pos_desktop.shops.near_backups import NearBackup, backups_near
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow
from pos_desktop.ui.screens.recovery.steps import OutcomeStep, RestoreStep

LOOK_MS = 2_000
"""How often it is looked again as long as no backup is near."""

Bring = Callable[[Path, str, Progress], list[str]]
"""Brings a shop back from a backup with its key; returns what came back, in sentences."""


class BringBack(QObject):
    """Goes the way in a window, step by step."""

    def __init__(
        self,
        window: StepsWindow,
        directory: Path,
        bring: Bring,
        *,
        back: Callable[[], None],
        opened: Callable[[], None],
        sticks: Callable[[], tuple[Path, ...]] = plugged_in,
    ) -> None:
        """Take where the shop is to be, and what follows: when it is left, and in the end.

        `sticks` returns what is plugged in.
        """
        super().__init__(window)
        self._window = window
        self._directory = directory
        self._bring = bring
        self._back = back
        self._opened = opened
        self.sticks = sticks
        self.step: RestoreStep | None = None
        """The step that asks, as long as it is shown."""
        self._found: dict[Path, NearBackup] = {}
        self._asked: set[Path] = set()
        """Places that have not answered yet: none is asked twice at once."""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Ask which backup, and for the key."""
        step = self.step = RestoreStep()
        self._found = {}
        step.answered.connect(self._answered)
        step.look_again.connect(self._look_anew)
        step.back.connect(self._leave)
        self._window.open_once(step)
        self._look()
        self._timer.start()

    def _leave(self) -> None:
        self._end()
        self._back()

    def _end(self) -> None:
        self._timer.stop()
        self.step = None

    # what is near

    def _look_anew(self) -> None:
        """Forget what was near: its stick may be out."""
        self._found = {}
        self._look()
        self._timer.start()

    def _look(self) -> None:
        """Look at each place by itself: one that does not answer hides no other."""
        for place in {self._directory / BACKUPS_FOLDER, *self.sticks()} - self._asked:
            self._asked.add(place)
            self._window.look(
                partial(backups_near, place),
                partial(self._seen, place),
                partial(self._asked.discard, place),
            )

    def _seen(self, place: Path, near: list[NearBackup]) -> None:
        self._asked.discard(place)
        step = self.step
        if step is None:
            return
        self._found |= {one.path: one for one in near}
        if self._found:
            self._timer.stop()
        step.show_found(sorted(self._found.values(), key=lambda one: one.at, reverse=True))

    # what is done

    def _answered(self, key: str) -> None:
        step = self.step
        if step is None:
            return
        backup = step.backup
        self._window.work(
            _("The shop is being brought back; that may take minutes. Leave the computer on."),
            lambda progress: self._bring(backup, key, progress),
            self._tell,
        )

    def _tell(self, sentences: list[str]) -> None:
        self._end()
        outcome = OutcomeStep(_("The shop is back"), sentences)
        outcome.opened.connect(self._opened)
        self._window.open_once(outcome)
