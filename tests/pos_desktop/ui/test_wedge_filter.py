"""A keyboard scanner in front of any window: what it types reaches no widget."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from pos_hardware.wedge import WedgeSettings
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QTableWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_desktop.ui.scanning.wedge_filter import WedgeFilter
from tests.pos_desktop.ui.conftest import SCANNER_MS, Hands


@dataclass
class Desk:
    """A window with a bit of everything that can have focus."""

    window: QWidget
    line: QLineEdit
    button: QPushButton
    table: QTableWidget
    hands: Hands
    scans: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    clicks: list[int] = field(default_factory=list)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    window, line, button, table = QWidget(), QLineEdit(), QPushButton("Pay"), QTableWidget(2, 2)
    layout = QVBoxLayout(window)
    for widget in (line, button, table):
        layout.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    handle = window.windowHandle()
    assert handle is not None
    made = Desk(window, line, button, table, Hands(handle))
    button.clicked.connect(lambda: made.clicks.append(1))

    def typed(event: QKeyEvent) -> bool:
        made.typed.append(event.text())
        return False

    WedgeFilter(handle, WedgeSettings(), scanned=made.scans.append, typed=typed)
    return made


@pytest.mark.parametrize("place", ["line", "button", "table"])
@pytest.mark.parametrize("end", ["\r", "\t", "\n"])
def test_a_scan_arrives_whole_whatever_has_focus(desk: Desk, place: str, end: str) -> None:
    widget: QWidget = getattr(desk, place)
    widget.setFocus()
    desk.hands.scan("6161 100100015", end)
    assert desk.scans == ["6161 100100015"]
    assert desk.line.text() == ""
    assert desk.clicks == []
    assert desk.typed == []
    assert widget.hasFocus()


def test_a_space_in_a_code_clicks_no_button(desk: Desk) -> None:
    desk.button.setFocus()
    desk.hands.scan("AB 12 34")
    assert desk.clicks == []
    desk.hands.type(" ")
    desk.hands.press(Qt.Key.Key_Shift)
    desk.hands.press(Qt.Key.Key_Left)
    assert desk.clicks == [1]


def test_typing_at_sixty_milliseconds_is_never_a_scan(desk: Desk, qtbot: QtBot) -> None:
    desk.line.setFocus()
    desk.hands.type("6161100100015")
    qtbot.waitUntil(lambda: desk.line.text() == "6161100100015")
    desk.hands.type("\r")
    assert desk.scans == []


def test_the_last_key_is_given_back_when_nothing_follows(desk: Desk, qtbot: QtBot) -> None:
    desk.line.setFocus()
    desk.hands.type("7")
    assert desk.line.text() == ""
    qtbot.waitUntil(lambda: desk.line.text() == "7")


def test_a_short_burst_is_typing(desk: Desk) -> None:
    desk.line.setFocus()
    desk.hands.type("1000\r", gap=SCANNER_MS)
    assert desk.line.text() == "1000"
    assert desk.scans == []
    assert desk.typed[-1] == "\r"


def test_scans_come_in_order_and_none_is_merged(desk: Desk) -> None:
    codes = [f"61611001000{number:02d}" for number in range(30)]
    for code in codes:
        desk.hands.scan(code)
    assert desk.scans == codes


def test_shortcuts_pass_at_once(desk: Desk) -> None:
    desk.line.setText("abc")
    desk.line.setFocus()
    desk.hands.press(Qt.Key.Key_A, "\x01", modifiers=Qt.KeyboardModifier.ControlModifier)
    assert desk.line.selectedText() == "abc"
    assert desk.scans == []


def test_what_is_held_goes_back_when_the_window_loses_the_keyboard(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.line.setFocus()
    desk.hands.type("61", gap=SCANNER_MS)
    desk.hands.press(Qt.Key.Key_F5, after=SCANNER_MS)
    assert desk.line.text() == "61"


@pytest.mark.parametrize("gap", [1, 2, 5])
def test_two_equal_digits_of_a_fast_scanner_are_no_held_key(desk: Desk, gap: int) -> None:
    codes = [f"6161990{number:03d}0099" for number in range(100)]
    for code in codes:
        desk.hands.burst(code, gap=gap)
    assert desk.scans == codes
    assert desk.typed == []


def test_a_doubled_line_end_of_a_fast_scanner_ends_one_scan(desk: Desk) -> None:
    desk.hands.burst("6161990000013", "\r\r")
    desk.hands.burst("6161990000099", "\r\r")
    assert desk.scans == ["6161990000013", "6161990000099"]
    assert desk.typed == []


def test_a_short_fast_burst_is_typed_with_its_equal_digits(desk: Desk) -> None:
    desk.line.setFocus()
    desk.hands.burst("1009")
    assert desk.line.text() == "1009"


def test_a_key_that_is_held_down_is_typing(desk: Desk, qtbot: QtBot) -> None:
    desk.line.setFocus()
    desk.hands.hold("7", times=9)
    desk.hands.press(Qt.Key.Key_Return, "\r")
    qtbot.waitUntil(lambda: desk.line.text() == "7777777777")
    assert desk.scans == []


def test_a_line_feed_that_ends_no_scan_is_enter(desk: Desk, qtbot: QtBot) -> None:
    submitted: list[str] = []
    desk.line.returnPressed.connect(lambda: submitted.append(desk.line.text()))
    desk.line.setFocus()
    desk.hands.burst("1000", "\n")
    assert submitted == ["1000"]
    desk.line.clear()
    desk.hands.type("6161100100015")
    qtbot.waitUntil(lambda: desk.line.text() == "6161100100015")
    desk.hands.type("\r\n")
    assert submitted == ["1000", "6161100100015"]
    assert desk.scans == []


@pytest.mark.parametrize("gap", [1, SCANNER_MS, 35])
@pytest.mark.parametrize(("key", "text"), [(Qt.Key.Key_J, "\n"), (Qt.Key.Key_M, "\r")])
def test_a_line_end_that_comes_with_ctrl_ends_a_scan(
    desk: Desk, gap: int, key: Qt.Key, text: str
) -> None:
    desk.line.setFocus()
    for code in ("6161990000013", "6161990000099"):
        desk.hands.press(Qt.Key.Key_Shift, after=300)
        desk.hands.type(code, gap=gap)
        desk.hands.chord(key, text, after=gap)
    assert desk.scans == ["6161990000013", "6161990000099"]
    assert desk.typed == []
    assert desk.line.text() == ""


def test_a_pair_of_line_ends_with_ctrl_ends_one_scan(desk: Desk) -> None:
    desk.hands.type("6161990000013", gap=SCANNER_MS)
    desk.hands.chord(Qt.Key.Key_M, "\r", after=SCANNER_MS)
    desk.hands.chord(Qt.Key.Key_J, "\n", after=SCANNER_MS)
    assert desk.scans == ["6161990000013"]
    assert desk.typed == []


@pytest.mark.parametrize("after", [SCANNER_MS, 499, 501, 60_000])
def test_ctrl_j_is_enter_however_long_it_comes_after_another_key(desk: Desk, after: int) -> None:
    submitted: list[str] = []
    desk.line.returnPressed.connect(lambda: submitted.append(desk.line.text()))
    desk.line.setFocus()
    desk.hands.type("12", gap=SCANNER_MS)
    desk.hands.chord(Qt.Key.Key_J, "\n", after=after)
    assert submitted == ["12"]
    assert desk.typed[-1] == "\r"


def test_what_is_typed_before_a_shortcut_comes_before_it(desk: Desk) -> None:
    desk.line.setFocus()
    desk.hands.type("61", gap=SCANNER_MS)
    desk.hands.chord(Qt.Key.Key_A, "\x01", after=SCANNER_MS)
    assert desk.line.selectedText() == "61"
