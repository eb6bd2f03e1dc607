"""The reports of a day: each by hand from what was typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.staff import CASHIER, Permission
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.reports.audit_words import act_words
from pos_desktop.services.reports.report_documents import report_charts
from pos_desktop.services.reports.report_parts import SALES_FIGURES, Report, figure_columns
from pos_desktop.services.reports.report_table import as_table
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import MANAGER, product_id
from tests.pos_desktop.services.customers import buy_on_account
from tests.pos_desktop.services.play import play

EVER = ("2020-01-01", "2100-01-01")


@pytest.fixture
def sold(selling_shop: Shop) -> Shop:
    """Milk for 195 in cash, 65 of it back; sugar for 165 by card; 130 on account, 30 paid."""
    selling_shop.database.execute_sql(
        "UPDATE product SET cost_cents = 4000, category = 'Dairy' WHERE code = 'MILK'"
    )
    play(selling_shop, "3*MILK", "pay cash 200", "refund T1-000001 1*1")
    play(selling_shop, "SUGAR", "pay card 165 A1")
    buy_on_account(selling_shop)
    return selling_shop


def _rows(report: Report, *keys: str) -> list[tuple[object, ...]]:
    return [tuple(row[key] for key in keys) for row in report.rows]


def test_what_lists_of_sales_add_up_are_the_figures_of_x_and_z() -> None:
    words = set(Figures().as_plain()) - {"tenders", "bands"}
    assert {*SALES_FIGURES, "payments_on_account_cents"} == words
    titles = [column.title for column in figure_columns(*words)]
    assert len(set(titles)) == len(words)


def test_by_day_hour_and_cashier_are_the_same_sums(sold: Shop) -> None:
    make = sold.reporting.make
    expected = (3, 1, 425_00)
    for name in ("sales-by-day", "sales-by-hour", "sales-by-cashier"):
        totals = make(name, *EVER, actor=None).totals
        assert (totals["sales"], totals["refunds"], totals["gross_cents"]) == expected, name
    (row,) = _rows(make("sales-by-cashier", *EVER, actor=None), "cashier", "sales", "gross_cents")
    assert row == ("Wanjiku", 3, 425_00)
    now = sold.clock.now().astimezone(sold.configuration.zone)
    days = _rows(make("sales-by-day", *EVER, actor=None), "day")
    assert days == [(sold.till.shift.business_day,)]
    hours = {str(row[0]) for row in _rows(make("sales-by-hour", *EVER, actor=None), "hour")}
    assert hours <= {f"{now.hour:02d}:00", f"{(now.hour - 1) % 24:02d}:00"}


def test_by_category_and_tender(sold: Shop) -> None:
    make = sold.reporting.make
    assert _rows(make("sales-by-category", *EVER, actor=None), "category", "gross_cents") == [
        ("Dairy", 260_00),
        ("", 165_00),
    ]
    keys = ("tender", "count", "taken_cents", "given_back_cents", "on_account_cents")
    assert _rows(make("sales-by-tender", *EVER, actor=None), *keys) == [
        ("card", 1, 165_00, 0, 0),
        ("cash", 3, 195_00, 65_00, 30_00),
        ("credit", 1, 130_00, 0, 0),
    ]


def test_the_bars_of_days_are_called_as_the_table_writes_days(sold: Shop) -> None:
    report = sold.reporting.make("sales-by-day", *EVER, actor=None)
    (chart,) = report_charts(report)
    assert chart.labels == [shown_day(row["day"]) for row in report.rows]
    assert "/" in chart.labels[0]


def test_the_margin_leaves_out_what_has_no_cost(sold: Shop) -> None:
    report = sold.reporting.make("margin", *EVER, actor=None)
    keys = ("code", "quantity", "net_cents", "cost_cents", "margin_cents", "margin_percent")
    assert _rows(report, *keys) == [
        ("MILK", "4", 260_00, 160_00, 100_00, "38.46"),
        ("SUGAR", "1", 142_24, 0, 0, None),
    ]
    assert report.totals["margin_cents"] == 100_00
    assert "1 line had no cost" in " ".join(report.notes)
    assert as_table(report).totals[-1] == "38.46", "of what it was earned on, as in the row"


def test_x_shifts_and_z_tell_what_the_papers_told(sold: Shop) -> None:
    make = sold.reporting.make
    x = make("x", actor=None)
    drawer = 2_000_00 + 195_00 - 65_00 + 30_00
    assert x.totals["expected_cents"] == drawer
    assert ("Drawer", "Expected in drawer", drawer) in _rows(x, "part", "name", "amount_cents")
    play(sold, f"shift close {drawer / 100 - 5:.2f} a note fell down", "z")
    (shift,) = make("shifts", *EVER, actor=None).rows
    assert (shift["expected_cents"], shift["variance_cents"]) == (drawer, -5_00)
    assert (shift["reason"], shift["cashier"], shift["sales"]) == ("a note fell down", "Wanjiku", 3)
    (day,) = make("z", *EVER, actor=None).rows
    assert (day["number"], day["gross_cents"], day["books"]) == (1, 425_00, "in order")
    assert make("x", actor=None).notes == ("No shift is open.",)


def test_the_audit_says_who_did_what_and_who_approved(selling_shop: Shop) -> None:
    play(selling_shop, "2*MILK", "SUGAR", "void", "-")
    with pytest.raises(Refused):
        play(selling_shop, "=10")
    play(selling_shop, "approve manager 1234 price on the shelf", "pay cash", "reprint")
    found = _rows(
        selling_shop.reporting.make("audit", *EVER, actor=None), "act", "by", "approved_by", "what"
    )
    assert ("Line removed", "Wanjiku", "", "165.00") in found
    assert ("Quantity lowered", "Wanjiku", "", "65.00") in found
    assert ("Price set", "Wanjiku", "Njeri", "price on the shelf · 65.00 → 10.00") in found
    assert ("Receipt printed again", "Wanjiku", "", "T1-000001") in found


def test_the_audit_says_how_much_and_about_whom(selling_shop: Shop) -> None:
    shop = selling_shop
    play(shop, "cash out 50 bank", "voucher 100")
    with pytest.raises(Refused):
        play(shop, "no-sale change")
    play(shop, "approve manager 1234 change")
    manager = shop.sign_in.sign_in(*MANAGER)
    shop.staffing.add(login="amina", name="Amina Otieno", role=CASHIER, pin="2468", actor=manager)
    shop.staffing.let_go("amina", actor=manager)
    buyer = shop.customers.add(Particulars(name="Juma"), actor=manager)
    found = _rows(shop.reporting.make("audit", *EVER, actor=None), "act", "what")
    assert {
        ("Cash moved", "bank · -50.00"),
        ("Voucher sold", "T1-P00001 · 100.00"),
        ("Drawer opened, no sale", "change"),
        ("Person left", "Amina Otieno"),
        ("Customer added", buyer.code),
    } <= set(found)


def test_the_audit_says_what_was_changed(selling_shop: Shop, tmp_path: Path) -> None:
    shop, manager = selling_shop, selling_shop.sign_in.sign_in(*MANAGER)
    supplier = shop.goods.suppliers.add(SupplierForm(name="Brookside"), actor=manager)
    milk = GoodsLine(product_id=product_id(shop, "MILK"), quantity=ONE)
    delivery = Delivery(supplier_id=supplier.id, document="INV-7", lines=(milk,))
    shop.goods.receiving.receive(delivery, actor=manager)
    shop.goods.correcting.correct({product_id(shop, "MILK"): -1_000}, "own use", actor=manager)
    shop.configuration.set(settings.SAFE_DROP_CENTS, 500_00, shop.books, actor=manager)
    less = replace(CASHIER, permissions=CASHIER.permissions - {Permission.VOID}, ceiling_bp=7_50)
    shop.staffing.put_role(less, actor=manager)
    shop.staffing.give_role("cashier", "supervisor", actor=manager)
    sheet = tmp_path / "goods.csv"
    sheet.write_text("code,name,price,stock\nTEA,Tea,80,12\nMILK,Milk,70,\nBAD,,,\n")
    shop.importing.products(sheet, actor=manager)
    card = shop.goods.products.card(product_id(shop, "MILK"))
    form = replace(card.form, price_cents=72_00)
    shop.goods.products.change(card, form, actor=manager)
    play(shop, "MILK", "pay cash", "shift close 60 short change")
    found = _rows(shop.reporting.make("audit", *EVER, actor=None), "act", "what")
    assert {
        ("Supplier added", "Brookside"),
        ("Goods received", "Brookside INV-7"),
        ("Stock corrected", "own use"),
        ("Setting changed", "till.safe_drop_cents · 20,000.00 → 500.00"),
        ("Role changed", "cashier · − Remove lines · discounts up to 7.5 %"),
        ("Role given", "Wanjiku · cashier → supervisor"),
        ("Import", "goods.csv · 1 new, 1 changed, 0 unchanged, 1 rejected"),
        ("Product changed", "Milk · 70.00 → 72.00"),
    } <= set(found)
    (closed,) = [words for act, words in found if act == "Shift closed"]
    assert closed == "short change · -2,012.00 off"
    assert "Opening stock" not in {act for act, _words in found}


def test_every_act_of_the_journal_has_words_for_people(selling_shop: Shop) -> None:
    shop = selling_shop
    manager = shop.sign_in.sign_in(*MANAGER)
    supplier = shop.goods.suppliers.add(SupplierForm(name="Brookside"), actor=manager)
    shop.goods.suppliers.remove(supplier, actor=manager)
    take = shop.goods.taking.begin(actor=manager)
    shop.goods.taking.cancel(take.id, actor=manager)
    kinds = {row[0] for row in shop.database.execute_sql("SELECT kind FROM journal")}
    assert {"supplier removed", "stock take cancelled"} <= kinds
    assert [kind for kind in kinds if act_words(kind) == kind] == []


@pytest.mark.spoils_books
def test_books_that_were_spoilt_are_reported_and_closed_all_the_same(sold: Shop) -> None:
    play(sold, "z")
    for table in ("z_report", "journal"):
        sold.database.execute_sql(f"DROP TRIGGER {table}_no_update")
    sold.database.execute_sql("UPDATE z_report SET figures = '{'")
    sold.database.execute_sql("UPDATE journal SET detail = 'x'")
    for name in ("z", "audit", "shifts"):
        assert sold.reporting.make(name, *EVER, actor=None).rows, name
    report = sold.closing.z(sold.sign_in.sign_in(*MANAGER))
    assert {finding.check for finding in report.findings} >= {"journal", "closings", "schema"}
    told = sold.reporting.make("z", *EVER, actor=None).rows[-1]["books"]
    assert all(check in told for check in ("journal", "closings", "schema"))
