"""Generated days: receipts, VAT, tenders, X, Z, stock and accounts agree to the cent.

The full form, with --torture, is 100,000 sales in 40 shops, since each Z checks all the books of
its shop; a Z never refuses in either.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.services.paper.closing_reports import DayReport, ShiftReport
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import demo_shop, make_shop
from tests.acceptance.shop_days import Days, Sums
from tests.pos_desktop.conftest import assert_in_order

SHORT, FULL = 80, 2_500
"""Sales of each shop."""
SHOPS = 40
SHORT_SHOPS = 3
IN_A_SHIFT = 120


def _agree_on_sales(found: dict[str, object], sums: Sums) -> None:
    """Compare the sums of sales with the second books."""
    assert (found["sales"], found["refunds"]) == (sums.sales, sums.refunds)
    assert found["gross_cents"] == sums.gross
    assert found["vat_cents"] == sums.vat
    assert found["net_cents"] == sums.gross - sums.vat
    assert found["discount_cents"] == sums.discount
    assert found["rounding_cents"] == sums.rounding


def _agree(found: dict[str, object], sums: Sums) -> None:
    """Compare the figures of an X, a Z or a report with the second books."""
    _agree_on_sales(found, sums)
    assert found["payments_on_account_cents"] == sums.on_account
    tenders = found["tenders"]
    assert isinstance(tenders, list)
    assert {one["tender"]: one["amount_cents"] for one in tenders if one["amount_cents"]} == {
        kind: cents for kind, cents in sums.tenders.items() if cents
    }
    total = sum(one["amount_cents"] for one in tenders)
    assert total == sums.gross + sums.rounding + sums.on_account


def _close(days: Days) -> None:
    """Close the shift with a count that may be off by anything, and compare its X."""
    expected = days.floats + days.shift.in_drawer
    off = days.chance.choice([0, 0, -5_00, 100_00, 77])
    counted = max(expected + off, 0)
    report = days.type(f"shift close {counted / 100:.2f} whatever").report
    assert isinstance(report, ShiftReport)
    assert report.drawer.expected_cents == expected
    assert report.drawer.variance(counted) == counted - expected
    _agree(report.as_json(), days.shift)


def _end_day(days: Days) -> None:
    report = days.type("z").report
    assert isinstance(report, DayReport)
    assert report.findings == ()
    _agree(report.as_json(), days.day)
    removed = sum(act.total.amount_cents for act in report.acts if act.act.value == "cart void")
    assert removed == days.day.voids


def _compare_reports(days: Days) -> None:
    reporting, period = days.shop.reporting, ("2026-01-01", "2030-01-01")
    _agree(dict(reporting.make("sales-summary", *period, actor=None).document), days.all)
    bands = reporting.make("vat", *period, actor=None).document["bands"]
    assert {one["band"]: one["gross_cents"] for one in bands} == dict(days.all.bands)
    assert sum(one["vat_cents"] for one in bands) == days.all.vat
    for name in ("sales-by-product", "sales-by-category"):
        assert reporting.make(name, *period, actor=None).totals["gross_cents"] == days.all.gross
    for name in ("sales-by-day", "sales-by-hour", "sales-by-cashier"):
        _agree_on_sales(dict(reporting.make(name, *period, actor=None).totals), days.all)
    tenders = reporting.make("sales-by-tender", *period, actor=None)
    assert tenders.totals["amount_cents"] == sum(days.all.tenders.values())
    assert tenders.totals["on_account_cents"] == days.all.on_account
    zs = dict(reporting.make("z", *period, actor=None).totals)
    _agree_on_sales(zs, days.all)
    assert reporting.make("shifts", *period, actor=None).totals["gross_cents"] == days.all.gross
    assert (
        reporting.make("margin", *period, actor=None).totals["net_cents"]
        == days.all.gross - days.all.vat
    )


def _compare_stock_and_accounts(days: Days) -> None:
    levels = days.shop.database.rows(
        "SELECT code, quantity FROM stock_level k JOIN product p ON p.id = k.product_id "
        "WHERE code LIKE 'G%'"
    )
    assert {row["code"]: row["quantity"] for row in levels} == dict(days.stock)
    for customer in days.customers:
        assert days.shop.customers.balance(customer.id) == days.owed[customer.id]
    for code, left in days.vouchers.items():
        if left:
            assert days.shop.vouchers.find(code).left_cents == left


def _live(shop: Shop, sales: int, seed: int) -> None:
    shop.configuration.set(
        settings.CASH_ROUNDING_CENTS, (100, 500, 1)[seed % 3], shop.books, actor=None
    )
    days = Days(shop, random.Random(seed))
    while days.all.sales < sales:
        for _shift in range(days.chance.randint(1, 3)):
            days.open_shift()
            for _act in range(days.chance.randint(1, IN_A_SHIFT)):
                days.one()
            if days.chance.random() < 0.9:
                _close(days)
            else:
                break
        _end_day(days)
        days.next_day()
    _compare_reports(days)
    _compare_stock_and_accounts(days)


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=() if seed < SHORT_SHOPS else pytest.mark.torture)
        for seed in range(SHOPS)
    ],
)
def test_generated_days_add_up_and_every_day_closes(
    tmp_path: Path, seed: int, *, torture: bool
) -> None:
    directory = tmp_path / "shop"
    make_shop(directory, demo_shop())
    shop = open_shop(directory)
    try:
        _live(shop, FULL if torture else SHORT, seed)
    finally:
        shop.close()
    assert_in_order(directory)
