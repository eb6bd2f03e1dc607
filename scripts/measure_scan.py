"""Measures a scan: from the scanner's Enter to the end of the paint, with fifty lines in the cart.

    QT_QPA_PLATFORM=offscreen .venv/bin/python -m scripts.measure_scan [SCANS]

Prints p50, p99 and the worst in milliseconds for a new line and for one more of a line, and
beside them the reference: painting the whole window anew.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from pos_desktop import settings
from pos_desktop.ui.kit import fonts, theme
from scripts.screenshots import Player, running

LINES = 50


def main(scans: int) -> int:
    """Scan so many times in each way and print what it took."""
    app = QApplication([])
    fonts.load()
    theme.use(app, "light")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "shop") as player:
        player.window.resize(1366, 768)
        player.sign_in()
        codes = _fill(player)
        more = [_scan(player, codes[i % len(codes)]) for i in range(scans)]
        player.settle()
        new = [_new_line(player, codes[i % len(codes)]) for i in range(scans)]
        whole = [_repaint() for _i in range(scans)]
    for name, taken in (("one more", more), ("new line", new), ("whole window", whole)):
        print(f"{name:13} p50 {_share(taken, 50):6.2f}  p99 {_share(taken, 99):6.2f}", end="")
        print(f"  worst {max(taken):6.2f} ms")
    return 0


def _fill(player: Player) -> list[str]:
    rows = player.program.shop.reader.rows("SELECT code FROM barcode ORDER BY code")
    codes = [str(row["code"]) for row in rows][:40]
    for code in codes:
        player.window.sell.scanned(code)
    for code in codes[: LINES - len(codes)]:
        _split(player, code)
    player.settle()
    return codes


def _split(player: Player, code: str) -> None:
    """Add a line of its own of a product that is in the cart already."""
    till = player.program.shop.till
    item = player.program.shop.catalogue.item(code)
    till.change(till.state.basket.add(item, merge=False))


def _scan(player: Player, code: str) -> float:
    """Let a scanner type a code and return the milliseconds from its Enter to the paint's end."""
    handle = player.window.windowHandle()
    at = int(time.monotonic() * 1000)
    for place, letter in enumerate(code):
        _press(handle, Qt.Key(ord(letter.upper())), letter, at + place)
    began = time.perf_counter()
    _press(handle, Qt.Key.Key_Return, "\r", at + 20)
    QApplication.processEvents()
    return (time.perf_counter() - began) * 1000


def _new_line(player: Player, code: str) -> float:
    player.window.counter.void()
    player.settle()
    with player.program.shop.database.write():
        player.program.shop.configuration.put(settings.MERGE_SAME_PRODUCT, value=False)
    player.program.shop.configuration.refresh()
    lines = len(player.window.counter.basket.lines)
    taken = _scan(player, code)
    assert len(player.window.counter.basket.lines) == lines + 1
    return taken


def _repaint() -> float:
    began = time.perf_counter()
    for widget in QApplication.allWidgets():
        widget.update()
    QApplication.processEvents()
    return (time.perf_counter() - began) * 1000


def _press(handle: object, key: Qt.Key, text: str, at: int) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    event.setTimestamp(at)
    QCoreApplication.sendEvent(handle, event)  # type: ignore[arg-type]


def _share(taken: list[float], percent: int) -> float:
    return sorted(taken)[min(len(taken) - 1, len(taken) * percent // 100)]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
