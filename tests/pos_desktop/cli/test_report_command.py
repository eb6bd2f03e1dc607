"""posctl report: files that are complete, tables that say of what, endings that do not lie."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pos_desktop.services.reports.report_kinds import REPORTS
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.cli.test_posctl import _play

DAY = ("--from", "2026-11-24", "--to", "2026-11-25")


@pytest.fixture
def sold(demo: Posctl, tmp_path: Path) -> Posctl:
    """A demo shop that has sold three things on 24 November."""
    lines = ("login cashier 1111", "shift open 0", "3*P001", "10%", "pay cash 1000", "P010")
    _play(demo, tmp_path, "at 2026-11-24T09:00:00", *lines, "pay cash")
    return demo


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


def test_the_csv_of_a_summary_is_complete(sold: Posctl) -> None:
    document = sold.json("report", "sales-summary", *DAY)
    found = dict(rows(sold("report", "sales-summary", *DAY, "--format", "csv")))
    assert found["Key"] == "Value"
    assert (found["report"], found["from"], found["to"]) == (
        "sales-summary",
        "2026-11-24",
        "2026-11-25",
    )
    assert found["shop"] == "Duka la Mama Njeri"
    for name in ("gross", "net", "vat", "discount", "rounding"):
        assert Decimal(found[name]) * 100 == document[f"{name}_cents"]
    assert (found["sales"], found["refunds"]) == ("2", "0")
    (cash,) = document["tenders"]
    assert Decimal(found["tender.cash.amount"]) * 100 == cash["amount_cents"]
    assert found["tender.cash.count"] == "2"


def test_every_report_keeps_the_keys_that_scripts_read(sold: Posctl) -> None:
    """The summary and the VAT have shapes of their own; every other report has the one shape."""
    found = {name: sold.json("report", name, *DAY) for name in REPORTS}
    summary, vat = found.pop("sales-summary"), found.pop("vat")
    words = ("gross", "net", "vat", "discount", "rounding", "payments_on_account")
    amounts = {f"{word}_cents" for word in words}
    assert set(summary) == {"from", "to", "sales", "refunds", "tenders", *amounts}
    assert set(summary["tenders"][0]) == {"tender", "amount_cents", "count"}
    assert set(vat) == {"bands"}
    assert set(vat["bands"][0]) == {"band", "rate_percent", "net_cents", "vat_cents", "gross_cents"}
    for name, document in found.items():
        assert set(document) == {"report", "from", "to", "columns", "rows", "totals"}
        assert (document["report"], document["from"]) == (name, "2026-11-24")
        assert all(set(row) == set(document["columns"]) for row in document["rows"])
        assert document["rows"] or name in ("low-stock", "z", "mpesa")


@pytest.mark.parametrize("name", ["sales-by-product", "vat"])
def test_other_csv_end_with_their_totals_and_name_shop_and_period(sold: Posctl, name: str) -> None:
    head, *body, total = rows(sold("report", name, *DAY, "--format", "csv"))
    assert head[-3:] == ["Shop", "From", "To"]
    gross = head.index("Gross")
    assert total[0] == "TOTAL"
    assert Decimal(total[gross]) == sum(Decimal(row[gross]) for row in body) > 0
    assert {tuple(row[-3:]) for row in (*body, total)} == {
        ("Duka la Mama Njeri", "2026-11-24", "2026-11-25")
    }


def test_a_table_says_of_which_shop_and_which_days_or_moments(sold: Posctl) -> None:
    table = sold("report", "sales-by-product", *DAY)
    assert "Duka la Mama Njeri · business days 24/11/2026 to 24/11/2026" in table
    assert table.splitlines()[-1].startswith("TOTAL")
    for first in ("2026-11-24T00:00", "2026-11-24"):
        table = sold("report", "sales-summary", "--from", first, "--to", "2026-11-24T12:00")
        assert "sales made from 24/11/2026 00:00:00 to 24/11/2026 12:00:00" in table
        assert "Sales: 2" in table


@pytest.mark.parametrize(
    ("first", "end"),
    [
        ("2026-11-25", "2026-11-25"),
        ("2026-11-25", "2026-11-24"),
        ("2026-11-24T12:00", "2026-11-24T12:00"),
    ],
)
def test_a_report_that_would_end_before_it_begins_is_refused(
    demo: Posctl, first: str, end: str
) -> None:
    demo("report", "vat", "--from", first, "--to", end, code=1)
    assert f"--to {end} must be after {first}" in demo.err


def test_a_file_is_never_written_under_the_ending_of_another_kind(
    sold: Posctl, tmp_path: Path
) -> None:
    out = tmp_path / "day.xlsx"
    sold("report", "vat", "--format", "csv", "--out", str(out), code=1)
    assert "day.csv" in sold.err
    goods = tmp_path / "goods.csv"
    goods.write_text("code,name\nA,\n")
    errors = tmp_path / "errors.csv"
    sold("import", "products", str(goods), "--errors", str(errors), code=1)
    assert "errors.xlsx" in sold.err
    assert not out.exists()
    assert not errors.exists()


def test_an_x_of_a_period_is_told_to_be_that_of_the_open_shift(demo: Posctl) -> None:
    demo("report", "x", "--from", "2026-11-24")
    assert "shift that is open now" in demo.err
    assert "Stock" not in demo.err


def test_stock_of_unknown_cost_is_told_and_not_counted_as_nothing(
    demo: Posctl, tmp_path: Path
) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text("barcode,name,price,stock\n4006381333931,Pen,10,5\n")
    before = demo.json("report", "stock-value")["totals"]
    demo("import", "products", str(goods))
    found = demo.json("report", "stock-value")
    assert found["totals"]["cost_value_cents"] == before["cost_value_cents"]
    assert found["totals"]["products_without_cost"] == before["products_without_cost"] + 1
    (pen,) = [row for row in found["rows"] if row["name"] == "Pen"]
    assert (pen["code"], pen["cost_value_cents"]) == ("4006381333931", None)
    table = demo("report", "stock-value", "--from", "2026-11-24")
    assert "no period changes it" in demo.err
    demo("report", "x", "--period", "last-month")
    assert "no period changes it" in demo.err
    assert "1 product has no cost" in table
    assert "as it stands" in table
    total = rows(demo("report", "stock-value", "--format", "csv"))[-1]
    assert "no cost" in total[-1]


def test_a_report_stands_beside_the_day_before(sold: Posctl, tmp_path: Path) -> None:
    _play(sold, tmp_path, "login manager 1234", "z")
    lines = ("login cashier 1111", "shift open 0", "2*P010", "pay cash")
    _play(sold, tmp_path, "at 2026-11-25T09:00:00", *lines)
    day = ("--from", "2026-11-25", "--to", "2026-11-26")
    found = sold.json("report", "sales-by-product", *day, "--compare")
    assert found["before"]["from"] == "2026-11-24"
    both = found["totals"]["gross_cents"] - found["before"]["totals"]["gross_cents"]
    assert found["before"]["difference"]["gross_cents"] == both != 0
    (here,) = [row for row in found["rows"] if row["code"] == "P010"]
    assert here["before"]["quantity"] == "1"
    assert here["difference"]["quantity"] == "1"
    (gone,) = [row for row in found["rows"] if row["code"] == "P001"]
    assert (gone["quantity"], gone["difference"]["quantity"]) == ("0", "-3")
    table = sold("report", "sales-by-product", *day, "--compare")
    assert "Before: the day before: business days 24/11/2026 to 24/11/2026" in table
    assert "Gross before" in table
    summary = sold("report", "sales-summary", *day, "--compare")
    assert "Sales: 1 (before 2, difference -1)" in summary
    assert sold.json("report", "vat", *day, "--compare")["bands"][0]["before"]
    sold("report", "vat", *day, "--compare", "--format", "csv", code=1)
    assert "leave out --compare" in sold.err


def test_a_report_is_narrowed_and_says_so(sold: Posctl, tmp_path: Path) -> None:
    whole = sold.json("report", "sales-by-product", *DAY)
    found = sold.json("report", "sales-by-product", *DAY, "--product", "P010")
    assert [row["code"] for row in found["rows"]] == ["P010"]
    assert found["filters"] == {"product": "P010"}
    assert found["totals"]["gross_cents"] < whole["totals"]["gross_cents"]
    assert "Only Product: " in sold("report", "sales-by-product", *DAY, "--product", "P010")
    total = rows(sold("report", "vat", *DAY, "--cashier", "cashier", "--format", "csv"))[-1]
    assert "Only Cashier: " in total[-1]
    (tmp_path / "out").mkdir()
    file = str(tmp_path / "out" / "vat.csv")
    assert f"rows in {file}" in sold("report", "vat", *DAY, "--format", "csv", "--out", file)
    summary = rows(sold("report", "sales-summary", *DAY, "--cashier", "cashier", "--format", "csv"))
    assert ["filter.cashier", "cashier"] in summary
    sold("report", "sales-summary", *DAY, "--tender", "cash", code=1)
    assert "cannot be narrowed by Tender" in sold.err


def test_a_period_has_a_name(sold: Posctl) -> None:
    found = sold.json("report", "sales-by-day", "--period", "last-12-months")
    assert found["from"] < found["to"]
    sold("report", "sales-by-day", "--period", "today", "--from", "2026-11-24", code=1)
    assert "not both" in sold.err
