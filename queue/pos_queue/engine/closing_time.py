"""When the work of a runner is over: by its terms, by a request to end, or by one to start anew.

Over means: no job is begun any more, and those that run may end by themselves.
"""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_queue.clock import Clock
from pos_queue.control import restarts
from pos_queue.database import Database
from pos_queue.engine.allowance import Allowance

if TYPE_CHECKING:
    from pos_queue.engine.engine import DurableHuey

log = logging.getLogger(__name__)


class Why(StrEnum):
    """Why a runner begins no further job."""

    STOPPED = "stopped"
    """Somebody asked this runner to end."""
    RESTART = "restart"
    """Somebody asked all runners of the file to be started anew."""
    MOST_JOBS = "most_jobs"
    MOST_SECONDS = "most_seconds"
    EMPTY = "empty"


class ClosingTime:
    """Watches over the end of one runner."""

    def __init__(
        self,
        clock: Clock,
        *,
        most_jobs: int | None = None,
        most_seconds: float | None = None,
        when_empty: bool = False,
    ) -> None:
        self.allowance = Allowance(most_jobs)
        self._why: Why | None = None
        self._clock = clock
        self._ends = None if most_seconds is None else clock.monotonic() + most_seconds
        self._when_empty = when_empty
        self._late_after: float | None = None
        self._restarts = 0
        self._has_news = False

    @property
    def why(self) -> Why | None:
        """Why no job is begun any more; None while one is, or is just being taken."""
        return None if self.allowance.is_taking else self._why

    def begin(self, database: Database) -> None:
        """Note what was asked for before this runner began."""
        self._restarts = restarts.asked(database)

    def finish(self, within: float | None) -> None:
        """Let nothing more begin; what runs has so many seconds, None for as long as it takes."""
        self._late_after = None if within is None else self._clock.monotonic() + within
        self._close(Why.STOPPED)

    def note_news(self) -> None:
        """Hear that another program has written to the file."""
        self._has_news = True

    @property
    def minds_rest(self) -> bool:
        """Whether it matters just now that a worker finds nothing to do."""
        return self._when_empty or self.allowance.is_limited

    def is_over(self, engine: DurableHuey) -> bool:
        """Tell whether all is done, or the time for it has passed."""
        self._look(engine)
        if self._late_after is not None and self._clock.monotonic() >= self._late_after:
            return True
        if not self.allowance.is_used_up or _has_running(engine):
            return False
        self._why = self._why or Why.MOST_JOBS
        return True

    def _look(self, engine: DurableHuey) -> None:
        if self._ends is not None and self._clock.monotonic() >= self._ends:
            self._close(Why.MOST_SECONDS)
        if self._why is not None:
            return
        if self._has_news and self._is_restart_asked(engine.durable.database):
            self._close(Why.RESTART)
        elif self._when_empty and engine.is_idle():
            self._close(Why.EMPTY)

    def _is_restart_asked(self, database: Database) -> bool:
        self._has_news = False
        try:
            return restarts.asked(database) != self._restarts
        except BaseException:
            self._has_news = True  # the file may let it be read at the next look
            raise

    def _close(self, why: Why) -> None:
        self.allowance.close()
        self._why = self._why or why


def _has_running(engine: DurableHuey) -> bool:
    """Tell whether jobs still run; where the file cannot be asked, whether bodies do."""
    try:
        return engine.has_running()
    except Exception as error:  # noqa: BLE001 - a broken file keeps no worker from ending
        log.warning("whether jobs run could not be read: %s", type(error).__name__)
        return bool(engine.running)
