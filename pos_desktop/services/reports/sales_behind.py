"""From a row of a report to the sales that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_parts import Source
from pos_desktop.storage import narrowing, sales_behind
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.sales_behind import Behind

_DAY = timedelta(days=1)
_NEVER, _EVER = -(1 << 62), 1 << 62


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a report, and how many sales are wanted of it."""

    source: Source
    key: str
    most: int

    @property
    def selection(self) -> Selection:
        return self.source.selection

    def sales(self, selection: Selection) -> Behind:
        return sales_behind.of_sales(self.source.reader, selection, self.most)

    def lines(self, selection: Selection, figure: str = "gross_cents") -> Behind:
        return sales_behind.of_lines(self.source.reader, selection, self.most, figure)


def behind(name: str, source: Source, key: str, most: int) -> Behind:
    """Return the sales behind the row of a report that stands for a key.

    Their sum is the row's gross, of a tender its amount, and of the margin the net.
    Raises KeyError for a report whose rows have no sales behind them.
    """
    return _BEHIND[name](_Row(source, key, most))


def _of_day(row: _Row) -> Behind:
    return row.sales(narrowing.to_day(row.selection, row.key))


def _of_cashier(row: _Row) -> Behind:
    return row.sales(narrowing.to_cashier(row.selection, row.key))


def _of_hour(row: _Row) -> Behind:
    hour = int(row.key.partition(":")[0])
    zone = offsets(row.source.period.moments, row.source.zone)
    return row.sales(narrowing.to_hour(row.selection, hour, zone))


def offsets(moments: tuple[int, int], zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Yield stretches of time with how far the zone is from UTC then, all in milliseconds.

    The first has no beginning and the last no end: a business day goes on after its midnight.
    """
    first, last = (from_stored(moment) for moment in moments)
    begin, moment = _NEVER, first - _DAY
    while moment < last + _DAY:
        if _offset(moment, zone) != _offset(moment + _DAY, zone):
            change = _change(moment, moment + _DAY, zone)
            yield begin, to_stored(change), _offset(moment, zone)
            begin = to_stored(change)
        moment += _DAY
    yield begin, _EVER, _offset(moment, zone)


def _change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Return the minute between two moments from which on the zone is elsewhere."""
    while late - early > timedelta(minutes=1):
        middle = (early + (late - early) / 2).replace(second=0, microsecond=0)
        middle = max(middle, early.replace(second=0, microsecond=0) + timedelta(minutes=1))
        if _offset(middle, zone) == _offset(early, zone):
            early = middle
        else:
            late = middle
    return late


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(milliseconds=1)


def _of_product(row: _Row) -> Behind:
    return row.lines(narrowing.to_product(row.selection, row.key))


def _of_category(row: _Row) -> Behind:
    return row.lines(narrowing.to_category(row.selection, row.key))


def _of_band(row: _Row) -> Behind:
    band, _colon, rate = row.key.rpartition(":")
    return row.lines(narrowing.to_band(row.selection, band, int(rate)))


def _of_margin(row: _Row) -> Behind:
    return row.lines(narrowing.to_product(row.selection, row.key), "net_cents")


def _of_tender(row: _Row) -> Behind:
    source = row.source
    selection = source.narrowing.without(By.TENDER).narrow(source.period.selection)
    return sales_behind.of_tender(source.reader, selection, row.key, row.most)


_BEHIND: Mapping[str, Callable[[_Row], Behind]] = {
    "sales-by-day": _of_day,
    "sales-by-hour": _of_hour,
    "sales-by-product": _of_product,
    "sales-by-category": _of_category,
    "sales-by-cashier": _of_cashier,
    "sales-by-tender": _of_tender,
    "vat": _of_band,
    "margin": _of_margin,
}
DRILLED = frozenset(_BEHIND)
"""The reports of which the sales behind a row can be told."""
