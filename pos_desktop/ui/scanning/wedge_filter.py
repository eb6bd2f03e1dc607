"""A scanner that types like a keyboard, recognised before any widget sees its keys.

Installed on the window as the system knows it, not on widgets: a filter further down would see
each unused key once for every parent, and a digit would already stand in some field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_hardware.wedge import Fate, Key, Wedge, WedgeSettings
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow

from pos_desktop import settings
from pos_desktop.services.configuration import Configuration

TERMINATORS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_LEAST_REPEAT_MS = 100
"""No keyboard repeats a held key sooner. X11 flags as a repeat whatever follows its own release
within one millisecond, so that the second of two equal digits of a fast scanner comes flagged."""
_PAIR_MS = 300
"""A line feed this soon after a carriage return is the second half of one line end."""
_TOUCHES = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel)
_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Control,
)
"""Keys that end no burst: a scanner strikes Ctrl too, before the J of its line feed."""


@dataclass
class _Held:
    """A withheld key; its release is withheld too, so that it never comes before its press."""

    press: QKeyEvent
    release: QKeyEvent | None = None

    def send(self, window: QWindow) -> None:
        QCoreApplication.sendEvent(window, self.press)
        if self.release is not None:
            QCoreApplication.sendEvent(window, self.release)


class WedgeFilter(QObject):
    """Withholds printable keys until it is clear whether a scanner or a person types.

    `scanned` takes each scan, in order. `typed` sees every other pressed key before the widgets
    do, and returns whether it has dealt with it. `touched` is called at each sign of a person:
    keys, scans, and fingers or buttons that come down.
    """

    def __init__(
        self,
        window: QWindow,
        found: WedgeSettings,
        *,
        scanned: Callable[[str], None],
        typed: Callable[[QKeyEvent], bool],
        touched: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._wedge = Wedge(found)
        self._scanned = scanned
        self._typed = typed
        self._touched = touched
        self._replaying = False
        self._held: list[_Held] = []
        self._last_press: tuple[int, int] | None = None
        """Key and time of the last press that was no repeat of a held key."""
        self._returned_at = -_PAIR_MS
        self._gap = self._timer(_gap_ms(found), self._look_once_more)
        self._idle = self._timer(0, self._expire)
        window.installEventFilter(self)

    def go_by(self, found: WedgeSettings) -> None:
        """Tell a scanner from a person by these settings from now on."""
        self._wedge.settings = found
        self._gap.setInterval(_gap_ms(found))

    def _timer(self, milliseconds: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Decide about keys; everything else passes."""
        if watched is not self._window:
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        if event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            return self._released(event)
        if event.type() == QEvent.Type.FocusOut:
            self._replay(self._wedge.flush())
        elif event.type() in _TOUCHES:
            self._touched()
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        if self._replaying:
            return self._typed(event)
        self._touched()
        if event.key() in _MODIFIERS:
            return False
        text, terminator = event.text(), _ends_a_scan(event)
        printable = bool(text) and text.isprintable() and not _is_chord(event)
        if self._is_held_down(event) or not (terminator or printable):
            self._replay(self._wedge.other_key().replay)
            self._last_press = None
            return self._typed(event)
        self._last_press = event.key(), event.timestamp()
        self._stop_waiting()
        token = None if terminator else _Held(_copy(event))
        decision = self._wedge.feed(
            text, float(event.timestamp()), terminator=terminator, token=token
        )
        self._replay(decision.replay)
        if decision.scan is not None:
            self._scanned(decision.scan)
            self._held.clear()
            self._gap.start()
        if decision.fate is Fate.HOLD and token is not None:
            self._held.append(token)
            self._gap.start()
        if decision.fate is not Fate.PASS:
            return True
        return self._pass_line_feed(event) or self._typed(event)

    def _is_held_down(self, event: QKeyEvent) -> bool:
        """Tell whether a key comes because it is held down, not because it was struck twice."""
        if not event.isAutoRepeat() or self._last_press is None:
            return event.isAutoRepeat()
        key, at = self._last_press
        return event.key() != key or event.timestamp() - at > _LEAST_REPEAT_MS

    def _pass_line_feed(self, event: QKeyEvent) -> bool:
        """Hand a line feed on as Enter, which is what it means; one that ends a pair is dropped."""
        if event.key() in TERMINATORS:
            if event.key() != Qt.Key.Key_Tab:
                self._returned_at = event.timestamp()
            return False
        if event.text() == "\n" and event.timestamp() - self._returned_at <= _PAIR_MS:
            return True
        self._send(_as_enter(event))
        return True

    def _send(self, event: QKeyEvent) -> None:
        self._replaying = True
        try:
            QCoreApplication.sendEvent(self._window, event)
        finally:
            self._replaying = False

    def _released(self, event: QKeyEvent) -> bool:
        if self._replaying:
            return False
        if _ends_a_scan(event):
            return self._wedge.release() is Fate.EAT
        for held in self._held:
            if held.release is None and held.press.key() == event.key():
                held.release = _copy(event)
                return True
        return False

    def _look_once_more(self) -> None:
        """Let keys that wait unread after a stall of the window go first."""
        self._idle.start()

    def _expire(self) -> None:
        """Give back what is held: the gap is over, whatever the times of the keys say."""
        self._replay(self._wedge.flush())

    def _stop_waiting(self) -> None:
        self._gap.stop()
        self._idle.stop()

    def _replay(self, keys: tuple[Key, ...]) -> None:
        if not keys:
            return
        self._stop_waiting()
        self._held.clear()
        self._replaying = True
        try:
            for key in keys:
                if isinstance(key.token, _Held):
                    key.token.send(self._window)
        finally:
            self._replaying = False


def wedge_settings(configuration: Configuration) -> WedgeSettings:
    """Return how the settings of the shop tell a scanner from a person."""
    get = configuration.get
    return WedgeSettings(
        gap_ms=get(settings.SCANNER_GAP_MS), least_length=get(settings.SCANNER_MIN_LENGTH)
    )


def _gap_ms(found: WedgeSettings) -> int:
    return round(found.gap_ms) + 1


def _ends_a_scan(event: QKeyEvent) -> bool:
    """Tell whether a key is Enter or Tab, or what some scanners send instead.

    That is a line feed, which comes as Ctrl J, or a carriage return as Ctrl M: both mean Enter
    always, so that no shortcut can be one of them.
    """
    return event.key() in TERMINATORS or event.text() in ("\r", "\n")


def _as_enter(event: QKeyEvent) -> QKeyEvent:
    enter = QKeyEvent(event.type(), Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")
    enter.setTimestamp(event.timestamp())
    return enter


def _is_chord(event: QKeyEvent) -> bool:
    """Tell whether a key is one of a shortcut; Ctrl and Alt together are AltGr, which types."""
    held = event.modifiers()
    control = bool(held & Qt.KeyboardModifier.ControlModifier)
    alt = bool(held & Qt.KeyboardModifier.AltModifier)
    return control != alt or bool(held & Qt.KeyboardModifier.MetaModifier)


def _copy(event: QKeyEvent) -> QKeyEvent:
    """Return a key as it was struck: none of those that are withheld is a held key's repeat."""
    copied = QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        autorep=False,
        count=event.count(),
    )
    copied.setTimestamp(event.timestamp())
    return copied
