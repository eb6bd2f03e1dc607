"""What a report covers: whole business days, or the time between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.reports.named_periods import days_before
from pos_desktop.services.shown_dates import shown_day, shown_moment
from pos_desktop.storage.figures import Selection, of_days, of_moments
from pos_desktop.storage.moments import from_stored, to_stored


@dataclass(frozen=True, slots=True)
class Period:
    """Two dates or two moments as they were typed; the end is exclusive.

    Dates select business days, so that a night's sales stay with the Z that closed them; moments
    select sales by the time at which they were made. A date beside a moment means its midnight.
    """

    first: str
    end: str
    selection: Selection
    moments: tuple[int, int]
    """When it begins and ends, in milliseconds UTC; of business days their midnights."""
    words: str
    """Which of the two, for people: `business days 24/11/2026 to 24/11/2026`, both included."""

    @classmethod
    def parse(cls, first: str | None, end: str | None, today: date, zone: ZoneInfo) -> Period:
        """Read `--from` and `--to`; without them today. Raises Refused for what is no date."""
        first = first or today.isoformat()
        end = end or (max(today, _day(first)) + timedelta(days=1)).isoformat()
        moments = to_stored(_moment(first, zone)), to_stored(_moment(end, zone))
        if moments[0] >= moments[1]:
            raise Refused(
                _(
                    "The report would end before it begins: --to {end} must be after {first}."
                ).format(first=first, end=end)
            )
        if _is_date(first) and _is_date(end):
            last = (date.fromisoformat(end) - timedelta(days=1)).isoformat()
            words = _("business days {first} to {last}").format(
                first=shown_day(first), last=shown_day(last)
            )
            return cls(first, end, of_days(first, end), moments, words)
        words = _("sales made from {first} to {end}").format(
            first=shown_moment(moments[0], zone), end=shown_moment(moments[1], zone)
        )
        return cls(first, end, of_moments(*moments), moments, words)

    @property
    def is_of_days(self) -> bool:
        """Whether it is of business days; else it is of moments."""
        return _is_date(self.first) and _is_date(self.end)

    @property
    def stretches(self) -> Iterator[Selection]:
        """The same sales as the selection, in stretches of at most a month."""
        if self.is_of_days:
            step = timedelta(days=_STRETCH_DAYS)
            day, last = date.fromisoformat(self.first), date.fromisoformat(self.end)
            while last - day > step:
                yield of_days(day.isoformat(), (day + step).isoformat())
                day += step
            yield of_days(day.isoformat(), last.isoformat())
            return
        step_ms, (moment, end) = _STRETCH_DAYS * _DAY_MS, self.moments
        for begin in range(moment, end, step_ms):
            yield of_moments(begin, min(begin + step_ms, end))

    def before(self, today: date, zone: ZoneInfo) -> tuple[Period, str]:
        """Return the period before, and what people call it; Refused where there is none."""
        try:
            if self.is_of_days:
                days = date.fromisoformat(self.first), date.fromisoformat(self.end)
                (first, end), words = days_before(days, today)
                return Period.parse(first.isoformat(), end.isoformat(), today, zone), words
            begin = from_stored(self.moments[0] - (self.moments[1] - self.moments[0]))
            first_moment = begin.astimezone(zone).isoformat()
            return Period.parse(first_moment, self.first, today, zone), _("as long before")
        except (OverflowError, ValueError) as error:
            raise Refused(_("Nothing can stand before so long a time: choose less.")) from error


_STRETCH_DAYS = 31
_DAY_MS = 86_400_000


def _day(text: str) -> date:
    """Return the date at the head of a text, or the first of all where it is none."""
    return date.fromisoformat(text[:10]) if _is_date(text[:10]) else date.min


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            _("Type a date as 2026-11-24 or a time as 2026-11-24T08:15, not {text}.").format(
                text=text
            )
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
