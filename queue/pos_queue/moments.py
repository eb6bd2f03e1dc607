"""How the queue keeps moments: milliseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST_YEAR = datetime(2, 1, 1, tzinfo=UTC)
_LAST_YEAR = datetime(9998, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Return a moment in milliseconds; one without a zone, as Huey has them, is taken for UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return a kept moment, aware, in UTC.

    One that no calendar has, which only a hand can have written, is taken for the nearest year: it
    must not hide the rest of a list.
    """
    first, last = to_ms(_FIRST_YEAR), to_ms(_LAST_YEAR)
    return _EPOCH + timedelta(milliseconds=min(max(milliseconds, first), last))
