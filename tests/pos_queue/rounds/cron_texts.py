"""Random crontab texts, and the same fields as Huey's matcher reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from huey import crontab
from hypothesis import strategies as st

Matches = Callable[[datetime], bool]

RANGES = {"minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "weekday": (0, 7)}


@st.composite
def fields(draw: st.DrawFn, name: str) -> str:
    """Draw a list of one to three items."""
    return ",".join(draw(st.lists(_items(name), min_size=1, max_size=3)))


@st.composite
def _items(draw: st.DrawFn, name: str) -> str:
    low, high = RANGES[name]
    first = draw(st.integers(low, high))
    last = draw(st.integers(first, high))
    step = draw(st.integers(1, max(1, last - first)))
    whole = draw(st.integers(1, 6 if name == "weekday" else high - low))
    return draw(
        st.sampled_from([str(first), f"{first}-{last}", f"{first}-{last}/{step}", f"*/{whole}"])
    )


def either(name: str) -> st.SearchStrategy[str]:
    """Draw a star half of the time."""
    return st.just("*") | fields(name)


TEXTS = st.tuples(*(either(name) for name in RANGES)).map(" ".join)
"""Any text; some of them never come."""

DAILY_TEXTS = st.tuples(
    fields("minute") | st.just("*"),
    st.sampled_from(["*", "0", "1", "2", "2,3", "0-4", "23", "*/2", "0-23"]) | fields("hour"),
    st.sampled_from(["*"] * 8 + ["1-31/2"]),
    st.just("*"),
    st.sampled_from(["*"] * 8 + ["0-6/2"]),
).map(" ".join)
"""Texts that come nearly every day, often in the hours in which clocks are changed."""


def huey_matches(text: str) -> Matches:
    """Return Huey's matcher, with cron's rule for two days where Huey asks for both."""
    minute, hour, day, month, weekday = (
        part.replace("*/", "0-6/") if name == "weekday" else part
        for name, part in zip(RANGES, text.split(), strict=True)
    )
    stars = [text.split()[index].startswith("*") for index in (2, 4)]
    if any(stars):
        return crontab(minute, hour, day, month, weekday, strict=True)  # type: ignore[no-any-return]
    by_day = crontab(minute, hour, day, month, strict=True)
    by_weekday = crontab(minute, hour, month=month, day_of_week=weekday, strict=True)
    return lambda moment: by_day(moment) or by_weekday(moment)


def has_every_hour(text: str) -> bool:
    """Tell whether Huey finds the hours' field in all 24 hours."""
    matches = crontab(hour=text.split()[1])
    return all(matches(datetime(2026, 1, 1, hour)) for hour in range(24))  # noqa: DTZ001 - a wall
