"""Dates as people in Kenya write them, in the shop's own time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pos_desktop.services.shown_dates import shown_day, shown_minute, shown_moment
from pos_desktop.storage.moments import to_stored


def test_days_and_moments_are_written_day_first_in_the_shops_time() -> None:
    late = to_stored(datetime(2026, 11, 24, 22, 5, 9, tzinfo=UTC))
    nairobi = ZoneInfo("Africa/Nairobi")
    assert shown_moment(late, nairobi) == "25/11/2026 01:05:09"
    assert shown_minute(late, nairobi) == "25/11/2026 01:05"
    assert shown_day("2026-11-24") == "24/11/2026"
