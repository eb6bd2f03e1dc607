"""How often an app may ask what has become of its pushes."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from pos_sync.testing.mpesa.habits import Habits

_MINUTE = timedelta(minutes=1)


class QueryRate:
    """Counts the queries of the last minute; one that is refused does not count."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._asked: dict[str, deque[datetime]] = {}

    def is_allowed(self, app: str, now: datetime) -> bool:
        """Tell whether an app may ask now, and count it if so."""
        most = self._habits.queries_per_minute
        if most is None:
            return True
        asked = self._asked.setdefault(app, deque())
        while asked and not timedelta() <= now - asked[0] < _MINUTE:
            asked.popleft()
        gap = _MINUTE / most if self._habits.is_one_by_one and most else timedelta()
        if len(asked) >= most or (asked and now - asked[-1] < gap):
            return False
        asked.append(now)
        return True
