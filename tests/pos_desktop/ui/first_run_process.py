"""pos-desktop in a process of its own, on a directory without a shop, with somebody at its keys.

Prints the recovery key, and who is signed in once the till wants the float; then it is closed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QTimer

from pos_desktop import app
from pos_desktop.ui.screens.first_run.first_run import FirstRun
from pos_desktop.ui.screens.recovery.recovery_window import RecoveryWindow

LOOK_MS = 20
SHOP = ("Duka la Amina", "Amina Otieno", "2468", "2468", "")


def _when(truth: Callable[[], bool], act: Callable[[], None]) -> None:
    if truth():
        act()
    else:
        QTimer.singleShot(LOOK_MS, lambda: _when(truth, act))


class AnsweredFirstRun(FirstRun):
    """A first run that somebody answers."""

    def start(self) -> None:
        super().start()
        step = self.shop_step
        parts = (step.name, step.manager, step.pin, step.again, step.kra_pin)
        for part, words in zip(parts, SHOP, strict=True):
            part.show_text(words)
        step.go_on()
        self.goods_step.go_on()
        _when(lambda: self.step is self.key_step, self._keep)

    def _keep(self) -> None:
        print(self.key_step.recovery_key, flush=True)
        self.key_step.kept.emit()


class WatchedProgram(app.Program):
    """A program that is closed once it wants the float."""

    def start(self) -> None:
        super().start()
        _when(lambda: self.window.screen_shown is self.window.open_shift, self._leave)

    def _leave(self) -> None:
        print(self.shop.till.person.login, flush=True)
        self.window.close()


class ClosedRecovery(RecoveryWindow):
    """A recovery that somebody reads and leaves."""

    def start(self) -> None:
        super().start()
        print(self.first_step.title, flush=True)
        QTimer.singleShot(LOOK_MS, self.close)


class UnseenBox:
    """Says nothing in a box that somebody would have to close."""

    @staticmethod
    def critical(_parent: None, _title: str, _sentence: str) -> None:
        pass


STAND_INS = {
    "_is_watched": lambda: True,
    "FirstRun": AnsweredFirstRun,
    "Program": WatchedProgram,
    "RecoveryWindow": ClosedRecovery,
    "QMessageBox": UnseenBox,
}

if __name__ == "__main__":
    for name, stand_in in STAND_INS.items():
        setattr(app, name, stand_in)
    sys.exit(app.main(sys.argv[1:]))
