"""A stock take behind the counter, by scans and keys in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.stock_take import TakeState
from pos_desktop.services.stock import take_jobs
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.screens.stock import take_page
from pos_desktop.ui.screens.stock.take_forms import BeginForm, FinishForm
from pos_desktop.ui.screens.stock.take_page import TakePage
from pos_desktop.ui.screens.stock.take_words import Part
from tests.pos_desktop.ui.behind_counter import form_of, open_page, said, titles
from tests.pos_desktop.ui.conftest import FLOUR, MILK, SALT, Cashier

K = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def manager(at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


@pytest.fixture
def page(manager: Cashier) -> TakePage:
    return open_page(manager, TakePage, "take")


def _stock(cashier: Cashier, code: str) -> int:
    card = cashier.program.shop.goods.products.with_code(code)
    assert card is not None
    return card.in_stock


def _begin(cashier: Cashier, page: TakePage, typed: str = "", *, blind: bool = False) -> None:
    cashier.hands.press(K.Key_F2)
    form = form_of(cashier, page)
    assert isinstance(form, BeginForm)
    cashier.hands.type(typed)
    if blind:
        form.blind.choose("no")
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    cashier.until(lambda: page.counting)


def _counts(page: TakePage) -> list[str]:
    return [row.right for row in page.list.lines.rows]


def _end(cashier: Cashier, page: TakePage, *, gone: bool = False) -> None:
    cashier.hands.press(K.Key_F5)
    assert isinstance(form_of(cashier, page), FinishForm)
    if gone:
        cashier.hands.press(K.Key_Right)
    cashier.hands.press(K.Key_Return, modifiers=CTRL)


def test_the_category_is_chosen_without_typing(manager: Cashier, page: TakePage) -> None:
    categories = manager.program.shop.goods.products.categories()
    manager.hands.press(K.Key_F2)
    form_of(manager, page)
    manager.hands.press(K.Key_Right)
    manager.hands.press(K.Key_Right)
    manager.hands.press(K.Key_Return, modifiers=CTRL)
    manager.until(lambda: page.counting)
    assert page.counting is not None
    assert page.counting.category == categories[1]


def test_the_shop_is_counted_and_corrected(manager: Cashier, page: TakePage) -> None:
    before = _stock(manager, SALT)
    _begin(manager, page)
    manager.hands.type("12*")
    manager.hands.scan(FLOUR)
    manager.until(lambda: _counts(page) == ["12"])
    for _time in range(3):
        manager.hands.scan(MILK)
    manager.until(lambda: _counts(page) == ["3", "12"])
    manager.hands.type("*5\r")
    manager.until(lambda: _counts(page) == ["5", "12"])
    manager.hands.press(K.Key_F3)
    manager.until(lambda: page.part is Part.MISSING)
    assert "Jogoo maize flour 2 kg" not in titles(page)
    manager.hands.press(K.Key_F3)
    manager.until(lambda: page.part is Part.DIFFERENT)
    _end(manager, page)
    manager.until(lambda: "is finished" in said(page))
    assert (_stock(manager, FLOUR), _stock(manager, MILK)) == (12_000, 5_000)
    assert _stock(manager, SALT) == before
    assert page.counting is None
    assert page.takes.lines.rows[0].chip == "finished"
    assert isinstance(page.takes.parentWidget(), Card)


def test_what_nobody_counted_is_none_when_one_says_so(manager: Cashier, page: TakePage) -> None:
    shop = manager.program.shop
    card = shop.goods.products.with_code(SALT)
    assert card is not None
    shop.goods.correcting.correct({card.id: 4000}, "found", actor=None)
    _begin(manager, page)
    manager.hands.scan(FLOUR)
    manager.until(lambda: _counts(page) == ["1"])
    _end(manager, page, gone=True)
    manager.until(lambda: "is finished" in said(page))
    assert _stock(manager, SALT) == 0


def test_a_long_one_is_left_to_a_job_and_told_when_it_is_done(
    manager: Cashier, page: TakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_jobs, "MOST_AT_ONCE", 0)
    _begin(manager, page)
    manager.hands.scan(FLOUR)
    manager.until(lambda: _counts(page) == ["1"])
    _end(manager, page)
    manager.until(lambda: "selling goes on" in said(page))
    assert page.counting is None
    manager.until(lambda: "is finished" in said(page))
    manager.until(lambda: page.takes.lines.rows[0].chip == "finished")
    assert _stock(manager, FLOUR) == 1_000


def test_one_that_is_being_ended_can_only_be_ended(manager: Cashier, page: TakePage) -> None:
    shop = manager.program.shop
    take = shop.goods.taking.begin(actor=None)
    sql = "UPDATE stock_take SET state = ? WHERE id = ?"
    with shop.database.write():
        shop.database.execute_sql(sql, (TakeState.ENDING.value, take.id))
    page.opened()
    manager.until(lambda: page.takes.lines.rows and page.takes.lines.rows[0].chip == "being ended")
    manager.hands.press(K.Key_Return)
    manager.until(lambda: page.counting)
    assert [act.title for act in page.list_acts()] == ["End it"]
    manager.hands.scan(FLOUR)
    manager.until(lambda: "Nothing was counted" in said(page))
    _end(manager, page)
    manager.until(lambda: "is finished" in said(page))


def test_a_blind_count_hides_the_books(manager: Cashier, page: TakePage) -> None:
    _begin(manager, page, blind=True)
    manager.hands.scan(FLOUR)
    manager.until(lambda: _counts(page) == ["1"])
    assert "the books say" not in page.list.lines.rows[0].note
    assert "differ" not in page.summary.text


def test_a_count_is_taken_back_and_a_take_given_up(manager: Cashier, page: TakePage) -> None:
    before = _stock(manager, FLOUR)
    _begin(manager, page)
    manager.hands.scan(FLOUR)
    manager.until(lambda: _counts(page) == ["1"])
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: not _counts(page))
    manager.hands.scan(FLOUR)
    manager.until(lambda: _counts(page) == ["1"])
    manager.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert page.counting is not None
    manager.hands.press(K.Key_Delete, modifiers=SHIFT)
    manager.until(lambda: "is cancelled" in said(page))
    assert _stock(manager, FLOUR) == before


def test_a_take_goes_on_after_the_till_was_left(
    shop_folder: Path, open_window: Callable[[Path], Cashier]
) -> None:
    first = open_window(shop_folder)
    first.sign_in_only("manager", "1234")
    page = open_page(first, TakePage, "take")
    _begin(first, page)
    first.hands.scan(FLOUR)
    first.until(lambda: _counts(page) == ["1"])
    first.leave()
    first.program.stop()

    second = open_window(shop_folder)
    second.sign_in_only("manager", "1234")
    page = open_page(second, TakePage, "take")
    assert page.takes.lines.rows[0].chip == "being counted"
    second.hands.press(K.Key_Return)
    second.until(lambda: _counts(page) == ["1"])
    second.hands.scan(FLOUR)
    second.until(lambda: _counts(page) == ["2"])


def test_a_scan_that_cannot_be_counted_is_told(manager: Cashier, page: TakePage) -> None:
    manager.hands.scan(FLOUR)
    manager.until(lambda: "Nothing was counted" in said(page))


def test_a_category_is_counted_alone(manager: Cashier, page: TakePage) -> None:
    card = manager.program.shop.goods.products.with_code(FLOUR)
    assert card is not None
    _begin(manager, page, card.form.category or "")
    assert page.counting is not None
    assert page.counting.category == card.form.category
    others = [
        one
        for one in (MILK, SALT)
        if (found := manager.program.shop.goods.products.with_code(one))
        and found.form.category != card.form.category
    ]
    manager.hands.scan(others[0])
    manager.until(lambda: "put it aside" in said(page))


def test_a_long_list_says_that_there_is_more_and_shows_it_at_its_end(
    manager: Cashier, page: TakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_page, "PAGE", 15)
    _begin(manager, page)
    manager.hands.press(K.Key_F3)
    manager.until(lambda: page.part is Part.MISSING)
    manager.until(lambda: len(titles(page)) == 15)
    assert "25 more lines" in page.summary.text
    manager.lay_out()
    for _time in range(2):
        manager.hands.press(K.Key_PageDown)
    manager.until(lambda: len(titles(page)) > 15)
    for _time in range(8):
        manager.hands.press(K.Key_PageDown)
    manager.until(lambda: len(titles(page)) == 40)
    assert "more line" not in page.summary.text
