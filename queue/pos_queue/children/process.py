"""A child process, seen from its parent: started, asked, ended, and given back to the system."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO, Any, Self

from pos_queue.children import frames
from pos_queue.children.command import child_command
from pos_queue.children.leash import Leash, new_leash
from pos_queue.children.output import Output

LAST_SECONDS = 1.0
"""How long a child that answers no more may take to end by itself, which tells its exit code."""
END_SECONDS = 5.0
"""How long the system may take to end a process that was killed."""
OUTPUT_SECONDS = 0.3
"""How long the last output of a child that has ended may take to come through."""
PIPE_BYTES = 1 << 20
"""How far a child may run ahead of its reader, where the system can say so."""
STACK_BY_SIGNAL = hasattr(signal, "SIGUSR1")
"""Whether a hanging child can be asked for its stack; else it writes it shortly before a limit."""
STACK_AHEAD = 0.5
"""How many seconds before, and at most half of the limit."""

Prepare = tuple[str, Mapping[str, Any]]
"""A function "module:function" and its arguments, plain values by keyword."""


def start_frame(preload: Sequence[str] = (), prepare: Prepare | None = None) -> frames.Packed:
    """Return which modules a child imports, and what it calls, before it is ready.

    Raises ValueError where the arguments are no plain values.
    """
    call = None if prepare is None else (prepare[0], dict(prepare[1]))
    return frames.pack(frames.START, {"preload": list(preload), "prepare": call})


def request_frame(
    target: str,
    args: Mapping[str, Any],
    *,
    expected: Sequence[str],
    limit: float | None,
    background: bool,
    is_stream: bool,
) -> frames.Packed:
    """Return what a child is asked; raises ValueError where the arguments are no plain values.

    A stream gets a plain function's value as its one item, instead of as its result.
    """
    return frames.pack(
        frames.REQUEST,
        {
            "target": target,
            "args": dict(args),
            "expected": list(expected),
            "background": background,
            "is_stream": is_stream,
            "stack_after": None if STACK_BY_SIGNAL or limit is None else _shortly_before(limit),
        },
    )


class Child:
    """A process that serves one request after another."""

    def __init__(self, start: frames.Packed) -> None:
        """Take what it is to do first, as `start_frame` packs it."""
        self._start = start
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._leash: Leash | None = None
        self._output: Output | None = None
        self.runs = 0
        """How many requests it was asked."""
        self._is_waiting = False
        self._is_doomed = False

    @property
    def is_ready(self) -> bool:
        """Whether it is known to wait for a request, and nobody has ended it."""
        return self._is_waiting and not self._is_doomed

    @property
    def pid(self) -> int | None:
        """The child's process id, None before it is started."""
        return self._process.pid if self._process else None

    def start(self) -> Self:
        """Start the process; returns before it is ready.

        Raises OSError where the system gives no process, RuntimeError where it gives no thread.
        """
        self._leash = new_leash()
        try:
            self._process = _started(self._leash)
            assert self._process.stderr is not None
            self._output = Output(self._process.stderr)
            self._leash.tie(self._process)
        except (OSError, RuntimeError):
            self.end()
            raise
        self._write(self._start)
        return self

    def ask(self, packed: frames.Packed) -> bool:
        """Send a request; returns False where the child ended before it had all of it."""
        self.runs += 1
        self._is_waiting = False
        return self._write(packed)

    def next_frame(self) -> tuple[bytes, Any] | None:
        """Wait for the child's next frame; None where it ended without one."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            frame = frames.read_frame(self._process.stdout)
        except (frames.BrokenFrame, EOFError, ValueError, TypeError):
            return None
        self._is_waiting = frame is not None and frame[0] == frames.READY
        return frame

    @property
    def stderr(self) -> str:
        """The last of what it wrote in the run under way: all of it, once it has ended."""
        return self._output.of_this_run() if self._output else ""

    def stderr_of_last_run(self) -> str:
        """Return the last of what the run wrote whose answer has just come."""
        return self._output.of_run(self.runs) if self._output else ""

    def show_stack(self) -> bool:
        """Make the child write its stack and die; returns False where there are no signals."""
        self._is_doomed = True
        if sys.platform != "win32" and STACK_BY_SIGNAL and self._process is not None:
            self._process.send_signal(signal.SIGUSR1)
            return True
        return False

    def kill(self) -> None:
        """End the child and what it started, at once; may be called from any thread, and again."""
        self._is_doomed = True
        with self._lock:
            if self._leash is not None:
                self._leash.kill()

    def end(self, patience: float = 0) -> int | None:
        """End the child if it still runs, give everything back, return its exit code.

        A child that is about to end by itself is left so many seconds for it. None for a child
        that was never started, or that the system does not let go.
        """
        if patience:
            self._wait(patience)
        self.kill()
        code = self._wait(END_SECONDS)
        self._give_back()
        return code

    def _wait(self, within: float) -> int | None:
        try:
            return self._process.wait(within) if self._process else None
        except subprocess.TimeoutExpired:
            return None

    def _give_back(self) -> None:
        if self._process is not None:
            _close(self._process.stdin)
            _close(self._process.stdout)
            if self._output is None:
                _close(self._process.stderr)
        if self._output is not None:
            self._output.join(OUTPUT_SECONDS)
        with self._lock:
            if self._leash is not None:
                self._leash.close()

    def _write(self, packed: frames.Packed) -> bool:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            frames.write_packed(self._process.stdin, packed)
        except OSError:
            return False
        return True


def _shortly_before(limit: float) -> float:
    return max(limit - STACK_AHEAD, limit / 2)


def _started(leash: Leash) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
        child_command(leash.argument),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=1 << 16,
        pipesize=PIPE_BYTES,
        **leash.options,
    )


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:
        return
