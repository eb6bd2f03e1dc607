"""The times of Daraja: East African Time without a zone, in forms of digits or as people write it.

Kenya has no summer time, so that the zone is three hours and nothing else; the machine's own zone
is never asked.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

EAT = timezone(timedelta(hours=3), "EAT")

_STAMP = "%Y%m%d%H%M%S"
_PULL = "%Y-%m-%d %H:%M:%S"
_DAY_FIRST = "%d.%m.%Y %H:%M:%S"
_DIGITS = re.compile(r"[0-9]{14}")


def stamp(at: datetime) -> str:
    """Return a moment as 14 digits, the form of a Timestamp."""
    return at.astimezone(EAT).strftime(_STAMP)


def pull_time(at: datetime) -> str:
    """Return a moment as the query for missed payments takes it."""
    return at.astimezone(EAT).strftime(_PULL)


def read_stamp(value: object) -> datetime | None:
    """Return the moment, UTC, of 14 digits as text or number; None where that is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return _parsed(text, _STAMP) if _DIGITS.fullmatch(text) else None


def read_day_first(value: object) -> datetime | None:
    """Return the moment, UTC, of `06.07.2024 22:48:52`; None where that is none."""
    return _parsed(value, _DAY_FIRST) if isinstance(value, str) else None


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=EAT).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
