"""What comes round: by which times, and since when they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pos_queue.rounds.cron import Cron


@dataclass(frozen=True, slots=True)
class Round:
    """The times of one job."""

    cron: Cron
    since: datetime | None = None
    """From when on they hold: slots before that moment are none, so that times which somebody has
    changed make up for nothing. None: since the job was seen for the first time."""

    def begins_after(self, dealt_with: datetime | None, now: datetime) -> datetime | None:
        """Return the moment after which slots count; `dealt_with` is the last that had its turn.

        A `since` that lies ahead was written by a wrong clock, and keeps nothing silent.
        """
        if self.since is None or self.since > now:
            return dealt_with
        return self.since if dealt_with is None else max(dealt_with, self.since)


FindRounds = Callable[[], Mapping[str, Round]]
"""Returns the rounds of jobs by their names; asked again whenever the file may have changed."""
