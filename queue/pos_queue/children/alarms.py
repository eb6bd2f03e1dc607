"""Calls functions after a while, one after another, in one thread for all of them.

An alarm that is set and taken back again wakes no thread, unless it is the next one.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_log = logging.getLogger(__name__)


class Alarm:
    """A function and the moment at which it is called."""

    def __init__(self, when: float, action: Callable[[], object]) -> None:
        self.when = when
        self.action = action


class Alarms:
    """The alarms that are set, and the thread that waits for the next of them.

    The actions must be short; an error of one is logged. The thread begins with the first alarm.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        """Take what tells the seconds since some moment, which never run backwards."""
        self._seconds = seconds
        self._alarms: set[Alarm] = set()
        self._changed = threading.Condition()
        self._looks_at = math.inf
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def after(self, delay: float, action: Callable[[], object]) -> Alarm:
        """Call a function in so many seconds; not at all where `close` comes first."""
        alarm = Alarm(self._seconds() + delay, action)
        with self._changed:
            self._alarms.add(alarm)
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._ring, daemon=True, name="child-alarms")
                self._thread.start()
            elif alarm.when < self._looks_at:
                self._changed.notify_all()
        return alarm

    def off(self, alarm: Alarm) -> None:
        """Take an alarm back; one that is just ringing is not held up."""
        with self._changed:
            self._alarms.discard(alarm)

    @contextmanager
    def within(self, limit: float | None, action: Callable[[], object]) -> Iterator[None]:
        """Call a function if a block takes longer than a limit in seconds, None for no limit."""
        if limit is None:
            yield
            return
        alarm = self.after(limit, action)
        try:
            yield
        finally:
            self.off(alarm)

    def close(self, within: float) -> bool:
        """Ring no more and end the thread; returns False where it did not end in time."""
        with self._changed:
            self._is_closed = True
            self._alarms.clear()
            self._changed.notify_all()
        if self._thread is None:
            return True
        self._thread.join(within)
        return not self._thread.is_alive()

    def _ring(self) -> None:
        while (alarm := self._next()) is not None:
            try:
                alarm.action()
            except Exception:  # noqa: BLE001 - the other alarms must ring
                _log.exception("what was to happen then failed")

    def _next(self) -> Alarm | None:
        """Wait for the next alarm that is due; None once it is closed."""
        with self._changed:
            while not self._is_closed:
                alarm = min(self._alarms, key=lambda alarm: alarm.when, default=None)
                self._looks_at = math.inf if alarm is None else alarm.when
                left = None if alarm is None else alarm.when - self._seconds()
                if alarm is not None and left is not None and left <= 0:
                    self._alarms.discard(alarm)
                    return alarm
                self._changed.wait(left)
        return None
