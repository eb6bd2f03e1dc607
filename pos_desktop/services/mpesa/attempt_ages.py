"""How long ago attempts were sent, whatever was done to the clock of the computer since."""

from __future__ import annotations

from datetime import datetime, timedelta

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.mpesa_attempts import Attempt


class AttemptAges:
    """Counts the time since sendings and questions of this program's run; from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sent: dict[Id, float] = {}
        self._seen: dict[Id, float] = {}
        self._asked: dict[Id, float] = {}

    def sent(self, attempt_id: Id) -> None:
        """Take note that an attempt goes out now."""
        self._sent[attempt_id] = self._clock.monotonic()

    def asked(self, attempt_id: Id) -> None:
        """Take note that it is asked about now."""
        self._asked[attempt_id] = self._clock.monotonic()

    def is_known(self, attempt: Attempt) -> bool:
        """Tell whether it was sent in this run, so that its age goes by no clock of the day."""
        return attempt.id in self._sent

    def age(self, attempt: Attempt) -> timedelta:
        """Return how long ago it was sent.

        One of an earlier run is at least as old as it has been looked at in this one: the clock may
        have been set back since.
        """
        now = self._clock.monotonic()
        if attempt.id in self._sent:
            return timedelta(seconds=now - self._sent[attempt.id])
        looked_at = timedelta(seconds=now - self._seen.setdefault(attempt.id, now))
        by_clock = self._clock.now() - from_stored(attempt.sent_at or attempt.created_at)
        return max(by_clock, looked_at)

    def now(self, attempt: Attempt) -> datetime:
        """Return the moment that is as far from its sending as it is old."""
        return from_stored(attempt.sent_at or attempt.created_at) + self.age(attempt)

    def since_asked(self, attempt: Attempt) -> timedelta | None:
        """Return how long ago it was asked about, or sent, in this run; None where neither was."""
        at = self._asked.get(attempt.id, self._sent.get(attempt.id))
        return None if at is None else timedelta(seconds=self._clock.monotonic() - at)
