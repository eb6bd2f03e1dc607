"""What is asked of a report, and what came of it, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pos_desktop.domain.money import format_short
from pos_desktop.domain.text import _
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.reports.named_periods import PeriodName, days_of
from pos_desktop.services.reports.report_filters import Filters
from pos_desktop.services.reports.report_kinds import KINDS
from pos_desktop.services.reports.report_parts import Column, Report
from pos_desktop.services.reports.report_table import (
    Headline,
    Table,
    as_table,
    chief_column,
    headlines,
    shown,
)
from pos_desktop.services.reports.reporting import Reporting
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.ui.kit.bar_chart import Bar, Chart

MOST_LYING = 100
"""So many of the largest have a bar; the table has all of them."""
_UPRIGHT = frozenset({"sales-by-day", "sales-by-hour"})
_NAMES = ("name", "day", "hour", "category", "cashier", "tender", "band")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A report by name, its period, its filters, and whether the period before stands beside it."""

    name: str = "sales-summary"
    period: PeriodName | None = PeriodName.THIS_MONTH
    first: str = ""
    end: str = ""
    """From and up to where the period has no name, as `Reporting.make` takes them."""
    filters: Filters = field(default_factory=dict)
    compare: bool = True

    def dates(self, today: date) -> tuple[str, str]:
        """Return first day and day after the last, as they are today."""
        if self.period is None:
            return self.first, self.end
        first, end = days_of(self.period, today)
        return first.isoformat(), end.isoformat()

    def of(self, name: str) -> Asked:
        """Return the same of another report, without the filters that it does not take."""
        kept = {by: one for by, one in self.filters.items() if by in KINDS[name].takes}
        return replace(self, name=name, filters=kept)

    @property
    def compares(self) -> bool:
        """Whether the period before is to stand beside it, where the report can do so."""
        return self.compare and KINDS[self.name].compares


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A report with all that the screen shows of it, made beside the screen's thread."""

    asked: Asked
    report: Report
    table: Table
    headlines: Sequence[Headline]
    chart: Chart | None


def make(
    reporting: Reporting,
    asked: Asked,
    today: date,
    watch: Callable[[], None],
    actor: Person,
) -> Made:
    """Make what is asked for. It may take a second: never in the screen's thread."""
    report = reporting.make(
        asked.name,
        *asked.dates(today),
        filters=asked.filters,
        compare=asked.compares,
        watch=watch,
        actor=actor,
    )
    return Made(
        asked=asked,
        report=report,
        table=as_table(report),
        headlines=headlines(report),
        chart=chart_of(report),
    )


def chart_of(report: Report) -> Chart | None:
    """Return a report as bars, of its chief figure; None where it has none."""
    chief = chief_column(report)
    if chief is None:
        return None
    named = next(column for column in report.columns if column.key in _NAMES)
    before = report.compared.rows if report.compared else [None] * len(report.rows)
    upright = report.name in _UPRIGHT
    found = zip(report.keys, report.rows, before, strict=True)
    bars = [
        Bar(key, _title(named, row[named.key]), row[chief.key], was[chief.key] if was else 0)
        for key, row, was in found
    ]
    return Chart(
        name=report.title,
        bars=_gapless(bars) if report.name == "sales-by-day" else bars[: _most(upright)],
        written=format_short if chief.kind == "cents" else str,
        upright=upright,
        now=chief.title,
        before=_("{figure} before").format(figure=chief.title) if report.compared else "",
    )


def _most(upright: bool) -> int | None:  # noqa: FBT001 - a plain choice of two
    return None if upright else MOST_LYING


def _title(column: Column, value: str) -> str:
    if column.key == "day":
        return shown_day(value)
    return shown(column, value) or _("none")


def _gapless(bars: Sequence[Bar]) -> list[Bar]:
    """Return a bar for every day from the first to the last, also for those without sales."""
    if not bars:
        return []
    found = {bar.key: bar for bar in bars}
    day, last = date.fromisoformat(bars[0].key), date.fromisoformat(bars[-1].key)
    days = [day + timedelta(days=count) for count in range((last - day).days + 1)]
    return [
        found.get(one.isoformat()) or Bar(one.isoformat(), shown_day(one.isoformat()), 0, 0)
        for one in days
    ]
