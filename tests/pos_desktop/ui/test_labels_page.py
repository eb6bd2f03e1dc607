"""Labels behind the counter: gathered by scans, drawn as a PDF, printed as slips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.ui.screens.stock import labels_page
from pos_desktop.ui.screens.stock.label_forms import CopiesForm, SheetForm, SinceForm
from pos_desktop.ui.screens.stock.labels_page import PRINTER, LabelsPage
from tests.pos_desktop.ui.behind_counter import form_of, open_page, said, titles
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> LabelsPage:
    return open_page(manager, LabelsPage, "labels")


def _copies(page: LabelsPage) -> list[int]:
    return [one.copies for one in page.gathered.values()]


def test_labels_are_gathered_and_drawn_on_sheets(
    manager: Cashier, page: LabelsPage, tmp_path: Path
) -> None:
    manager.hands.type("30*")
    manager.hands.scan(FLOUR)
    manager.until(lambda: _copies(page) == [30])
    manager.hands.scan(MILK)
    manager.hands.scan(MILK)
    manager.until(lambda: _copies(page) == [30, 2])
    assert page.summary.text == "32 labels · 2 sheets"
    manager.hands.press(K.Key_Return)
    assert isinstance(form_of(manager, page), CopiesForm)
    manager.hands.type("0\r")
    assert "whole numbers" in said(page)
    manager.hands.press(K.Key_Backspace)
    manager.hands.type("3\r")
    manager.until(lambda: page.form is None)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    form = form_of(manager, page)
    assert isinstance(form, SheetForm)
    manager.hands.type("20\r")
    form.file.show_text(str(tmp_path / "shelf"))
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "shelf.pdf" in said(page))
    assert (tmp_path / "shelf.pdf").read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.glob("shelf*")] == ["shelf.pdf"]
    assert not page.gathered


def test_sheets_go_to_the_exports_and_what_cannot_be_written_keeps_the_labels(
    manager: Cashier, page: LabelsPage
) -> None:
    exports = manager.program.shop.directory / "exports"
    manager.hands.scan(FLOUR)
    manager.until(lambda: page.gathered)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    form = form_of(manager, page)
    assert isinstance(form, SheetForm)
    place = form.file.text
    form.file.show_text("/nowhere/at/all.pdf")
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "cannot be written" in said(page))
    assert page.gathered
    form.file.show_text(place)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "1 sheet of labels is in" in said(page))
    assert len([*exports.glob("labels-*.pdf")]) == 1


def test_many_labels_are_left_to_a_job(
    manager: Cashier, page: LabelsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels_page, "MOST_AT_ONCE", 2)
    manager.hands.type("3*")
    manager.hands.scan(FLOUR)
    manager.until(lambda: _copies(page) == [3])
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    assert isinstance(form_of(manager, page), SheetForm)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "draws the labels" in said(page))
    assert not page.gathered
    exports = manager.program.shop.directory / "exports"
    manager.qtbot.waitUntil(lambda: bool([*exports.glob("labels-*.pdf")]), timeout=20_000)


def test_slips_come_from_the_receipt_printer(manager: Cashier, page: LabelsPage) -> None:
    manager.hands.scan(FLOUR)
    manager.until(lambda: page.gathered)
    while page.paper.key != PRINTER:
        manager.hands.press(K.Key_F3)
    assert page.summary.text == "1 label"
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: "The labels" in said(page))
    kinds = manager.program.shop.reader.rows("SELECT kind FROM print_job")
    assert [row["kind"] for row in kinds] == ["label"]


def test_half_a_label_is_none(manager: Cashier, page: LabelsPage) -> None:
    manager.hands.type("0.5*")
    manager.hands.scan(FLOUR)
    manager.until(lambda: "whole numbers" in said(page))
    assert not page.gathered


def test_those_with_new_prices_are_taken(manager: Cashier, page: LabelsPage) -> None:
    products = manager.program.shop.goods.products
    card = products.with_code(MILK)
    assert card is not None
    products.change(card, replace(card.form, price_cents=70_00), actor=None)
    manager.hands.press(K.Key_F5)
    assert isinstance(form_of(manager, page), SinceForm)
    manager.hands.press(K.Key_Return)
    manager.until(lambda: titles(page) == [card.form.name])
    assert "1 product has a new price" in said(page)
