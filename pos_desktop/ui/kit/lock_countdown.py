"""Counting down how long somebody is locked out, in the strip that says so."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from pos_desktop.domain.text import _
from pos_desktop.services.people.sign_in import locked_sentence
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice, Strip

_SECOND_MS = 1000


class LockCountdown(QObject):
    """Says each second how long it still takes, as long as that is what one reads."""

    def __init__(self, strip: Strip) -> None:
        super().__init__(strip)
        self._strip = strip
        self._left = 0
        self._said: Notice | None = None
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self.one_second_less)

    @property
    def running(self) -> bool:
        """Whether it counts."""
        return self._second.isActive()

    def begin(self, seconds: int) -> None:
        """Count down from so many seconds."""
        self._left = seconds
        self._say()
        self._second.start()

    def one_second_less(self) -> None:
        """Say what is left now, and in the end that the PIN may be typed; once read, be quiet."""
        self._left -= 1
        if self._said is None or self._strip.notice != self._said.again():
            self._second.stop()
        elif self._left > 0:
            self._say()
        else:
            self._second.stop()
            self._strip.say(Notice(_("Try again now: type the PIN."), Tone.WARNING))

    def _say(self) -> None:
        self._said = Notice(locked_sentence(self._left), Tone.DANGER)
        self._strip.say(self._said)
