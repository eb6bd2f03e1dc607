"""One run of a function in a child of a pool: who may end it, and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import Any

from pos_queue.children import frames
from pos_queue.children.alarms import Alarms
from pos_queue.children.errors import (
    ChildCancelled,
    ChildCrashed,
    ChildError,
    ChildNotReady,
    ChildRefused,
    ChildTimedOut,
)
from pos_queue.children.process import LAST_SECONDS, Child

START_SECONDS = 60.0
"""How long a child may take to get ready; a limit counts from then on."""
STACK_SECONDS = 0.5
"""How long a hanging child has to write its stack before it is killed."""


class Why(Enum):
    """Why a child was ended before it had answered."""

    CANCELLED = auto()
    """Somebody wished so."""
    LIMIT = auto()
    """The limit has passed."""
    NEVER_READY = auto()
    """It took too long to get ready."""


class Run:
    """A request, the limit of its run, and the child that it is running in.

    Whoever ends the run does so under the lock, while it holds its child: no kill comes late and
    hits the next run of the same child.
    """

    def __init__(
        self, request: frames.Packed, limit: float | None, on_item: Callable[[Any], object]
    ) -> None:
        self._request = request
        self._limit = limit
        self._on_item = on_item
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._why: Why | None = None
        self.was_asked = False
        """Whether a child has the request, so that the function may have been called."""

    def on(self, child: Child, alarms: Alarms) -> Any:
        """Run in a child and return the function's result.

        Raises ChildNotReady where the function was not called, any other ChildError, and what
        `on_item` raises; the child is to be ended unless it is ready again.
        """
        self._hold(child)
        try:
            self._wait_until_ready(child, alarms)
            with alarms.within(self._limit, partial(self._pass_limit, alarms)):
                answer = self._ask(child)
                child.next_frame()
        finally:
            self._let_go()
        return _result(child, answer)

    def cancel(self) -> None:
        """End the run, now or as soon as it has a child; may be called from any thread."""
        self._end(Why.CANCELLED)

    def _hold(self, child: Child) -> None:
        with self._lock:
            if self._why is Why.CANCELLED:
                raise ChildCancelled
            self._why = None
            self._child = child

    def _let_go(self) -> None:
        with self._lock:
            self._child = None

    def _wait_until_ready(self, child: Child, alarms: Alarms) -> None:
        if not child.is_ready:
            with alarms.within(START_SECONDS, partial(self._end, Why.NEVER_READY)):
                child.next_frame()
            if not child.is_ready:
                raise self._lost(child)

    def _ask(self, child: Child) -> tuple[bytes, Any]:
        """Return the frame with the function's result or error.

        What comes after somebody has ended the run is passed over: the child may still be writing
        its stack.
        """
        self.was_asked = child.ask(self._request)
        while self.was_asked and (frame := child.next_frame()) is not None:
            if self._why is not None:
                continue
            if frame[0] != frames.ITEM:
                return frame
            self._on_item(frame[1])
        raise self._lost(child)

    def _lost(self, child: Child) -> ChildError:
        """Return what to say of a child that is no more, and end it for certain."""
        code = child.end(0 if self._why else LAST_SECONDS)
        if self._why is Why.CANCELLED:
            return ChildCancelled()
        if self._why is Why.LIMIT:
            return ChildTimedOut(self._limit or 0, child.stderr)
        if self.was_asked:
            return ChildCrashed("", code, child.stderr)
        return ChildNotReady(child.stderr)

    def _end(self, why: Why) -> None:
        with self._lock:
            self._why = self._why or why
            if self._child is not None:
                self._child.kill()

    def _pass_limit(self, alarms: Alarms) -> None:
        with self._lock:
            if self._child is None or self._why is not None:
                return
            self._why = Why.LIMIT
            if self._child.show_stack():
                alarms.after(STACK_SECONDS, partial(self._end, Why.LIMIT))
            else:
                self._child.kill()


def _result(child: Child, answer: tuple[bytes, Any]) -> Any:
    kind, value = answer
    if kind == frames.REFUSED:
        raise ChildRefused(*value)
    if kind == frames.FAILED:
        raise ChildCrashed(value, None, child.stderr_of_last_run())
    return value
