"""Days and moments as people read them, on papers and on the screen alike.

They are written as the shop's country writes them. What scripts read (`--json`, the console's
tables) is written the ISO way instead.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from pos_desktop.domain.country import written_day, written_day_and_month, written_time
from pos_desktop.storage.moments import from_stored


def shown_moment(milliseconds: int, zone: tzinfo) -> str:
    """Return a moment (milliseconds UTC) to the second: 24/11/2026 08:15:00."""
    moment = from_stored(milliseconds).astimezone(zone)
    return f"{written_day(moment)} {written_time(moment, seconds=True)}"


def shown_minute(milliseconds: int, zone: tzinfo) -> str:
    """Return a moment (milliseconds UTC) to the minute: 24/11/2026 08:15."""
    moment = from_stored(milliseconds).astimezone(zone)
    return f"{written_day(moment)} {written_time(moment)}"


def shown_day(day: str) -> str:
    """Return a day of the books (2026-11-24): 24/11/2026."""
    return written_day(date.fromisoformat(day))


def shown_shortly(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a moment as short as it can be understood today: 08:15, of another day 24/11 08:15."""
    there = moment.astimezone(zone)
    if there.date() == now.astimezone(zone).date():
        return written_time(there)
    return f"{written_day_and_month(there)} {written_time(there)}"
