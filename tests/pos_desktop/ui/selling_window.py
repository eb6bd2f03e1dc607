"""The real window in a process of its own: it sells until it is killed, and says what it shows.

One line each on standard output: `shown RECEIPT` when the change of a sale is on the screen, and
in the end `kept` when an open cart of which a part is paid is on disk.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication

from pos_desktop.app import Program
from pos_desktop.ui.kit import fonts, theme
from tests.benchmarks.scanning import wait
from tests.pos_desktop.ui.conftest import FLOUR, MILK, SALT, Hands

LOGIN, PIN = "cashier", "1111"
FLOAT = 2000_00


def _say(text: str) -> None:
    print(text, flush=True)


def _sell(program: Program, hands: Hands, number: int) -> None:
    sell = program.window.sell
    for code in (FLOUR, MILK, SALT)[: 1 + number % 3]:
        hands.scan(code)
    if number % 4 == 3:
        hands.press(Qt.Key.Key_Delete)
        hands.scan(MILK)
    hands.press(Qt.Key.Key_F8)
    wait(lambda: sell.page is sell.change)
    last = program.window.counter.last
    assert last is not None
    _say(f"shown {last.receipt}")


def main(directory: Path, sales: int) -> None:
    """Sell so many times, leave a cart with a part payment, and go on until killed."""
    app = QApplication([])
    fonts.load()
    theme.use(app, "light")
    program = Program(directory, sound=False)
    program.window.resize(1024, 600)
    program.window.show()
    program.start()
    window = program.window
    wait(lambda: window.sign_in.who.person is not None)
    window.sign_in.submitted.emit(LOGIN, PIN)
    wait(lambda: window.screen_shown is not window.sign_in)
    if window.screen_shown is window.open_shift:
        window.open_shift.submitted.emit(FLOAT)
        wait(lambda: window.screen_shown is window.sell)
    handle = window.windowHandle()
    assert handle is not None
    hands = Hands(handle)
    for number in range(sales):
        _sell(program, hands, number)
    hands.scan(FLOUR)
    hands.type("\r100\r")
    wait(lambda: window.sell.strip.notice and "still to pay" in window.sell.strip.notice.text)
    wait(lambda: program.lane.wait_until_idle(0))
    _say("kept")
    QEventLoop().exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
