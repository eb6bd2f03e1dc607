"""How the file keeps moments: milliseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_stored(moment: datetime) -> int:
    """Return an aware moment as the file keeps it."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def span_stored(span: timedelta) -> int:
    """Return a span as it is added to stored moments."""
    return span // timedelta(milliseconds=1)


def from_stored(milliseconds: int) -> datetime:
    """Return a stored moment, aware, in UTC."""
    return _EPOCH + timedelta(milliseconds=milliseconds)
