"""Runs a function in a process of its own and streams what it yields.

    with run_stream("package.module:function", {"path": "..."}) as stream:
        for item in stream:
            ...

The function gets its arguments by keyword and yields plain values. Results wait in the pipe: a
child that is faster than its reader stands still. Leaving the `with` ends the child, whatever it
does. A child is used once; `WarmChild` starts the next one ahead.

Errors are those of `child_errors`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Self

from pos_queue import frames
from pos_queue.child_command import child_command
from pos_queue.child_errors import (
    ChildCancelled,
    ChildCrashed,
    ChildRefused,
    ChildTimedOut,
)
from pos_queue.child_watch import Watch

KEPT_STDERR = 64 << 10
"""Bytes of a child's standard error that are kept, the last ones."""
SILENCE_SECONDS = 120.0
"""How long a reader waits for the next result before the child counts as hanging."""
END_SECONDS = 5.0
PIPE_BYTES = 1 << 20
"""How far a child may run ahead of its reader, where the system can say so."""


class Child:
    """A process that waits for its one request."""

    def __init__(self, preload: Sequence[str] = ()) -> None:
        """Name the modules that the child imports before it is asked."""
        self._preload = tuple(preload)
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr = bytearray()
        self._reader: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, None before it is started."""
        return self._process.pid if self._process else None

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start the process; returns before it is ready. Raises OSError where none can be made."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
            child_command(self._preload),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=1 << 16,
            pipesize=PIPE_BYTES,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self._process.stderr is not None
        self._reader = threading.Thread(
            target=self._gather, args=(self._process.stderr,), daemon=True, name="child-stderr"
        )
        self._reader.start()
        return self

    def run(
        self,
        target: str,
        args: Mapping[str, Any],
        *,
        expected: Sequence[str] = (),
        limit: float | None = None,
        silence: float = SILENCE_SECONDS,
        background: bool = False,
    ) -> Stream:
        """Ask the child, starting it if need be; see `run_stream` for the arguments."""
        if self._process is None:
            self.start()
        request = {
            "target": target,
            "args": dict(args),
            "expected": list(expected),
            "background": background,
        }
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            frames.write_frame(self._process.stdin, frames.REQUEST, request)
        except OSError as error:
            raise ChildCrashed("", self.end(), self.stderr) from error
        return Stream(self, Watch(self, limit=limit, silence=silence))

    @property
    def answers(self) -> IO[bytes]:
        """The pipe on which the child answers."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def stderr(self) -> str:
        """The last of what the child wrote to its standard error, complete once it has ended."""
        return self._stderr.decode("utf-8", "replace")

    def show_stack(self) -> None:
        """Make the child write its stack to its standard error, where signals exist."""
        if sys.platform != "win32" and self._process is not None:
            self._process.send_signal(signal.SIGUSR1)

    def kill(self) -> None:
        """End the child at once; may be called from any thread, and again."""
        if self._process is not None:
            self._process.kill()

    def end(self) -> int | None:
        """End the child if it still runs, give everything back, return its exit code.

        None for a child that was never started, or that the system does not let go.
        """
        process = self._process
        if process is None:
            return None
        if process.poll() is None:
            process.kill()
        try:
            code: int | None = process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        if self._reader is not None:
            self._reader.join(END_SECONDS)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                _close(pipe)
        return code

    def wait(self) -> int | None:
        """Wait for a child that has said its last word, then give everything back."""
        if self._process is not None:
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self.end()

    def _gather(self, pipe: IO[bytes]) -> None:
        read = getattr(pipe, "read1", pipe.read)
        while block := read(1 << 13):
            self._stderr += block
            del self._stderr[:-KEPT_STDERR]


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
        if kind == frames.ITEM:
            return value
        if kind == frames.END:
            self._child.wait()
            self.close()
            raise StopIteration
        if kind == frames.REFUSED:
            self.close()
            raise ChildRefused(*value)
        code = self._child.wait()
        self.close()
        raise ChildCrashed(value, code, self._child.stderr)

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
        try:
            frame = frames.read_frame(self._child.answers)
        except (frames.BrokenFrame, EOFError, ValueError):
            frame = None
        self._watch.is_waiting = False
        self._watch.results += 1
        if frame is not None and not self._is_cancelled:
            return frame
        code = self._child.wait()
        self.close()
        if self._is_cancelled:
            raise ChildCancelled
        if self._watch.passed is not None:
            raise ChildTimedOut(self._watch.passed, self._child.stderr)
        raise ChildCrashed("", code, self._child.stderr)


class WarmChild:
    """Keeps one child started ahead, its modules imported, so that work begins at once."""

    def __init__(self, preload: Sequence[str] = ()) -> None:
        """Name the modules that each child imports ahead."""
        self._preload = tuple(preload)
        self._spare: Child | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the spare child, unless one waits already."""
        with self._lock:
            if self._spare is None or not self._spare.is_alive:
                self._spare = Child(self._preload).start()

    def take(self) -> Child:
        """Return a started child, the spare one if it lives; the caller owns it."""
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None and spare.is_alive:
            return spare
        return Child(self._preload).start()

    def close(self) -> None:
        """End the spare child."""
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None:
            spare.end()


def run_stream(
    target: str,
    args: Mapping[str, Any],
    *,
    expected: Sequence[str] = (),
    limit: float | None = None,
    silence: float = SILENCE_SECONDS,
    background: bool = False,
) -> Stream:
    """Run "package.module:function" in a new child and return the stream of its results.

    args are plain values by keyword. expected names error types ("module:Class") whose sentence
    comes back as ChildRefused. limit bounds the whole run in seconds, silence the wait for one
    result. background makes the child leave the processor to the others: it has a lower priority
    and rests after each result, so that the results should be small.
    """
    return Child().run(
        target, args, expected=expected, limit=limit, silence=silence, background=background
    )


def run_one(
    target: str,
    args: Mapping[str, Any],
    *,
    expected: Sequence[str] = (),
    limit: float = SILENCE_SECONDS,
) -> Any:
    """Run a function in a new child and return its one result; raises ChildError."""
    with run_stream(target, args, expected=expected, limit=limit) as stream:
        results = list(stream)
    return results[0] if results else None


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return
