"""How a child process may fail.

ChildError
├── ChildRefused     an error of the function that was expected: its sentence is for people
├── ChildCrashed     any other error, or the death of the process (`died` tells which)
├── ChildNotReady    no child could be made ready; the function was never called
├── ChildTimedOut    ended at a time limit
└── ChildCancelled   ended on request
"""

from __future__ import annotations


class ChildError(Exception):
    """A child process gave no result."""


class ChildRefused(ChildError):
    """The function raised an error that was expected; its sentence is for people."""

    def __init__(self, kind: str, sentence: str, data: object) -> None:
        """Keep the error's type ("module:Class"), its text, and its plain `data`, if it has any."""
        self.kind = kind
        self.sentence = sentence
        self.data = data
        super().__init__(sentence)


class ChildCrashed(ChildError):
    """The function failed, or its process died."""

    def __init__(self, detail: str, exit_code: int | None, stderr: str) -> None:
        """Keep the traceback (empty where the process died without one) and what it wrote.

        exit_code is None where the process lives on, or where the system does not let it go.
        """
        self.traceback = detail
        self.exit_code = exit_code
        self.stderr = stderr
        last = detail.strip().rpartition("\n")[2] or f"the child ended with {exit_code}"
        super().__init__(last)

    @property
    def died(self) -> bool:
        """Whether the process died, instead of the function raising an error."""
        return not self.traceback


class ChildNotReady(ChildError):
    """No child could be made ready: it is not the function's fault, which was never called."""

    def __init__(self, stderr: str) -> None:
        """Keep what the child wrote, its traceback at the end."""
        self.stderr = stderr
        super().__init__(stderr.strip().rpartition("\n")[2] or "no child could be started")


class ChildTimedOut(ChildError):
    """The child was ended at its time limit; `stderr` holds its stack where the system has one."""

    def __init__(self, seconds: float, stderr: str) -> None:
        self.seconds = seconds
        self.stderr = stderr
        super().__init__(f"no result within {seconds:g} s")


class ChildCancelled(ChildError):
    """The child was ended on request, or its pool was closed."""
