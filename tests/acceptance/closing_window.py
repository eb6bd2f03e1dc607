"""The real window in a process of its own, which its queue gives a hard time, and which closes.

It says `works` when a blocked socket and a loop that never ends run; told to close by a line of its
input, it says `closing` and ends as a person's click lets it.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from pos_desktop.app import Program
from pos_desktop.logbook import logged
from pos_desktop.ui.kit import fonts, theme
from tests.acceptance.hanging_jobs import HANGING, declared
from tests.benchmarks.scanning import wait


def main(directory: Path) -> None:
    """Show the window, let it work, and close it when told."""
    app = QApplication([])
    app.setQuitOnLastWindowClosed(True)
    fonts.load()
    theme.use(app, "light")
    program = Program(directory, sound=False, jobs=declared)
    program.window.show()
    program.start()
    views = program.shop.queue.views

    def all_hang() -> bool:
        return {job.job for job in views.unfinished() if job.state == "running"} >= {*HANGING}

    wait(all_hang)
    print("works", flush=True)
    threading.Thread(target=_close_when_told, args=(program,), daemon=True).start()
    with logged(directory):
        app.exec()
        program.stop()


def _close_when_told(program: Program) -> None:
    sys.stdin.readline()
    print("closing", flush=True)
    QTimer.singleShot(0, program.window, program.window.close)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
