"""What surrounds the body of a job: behind it the closing transaction begins."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pos_queue.engine.run import Run
from pos_queue.errors import ClaimLost, EndNotWritten, JobExited

if TYPE_CHECKING:
    from pos_queue.engine.engine import DurableHuey


class Body:
    """Surrounds the body of one claimed task.

    A class, since each job passes here, and a generator takes three times as long.
    """

    __slots__ = ("_engine", "_run", "_within")

    def __init__(self, engine: DurableHuey, run: Run, within: AbstractContextManager[Any]) -> None:
        self._engine = engine
        self._run = run
        self._within = within

    def __enter__(self) -> None:
        self._run.begin_body()
        self._within.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._within.__exit__(kind, error, trace)
        self._run.end_body(failed=error is not None)
        if error is None:
            self._complete()
        elif not isinstance(error, _never_the_jobs()):
            self._fail(_error_of_job(error))

    def _complete(self) -> None:
        self._run.open()
        try:
            self._engine.complete(self._run)
        except BaseException as error:
            if isinstance(error, _never_the_jobs()):
                raise
            self._fail(_error_of_job(error))

    def _fail(self, error: Exception) -> None:
        self._run.error = error
        self._run.open()
        self._engine.tell_huey(self._run, error)


def _never_the_jobs() -> tuple[type[BaseException], ...]:
    """Return what passes through a body and is no error of its job.

    The system interrupts the main thread alone.
    """
    if threading.current_thread() is threading.main_thread():
        return (ClaimLost, EndNotWritten, KeyboardInterrupt)
    return (ClaimLost, EndNotWritten)


def _error_of_job(error: BaseException) -> Exception:
    """Return what a body or its completion has raised as an error that Huey takes for the job's."""
    if isinstance(error, Exception):
        return error
    if isinstance(error, SystemExit):
        return JobExited(error.code)
    return JobExited(type(error).__name__).with_traceback(error.__traceback__)
