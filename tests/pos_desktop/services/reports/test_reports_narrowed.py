"""Reports narrowed, compared and looked behind, against the books read a second time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pos_desktop.domain.errors import Refused
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_kinds import KINDS
from pos_desktop.services.reports.report_parts import Report
from pos_desktop.services.reports.sales_behind import DRILLED
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.services import sold_shop
from tests.pos_desktop.services.sold_shop import FIRST, LAST, Books, Line

DAYS = (LAST - FIRST).days
BY_LINE: dict[str, Callable[[Line], str]] = {
    "sales-by-day": lambda line: line.day,
    "sales-by-hour": lambda line: line.hour,
    "sales-by-cashier": lambda line: line.staff,
    "sales-by-product": lambda line: line.product,
    "sales-by-category": lambda line: line.category,
    "vat": lambda line: line.band,
}
"""What a row stands for, of the reports whose sums are those of lines."""
PASSES: dict[By, Callable[[Line, str], bool]] = {
    By.CATEGORY: lambda line, one: line.category == one,
    By.CASHIER: lambda line, one: line.staff == one,
    By.TENDER: lambda line, one: one in line.tenders,
    By.PRODUCT: lambda line, one: line.product == one,
    By.SUPPLIER: lambda line, one: line.supplier == one,
}
PERIODS = st.tuples(st.integers(0, DAYS), st.integers(1, DAYS)).map(
    lambda one: (FIRST + timedelta(days=one[0]), FIRST + timedelta(days=one[0] + one[1]))
)
BIRD = hypothesis_settings(max_examples=40, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def shop(sold_folder: Path) -> Iterator[Shop]:
    """A shop that has sold for six weeks; nothing is written into it here."""
    with closing(open_shop(sold_folder)) as shop:
        yield shop


@pytest.fixture(scope="module")
def books(shop: Shop) -> Books:
    """Its books, read again."""
    return Books.of(shop)


def test_the_shop_has_sold_all_that_reports_must_tell(books: Books) -> None:
    assert {line.is_refund for line in books.lines} == {True, False}
    assert {kind for _f, _d, _s, kind, _c in books.tenders} >= {"cash", "credit", "exchange"}
    assert any(line.discount for line in books.lines)
    assert {line.category for line in books.lines} > {""}
    assert len({line.staff for line in books.lines}) == 2
    assert {line.hour for line in books.lines} >= {"00:00", "08:00"}


def _typed(period: tuple[date, date]) -> tuple[str, str]:
    return period[0].isoformat(), period[1].isoformat()


def _within(period: tuple[date, date], day: str) -> bool:
    return period[0].isoformat() <= day < period[1].isoformat()


def _sums(report: Report, figure: str = "gross_cents") -> dict[str, Any]:
    return {
        key: row[figure] for key, row in zip(report.keys, report.rows, strict=True) if row[figure]
    }


def _filter(data: st.DataObject, books: Books, by: By) -> str:
    values: dict[By, set[str]] = {
        By.CATEGORY: {line.category for line in books.lines},
        By.CASHIER: {line.staff for line in books.lines},
        By.TENDER: {kind for line in books.lines for kind in line.tenders},
        By.PRODUCT: {line.product for line in books.lines},
        By.SUPPLIER: {line.supplier for line in books.lines if line.supplier},
    }
    return data.draw(st.sampled_from(sorted(values[by])))


@BIRD
@given(name=st.sampled_from(sorted(BY_LINE)), period=PERIODS, data=st.data())
def test_narrowed_reports_are_sums_of_the_lines_that_pass(
    shop: Shop, books: Books, name: str, period: tuple[date, date], data: st.DataObject
) -> None:
    takes = sorted(KINDS[name].takes)
    chosen = data.draw(st.sets(st.sampled_from(takes), max_size=2))
    filters = {by: _filter(data, books, by) for by in By if by in chosen}
    report = shop.reporting.make(name, *_typed(period), filters=filters, actor=None)
    expected: Counter[str] = Counter()
    for line in books.lines:
        if _within(period, line.day) and all(PASSES[by](line, one) for by, one in filters.items()):
            expected[BY_LINE[name](line)] += line.gross
    assert _sums(report) == {key: cents for key, cents in expected.items() if cents}
    assert report.totals["gross_cents"] == expected.total()
    assert bool(report.narrowed) == bool(filters)


@BIRD
@given(name=st.sampled_from(sorted(BY_LINE)), by=st.sampled_from(sorted(By)), period=PERIODS)
def test_what_a_report_is_narrowed_to_adds_up_to_the_whole(
    shop: Shop, books: Books, name: str, by: By, period: tuple[date, date]
) -> None:
    """A product has one category and one seller; a sale has several tenders, goods no supplier."""
    if by in (By.TENDER, By.SUPPLIER) or by not in KINDS[name].takes:
        return
    every = {
        By.CATEGORY: lambda line: line.category,
        By.CASHIER: lambda line: line.staff,
        By.PRODUCT: lambda line: line.product,
    }[by]
    whole = shop.reporting.make(name, *_typed(period), actor=None)
    parts = [
        shop.reporting.make(name, *_typed(period), filters={by: one}, actor=None)
        for one in {every(line) for line in books.lines}
    ]
    for figure in ("gross_cents", "net_cents", "vat_cents"):
        assert sum(part.totals[figure] for part in parts) == whole.totals[figure]


@BIRD
@given(name=st.sampled_from(sorted(DRILLED)), period=PERIODS, data=st.data())
def test_the_sales_behind_a_row_add_up_to_it(
    shop: Shop, books: Books, name: str, period: tuple[date, date], data: st.DataObject
) -> None:
    takes = sorted(KINDS[name].takes)
    chosen = data.draw(st.sets(st.sampled_from(takes), max_size=1))
    filters = {by: _filter(data, books, by) for by in By if by in chosen}
    make = shop.reporting
    report = make.make(name, *_typed(period), filters=filters, actor=None)
    figure = {"margin": "net_cents", "sales-by-tender": "amount_cents"}.get(name, "gross_cents")
    for key, row in zip(report.keys, report.rows, strict=True):
        behind = make.behind(name, key, *_typed(period), filters=filters, most=1000, actor=None)
        assert behind.sum_cents == row[figure]
        assert sum(one["amount_cents"] for one in behind.rows) == row[figure]
        assert behind.count == len(behind.rows) == len({one["id"] for one in behind.rows})
        few = make.behind(name, key, *_typed(period), filters=filters, most=1, actor=None)
        assert (few.count, few.sum_cents, few.rows) == (
            behind.count,
            behind.sum_cents,
            behind.rows[:1],
        )
        kinds = {one["kind"] for one in behind.rows}
        assert kinds <= {"sale", "refund", "payment"}
        assert name == "sales-by-tender" or "payment" not in kinds


@BIRD
@given(period=PERIODS)
def test_tenders_add_up_to_what_was_paid(
    shop: Shop, books: Books, period: tuple[date, date]
) -> None:
    for login, _pin in sold_shop.STAFF:
        staff = shop.reader.value("SELECT id FROM staff WHERE login = ?", (login,))
        report = shop.reporting.make(
            "sales-by-tender", *_typed(period), filters={By.CASHIER: login}, actor=None
        )
        expected: Counter[str] = Counter()
        for _fact, day, who, kind, cents in books.tenders:
            if _within(period, day) and who == staff:
                expected[kind] += cents
        found = _sums(report, "amount_cents")
        assert found == {kind: cents for kind, cents in expected.items() if cents}
        cash = shop.reporting.make(
            "sales-by-tender",
            *_typed(period),
            filters={By.CASHIER: login, By.TENDER: "cash"},
            actor=None,
        )
        assert cash.totals["amount_cents"] == expected["cash"]


@BIRD
@given(
    name=st.sampled_from(sorted(name for name, kind in KINDS.items() if kind.compares)),
    period=PERIODS,
)
def test_what_stands_beside_is_the_report_of_the_period_before(
    shop: Shop, name: str, period: tuple[date, date]
) -> None:
    now = shop.reporting.make(name, *_typed(period), actor=None)
    both = shop.reporting.make(name, *_typed(period), compare=True, actor=None)
    assert both.compared is not None
    before = shop.reporting.make(
        name, both.compared.period.first, both.compared.period.end, actor=None
    )
    assert both.totals == now.totals
    assert both.compared.totals == before.totals
    kept = {key: row for key, row in zip(both.keys, both.rows, strict=True) if key in now.keys}
    assert kept == dict(zip(now.keys, now.rows, strict=True))
    figure = KINDS[name].chief
    beside = sum(row[figure] for row in both.compared.rows if row)
    if name == "sales-by-day" and "no day" in " ".join(both.notes):
        assert len([row for row in both.compared.rows if row]) < len(before.rows)
    else:
        assert beside == sum(row[figure] for row in before.rows)
    assert sum(row[figure] for row in both.rows) == sum(row[figure] for row in now.rows)
    assert len(set(both.keys)) == len(both.keys) == len(both.rows) == len(both.compared.rows)


def test_a_day_stands_beside_the_day_that_lies_as_far_from_the_beginning(
    shop: Shop, books: Books
) -> None:
    report = shop.reporting.make(
        "sales-by-day", "2026-02-01", "2026-03-01", compare=True, actor=None
    )
    assert report.compared is not None
    assert report.compared.period.first == "2026-01-01"
    assert "the month before" in report.compared.covers
    by_day: Counter[str] = Counter()
    for line in books.lines:
        by_day[line.day] += line.gross
    for day, row in zip(report.keys, report.compared.rows, strict=True):
        there = (date.fromisoformat(day) - timedelta(days=31)).isoformat()
        assert (row["gross_cents"] if row else 0) == by_day[there]
    assert list(report.keys) == sorted(report.keys)


def test_the_document_has_more_keys_only_where_more_was_asked(shop: Shop) -> None:
    period = ("2026-02-01", "2026-03-01")
    plain = shop.reporting.make("sales-by-category", *period, actor=None).document
    asked = shop.reporting.make(
        "sales-by-category", *period, filters={By.CASHIER: "juma"}, compare=True, actor=None
    ).document
    assert set(asked) - set(plain) == {"before", "filters"}
    assert asked["filters"] == {"cashier": "juma"}
    assert asked["before"]["from"] == "2026-01-01"
    for row in asked["rows"]:
        assert set(row) - set(plain["columns"]) == {"before", "difference"}
        was = row["before"] or dict.fromkeys(row["difference"], 0)
        assert all(row[key] - was[key] == by for key, by in row["difference"].items())


def test_stock_is_narrowed_to_category_and_supplier(shop: Shop) -> None:
    whole = shop.reporting.make("stock-value", actor=None)
    categories = {row["category"] for row in whole.rows}
    parts = [
        shop.reporting.make("stock-value", filters={By.CATEGORY: one}, actor=None)
        for one in categories
    ]
    for figure in ("cost_value_cents", "price_value_cents"):
        assert sum(part.totals[figure] for part in parts) == whole.totals[figure]
    mill = shop.reporting.make("stock-value", filters={By.SUPPLIER: "mill"}, actor=None)
    assert 0 < len(mill.rows) < len(whole.rows)
    assert "Supplier: Mill" in mill.narrowed


@pytest.mark.parametrize(
    ("name", "filters", "sentence"),
    [
        ("z", {By.CASHIER: "juma"}, "always whole"),
        ("vat", {By.TENDER: "cash"}, "cannot be narrowed by Tender; it takes: Category"),
        ("vat", {By.CASHIER: "nobody"}, "Nobody signs in as nobody"),
        ("vat", {By.PRODUCT: "nothing"}, "No product has the code"),
        ("vat", {By.SUPPLIER: "nobody"}, "No supplier is called"),
        ("vat", {By.CATEGORY: "Nope"}, "No goods are of the category Nope: "),
        ("margin", {By.CATEGORY: "Nope"}, "No goods are of the category Nope: "),
        ("stock-value", {By.CATEGORY: "Nope"}, "No goods are of the category Nope: "),
        ("sales-by-day", {By.TENDER: "shells"}, "one of: cash"),
    ],
)
def test_what_cannot_be_narrowed_so_is_a_sentence(
    shop: Shop, name: str, filters: dict[By, str], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        shop.reporting.make(name, filters=filters, actor=None)


def test_a_category_that_is_nearly_right_is_named(shop: Shop) -> None:
    (name, *_others) = [title for _id, title in shop.reporting.choices(By.CATEGORY, actor=None)]
    with pytest.raises(Refused, match=f"Did you mean {name}"):
        shop.reporting.make("vat", filters={By.CATEGORY: f"{name.lower()}s"}, actor=None)


def test_what_has_no_period_before_or_no_sales_behind_is_a_sentence(shop: Shop) -> None:
    for name in ("x", "stock-value", "audit"):
        with pytest.raises(Refused, match="no period before"):
            shop.reporting.make(name, compare=True, actor=None)
    with pytest.raises(Refused, match="choose less"):
        shop.reporting.make("vat", "0001-02-01", "2026-01-01", compare=True, actor=None)
    with pytest.raises(Refused, match="No sales stand behind"):
        shop.reporting.behind("shifts", "whatever", actor=None)


def test_moments_stand_beside_as_long_a_time(shop: Shop, books: Books) -> None:
    report = shop.reporting.make(
        "sales-summary", "2026-02-10T12:00", "2026-02-20T12:00", compare=True, actor=None
    )
    assert report.compared is not None
    assert report.compared.period.first.startswith("2026-01-31T12:00")
    behind = shop.reporting.behind(
        "sales-by-hour", "20:00", "2026-02-10T12:00", "2026-02-20T12:00", actor=None
    )
    by_hour = shop.reporting.make(
        "sales-by-hour", "2026-02-10T12:00", "2026-02-20T12:00", actor=None
    )
    assert behind.sum_cents == _sums(by_hour).get("20:00", 0)


def test_what_people_choose_from(shop: Shop) -> None:
    choices = {by: shop.reporting.choices(by, actor=None) for by in By}
    assert ("juma", "Juma") in choices[By.CASHIER]
    assert ("cash", "Cash") in choices[By.TENDER]
    assert [title for _id, title in choices[By.SUPPLIER]] == ["Mill"]
    assert choices[By.CATEGORY]
    assert choices[By.PRODUCT] == []


def test_a_long_report_can_be_given_up(shop: Shop) -> None:
    steps = []

    def watch() -> None:
        steps.append(1)
        if len(steps) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shop.reporting.make("vat", "2020-01-01", "2026-01-01", watch=watch, actor=None)
    assert len(steps) == 3
