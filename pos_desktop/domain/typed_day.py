"""Days as people type them, in the order in which their country writes them."""

from __future__ import annotations

import re
from datetime import date

from pos_desktop.domain.country import DayOrder, here, written_day
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

_PARTS = re.compile(r"(\d{1,4})(?:\s*[-/. ]\s*(\d{1,2}))?(?:\s*[-/. ]\s*(\d{1,4}))?")
_ISO_YEAR = 1000
_CENTURY = 100


def parse_day(text: str, today: date) -> date:
    """Return the day that was typed, such as 24/11/2026, 24.11.26, 24/11, 24 or 2026-11-24.

    A year, or a month and a year, that was left out is today's. Raises Refused for what is no day.
    """
    match = _PARTS.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        return _day([int(part) for part in match.groups() if part], today)
    except ValueError as error:
        sentence = _("Type a day such as {today}, not {text}.")
        raise Refused(sentence.format(today=written_day(today), text=text.strip())) from error


def _day(parts: list[int], today: date) -> date:
    year_first = parts[0] >= _ISO_YEAR or here().day_order is DayOrder.YEAR_FIRST
    if len(parts) == 3 and year_first:
        year, month, day = parts
    else:
        if year_first and len(parts) == 2:
            parts.reverse()
        day, month, year = (*parts, *(today.month, today.year)[len(parts) - 1 :])
    return date(year + 2000 if year < _CENTURY else year, month, day)
