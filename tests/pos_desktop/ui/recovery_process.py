"""pos-desktop in a process of its own, on a damaged shop, with somebody who saves what is good.

Prints `recovery` once that is shown, and `till` once the shop is open again; then it is closed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QTimer

from pos_desktop import app
from pos_desktop.shops.recovery import Way
from pos_desktop.ui.screens.recovery.asked_steps import SalvageStep
from pos_desktop.ui.screens.recovery.recovery_window import RecoveryWindow
from pos_desktop.ui.screens.recovery.steps import OutcomeStep

LOOK_MS = 20


def _when(truth: Callable[[], bool], act: Callable[[], object]) -> None:
    if truth():
        act()
    else:
        QTimer.singleShot(LOOK_MS, lambda: _when(truth, act))


class AnsweredRecovery(RecoveryWindow):
    """A recovery in which somebody saves what is good."""

    def start(self) -> None:
        super().start()
        print("recovery", flush=True)
        self.first_step.way_wanted.emit(Way.SALVAGE)
        step = self.step
        assert isinstance(step, SalvageStep)
        step.agreed.emit()
        _when(lambda: isinstance(self.step, OutcomeStep), self._open_again)


class WatchedProgram(app.Program):
    """A program that is closed once somebody could sign in."""

    def start(self) -> None:
        super().start()
        _when(self._is_ready, self._leave)

    def _is_ready(self) -> bool:
        return self.window.isVisible() and self.window.screen_shown is self.window.sign_in

    def _leave(self) -> None:
        print("till", flush=True)
        self.window.close()


STAND_INS = {
    "_is_watched": lambda: True,
    "RecoveryWindow": AnsweredRecovery,
    "Program": WatchedProgram,
}

if __name__ == "__main__":
    for name, stand_in in STAND_INS.items():
        setattr(app, name, stand_in)
    sys.exit(app.main(sys.argv[1:]))
