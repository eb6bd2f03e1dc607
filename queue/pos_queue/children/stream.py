"""Runs a function in a process of its own and streams what it yields.

    with run_stream("package.module:function", {"path": "..."}) as stream:
        for item in stream:
            ...

The function gets its arguments by keyword and yields plain values. Results wait in the pipe: a
child that is faster than its reader stands still. Leaving the `with` ends the child, whatever it
does. Its child serves this one request; `pool` has children that serve many.

Errors are those of `child_errors`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from pos_queue.children import frames
from pos_queue.children.errors import (
    ChildCancelled,
    ChildCrashed,
    ChildRefused,
    ChildTimedOut,
)
from pos_queue.children.process import LAST_SECONDS, Child, request_frame, start_frame
from pos_queue.children.watch import Watch

SILENCE_SECONDS = 120.0
"""How long a reader waits for the next result before the child counts as hanging."""


class Stream:
    """The results of a child, one after another; a context manager that ends the child."""

    def __init__(self, child: Child, watch: Watch) -> None:
        self._child = child
        self._watch = watch
        self._is_open = True
        self._is_cancelled = False

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._child.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        """Return the next result; raises ChildError."""
        if not self._is_open:
            raise StopIteration
        kind, value = self._next_frame()
        if kind == frames.READY:
            kind, value = self._next_frame()
        if kind == frames.ITEM:
            return value
        if kind == frames.END:
            self.close()
            raise StopIteration
        if kind == frames.REFUSED:
            self.close()
            raise ChildRefused(*value)
        stderr = self._child.stderr_of_last_run()
        self.close()
        raise ChildCrashed(value, None, stderr)

    def cancel(self) -> None:
        """End the child now; the reader gets ChildCancelled. May be called from any thread."""
        self._is_cancelled = True
        self._child.kill()

    def close(self) -> None:
        """End the child and give everything back; may be called again."""
        if self._is_open:
            self._is_open = False
            self._watch.stop()
            self._child.end()

    def _next_frame(self) -> tuple[bytes, Any]:
        """Return the next frame; raises ChildError where the child ended without one."""
        self._watch.is_waiting = True
        frame = self._child.next_frame()
        self._watch.is_waiting = False
        self._watch.results += 1
        if frame is not None and not self._is_cancelled:
            return frame
        is_ours = self._is_cancelled or self._watch.passed is not None
        code = self._child.end(0 if is_ours else LAST_SECONDS)
        self.close()
        if self._is_cancelled:
            raise ChildCancelled
        if self._watch.passed is not None:
            raise ChildTimedOut(self._watch.passed, self._child.stderr)
        raise ChildCrashed("", code, self._child.stderr)


def run_stream(
    target: str,
    args: Mapping[str, Any],
    *,
    expected: Sequence[str] = (),
    limit: float | None = None,
    silence: float = SILENCE_SECONDS,
    background: bool = False,
    preload: Sequence[str] = (),
) -> Stream:
    """Run "package.module:function" in a new child and return the stream of its results.

    args are plain values by keyword. expected names error types ("module:Class") whose sentence
    comes back as ChildRefused. limit bounds the whole run in seconds, silence the wait for one
    result. background makes the child leave the processor to the others: it has a lower priority
    and rests after each result, so that the results should be small. preload names modules that
    it imports first. Raises OSError where no process can be made.
    """
    request = request_frame(
        target, args, expected=expected, limit=limit, background=background, is_stream=True
    )
    child = Child(start_frame(preload)).start()
    if not child.ask(request):
        raise ChildCrashed("", child.end(LAST_SECONDS), child.stderr)
    return Stream(child, Watch(child, limit=limit, silence=silence))
