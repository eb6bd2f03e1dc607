"""What ties a child to its parent: it ends with its parent, and all that it started with it.

Both must hold while the child sits in C code that keeps the interpreter's lock, so the system has
to do it. On Linux a child owns the reading end of a pipe of its own, through which nothing ever
comes, and the kernel kills it when the writing end closes, whoever closes it and in whatever
thread. Requests come through another pipe: any byte would be a signal here. On Windows the child
is in a job object that dies with the parent's handle of it (`child_job_object`). Elsewhere a
thread of the child waits for the end of the pipe, which C code can hold up.

A child leads a session of its own, so that a kill takes the processes that it started along.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import subprocess

ORPHANED = 3
"""The exit code of a child whose parent is gone."""
NO_PIPE = -1


class Leash(Protocol):
    """The parent's end, one for each child."""

    argument: int
    """What the child is told: the number of its pipe."""
    options: Mapping[str, Any]
    """How the process is to be started."""

    def tie(self, process: subprocess.Popen[bytes]) -> None:
        """Take the process that was just started; raises OSError."""

    def kill(self) -> None:
        """End the process, with all that it started; does nothing after `close`."""

    def close(self) -> None:
        """Give everything back, once the child has ended; may be called again."""


class PipeLeash:
    """A pipe for life."""

    def __init__(self) -> None:
        self.argument, self._ours = os.pipe()
        self.options: Mapping[str, Any] = {
            "pass_fds": (self.argument,),
            "start_new_session": True,
        }
        self._open = {self.argument, self._ours}
        self._session: int | None = None

    def tie(self, process: subprocess.Popen[bytes]) -> None:
        """Leave the reading end to the child."""
        self._session = process.pid
        self._close(self.argument)

    def kill(self) -> None:
        """End the child's session."""
        import signal

        if self._session is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._session, signal.SIGKILL)

    def close(self) -> None:
        """Close both ends."""
        self._session = None
        for end in tuple(self._open):
            self._close(end)

    def _close(self, end: int) -> None:
        if end in self._open:
            self._open.remove(end)
            os.close(end)


def new_leash() -> Leash:
    """Return what ties a child to this process."""
    if sys.platform == "win32":
        from pos_queue.children.job_object import JobLeash

        return JobLeash()
    return PipeLeash()


def end_with_parent(pipe: int) -> None:
    """Make this process end when its parent does; called by the child, with what it was told."""
    if pipe == NO_PIPE:
        return
    os.set_inheritable(pipe, False)  # noqa: FBT003 - it knows no name
    if sys.platform == "linux":
        _be_killed_at_its_end(pipe)
    else:
        import threading

        threading.Thread(target=_wait_for_its_end, args=(pipe,), daemon=True).start()


def _be_killed_at_its_end(pipe: int) -> None:
    """Let the kernel do it; a parent that was gone before is seen by looking."""
    import fcntl
    import signal

    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        _wait_for_its_end(pipe)


def _wait_for_its_end(pipe: int) -> None:
    os.read(pipe, 1)
    os._exit(ORPHANED)
