"""The demo day's customers at the real window, offscreen, with pictures on the way.

python -m scripts.demo_window SHOP FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_desktop.app import Program
from pos_desktop.ui.kit import fonts, theme
from scripts.player import Player


def sell_with_pictures(directory: Path, out: Path) -> None:
    """Sell an afternoon's customer in the window of a demo shop and take pictures on the way."""
    app = QApplication([])
    fonts.load()
    theme.use(app, "light")
    out.mkdir(parents=True, exist_ok=True)
    program = Program(directory, sound=False)
    program.shop.clock.set(datetime(2026, 11, 24, 15, tzinfo=program.shop.configuration.zone))
    codes = [row["code"] for row in program.shop.reader.rows("SELECT code FROM product")]
    program.window.resize(1366, 768)
    program.window.show()
    program.start()
    player = Player(program, codes)
    player.settle(lambda: bool(program.window.sign_in.who.person))
    player.sign_in()
    acts: tuple[tuple[str, Callable[[], None]], ...] = (
        ("selling", lambda: player.scan(0, 0, 5, 9, 9, 14, 20, 25)),
        ("paying", lambda: player.press(Qt.Key.Key_Return)),
        ("paid", lambda: _pay(player, "2000")),
        ("next-customer", lambda: player.scan(3, 8)),
        ("sold", lambda: player.press(Qt.Key.Key_F8)),
    )
    for name, act in acts:
        act()
        player.settle()
        program.window.grab().save(str(out / f"{name}.png"))
    player.settle(lambda: player.window.sell.page is player.window.sell.change)
    program.window.close()


def _pay(player: Player, amount: str) -> None:
    player.write(amount)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)


if __name__ == "__main__":
    sell_with_pictures(Path(sys.argv[1]), Path(sys.argv[2]))
