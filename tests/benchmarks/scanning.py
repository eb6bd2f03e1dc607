"""Scans typed into the real window as a scanner types them, each timed to the end of its paint."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from pos_desktop.app import Program
from pos_desktop.cli.bench.figure import Figure
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.threads.full_collections import spare_what_is_loaded
from tests.benchmarks.scene import LOGIN, PIN

KEY_GAP_MS, SCAN_GAP_MS = 2, 300
_LOOK_MS = 5
_kept: list[QApplication] = []
"""Qt's application lives only as long as somebody holds it."""


class Scanner(QObject):
    """Types codes at a steady pace and notes when the cart was painted after each."""

    def __init__(
        self, program: Program, codes: list[str], *, every_ms: int, pay_after: int
    ) -> None:
        super().__init__()
        self._program = program
        self._codes = list(codes)
        self._pay_after = pay_after
        self._handle = program.window.windowHandle()
        self._stamp = 1_000_000
        self._sent = 0
        self._began = 0.0
        self.painted: list[float] = []
        """Seconds from the terminator to the end of the paint."""
        self._loop = QEventLoop()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(every_ms)
        self._timer.timeout.connect(self._next)
        self._viewport = program.window.sell.cart.viewport()

    def run(self) -> None:
        """Type all codes; return when the last one is painted."""
        self._viewport.installEventFilter(self)
        self._timer.start()
        self._loop.exec()
        self._viewport.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note that the cart is being painted; the paint ends before the next turn of the loop."""
        if event.type() == QEvent.Type.Paint and self._began:
            began, self._began = self._began, 0.0
            QTimer.singleShot(0, lambda: self.painted.append(time.perf_counter() - began))
        return False

    def _next(self) -> None:
        if self._sent == len(self._codes):
            self._timer.stop()
            self._loop.quit()
            return
        if self._sent and self._sent % self._pay_after == 0:
            self._press(Qt.Key.Key_F8, "", SCAN_GAP_MS)
        self.scan(self._codes[self._sent])
        self._sent += 1

    def scan(self, code: str) -> None:
        """Type one code now."""
        for place, letter in enumerate(code):
            gap = SCAN_GAP_MS if place == 0 else KEY_GAP_MS
            self._press(Qt.Key(ord(letter)), letter, gap)
        self._began = time.perf_counter()
        self._press(Qt.Key.Key_Return, "\r", KEY_GAP_MS)

    def _press(self, key: Qt.Key, text: str, gap: int) -> None:
        handle = self._handle
        assert isinstance(handle, QWindow)
        self._stamp += gap
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(self._stamp)
            QCoreApplication.sendEvent(handle, event)


def dress() -> None:
    """Make the application, of which a process has one, with the till's fonts and colours."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    _kept[:] = [app]
    fonts.load()
    theme.use(app, "light")


def open_counter(program: Program) -> None:
    """Open the window as the program does, and sign the cashier in."""
    window = program.window
    window.resize(1366, 768)
    window.show()
    program.start()
    spare_what_is_loaded()
    wait(lambda: window.sign_in.who.person is not None)
    window.sign_in.submitted.emit(LOGIN, PIN)
    wait(lambda: window.screen_shown is window.sell)


def wait(truth: Callable[[], object], seconds: float = 60) -> None:
    """Let the window live until something is true; raise TimeoutError where it never is.

    It sleeps between two looks as the program does: a loop that spins takes the interpreter from
    the threads that it waits for. (`processEvents` with a time limit does not sleep.)
    """
    limit = time.perf_counter() + seconds
    ticks = QTimer()
    ticks.start(_LOOK_MS)
    while not truth():
        if time.perf_counter() > limit:
            raise TimeoutError
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    ticks.stop()


def scans_that_went_wrong(program: Program, typed: list[str]) -> Figure:
    """Return how many of the codes that were typed are not sold or in the cart, in their order."""
    done: list[bool] = []
    program.lane.submit(lambda: True, done.append)
    wait(lambda: done)
    counted = sold_codes(program) + open_codes(program)
    wrong = sum(a != b for a, b in zip(counted, typed, strict=False))
    return Figure(
        what="scans lost, doubled or out of order",
        p99=float(wrong + abs(len(counted) - len(typed))),
        limit=f"0 of {len(typed)}",
        ok=counted == typed,
    )


def sold_codes(program: Program) -> list[str]:
    """Return the barcodes of all recorded sale lines in the order in which they were sold."""
    rows = program.shop.reader.rows(
        "SELECT l.barcode FROM sale s JOIN sale_line l ON l.sale_id = s.id "
        "ORDER BY s.receipt_number, l.no"
    )
    return [row["barcode"] for row in rows]


def open_codes(program: Program) -> list[str]:
    """Return the barcodes in the open cart, in order."""
    return [line.item.barcode or "" for line in program.window.counter.basket.lines]
