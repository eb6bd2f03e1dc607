"""Imports: every row accounted for, nothing changed twice, everything taken back exactly."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.documents.reasons import FileRefused
from pos_desktop.domain.errors import Refused
from pos_desktop.services.imports.importing import Importing, ImportResult
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.counters import MASTER_VERSION, raise_counter
from pos_desktop.storage.gate import ALONE, BulkPace
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books
from tests.pos_desktop.services.play import play

HEADER = ["code", "barcode", "name", "category", "price", "cost", "tax", "stock", "active"]
MILK = ["M1", "6161990000105", "Milk", "Dairy", "65.00", "50.00", "A", "10", "yes"]
SOAP = ["S1", "6161990000334", "Soap", "Household", "120.00", "", "B", "", ""]


def sheet(path: Path, *rows: list[str], header: list[str] = HEADER) -> Path:
    """Write a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def live(shop: Shop) -> list[dict[str, Any]]:
    """Return the catalogue as people see it: products with barcodes and stock."""
    return shop.database.rows(
        """
        SELECT p.code, p.name, p.category, p.unit, p.price_cents, p.cost_cents, p.tax_band,
            p.by_weight, p.active, p.item_class,
            (SELECT group_concat(code) FROM (
                SELECT code FROM barcode b WHERE b.product_id = p.id AND b.deleted_at IS NULL
                ORDER BY code)) AS barcodes,
            coalesce((SELECT quantity FROM stock_level k WHERE k.product_id = p.id), 0) AS stock
        FROM product p WHERE p.deleted_at IS NULL ORDER BY p.code, p.name, barcodes
        """
    )


def accounted(result: ImportResult) -> bool:
    """Tell whether every row is counted once."""
    parts = result.imported + result.updated + result.unchanged + result.rejected
    return result.rows == parts


@pytest.fixture
def stocked(shop: Shop, tmp_path: Path) -> Shop:
    """A shop with milk and soap from a first import."""
    result = shop.importing.products(sheet(tmp_path / "first.csv", MILK, SOAP), actor=None)
    assert result.counts() | {"stock_ignored": 0} == {
        "rows": 2,
        "imported": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
        "stock_ignored": 0,
    }
    return shop


def test_what_a_file_is_read_as_is_told_before_a_row_is_written(shop: Shop, tmp_path: Path) -> None:
    told: list[tuple[int, bool, int]] = []

    def progress(result: ImportResult) -> None:
        written = shop.reader.value("SELECT count(*) FROM product")
        told.append((result.rows, result.preview is not None, written))

    before = len(live(shop))
    shop.importing.products(
        sheet(tmp_path / "goods.csv", MILK, SOAP), progress=progress, actor=None
    )
    assert told[0] == (0, True, before)
    assert told[-1][0] == 2


def test_a_folder_and_a_missing_file_are_told_with_their_whole_path(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileRefused, match=f"{tmp_path} .*folder"):
        shop.importing.products(Path(), actor=None)
    with pytest.raises(FileRefused, match=f"{tmp_path / 'none.csv'} .*no such file"):
        shop.importing.products(Path("none.csv"), actor=None)


def test_products_arrive_whole(stocked: Shop) -> None:
    milk, soap = live(stocked)
    assert (milk["code"], milk["name"], milk["category"]) == ("M1", "Milk", "Dairy")
    assert (milk["price_cents"], milk["cost_cents"], milk["tax_band"]) == (65_00, 50_00, "A")
    assert (milk["barcodes"], milk["stock"], milk["active"]) == ("6161990000105", 10_000, 1)
    assert (soap["cost_cents"], soap["stock"], soap["active"]) == (None, 0, 1)
    assert stocked.catalogue.item("6161990000334").name == "Soap"
    assert [item.name for item in stocked.catalogue.search("mlk")] == ["Milk"]
    assert bad_books(stocked) == set()


def test_the_same_file_twice_changes_nothing(stocked: Shop, tmp_path: Path) -> None:
    before = live(stocked)
    result = stocked.importing.products(sheet(tmp_path / "again.csv", MILK, SOAP), actor=None)
    assert (result.unchanged, result.updated, result.imported) == (2, 0, 0)
    assert result.stock_ignored == 1
    assert live(stocked) == before


def test_empty_cells_and_absent_columns_change_nothing(stocked: Shop, tmp_path: Path) -> None:
    file = sheet(tmp_path / "prices.csv", ["M1", "70", ""], header=["code", "price", "category"])
    result = stocked.importing.products(file, actor=None)
    assert result.updated == 1
    milk = live(stocked)[0]
    assert (milk["price_cents"], milk["category"], milk["name"]) == (70_00, "Dairy", "Milk")


def test_a_product_is_found_by_its_barcode_where_there_is_no_code(
    stocked: Shop, tmp_path: Path
) -> None:
    file = sheet(tmp_path / "names.csv", ["6161990000334", "Bar soap"], header=["barcode", "name"])
    assert stocked.importing.products(file, actor=None).updated == 1
    assert stocked.catalogue.item("S1").name == "Bar soap"
    assert [item.name for item in stocked.catalogue.search("bar soap")] == ["Bar soap"]


def test_rows_that_contradict_are_rejected_and_named(stocked: Shop, tmp_path: Path) -> None:
    rows = [
        ["M1", "6161990000334", "Milk", "", "65", "", "", "", ""],
        ["N1", "6161990000105", "New", "", "65", "", "", "", ""],
        ["N2", "", "", "", "10", "", "", "", ""],
        ["N3", "", "No price", "", "", "", "", "", ""],
        ["N4", "4006381333931", "Pen", "", "10", "", "", "", ""],
        ["N4", "4006381333931", "Pen", "", "10", "", "", "", ""],
        ["N4", "", "Another pen", "", "11", "", "", "", ""],
        ["N5", "4006381333931", "Third pen", "", "10", "", "", "", ""],
    ]
    result = stocked.importing.products(sheet(tmp_path / "bad.csv", *rows), actor=None)
    assert accounted(result)
    assert result.rows == len(rows)
    assert (result.imported, result.unchanged, result.rejected) == (1, 1, 6)
    reasons = {error.row: error.reason for error in result.errors}
    assert "different products" in reasons[2]
    assert "another code" in reasons[3]
    assert "needs a name" in reasons[4]
    assert "needs a price" in reasons[5]
    assert "earlier row" in reasons[8]
    assert "another code" in reasons[9]
    assert bad_books(stocked) == set()


def told(result: ImportResult) -> list[tuple[int, str, str, str]]:
    """Return row, cell, product and fault of each error, in the order in which they are told."""
    return [(error.row, error.cell, error.name, error.fault) for error in result.errors]


@pytest.mark.parametrize("dry", [True, False])
def test_a_row_is_told_all_that_is_wrong_with_it_at_once(
    stocked: Shop, tmp_path: Path, dry: bool
) -> None:
    rows = [
        ["N1", "", "Rice", "", "", "", "7", "", ""],
        ["M1", "", "", "", "", "", "7", "", ""],
        ["N2", "", "", "", "", "", "", "", ""],
        ["N3", "", "Salt", "", "x", "", "", "", "maybe"],
        ["N4", "", "Oil", "", "5", "", "", "", ""],
        ["N4", "", "", "", "", "", "7", "", ""],
        ["N5", "6161990000334", "Soda", "", "", "", "7", "", ""],
    ]
    result = stocked.importing.products(sheet(tmp_path / "bad.csv", *rows), dry_run=dry, actor=None)
    assert told(result) == [
        (2, "G2", "Rice", "not_tax"),
        (2, "E2", "Rice", "no_price"),
        (3, "G3", "", "not_tax"),
        (4, "C4", "", "no_name"),
        (4, "E4", "", "no_price"),
        (5, "E5", "Salt", "not_amount"),
        (5, "I5", "Salt", "not_flag"),
        (7, "G7", "", "not_tax"),
        (8, "G8", "Soda", "not_tax"),
        (8, "B8", "Soda", "other_code"),
    ]
    assert "Soap (S1)" in result.errors[-1].reason
    assert (result.imported, result.rejected) == (1, 6)


@pytest.mark.parametrize("dry", [True, False])
def test_advice_fits_what_is_wrong(stocked: Shop, tmp_path: Path, dry: bool) -> None:
    rows = [
        ["N1", "4006381333931", "Pen", "", "10", "", "", "", ""],
        ["N1", "4006381333948", "Pen", "", "10", "", "", "", ""],
        ["N1", "", "Pen", "", "11", "", "", "", ""],
        ["M1", "6161990000334", "Milk", "", "65", "", "", "", ""],
        ["6.16E+12", "", "Cut", "", "65", "", "", "", ""],
        ["", "", "TOTAL", "", "90000", "", "", "", ""],
        ["Jumla", "", "", "", "90000", "", "", "", ""],
        ["", "", "Prices hold until Friday", "", "", "", "", "", ""],
        ["", "", "Nameless", "", "12", "", "", "", ""],
    ]
    result = stocked.importing.products(sheet(tmp_path / "bad.csv", *rows), dry_run=dry, actor=None)
    reasons = {error.row: error.reason for error in result.errors}
    values = {error.row: error.value for error in result.errors}
    assert values[3] == values[4] == "N1"
    assert "one cell, parted by a comma" in reasons[3]
    assert "earlier row with other data" in reasons[4]
    assert "Milk (M1), Soap (S1)" in reasons[5]
    assert "digits are lost: type or scan the code again" in reasons[6]
    assert ["delete the row, or leave it" in reasons[row] for row in (7, 8, 9)] == [True] * 3
    assert "fill one in" in reasons[10]


def test_several_barcodes_of_a_product_stand_in_one_cell_parted_by_a_comma(
    stocked: Shop, tmp_path: Path
) -> None:
    both = ["N1", "4006381333931, 96385074", "Pen", "", "10", "", "", "", ""]
    assert stocked.importing.products(sheet(tmp_path / "both.csv", both), actor=None).imported == 1
    assert stocked.catalogue.item("96385074").name == "Pen"
    assert stocked.catalogue.item("4006381333931").name == "Pen"


def test_the_list_of_errors_is_in_the_order_of_rows(stocked: Shop, tmp_path: Path) -> None:
    import openpyxl

    rows = [
        [f"R{n}", "", f"Thing {n}", "", "x" if n % 3 else "", "", "", "", ""] for n in range(2_500)
    ]
    out = tmp_path / "errors.xlsx"
    result = stocked.importing.products(
        sheet(tmp_path / "bad.csv", *rows), error_list=out, actor=None
    )
    assert [error.row for error in result.errors] == list(range(2, 102))
    book = openpyxl.load_workbook(out, read_only=True)
    cells = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    book.close()
    assert [row[1] for row in cells] == list(range(2, 2_502))
    assert cells[10][2:4] == ("E12", "Thing 10")


def test_a_dry_run_counts_the_same_and_writes_nothing(stocked: Shop, tmp_path: Path) -> None:
    changed = [*MILK[:4], "70.00", *MILK[5:]]
    file = sheet(tmp_path / "dry.csv", changed, SOAP, ["N", "", "New", "", "5", "", "", "3", ""])
    before, entries = live(stocked), stocked.database.value("SELECT count(*) FROM journal")
    dry = stocked.importing.products(file, dry_run=True, actor=None)
    assert live(stocked) == before
    assert stocked.database.value("SELECT count(*) FROM journal") == entries
    assert dry.import_id is None
    assert dry.counts() == stocked.importing.products(file, actor=None).counts()


def test_undo_brings_the_catalogue_back_exactly(stocked: Shop, tmp_path: Path) -> None:
    before = live(stocked)
    rows = [
        ["M1", "4006381333931", "Fresh milk", "Cold", "70", "55", "B", "", "no"],
        ["N1", "96385074", "New", "", "5", "", "", "3", ""],
    ]
    result = stocked.importing.products(sheet(tmp_path / "second.csv", *rows), actor=None)
    assert live(stocked) != before
    assert result.import_id is not None
    undone = stocked.importing.undo(result.import_id, actor=None)
    assert (undone.restored, undone.removed, undone.made_inactive, undone.left) == (1, 1, 0, [])
    assert live(stocked) == before
    assert not stocked.database.value(
        "SELECT sum(quantity) FROM stock_level k JOIN product p ON p.id = k.product_id "
        "WHERE p.deleted_at IS NOT NULL"
    ), "what is gone is not in stock"
    assert [item.name for item in stocked.catalogue.search("milk")] == ["Milk"]
    assert stocked.catalogue.search("new") == []
    with pytest.raises(Refused, match="No product"):
        stocked.catalogue.item("96385074")
    assert bad_books(stocked) == set()
    with pytest.raises(Refused, match="before"):
        stocked.importing.undo(result.import_id, actor=None)
    with pytest.raises(Refused, match="no import"):
        stocked.importing.undo(999, actor=None)


def test_after_undo_the_file_can_be_imported_again(stocked: Shop, tmp_path: Path) -> None:
    file = sheet(tmp_path / "new.csv", ["N1", "96385074", "New", "", "5", "", "", "3", ""])
    first = stocked.importing.products(file, actor=None)
    assert first.import_id is not None
    after = live(stocked)
    stocked.importing.undo(first.import_id, actor=None)
    assert stocked.importing.products(file, actor=None).imported == 1
    assert live(stocked) == after


def test_undo_leaves_what_was_sold_or_changed_since(stocked: Shop, tmp_path: Path) -> None:
    rows = [
        ["N1", "", "Sold", "", "5", "", "", "3", ""],
        ["N2", "", "Changed", "", "5", "", "", "", ""],
        ["N3", "", "Untouched", "", "5", "", "", "2", ""],
    ]
    first = stocked.importing.products(sheet(tmp_path / "new.csv", *rows), actor=None)
    later = ["N2", "", "Changed", "", "6", "", "", "", ""]
    stocked.importing.products(sheet(tmp_path / "later.csv", later), actor=None)
    stocked.till.sign_in(*CASHIER)
    play(stocked, "shift open 0", "N1", "pay cash")
    assert first.import_id is not None
    undone = stocked.importing.undo(first.import_id, actor=None)
    assert (undone.removed, undone.made_inactive, undone.left) == (1, 1, ["Changed"])
    codes = {row["code"]: row for row in live(stocked)}
    assert "N3" not in codes
    assert codes["N2"]["price_cents"] == 6_00
    assert codes["N1"]["active"] == 0
    assert codes["N1"]["stock"] == 2_000
    assert bad_books(stocked) == set()


def test_undo_in_reverse_order_brings_everything_back(stocked: Shop, tmp_path: Path) -> None:
    states = [live(stocked)]
    for number, price in enumerate(("70", "71", "72")):
        barcode = "4006381333931" if number == 1 else ""
        rows = [["M1", barcode, f"Milk {price}", "", price], [f"N{number}", "", "New", "", "5"]]
        file = sheet(tmp_path / f"{number}.csv", *rows, header=HEADER[:5])
        assert stocked.importing.products(file, actor=None).import_id == number + 2
        states.append(live(stocked))
    for number in (4, 3, 2):
        assert live(stocked) == states.pop()
        undone = stocked.importing.undo(number, actor=None)
        assert (undone.restored, undone.removed, undone.left) == (1, 1, [])
    assert live(stocked) == states.pop()
    assert stocked.importing.undo(1, actor=None).left == []
    assert live(stocked) == []
    assert bad_books(stocked) == set()


def test_undo_in_reverse_order_leaves_what_a_person_changed_between(
    stocked: Shop, tmp_path: Path
) -> None:
    header = ["code", "price"]
    stocked.importing.products(sheet(tmp_path / "a.csv", ["M1", "70"], header=header), actor=None)
    with stocked.database.write():
        ver = raise_counter(stocked.database, MASTER_VERSION)
        stocked.database.execute_sql(
            "UPDATE product SET price_cents = 9900, ver = ? WHERE code = 'M1'", (ver,)
        )
    stocked.importing.products(sheet(tmp_path / "b.csv", ["M1", "71"], header=header), actor=None)
    assert stocked.importing.undo(3, actor=None).left == []
    assert live(stocked)[0]["price_cents"] == 99_00
    assert stocked.importing.undo(2, actor=None).left == ["Milk"]


def test_a_sold_product_that_an_undo_made_inactive_comes_back_with_its_sheet(
    stocked: Shop, tmp_path: Path
) -> None:
    rows = [["N1", "", "Sold", "", "5", "", "", "3", ""]]
    file = sheet(tmp_path / "new.csv", *rows)
    stocked.importing.products(file, actor=None)
    stocked.till.sign_in(*CASHIER)
    play(stocked, "shift open 0", "N1", "pay cash")
    stocked.importing.undo(2, actor=None)
    for number in (3, 4):
        assert live(stocked)[1]["active"] == 0
        result = stocked.importing.products(file, actor=None)
        assert (result.import_id, result.updated, result.reactivated) == (number, 1, 1)
        assert live(stocked)[1]["active"] == 1
        assert live(stocked)[1]["stock"] == 2_000
        undone = stocked.importing.undo(number, actor=None)
        assert (undone.restored, undone.left) == (1, [])
    kept = sheet(tmp_path / "kept.csv", ["N1", "no"], header=["code", "active"])
    assert stocked.importing.products(kept, actor=None).unchanged == 1
    assert bad_books(stocked) == set()


def test_a_product_that_a_person_made_inactive_stays_so(stocked: Shop, tmp_path: Path) -> None:
    header = ["code", "active"]
    stocked.importing.products(sheet(tmp_path / "off.csv", ["M1", "no"], header=header), actor=None)
    result = stocked.importing.products(
        sheet(tmp_path / "again.csv", MILK[:-1], header=HEADER[:-1]), actor=None
    )
    assert (result.unchanged, result.reactivated) == (1, 0)
    assert live(stocked)[0]["active"] == 0


def test_the_rejected_rows_can_be_written_as_a_list(stocked: Shop, tmp_path: Path) -> None:
    import openpyxl

    rows = [[f"B{n}", "", "=1+1", "", "-1", "", "", "", ""] for n in range(149)]
    rows.append(["B", "", "", "", "1", "", "", "", ""])
    out = tmp_path / "errors.xlsx"
    result = stocked.importing.products(
        sheet(tmp_path / "bad.csv", *rows), error_list=out, actor=None
    )
    assert (result.rows, result.rejected, len(result.errors)) == (150, 150, 100)
    assert accounted(result)
    book = openpyxl.load_workbook(out)
    cells = list(book.active.iter_rows(values_only=True)) if book.active else []
    assert len(cells) == 151
    assert "below zero" in str(cells[1][-1])
    assert "needs a name" in str(cells[-1][-1])
    book.close()


def test_a_file_that_is_none_is_refused_and_no_import_begins(stocked: Shop, tmp_path: Path) -> None:
    picture = tmp_path / "photo.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    for path in (picture, tmp_path / "missing.csv"):
        with pytest.raises(FileRefused):
            stocked.importing.products(path, actor=None)
    assert stocked.database.value("SELECT count(*) FROM import_run") == 1


def test_an_import_beside_an_open_till_writes_in_small_chunks(
    stocked: Shop, tmp_path: Path
) -> None:
    from pos_desktop.shop_locks import till_open

    rows = [[f"X{n}", "", f"Thing {n}", "", "5", "", "", "1", ""] for n in range(400)]
    file = sheet(tmp_path / "many.csv", *rows)
    facts = "SELECT count(*) FROM fact WHERE kind = 'stock opening'"
    before = stocked.database.value(facts)
    other = open_shop(stocked.directory)
    with till_open(stocked.directory, stocked.till):
        other.importing.products(file, actor=None)
    other.close()
    chunks = stocked.database.value(facts) - before
    assert chunks >= 4
    assert bad_books(stocked) == set()


def test_a_file_that_breaks_off_leaves_an_import_that_can_be_taken_back(
    stocked: Shop, tmp_path: Path
) -> None:
    import zipfile

    from tests.pos_desktop.documents import workbooks

    rows = [["code", "name", "price"], *([f"X{n}", f"Thing {n}", "5"] for n in range(8_000))]
    broken = workbooks.save(tmp_path / "broken.xlsx", rows)
    with zipfile.ZipFile(broken) as book:
        sheet_part = book.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(broken.read_bytes())
    middle = sheet_part.header_offset + sheet_part.compress_size * 3 // 4
    content[middle : middle + 200] = bytes(200)
    broken.write_bytes(content)
    before = live(stocked)
    with pytest.raises(FileRefused):
        stocked.importing.products(broken, actor=None)
    run = stocked.database.row("SELECT state, imported FROM import_run WHERE number = 2")
    assert run is not None
    assert run["state"] == "stopped"
    assert len(live(stocked)) == len(before) + run["imported"] > len(before)
    stocked.importing.undo(2, actor=None)
    assert live(stocked) == before


def test_one_import_runs_at_a_time_and_a_dead_one_is_healed(stocked: Shop, tmp_path: Path) -> None:
    from pos_desktop.shop_locks import one_import

    file = sheet(tmp_path / "new.csv", ["N1", "", "New", "", "5", "", "", "3", ""])
    stocked.database.execute_sql("UPDATE import_run SET state = 'running'")
    with one_import(stocked.directory):
        with pytest.raises(Refused, match="Another import"):
            stocked.importing.products(file, actor=None)
        with pytest.raises(Refused, match="Import 1 runs: take it back once it has ended"):
            stocked.importing.undo(1, actor=None)
        assert stocked.importing.products(file, dry_run=True, actor=None).imported == 1
    assert stocked.importing.products(file, actor=None).imported == 1
    states = stocked.database.rows("SELECT state FROM import_run ORDER BY number")
    assert [row["state"] for row in states] == ["stopped", "done"]


def test_an_undo_that_was_broken_off_goes_on_where_it_ended(
    stocked: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos_desktop.storage import import_undo

    before = live(stocked)
    rows = [[f"N{n:03}", "", f"New {n}", "", "5", "", "", "3", ""] for n in range(120)]
    rows.append(["M1", "", "Milk", "", "99", "", "", "", ""])
    result = stocked.importing.products(sheet(tmp_path / "new.csv", *rows), actor=None)
    assert result.import_id is not None
    whole, calls = import_undo.take_back, []

    def broken(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        whole(*arguments)

    monkeypatch.setattr(import_undo, "take_back", broken)
    with pytest.raises(KeyboardInterrupt):
        stocked.importing.undo(result.import_id, actor=None)
    monkeypatch.undo()
    undone = stocked.importing.undo(result.import_id, actor=None)
    assert undone.left == []
    assert live(stocked) == before
    assert bad_books(stocked) == set()


def test_an_import_and_its_undo_are_in_the_journal_with_who(stocked: Shop, tmp_path: Path) -> None:
    manager = stocked.sign_in.sign_in(*MANAGER)
    file = sheet(tmp_path / "new.csv", ["N1", "", "New", "", "5", "", "", "3", ""], MILK)
    result = stocked.importing.products(file, actor=manager)
    assert result.import_id is not None
    stocked.importing.undo(result.import_id, actor=manager)
    imported, undone = stocked.database.rows(
        "SELECT kind, actor_id, detail FROM journal WHERE kind LIKE 'import%' AND actor_id = ?",
        (manager.id,),
    )
    assert (imported["kind"], undone["kind"]) == ("import", "import undone")
    assert json.loads(imported["detail"]) == {
        "import": result.import_id,
        "state": "done",
        **result.counts(),
    }
    assert json.loads(undone["detail"]) == {"import": result.import_id}


def test_what_another_program_changes_while_an_import_runs_is_not_written_over(
    stocked: Shop, tmp_path: Path
) -> None:
    """The pace is asked for before each chunk: after its rows were planned, before the lock."""
    beside, edits = open_shop(stocked.directory), list[str]()

    def pace() -> BulkPace:
        with beside.database.write():
            if beside.database.value("SELECT price_cents FROM product WHERE code = 'M1'") == 65_00:
                edits.append(f"Cold {len(edits)}")
                ver = raise_counter(beside.database, MASTER_VERSION)
                beside.database.execute_sql(
                    "UPDATE product SET category = ?, ver = ? WHERE code = 'M1'", (edits[-1], ver)
                )
        return ALONE

    importing = Importing(stocked.database, stocked.books, stocked.closing, stocked.clock, pace)
    file = sheet(tmp_path / "prices.csv", ["M1", "70"], header=["code", "price"])
    assert importing.products(file, actor=None).updated == 1
    milk = live(stocked)[0]
    assert (milk["price_cents"], milk["category"]) == (70_00, edits[-1])
    beside.close()


def test_how_a_file_begins_is_read_and_imports_are_listed(stocked: Shop, tmp_path: Path) -> None:
    path = sheet(tmp_path / "second.csv", MILK, SOAP)
    first = stocked.importing.first_rows(path)
    assert first.rows[0] == (1, tuple(HEADER))
    assert first.rows[1][1][2] == "Milk"
    with pytest.raises(FileRefused):
        stocked.importing.first_rows(tmp_path / "none.csv")
    stocked.importing.products(path, actor=None)
    found = [one.whose for one in stocked.import_jobs.courses.latest()]
    assert [(run.number, run.file_name, run.unchanged) for run in found] == [
        (2, "second.csv", 2),
        (1, "first.csv", 0),
    ]
    assert [one.whose.number for one in stocked.import_jobs.courses.latest(1)] == [2]
