"""Exports: made by a job, with the sums of the report, whole or not at all, and listed."""

from __future__ import annotations

import csv
import stat
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pos_queue.departures import Ended
from pos_queue.job import RunsIn
from pos_queue.premises import Terms
from python_calamine import load_workbook as calamine

from pos_desktop import settings
from pos_desktop.domain.errors import PosError, Refused
from pos_desktop.domain.export import ExportState, ExportWish, FileForm, form_of
from pos_desktop.domain.product import ProductForm
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.domain.text import LANGUAGES, speaking
from pos_desktop.languages import learn_languages
from pos_desktop.services.exports.exporting import EXPORT_FILE
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_kinds import KINDS, REPORTS
from pos_desktop.shop import Shop
from pos_desktop.storage.exports import Export
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.documents.documents import words_of
from tests.pos_desktop.services.mails import work
from tests.pos_desktop.services.play import play
from tests.pos_desktop.shops.spoiling import rot

PRODUCTS = ExportWish(what="products", form=FileForm.XLSX)
SALES = ExportWish(what="sales", form=FileForm.XLSX)


@pytest.fixture
def sold(selling_shop: Shop) -> Shop:
    """A shop that has sold, given a discount, and taken something back."""
    play(selling_shop, "3*SUGAR", "10%", "MILK", "pay cash", "0.750*TOM", "MILK", "pay cash 500")
    play(selling_shop, "refund T1-000001 2*1")
    return selling_shop


def _made(shop: Shop, wish: ExportWish) -> Export:
    export = shop.exports.leave(wish, actor=None)
    work(shop)
    return shop.exports.find(export.number)


def _cells(path: Path) -> list[list[Any]]:
    return calamine(str(path)).get_sheet_by_index(0).to_python()


def test_a_report_is_made_by_a_job_and_listed(sold: Shop) -> None:
    export = _made(sold, ExportWish(what="sales-by-product", form=FileForm.XLSX))
    assert (export.state, export.row_count) == (ExportState.DONE, 3)
    path = sold.exports.file(export, actor=None)
    assert export.byte_count == path.stat().st_size
    report = sold.reporting.make("sales-by-product", actor=None)
    (total,) = [row for row in _cells(path) if "TOTAL" in row]
    numbers = [round(Decimal(str(cell)) * 100) for cell in total if isinstance(cell, float)]
    assert numbers == [report.totals[key] for key in report.totals]
    assert [one.number for one in sold.exports.listed(9, actor=None)] == [export.number]


def test_every_report_is_written_in_each_form(sold: Shop, tmp_path: Path) -> None:
    for what in REPORTS:
        for form in FileForm:
            path = tmp_path / f"{what}.{form}"
            wish = ExportWish(what=what, form=form, compare=KINDS[what].compares)
            sold.exports.write(wish, path, tell=lambda _rows: None, actor=None)
            assert path.stat().st_size > 0
        for sheet in load_workbook(tmp_path / f"{what}.xlsx").worksheets:
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_file_is_called_by_the_days_that_are_in_it(shop: Shop) -> None:
    october = ExportWish(what="vat", form=FileForm.PDF, first="2026-10-01", end="2026-11-01")
    assert _made(shop, october).file == "vat-2026-10-01-2026-10-31-0001.pdf"
    day = replace(october, first="2026-10-31")
    assert _made(shop, day).file == "vat-2026-10-31-0002.pdf"
    hour = replace(october, first="2026-10-31T08:00", end="2026-10-31T09:00")
    assert hour.stem == "vat-2026-10-31T08:00-2026-10-31T09:00"


def test_the_sums_of_a_summary_are_numbers_in_a_workbook(sold: Shop) -> None:
    wish = ExportWish(what="sales-summary", form=FileForm.XLSX, compare=True)
    rows = {row[0]: row[1:] for row in _cells(sold.exports.file(_made(sold, wish), actor=None))}
    amount = list(rows["Tender"]).index("Amount")
    totals = sold.reporting.make("sales-summary", actor=None).totals
    assert round(Decimal(str(rows["Gross"][amount])) * 100) == totals["gross_cents"]
    assert rows["Sales"][amount : amount + 2] == [totals["sales"], 0]


@pytest.fixture
def old_z(sold: Shop) -> Shop:
    """A shop whose only Z was made by a program that kept one figure less."""
    play(sold, "login " + " ".join(MANAGER), "z")
    rot(
        sold.database,
        "UPDATE z_report SET figures = json_remove(figures, '$.payments_on_account_cents')",
    )
    return sold


@pytest.mark.spoils_books
def test_what_old_zs_did_not_keep_is_a_dash_on_paper_and_an_empty_cell_in_a_workbook(
    old_z: Shop,
) -> None:
    def file(form: FileForm) -> Path:
        return old_z.exports.file(_made(old_z, ExportWish(what="z", form=form)), actor=None)

    lines = words_of(file(FileForm.PDF)).splitlines()
    (total,) = [line for line in lines if "TOTAL" in line]
    assert [line.split().count("—") for line in lines if "—" in line] == [1, 1]
    assert "—" in total
    rows = _cells(file(FileForm.XLSX))
    (head,) = [row for row in rows if "Accounts, vouchers" in row]
    place = head.index("Accounts, vouchers")
    assert [row[place] for row in rows[rows.index(head) + 1 :]] == ["", ""]
    assert "—" not in file(FileForm.CSV).read_text()


def test_what_must_be_known_beside_the_figures_stands_on_the_paper(sold: Shop) -> None:
    (note,) = sold.reporting.make("stock-value", actor=None).notes
    wish = ExportWish(what="stock-value", form=FileForm.PDF)
    text = words_of(sold.exports.file(_made(sold, wish), actor=None))
    assert note in " ".join(text.split())


@pytest.mark.parametrize(
    ("tongue", "words"), [("en", "the sum of the VAT of each line"), ("sw", "VAT ya kila mstari")]
)
def test_the_paper_of_the_vat_says_how_it_was_summed(sold: Shop, tongue: str, words: str) -> None:
    learn_languages()
    wish = ExportWish(what="vat", form=FileForm.PDF)
    with speaking(tongue):
        path = sold.exports.file(_made(sold, wish), actor=None)
    assert words in " ".join(words_of(path).split())
    assert sold.reporting.make("vat", actor=None).notes == (), "the screen has no room for it"
    text = sold.exports.file(_made(sold, replace(wish, form=FileForm.CSV)), actor=None).read_text()
    assert "Notes" not in text, "programs read it by its columns"


def test_sales_are_listed_line_by_line_with_their_sums(sold: Shop) -> None:
    export = _made(sold, SALES)
    rows = _cells(sold.exports.file(export, actor=None))
    (total,) = [row for row in rows if "TOTAL" in row]
    gross = sold.database.value("SELECT sum(gross_cents) FROM sale")
    assert round(Decimal(str(total[-2])) * 100) == gross
    sums = sold.database.row(
        "SELECT sum(discount_cents + cart_discount_cents) AS a, sum(net_cents) AS b, "
        "sum(vat_cents) AS c, sum(gross_cents) AS d FROM sale_line"
    )
    assert sums is not None
    numbers = [round(Decimal(str(cell)) * 100) for cell in total if isinstance(cell, float)]
    assert numbers == [*sums.values()]
    assert numbers[0]
    assert export.row_count == sold.database.value("SELECT count(*) FROM sale_line")


def test_stock_is_listed_with_what_it_has_cost(shop: Shop) -> None:
    form = ProductForm(name="Rice", price_cents=120_00, cost_cents=90_50, unit="kg", by_weight=True)
    for code, quantity in (("R1", 2_500), ("R2", -1_000)):
        card = shop.goods.products.add(replace(form, name=code, code=code), actor=None)
        shop.goods.correcting.correct({card.id: quantity}, "other", "counted", actor=None)
    export = _made(shop, ExportWish(what="stock", form=FileForm.XLSX))
    rows = _cells(shop.exports.file(export, actor=None))
    values = {row[0]: row[-1] for row in rows if row[0] in ("R1", "R2", "TOTAL")}
    assert values == {"R1": 226.25, "R2": -90.5, "TOTAL": 135.75}


def test_products_come_back_by_an_import(shop: Shop, tmp_path: Path) -> None:
    form = ProductForm(name="Pen", price_cents=40_00, code="PEN", barcodes=("4006381333931",))
    shop.goods.products.add(form, actor=None)
    kg = replace(form, name="Rice", code="RICE", barcodes=(), unit="kg", by_weight=True)
    shop.goods.products.add(replace(kg, category="Grain", cost_cents=90_50), actor=None)
    learn_languages()
    for language in LANGUAGES:
        for ending in (FileForm.XLSX, FileForm.CSV):
            path = tmp_path / f"products-{language}.{ending}"
            wish = replace(PRODUCTS, form=ending)
            with speaking(language):
                shop.exports.write(wish, path, tell=lambda _rows: None, actor=None)
            result = shop.importing.products(path, actor=None)
            assert (result.unchanged, result.rejected) == (2, 0)
            assert result.preview is not None
            assert not result.preview.ignored


FORMULAS = ("=1+1", "+254700000000", "@SUM(A1)", "-2+3")


def test_names_never_compute(shop: Shop, tmp_path: Path) -> None:
    for name in FORMULAS:
        shop.customers.add(Particulars(name=name), actor=None)
    paths = [tmp_path / f"people.{form}" for form in (FileForm.XLSX, FileForm.CSV)]
    for path in paths:
        wish = ExportWish(what="customers", form=form_of(path.suffix))
        shop.exports.write(wish, path, tell=lambda _rows: None, actor=None)
    sheet = load_workbook(paths[0]).worksheets[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert "=1+1" in [cell.value for row in sheet.iter_rows() for cell in row]
    with paths[1].open(encoding="utf-8-sig", newline="") as file:
        names = [row[1] for row in csv.reader(file)][1:]
    assert sorted(names) == sorted(f"'{name}" for name in FORMULAS)


def test_names_never_compute_in_the_csv_of_any_report(shop: Shop, tmp_path: Path) -> None:
    """That of a report has a writer of its own, which also writes shop, notes and filters."""
    rice = ProductForm(name="=1+1", price_cents=40_00, code="+1", category="@SUM(A1)")
    supplier = shop.goods.suppliers.add(SupplierForm(name="-2+3"), actor=None)
    low = replace(rice, name="=2", code="+2", supplier_id=supplier.id, reorder_level=5_000)
    for form in (rice, low):
        shop.goods.products.add(form, actor=None)
    shop.configuration.set(settings.SHOP_NAME, "=Duka", shop.books, actor=None)
    shop.till.sign_in(*MANAGER)
    play(shop, "shift open 0", "1*+1", "pay cash", "shift close 40", "z")
    found = ""
    for what in REPORTS:
        path = tmp_path / f"{what}.csv"
        filters = {"category": "@SUM(A1)"} if By.CATEGORY in KINDS[what].takes else {}
        wish = ExportWish(what=what, form=FileForm.CSV, filters=filters)
        shop.exports.write(wish, path, tell=lambda _rows: None, actor=None)
        found += path.read_text(encoding="utf-8-sig")
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        live = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
        assert not [cell for cell in live if not cell[1:].replace(".", "").isdigit()], what
        assert not [cell for cell in live if cell[0] != "-"], what
    for text in ("'=1+1", "'+1", "'@SUM(A1)", "'-2+3", "'=Duka"):
        assert text in found


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (replace(SALES, first="2026-02-01", end="2026-01-01"), "end before it begins"),
        (replace(SALES, first="yesterday"), "Type a date"),
        (ExportWish(what="profits", form=FileForm.CSV), "nothing called profits"),
        (ExportWish(what="stock", form=FileForm.PDF), "XLSX or CSV"),
    ],
)
def test_what_cannot_be_exported_is_a_sentence(shop: Shop, wish: ExportWish, words: str) -> None:
    with pytest.raises(Refused, match=words):
        shop.exports.leave(wish, actor=None)
    assert not shop.exports.listed(9, actor=None)


def test_a_report_over_no_data_is_a_file_that_says_so(shop: Shop) -> None:
    export = _made(shop, ExportWish(what="sales-by-day", form=FileForm.XLSX))
    assert (export.state, export.row_count) == (ExportState.DONE, 0)
    cells = [cell for row in _cells(shop.exports.file(export, actor=None)) for cell in row]
    assert "There is nothing in this period." in cells


def test_a_folder_that_takes_nothing_is_a_sentence(shop: Shop) -> None:
    folder = shop.directory / "exports"
    export = shop.exports.leave(PRODUCTS, actor=None)
    folder.write_text("in the way")
    work(shop)
    found = shop.exports.find(export.number)
    assert found.state is ExportState.FAILED
    assert "exports" in found.reason, "it is said where, and not that the program had a fault"
    folder.unlink()
    again = shop.exports.again(export.number, actor=None)
    work(shop)
    assert shop.exports.find(again.number).state is ExportState.DONE


def test_a_job_that_failed_makes_the_file_when_it_is_tried_again(shop: Shop) -> None:
    folder = shop.directory / "exports"
    export = shop.exports.leave(PRODUCTS, actor=None)
    folder.write_text("in the way")
    work(shop)
    (failed,) = shop.queue.views.failed()
    folder.unlink()
    shop.queue.desk.retry(failed.number, actor=None)
    work(shop)
    found = shop.exports.find(export.number)
    assert (found.state, found.reason) == (ExportState.DONE, "")
    assert shop.exports.file(found, actor=None).is_file()


def test_an_export_that_is_made_stays_as_it_is_whatever_comes_of_its_job(shop: Shop) -> None:
    export = _made(shop, PRODUCTS)
    path = shop.exports.file(export, actor=None)
    before = path.read_bytes()
    shop.goods.products.add(ProductForm(name="Pen", price_cents=40_00, code="P"), actor=None)
    shop.queue.enqueue(EXPORT_FILE, {"export": export.id})
    work(shop)
    shop.exports.job_undone({"export": export.id}, Ended.QUARANTINED)
    assert (shop.exports.find(export.number), path.read_bytes()) == (export, before)


def test_the_file_is_the_shops_own_and_is_made_again_when_it_is_gone(shop: Shop) -> None:
    export = _made(shop, PRODUCTS)
    path = shop.exports.file(export, actor=None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    shop.exports.remove(export.number, actor=None)
    with pytest.raises(Refused, match="make it again"):
        shop.exports.file(shop.exports.find(export.number), actor=None)
    assert shop.exports.find(export.number).state is ExportState.GONE


def test_a_damaged_name_reaches_no_file_outside_the_folder(shop: Shop, tmp_path: Path) -> None:
    own = tmp_path / "books.txt"
    own.write_text("x")
    wish = ExportWish(what="stock-value", form=FileForm.CSV)
    number = shop.exports.leave(wish, actor=None).number
    shop.database.execute_sql("UPDATE export SET state = 'done', file = ?", (str(own),))
    with pytest.raises(Refused):
        shop.exports.file(shop.exports.find(number), actor=None)
    shop.exports.remove(number, actor=None)
    assert own.exists()


@pytest.mark.parametrize(
    "damage",
    ["state = 'zzz'", "form = ''", "wish = '{'", "wish = '[]'", "wish = '{\"filters\": 1}'"],
)
def test_a_damaged_export_is_not_made_and_holds_up_no_other(shop: Shop, damage: str) -> None:
    damaged = shop.exports.leave(PRODUCTS, actor=None)
    shop.database.execute_sql(f"UPDATE export SET {damage}")
    made = _made(shop, PRODUCTS)
    assert made.state is ExportState.DONE
    assert [one.number for one in shop.exports.listed(9, actor=None)] == [made.number]
    with pytest.raises(Refused, match="damaged; leave it as it is"):
        shop.exports.find(damaged.number)
    (failed,) = shop.queue.views.failed(most=9)
    assert failed.number == damaged.job
    shop.queue.desk.retry(failed.number, actor=None)
    shop.queue.desk.cancel(failed.number, actor=None)
    shop.database.execute_sql("UPDATE export SET changed_at = 0, state = 'done'")
    with shop.database.write():
        assert shop.exports.prune(1, 9) == 2


def test_old_exports_go_with_their_files(shop: Shop) -> None:
    export = _made(shop, PRODUCTS)
    path = shop.exports.file(export, actor=None)
    waits = shop.exports.leave(PRODUCTS, actor=None)
    with shop.database.write():
        assert shop.exports.prune(export.changed_at, 10) == 0
        assert shop.exports.prune(waits.changed_at + 1, 10) == 1
    assert not path.exists()
    assert [one.number for one in shop.exports.listed(9, actor=None)] == [waits.number]


def test_a_file_without_a_known_ending_is_refused() -> None:
    with pytest.raises(PosError, match=r"\.pdf, \.xlsx or \.csv"):
        form_of(".docx")


def test_an_export_whose_job_is_cancelled_while_it_waits_says_so(sold: Shop) -> None:
    export = sold.exports.leave(PRODUCTS, actor=None)
    assert export.job is not None
    sold.queue.desk.cancel(export.job, actor=None)
    found = sold.exports.find(export.number)
    assert (found.state, found.reason) == (ExportState.FAILED, "It was cancelled.")
    sold.queue.desk.retry(export.job, actor=None)
    work(sold)
    assert sold.exports.find(export.number).state is ExportState.DONE


def test_each_job_of_a_cancelled_batch_is_told_as_not_done(shop: Shop) -> None:
    told: list[tuple[str, str]] = []
    shop.queue.undone[EXPORT_FILE] = lambda payload, state: told.append((payload["export"], state))
    intake = shop.queue.intake
    batch = intake.batch("files", [(EXPORT_FILE, {"export": one}) for one in "abc"])
    assert intake.cancel_batch(batch)
    assert sorted(told) == [(one, Ended.CANCELLED) for one in "abc"]


def test_an_export_that_meets_a_fault_is_not_under_way_for_ever(
    sold: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sold.exports, "_write", fail)
    export = sold.exports.leave(PRODUCTS, actor=None)
    sold.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD, attempts=1).run()
    found = sold.exports.find(export.number)
    assert (found.state, "fault" in found.reason) == (ExportState.FAILED, True)


def test_an_export_whose_job_is_cancelled_while_it_is_written_leaves_no_file(
    sold: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = sold.exports._documents
    write = documents.write
    export = sold.exports.leave(PRODUCTS, actor=None)

    def write_beside_a_cancel(*arguments: Any, **named: Any) -> Any:
        assert export.job is not None
        sold.queue.desk.cancel(export.job, actor=None)
        return write(*arguments, **named)

    monkeypatch.setattr(documents, "write", write_beside_a_cancel)
    sold.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()
    found = sold.exports.find(export.number)
    assert (found.state, found.reason) == (ExportState.FAILED, "It was cancelled.")
    assert not [*(sold.directory / "exports").iterdir()]
