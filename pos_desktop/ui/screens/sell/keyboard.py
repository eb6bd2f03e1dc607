"""The focus law: whatever has focus, a key goes where it belongs.

First the keys of the bar, then the page that is open, then the box, or the field of the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.ui.screens.sell.box import Box
from pos_desktop.ui.screens.sell.finder import Finder
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_ELSEWHERE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_ALWAYS = (Qt.Key.Key_F1, Qt.Key.Key_F12)
"""Help and lock: they are no part of a sale."""
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What the keys do that no widget of the screen does by itself."""

    bar: dict[Qt.Key, Callable[[], object]]
    chords: dict[Qt.Key, Callable[[], object]]
    """What is done with Ctrl held down."""
    move_selection: Callable[[int], None]
    void: Callable[[], None]
    clear: Callable[[], None]
    escape: Callable[[], None]


class Keyboard:
    """Deals with the keys of the sell screen before any widget sees them."""

    def __init__(self, box: Box, finder: Finder, page: Callable[[], SidePage], acts: Acts) -> None:
        self._box = box
        self._finder = finder
        self._page = page
        self._acts = acts

    def handle(self, event: QKeyEvent) -> bool:
        """Deal with a key; False lets the field with focus have it."""
        plain = not event.modifiers() & _ELSEWHERE
        acts = self._acts.bar if plain else self._acts.chords if _is_chord(event) else {}
        act = acts.get(Qt.Key(event.key()))
        if event.isAutoRepeat() and (act is not None or self._does_something(event.key())):
            return True
        page = self._page()
        if act is not None:
            if event.key() in _ALWAYS or not page.holds_on():
                act()
            return True
        target = page.keyboard_target()
        waits_for_box = bool(self._box.text) and target is None
        if not waits_for_box and page.handle_key(event):
            return True
        if target is None:
            return self._handle_for_box(event, plain=plain)
        return _give_focus(target, event)

    def press(self, key: Qt.Key) -> None:
        """Do what a key of the bar says, pressed by a finger."""
        if key == Qt.Key.Key_Delete:
            self._acts.void()
        elif (act := self._acts.bar.get(key)) and (key in _ALWAYS or not self._page().holds_on()):
            act()

    def _does_something(self, key: int) -> bool:
        """Tell whether a key acts once only while it is held down: a long Enter must not pay."""
        return key in ENTER_KEYS or (key == Qt.Key.Key_Delete and not self._box.text)

    def _handle_for_box(self, event: QKeyEvent, *, plain: bool) -> bool:
        key = event.key()
        if self._finder.results.isVisible() and self._finder.results.handle_key(event):
            return True
        if key in ENTER_KEYS or (key == Qt.Key.Key_Tab and self._box.text):
            self._finder.enter()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._acts.move_selection(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Delete and plain and not self._box.text:
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self._acts.clear if shifted else self._acts.void)()
        elif key == Qt.Key.Key_Escape:
            self._acts.escape()
        elif key not in _TABS:
            return _give_focus(self._box.field, event)
        return True


def _is_chord(event: QKeyEvent) -> bool:
    return event.modifiers() & _ELSEWHERE == Qt.KeyboardModifier.ControlModifier


def _give_focus(field: QLineEdit, event: QKeyEvent) -> bool:
    if not field.hasFocus():
        field.setFocus()
    return event.key() in _TABS


def is_written(event: QKeyEvent) -> bool:
    """Tell whether a key writes a sign: what is written belongs to the sale."""
    return bool(event.text()) and event.text().isprintable() and not event.modifiers() & _ELSEWHERE
