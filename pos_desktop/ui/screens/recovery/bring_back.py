"""The way from a backup to a shop: which one, the recovery key, and what came back, in a window.

The first run and the recovery go it alike.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from pos_desktop.domain.progress import Progress
from pos_desktop.domain.text import _
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow
from pos_desktop.ui.screens.recovery.near_look import NearLook
from pos_desktop.ui.screens.recovery.steps import OutcomeStep, RestoreStep

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
    ) -> None:
        """Take where the shop is to be, and what follows: when it is left, and in the end."""
        super().__init__(window)
        self._window = window
        self._bring = bring
        self._back = back
        self._opened = opened
        self.near = NearLook(window, directory)

    def start(self) -> None:
        """Ask which backup, and for the key."""
        step = RestoreStep(self.near)
        step.answered.connect(self._answered)
        step.look_again.connect(self.near.start)
        step.back.connect(self._leave)
        self._window.open_once(step)
        self.near.start()

    def _leave(self) -> None:
        self.near.stop()
        self._back()

    def _answered(self, key: str) -> None:
        step = self._window.step
        assert isinstance(step, RestoreStep)
        backup = step.backup
        self._window.work(
            _("The shop is being brought back; that may take minutes. Leave the computer on."),
            lambda progress: self._bring(backup, key, progress),
            self._tell,
        )

    def _tell(self, sentences: list[str]) -> None:
        self.near.stop()
        outcome = OutcomeStep(_("The shop is back"), sentences)
        outcome.opened.connect(self._opened)
        self._window.open_once(outcome)
