"""Which imports go on though they are not at their end: one that runs, and those whose jobs wait.

A job that was interrupted goes on with its import in another attempt, once its queue lets it. Who
takes such an import back ends that job first, in the transaction that begins with it: else it would
go on with what was taken back. To refuse would be safe as well, but the person would have to find
the job, and may have no right to end it. Only an import that runs is refused: it holds the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.errors import AnotherRuns, Refused
from pos_desktop.domain.runs import Course, RunState
from pos_desktop.domain.text import _
from pos_desktop.storage import product_imports
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.job_states import Begun
from pos_desktop.storage.product_imports import ImportRun

_OPEN = (RunState.RUNNING, RunState.STOPPED)


@dataclass(frozen=True, slots=True)
class ListedImport:
    """An import in the list, and whether it goes on."""

    whose: ImportRun
    course: Course | None = None
    """None for one that does not go on, whether it came to its end or not."""
    job: int | None = None
    """The job that goes on with it."""
    queue: str = ""
    """Where that waits or runs."""

    @property
    def is_running(self) -> bool:
        """Whether some program writes its rows now."""
        return self.course is Course.RUNS

    @property
    def can_be_undone(self) -> bool:
        """Whether it may be taken back now."""
        return self.whose.state is not RunState.UNDONE and not self.is_running


class ImportCourses:
    """Knows the jobs of imports, and ends one whose import is taken back."""

    def __init__(
        self,
        database: ShopDatabase,
        begun: Callable[[], Sequence[tuple[Begun, Any]]] = tuple,
        cancel: Callable[[int], object] = lambda _job: None,
        one_at_a_time: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Take what returns the jobs that import and have begun, each with what it has kept.

        `cancel` ends one of them in the present transaction, or asks it to end; `one_at_a_time`
        raises AnotherRuns while an import runs.
        """
        self._database = database
        self._begun = begun
        self._cancel = cancel
        self._one_at_a_time = one_at_a_time

    def latest(self, limit: int = 50) -> list[ListedImport]:
        """Return the last imports, the newest first."""
        runs = product_imports.latest(self._database, limit)
        if not any(run.state in _OPEN for run in runs):
            return [ListedImport(run) for run in runs]
        jobs = self._jobs()
        is_running = any(run.state is RunState.RUNNING for run in runs) and self.is_running()
        return [_listed(run, jobs.get(run.number), is_running=is_running) for run in runs]

    def is_running(self) -> bool:
        """Tell whether an import, or taking one back, runs now, here or in another program."""
        try:
            with self._one_at_a_time():
                return False
        except AnotherRuns:
            return True

    def check_rests(self, number: int) -> None:
        """Raise Refused while an import runs, saying what to do."""
        run = product_imports.find(self._database, number)
        if run is None or run.state is not RunState.RUNNING or not self.is_running():
            return
        job = self._jobs().get(number)
        words = _("Import {number} runs: take it back once it has ended.")
        if job is not None:
            words = _(
                "Import {number} runs: take it back once it has ended, or cancel its job {job} "
                "first."
            )
        raise Refused(words.format(number=number, job=job.number if job else ""))

    def end_job(self, number: int) -> None:
        """End the job that would go on with an import, in the caller's transaction."""
        job = self._jobs().get(number)
        if job is not None:
            self._cancel(job.number)

    def _jobs(self) -> Mapping[int, Begun]:
        """Return the jobs that have begun with an import, by its number."""
        return {
            kept["import"]: job
            for job, kept in self._begun()
            if isinstance(kept, dict) and "import" in kept
        }


def _listed(run: ImportRun, job: Begun | None, *, is_running: bool) -> ListedImport:
    course = None
    if run.state is RunState.RUNNING and is_running:
        course = Course.RUNS
    elif job is not None and run.state in _OPEN:
        course = Course.PAUSED if job.is_paused else Course.WAITS
    if course is None or job is None:
        return ListedImport(run, course)
    return ListedImport(run, course, job.number, job.queue)


def taken_back_words(number: int) -> str:
    """Say why nobody goes on with an import."""
    return _("Import {number} was taken back; import the file anew.").format(number=number)
