"""Days and moments as people read them, on papers and on the screen alike.

What scripts read (`--json`, the console's tables) is written the ISO way instead.
"""

from __future__ import annotations

from datetime import date, tzinfo

from pos_desktop.storage.moments import from_stored


def shown_moment(milliseconds: int, zone: tzinfo) -> str:
    """Return a moment (milliseconds UTC) to the second: 24/11/2026 08:15:00."""
    return from_stored(milliseconds).astimezone(zone).strftime("%d/%m/%Y %H:%M:%S")


def shown_minute(milliseconds: int, zone: tzinfo) -> str:
    """Return a moment (milliseconds UTC) to the minute: 24/11/2026 08:15."""
    return from_stored(milliseconds).astimezone(zone).strftime("%d/%m/%Y %H:%M")


def shown_day(day: str) -> str:
    """Return a day of the books (2026-11-24): 24/11/2026."""
    return date.fromisoformat(day).strftime("%d/%m/%Y")
