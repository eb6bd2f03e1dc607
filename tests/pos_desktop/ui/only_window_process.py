"""A window of a shop in a process of its own: says `first` or `second`, and what came of that."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from pos_desktop.ui.shell.only_window import OnlyWindow, bring_to_front


def main(directory: Path) -> None:
    """Be the first window until it is killed, or the second one that asks it to the front."""
    app = QApplication([])
    only = OnlyWindow(directory)
    if not only.is_first():
        print("second", only.ask_first(), flush=True)
        return
    window = QWidget()
    window.showMinimized()

    def show() -> None:
        bring_to_front()
        print("shown", window.isMinimized(), flush=True)

    only.listen(show)
    print("first", flush=True)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
