"""The times of Daraja: East African Time without a zone, in forms of digits or as people write it.

Kenya has no summer time, so that the zone is three hours and nothing else; the machine's own zone
is never asked.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_FIRST_YEAR, _END_YEAR = 2007, 2100
"""M-Pesa's first."""
EAT = timezone(timedelta(hours=3), "EAT")
SKEW_ALLOWED = timedelta(minutes=2)
"""Daraja refuses what a clock has stamped that is further off its own."""

_STAMP = "%Y%m%d%H%M%S"
_PULL = "%Y-%m-%d %H:%M:%S"
_DAY_FIRST = "%d.%m.%Y %H:%M:%S"
_DIGITS = re.compile(r"[0-9]{14}")
_DAY_BEFORE = (
    r"(?P<day>[0-9]{1,2})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4}|[0-9]{2})"
)
_YEAR_BEFORE = (
    r"(?P<year_first>[0-9]{4})[-/.](?P<month_next>[0-9]{1,2})[-/.](?P<day_last>[0-9]{1,2})"
)
_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?)?"
_WRITTEN = re.compile(
    rf"(?:{_DAY_BEFORE}|{_YEAR_BEFORE})(?:[T ]\s*{_CLOCK}\s*(?P<half>[AaPp]\.?[Mm]\.?)?)"
)


def is_likely(at: datetime) -> bool:
    """Tell whether a payment may be of a moment: others are errors, or forged to do harm."""
    return _FIRST_YEAR <= at.year < _END_YEAR


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


def read_written(value: object) -> datetime | None:
    """Return the moment, UTC, of a time as statements have it; None where that is none.

    Day first, as `24-11-2026 12:00:05` or `24/11/26 1:05 PM`, or year first, as
    `2026-11-24 12:00:05`; never month first.
    """
    found = _WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    year = int(found["year"] or found["year_first"])
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    try:
        at = datetime(
            year + 2000 if year < 100 else year,
            int(found["month"] or found["month_next"]),
            int(found["day"] or found["day_last"]),
            hour,
            int(found["minute"]),
            int(found["second"] or 0),
            tzinfo=EAT,
        )
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parsed(text: str, form: str) -> datetime | None:
    try:
        at = datetime.strptime(text, form).replace(tzinfo=EAT)
    except ValueError:
        return None
    return at.astimezone(UTC) if is_likely(at) else None
