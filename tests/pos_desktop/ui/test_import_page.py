"""Products from a table, from choosing the file to taking the import back, by keys."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.product import ProductCard
from pos_desktop.domain.runs import RunState
from pos_desktop.shop_locks import one_import
from pos_desktop.storage import product_imports
from pos_desktop.storage.job_states import job_states
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.screens.catalogue import past_imports
from pos_desktop.ui.screens.catalogue.import_page import ImportPage
from pos_desktop.ui.screens.catalogue.import_views import ErrorsForm, HoldsForm
from pos_desktop.ui.screens.office import list_page
from tests.pos_desktop.services.imports.halted import pause_an_import
from tests.pos_desktop.ui.behind_counter import form_of, open_page, said, titles
from tests.pos_desktop.ui.conftest import FLOUR, Cashier

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
GOOD = [["T1", "Green tea", "185"], ["T2", "Black tea", "120"], ["T3", "White tea", "no price"]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setattr(Path, "home", lambda: folder)
    return folder


@pytest.fixture
def manager(home: Path, at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> ImportPage:
    return open_page(manager, ImportPage, "import")


def write(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def lines(shown: RowList) -> dict[str, str]:
    """Return the right end of each line by its title."""
    return {row.title: row.right for row in shown.lines.rows}


def choose_file(cashier: Cashier, page: ImportPage, name: str) -> None:
    """Open a file of the home folder by a few letters of its name."""
    cashier.hands.press(K.Key_F2)
    cashier.until(lambda: page.below is page.files.view)
    cashier.hands.type(name)
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: page.below is page.columns.view)
    cashier.until(lambda: "being read" not in said(page))


def try_it(cashier: Cashier, page: ImportPage) -> None:
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    cashier.until(lambda: page.below is page.outcome and not page.is_busy)


def product(cashier: Cashier, code: str) -> ProductCard | None:
    return cashier.program.shop.goods.products.with_code(code)


def test_a_file_is_tried_imported_and_taken_back(
    manager: Cashier, page: ImportPage, home: Path
) -> None:
    write(home / "tea.csv", ["Code", "Item name", "Selling price"], GOOD)
    choose_file(manager, page, "tea")
    assert lines(page.columns.view.list) == {
        "Code": "Code",
        "Item name": "Name",
        "Selling price": "Price with VAT",
    }
    try_it(manager, page)
    outcome = page.outcome.words
    assert "2 new, 0 changed, 0 unchanged, 1 rejected. This was a dry run" in outcome.text
    (error,) = page.outcome.list.lines.rows
    assert "Row 4, Selling price" in error.title
    assert "no price" in error.title
    assert product(manager, "T1") is None
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "2 new" in outcome.text and "dry run" not in outcome.text)
    manager.until(lambda: not page.is_busy)
    assert product(manager, "T1") is not None
    assert "It is written, as import 2: Esc, and Del on its line" in outcome.text
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: titles(page) == ["Import 2 of tea.csv", "Import 1 of catalogue.csv"])
    assert [act.title for act in page.acts] == ["Import a file", "Take it back"]
    manager.hands.press(K.Key_Delete)
    assert "Del does so" in said(page)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "Import 2 is taken back" in page.outcome.words.text)
    assert product(manager, "T1") is None
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: page.list.lines.rows[0].chip == "taken back")
    assert "new" not in page.list.lines.rows[0].note


def test_what_was_guessed_of_the_vat_stands_beside_the_columns(
    manager: Cashier, page: ImportPage, home: Path
) -> None:
    head = ["Code", "Item name", "Price", "Tax"]
    write(home / "tax.csv", head, [["T1", "Green tea", "185", "16"], ["T2", "Bread", "60", "0"]])
    choose_file(manager, page, "tax")
    words = page.columns.view.words.text
    assert words.startswith("tax.csv · The VAT is read so: ")
    assert "16 is B" in words
    assert "A new product gets VAT B where the sheet says nothing." in words
    assert "No column says the name" not in words


def test_a_list_without_names_says_so_beside_the_columns(
    manager: Cashier, page: ImportPage, home: Path
) -> None:
    write(home / "bare.csv", ["Code", "Price"], [["T1", "185"]])
    choose_file(manager, page, "bare")
    words = page.columns.view.words.text
    assert "No column says the name" in words
    assert "← →" in words
    assert "No column says the VAT: every new product gets VAT B." in words


def test_errors_are_written_beside_the_file(manager: Cashier, page: ImportPage, home: Path) -> None:
    write(home / "tea.csv", ["Code", "Item name", "Selling price"], GOOD)
    choose_file(manager, page, "tea")
    try_it(manager, page)
    manager.hands.press(K.Key_F6)
    form = form_of(manager, page)
    assert isinstance(form, ErrorsForm)
    form.file.show_text(str(home / "nowhere" / "errors.xlsx"))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "cannot be written" in said(page))
    form.file.show_text(str(home / "tea-errors.xlsx"))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "All errors are listed in" in said(page))
    sheet = openpyxl.load_workbook(home / "tea-errors.xlsx").active
    assert sheet is not None
    assert [row[5].value for row in sheet.iter_rows(min_row=2)] == ["no price"]
    mended = home / "tea-errors.xlsx"
    mended.write_bytes(b"somebody is mending it")
    manager.hands.press(K.Key_F6)
    form = form_of(manager, page)
    assert isinstance(form, ErrorsForm)
    assert form.read() == home / "tea-errors (2).xlsx", "what is mended is not offered"
    form.file.show_text(str(mended))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "is there already" in said(page))
    assert mended.read_bytes() == b"somebody is mending it"
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "All errors are listed in" in said(page))
    assert openpyxl.load_workbook(mended).active is not None
    assert [act.title for act in page.acts] == ["List of errors", "Import them"]


def test_columns_nobody_knows_are_named_by_a_person(
    manager: Cashier, page: ImportPage, home: Path
) -> None:
    write(home / "odd.csv", ["Foo", "Bar", "Baz"], GOOD[:2])
    choose_file(manager, page, "odd")
    assert "No column is recognised" in said(page)
    assert [act.title for act in page.acts] == ["What it holds"]
    manager.hands.press(K.Key_Right)
    manager.hands.press(K.Key_Right)
    manager.until(lambda: lines(page.columns.view.list)["Foo"] == "Code")
    manager.hands.press(K.Key_Down)
    manager.hands.press(K.Key_Return)
    form = form_of(manager, page)
    assert isinstance(form, HoldsForm)
    form.holds.choose("name")
    manager.hands.press(K.Key_Return)
    manager.hands.press(K.Key_Down)
    manager.until(lambda: lines(page.columns.view.list)["Bar"] == "Name")
    for _time in range(4):
        manager.hands.press(K.Key_Right)
    manager.until(lambda: lines(page.columns.view.list)["Baz"] == "Price with VAT")
    manager.until(lambda: "Try it" in [act.title for act in page.acts])
    try_it(manager, page)
    assert "2 new" in page.outcome.words.text
    assert page.outcome.list._empty[0] == "No errors"


def test_sheets_of_a_workbook(manager: Cashier, page: ImportPage, home: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Notes"
    first.append(["Code"])
    second = book.create_sheet("Tea")
    for row in (["Code", "Name", "Price"], ["T1", "Green tea", 185]):
        second.append(row)
    book.save(home / "stock.xlsx")
    choose_file(manager, page, "stock")
    assert "sheet Notes of 2" in page.columns.view.words.text
    manager.hands.press(K.Key_F3)
    manager.until(lambda: "sheet Tea of 2" in page.columns.view.words.text)
    assert lines(page.columns.view.list)["Price"] == "Price with VAT"


def test_folders_are_walked_and_paths_typed(manager: Cashier, page: ImportPage, home: Path) -> None:
    inner = home / "lists" / "march"
    inner.mkdir(parents=True)
    write(inner / "tea.csv", ["Code", "Name", "Price"], GOOD)
    (inner / "photo.png").write_bytes(b"x")
    manager.hands.press(K.Key_F2)
    manager.until(lambda: "lists" in lines(page.files.view.list))
    manager.hands.type("lis\r")
    manager.until(lambda: "march" in lines(page.files.view.list))
    manager.hands.press(K.Key_Backspace)
    manager.until(lambda: page.files.folder is not None and page.files.folder.path == home)
    manager.hands.type("lists/march\r")
    manager.until(lambda: "tea.csv" in lines(page.files.view.list))
    assert "photo.png" not in lines(page.files.view.list)
    manager.hands.type("/not/there\r")
    manager.until(lambda: "no such file" in said(page))
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: not isinstance(manager.window.screen_shown, ImportPage))


def test_a_long_file_is_left_to_a_job_and_so_is_taking_it_back(
    manager: Cashier, page: ImportPage, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_imports, "MOST_AT_ONCE", 50)
    rows = [[f"T{number}", f"Tea {number}", "100"] for number in range(80)]
    write(home / "long.csv", ["Code", "Name", "Price"], [*rows, ["T99", "Tea 99", "dear"]])
    choose_file(manager, page, "long")
    try_it(manager, page)
    assert "80 new" in page.outcome.words.text
    manager.hands.press(K.Key_F6)
    form = form_of(manager, page)
    assert isinstance(form, ErrorsForm)
    form.file.show_text(str(home / "tried.xlsx"))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "lists all errors" in said(page))
    manager.qtbot.waitUntil((home / "tried.xlsx").exists, timeout=20_000)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: page.watch.number is not None)
    assert [act.title for act in page.acts] == ["End it"]
    manager.qtbot.waitUntil(lambda: "81 rows: 80 new" in page.outcome.words.text, timeout=20_000)
    assert product(manager, "T79") is not None
    manager.hands.press(K.Key_F6)
    assert isinstance(form_of(manager, page), ErrorsForm)
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "All errors are listed in" in said(page))
    assert (home / "long-errors.xlsx").exists()
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: "Import 2 of long.csv" in titles(page))
    assert [act.title for act in page.acts] == [
        "Import a file",
        "Take it back",
        "See the errors",
        "List of errors",
    ]
    manager.hands.press(K.Key_Return)
    manager.until(lambda: page.below is page.outcome)
    (error,) = page.outcome.list.lines.rows
    assert "Row 82, Price" in error.title
    assert page.outcome.words.text.startswith("Import 2 of long.csv · 80 new, 0 changed")
    manager.window.speak("sw")
    assert page.outcome.words.text.startswith("Uingizaji 2 wa long.csv")
    manager.window.speak("en")
    assert [act.title for act in page.acts] == ["List of errors"]
    manager.hands.press(K.Key_Escape)
    assert page.below is None
    assert page.imports.chosen is not None
    assert page.imports.chosen.whose.number == 2
    (home / "long-errors.xlsx").unlink()
    manager.hands.press(K.Key_F6)
    assert isinstance(form_of(manager, page), ErrorsForm)
    manager.hands.press(K.Key_Return)
    manager.until(lambda: f"listed in {home / 'long-errors.xlsx'}" in said(page))
    assert (home / "long-errors.xlsx").exists()
    manager.hands.press(K.Key_Delete)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "takes the import back" in said(page))
    manager.qtbot.waitUntil(
        lambda: "80 removed" in page.outcome.words.text and page.below is page.outcome,
        timeout=20_000,
    )
    assert product(manager, "T79") is None


def test_leaving_before_the_end_leaves_nothing_and_scans_are_sold(
    manager: Cashier, page: ImportPage, home: Path
) -> None:
    write(home / "tea.csv", ["Code", "Name", "Price"], GOOD)
    choose_file(manager, page, "tea")
    try_it(manager, page)
    manager.hands.press(K.Key_Escape)
    assert page.below is page.columns.view
    manager.hands.scan(FLOUR)
    manager.until(lambda: manager.window.screen_shown is not page)
    assert open_page(manager, ImportPage, "import").below is page.columns.view
    for _time in range(2):
        manager.hands.press(K.Key_Escape)
    manager.until(lambda: titles(page) == ["Import 1 of catalogue.csv"])
    assert product(manager, "T1") is None


def test_an_import_that_runs_says_so_and_is_taken_back_once_it_has_ended(
    manager: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_page, "LOOK_MS", 50)
    shop = manager.program.shop

    imports = open_page(manager, ImportPage, "import")

    def chip() -> str:
        row: ListRow = imports.list.lines.rows[0]
        return row.chip

    manager.hands.press(K.Key_Escape)
    with one_import(shop.directory):
        with shop.database.write():
            run = product_imports.begin(
                shop.database, shop.books, file_name="tea.csv", sheet="", staff_id=None
            )
        open_page(manager, ImportPage, "import")
        manager.until(lambda: chip() == "runs")
        manager.hands.press(K.Key_Up)
        assert [act.title for act in imports.acts] == ["Import a file"]
        manager.hands.press(K.Key_Delete)
        assert said(imports) == ""
    manager.until(lambda: chip() == "not ended")
    assert [act.title for act in imports.acts] == ["Import a file", "Take it back"]
    with one_import(shop.directory):
        open_page(manager, ImportPage, "import")
        manager.until(lambda: chip() == "runs")
        counts = {"rows": 1, "imported": 1, "updated": 0, "unchanged": 0, "rejected": 0}
        with shop.database.write():
            product_imports.set_counts(shop.database, run.id, at=1, state=RunState.DONE, **counts)
        manager.until(lambda: chip() == "")
    assert [act.title for act in imports.acts] == ["Import a file", "Take it back"]


def test_one_that_is_halted_says_by_what_and_its_job_ends_as_it_is_taken_back(
    manager: Cashier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(list_page, "LOOK_MS", 50)
    shop = manager.program.shop
    job = pause_an_import(shop, tmp_path, rows=1200)
    page = open_page(manager, ImportPage, "import")
    manager.until(lambda: page.list.lines.rows[0].chip == "paused")
    row: ListRow = page.list.lines.rows[0]
    assert row.right == "1,200 rows"
    assert row.note.endswith("goes on once queue imports is resumed")
    manager.hands.press(K.Key_Up)
    assert [act.title for act in page.acts] == ["Import a file", "Take it back"]
    manager.hands.press(K.Key_Delete)
    assert f"Job {job}, which would go on with it, is cancelled" in said(page)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: "Import 2 is taken back" in page.outcome.words.text)
    assert job_states(shop.database, [job]) == {job: "cancelled"}
