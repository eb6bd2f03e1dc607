"""Every report over a year of 84,000 sales with 500,000 lines: how long, and whether it is right.

Right is what plain SQL on the base tables says, all totals and rows to the cent.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from pos_desktop.cli.bench.figure import at_share
from pos_desktop.domain.money import format_amount
from pos_desktop.services.reports.report_kinds import KINDS, REPORTS
from pos_desktop.services.reports.report_parts import Report
from pos_desktop.shop import Shop
from tests.benchmarks import scene
from tests.benchmarks.year_compared import Compared, Sums
from tests.benchmarks.year_made import Size, make_year

SECONDS = 1.0
TITLES = ("report", "rows", "seconds", "limit", "total", "by the report", "by SQL", "")
RIGHT = {1, 2, 3, 5, 6}
_TIMES = 3
_CHIEF = ("gross_cents", "amount_cents", "margin_cents", "price_value_cents", "products", "entries")
"""The total that is shown of a report: one that differs, else the first of these that it has."""


@dataclass(frozen=True)
class Row:
    """A report of the year."""

    compared: Compared
    seconds: float
    """The middle one of several times."""

    @property
    def ok(self) -> bool:
        """Whether it is quick enough, and right."""
        return self.seconds <= SECONDS and self.compared.is_equal

    def cells(self) -> tuple[str, ...]:
        """Return it as the cells of a table."""
        found = self.compared
        chief = next(key for key in _CHIEF if key in found.totals)
        key = next((key for key in found.totals if not found.agrees(key)), chief)
        sums = [_shown(key, totals.get(key)) for totals in (found.totals, found.by_sql)]
        verdict = "ok" if self.ok else "OVER" if found.is_equal else "DIFFERS"
        return (
            found.name,
            f"{found.rows:,}",
            f"{self.seconds:.2f}",
            f"{SECONDS:.2f}",
            key,
            *sums,
            verdict,
        )


def run() -> Iterator[Row]:
    """Yield each report of the year beside the SQL."""
    with scene.folder() as folder:
        size = Size()
        began = time.perf_counter()
        shop = make_year(folder / "shop", size)
        counted = "SELECT (SELECT count(*) FROM sale), (SELECT count(*) FROM sale_line)"
        sales, lines = shop.reader.execute_sql(counted).fetchone()
        seconds = time.perf_counter() - began
        print(f"{sales:,} sales and refunds with {lines:,} lines, made in {seconds:.0f} s")
        with Sums(shop.database.path, *size.period) as sums:
            for name in REPORTS:
                report, seconds = _made(shop, name, size)
                yield Row(sums.beside(report), seconds)
        shop.close()


def _made(shop: Shop, name: str, size: Size) -> tuple[Report, float]:
    """Make a report as the screen asks for it; return it with the middle one of its times."""
    compares, seconds = KINDS[name].compares, []
    for _number in range(_TIMES):
        began = time.perf_counter()
        report = shop.reporting.make(name, *size.period, compare=compares, actor=None)
        seconds.append(time.perf_counter() - began)
    return report, at_share(seconds, 0.5)


def _shown(key: str, value: int | None) -> str:
    if value is None:
        return "-"
    return format_amount(value) if key.endswith("_cents") else f"{value:,}"
