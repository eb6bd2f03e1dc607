"""pos-desktop on a computer without a shop, with somebody who brings one back from a backup.

Takes the backup and a file with its recovery key before its own arguments. Prints `back` with the
first sentence of what came back, and `till` once somebody could sign in; then it is closed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pos_desktop import app
from pos_desktop.ui.screens.first_run.first_run import FirstRun
from pos_desktop.ui.screens.recovery.steps import OutcomeStep, RestoreStep
from tests.pos_desktop.ui.recovery_process import WatchedProgram, _when

BACKUP, KEY = Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8")


class AnsweredFirstRun(FirstRun):
    """A first run in which somebody brings a shop back."""

    def start(self) -> None:
        super().start()
        self.shop_step.restore_wanted.emit()
        step = self.step
        assert isinstance(step, RestoreStep)
        step.file.show_text(str(BACKUP))
        step.key.show_text(KEY)
        step.go_on()
        _when(lambda: isinstance(self.step, OutcomeStep), self._go_on)

    def _go_on(self) -> None:
        step = self.step
        assert isinstance(step, OutcomeStep)
        print("back", step.told[0], flush=True)
        step.opened.emit()


STAND_INS = {
    "_is_watched": lambda: True,
    "FirstRun": AnsweredFirstRun,
    "Program": WatchedProgram,
}

if __name__ == "__main__":
    for name, stand_in in STAND_INS.items():
        setattr(app, name, stand_in)
    sys.exit(app.main(sys.argv[3:]))
