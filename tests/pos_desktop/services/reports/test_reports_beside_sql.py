"""Every report beside plain SQL on the base tables, over some days of a shop made up by chance.

The same over a year, with times: `python -m tests.benchmarks reports`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pos_desktop.services.reports.report_kinds import REPORTS
from pos_desktop.services.reports.report_parts import Report
from pos_desktop.shop import Shop
from tests.benchmarks import year_sums
from tests.benchmarks.year_compared import Sums
from tests.benchmarks.year_made import Size, make_year

SIZE = Size(days=4, sales_a_day=60, products=150)
AS_IT_STANDS = {"stock-value", "low-stock", "x"}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop with some hundreds of sales."""
    shop = make_year(tmp_path_factory.mktemp("year") / "shop", SIZE)
    yield shop
    shop.close()


def _report(shop: Shop, name: str) -> Report:
    return shop.reporting.make(name, *SIZE.period, actor=None)


@pytest.fixture(scope="module")
def sums(year: Shop) -> Iterator[Sums]:
    """Plain SQL over all of its days."""
    with Sums(year.database.path, *SIZE.period) as sums:
        yield sums


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_what_plain_sql_says(year: Shop, sums: Sums, name: str) -> None:
    found = sums.beside(_report(year, name))
    assert found.totals == found.by_sql
    assert (found.only_in_report, found.only_in_sql) == ([], [])


def test_there_is_something_to_compare(year: Shop) -> None:
    reports = {name: _report(year, name) for name in REPORTS}
    assert reports.pop("mpesa").totals["sales_cents"] > 0
    assert all(report.rows and all(report.totals.values()) for report in reports.values())
    tenders = {row["tender"] for row in reports["sales-summary"].rows}
    assert tenders == {"cash", "mpesa", "card", "credit", "voucher", "exchange"}
    assert reports["sales-summary"].totals["refunds"] > 5
    at_least = {"sales-by-hour": 10, "sales-by-cashier": 3, "vat": 5, "shifts": 8, "z": 3}
    assert all(len(reports[name].rows) >= count for name, count in at_least.items())
    assert {*year_sums.ROWS} == {*year_sums.TOTALS} == {*REPORTS}


def test_a_day_too_few_is_noticed(year: Shop) -> None:
    first, end = SIZE.period
    with Sums(year.database.path, f"{first[:-1]}2", end) as sums:
        equal = {name for name in REPORTS if sums.beside(_report(year, name)).is_equal}
    assert equal == AS_IT_STANDS
