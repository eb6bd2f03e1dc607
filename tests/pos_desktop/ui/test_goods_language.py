"""The pages of goods follow the language while they are open, with what is typed in them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.price_rule import PriceRule, PriceWay
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.shop import open_shop
from pos_desktop.ui.screens.catalogue.catalogue_page import CataloguePage
from pos_desktop.ui.screens.catalogue.import_page import ImportPage
from pos_desktop.ui.screens.catalogue.prices_page import PricesPage
from pos_desktop.ui.screens.stock.correct_page import CorrectPage
from pos_desktop.ui.screens.stock.labels_page import LabelsPage
from pos_desktop.ui.screens.stock.low_page import LowPage
from pos_desktop.ui.screens.stock.receive_page import ReceivePage
from pos_desktop.ui.screens.stock.suppliers_page import SuppliersPage
from pos_desktop.ui.screens.stock.take_page import TakePage
from tests.pos_desktop.ui.behind_counter import form_of, open_page
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, Cashier
from tests.pos_desktop.ui.pseudo import pseudo, seen, words_left
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_desktop.ui.test_import_page import GOOD, choose_file, try_it, write
from tests.pos_desktop.ui.test_language import _begin_a_minute, _data
from tests.pos_desktop.ui.test_low_page import watch

__all__ = ["pseudo"]

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
OWN = {"Brookside", "Ctrl", "manager", "xyz", "tea", "csv", "SKU", "Jina", "Bei", "catalogue"}
OWN |= {cell for row in GOOD for cell in row}
State = Callable[[Cashier], None]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "xyz"
    folder.mkdir()
    write(folder / "tea.csv", ["SKU", "Jina", "Bei"], GOOD)
    monkeypatch.setattr(Path, "home", lambda: folder)
    return folder


@pytest.fixture
def with_goods(shop_folder: Path) -> Path:
    with closing(open_shop(shop_folder)) as shop:
        dairy = shop.goods.suppliers.add(SupplierForm(name="Brookside"), actor=None)
        watch(shop, MILK, dairy.id)
        watch(shop, RICE, None)
        milk = shop.goods.products.with_code(MILK)
        assert milk is not None
        lines = (GoodsLine(product_id=milk.id, quantity=1_000, cost_cents=50_00),)
        shop.goods.receiving.receive(
            Delivery(lines=lines), set_costs=False, same_document=False, actor=None
        )
        shop.goods.correcting.correct({milk.id: -1_000}, "broken", "", actor=None)
        card = shop.goods.products.with_code(RICE)
        assert card is not None
        shop.goods.products.change(
            card, replace(card.form, active=True, cost_cents=100_00), actor=None
        )
        rule = PriceRule(way=PriceWay.AMOUNT, value=-10_00, label="xyz")
        prices = shop.goods.prices
        prices.apply(
            prices.preview(ProductChoice(ids=frozenset({card.id})), rule, actor=None), actor=None
        )
    return shop_folder


def catalogue(cashier: Cashier) -> None:
    open_page(cashier, CataloguePage, "catalogue")


def a_product(cashier: Cashier) -> None:
    page = open_page(cashier, CataloguePage, "catalogue")
    page.scanned(RICE)
    cashier.until(lambda: page.looked)


def a_product_s_form(cashier: Cashier) -> None:
    page = open_page(cashier, CataloguePage, "catalogue")
    cashier.hands.press(K.Key_F2)
    form_of(cashier, page)


def an_unknown_code(cashier: Cashier) -> None:
    page = open_page(cashier, ReceivePage, "receive")
    page.scanned("5901234123457")
    cashier.until(lambda: page.strip.notice)


def a_new_item(cashier: Cashier) -> None:
    an_unknown_code(cashier)
    cashier.hands.press(K.Key_Insert)
    page = cashier.window.office.page("receive")
    assert isinstance(page, ReceivePage)
    form_of(cashier, page)


def suppliers(cashier: Cashier) -> None:
    open_page(cashier, SuppliersPage, "suppliers")


def a_delivery(cashier: Cashier) -> None:
    page = open_page(cashier, ReceivePage, "receive")
    cashier.hands.scan(MILK)
    cashier.until(lambda: page.gathered)


def what_was_received(cashier: Cashier) -> None:
    page = open_page(cashier, ReceivePage, "receive")
    cashier.hands.press(K.Key_F6)
    cashier.until(lambda: page.before.lines.lines.rows)


def found_products(cashier: Cashier) -> None:
    page = open_page(cashier, ReceivePage, "receive")
    cashier.hands.type("milk")
    cashier.until(lambda: page._found)


def a_correction(cashier: Cashier) -> None:
    page = open_page(cashier, CorrectPage, "correct")
    cashier.hands.scan(MILK)
    cashier.until(lambda: page.gathered)


def what_was_corrected(cashier: Cashier) -> None:
    page = open_page(cashier, CorrectPage, "correct")
    cashier.hands.press(K.Key_F6)
    cashier.until(lambda: page.before.lines.rows)


def stock_takes(cashier: Cashier) -> None:
    open_page(cashier, TakePage, "take")


def a_stock_take(cashier: Cashier) -> None:
    page = open_page(cashier, TakePage, "take")
    cashier.hands.press(K.Key_F2)
    form_of(cashier, page)
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    cashier.until(lambda: page.counting)
    cashier.hands.scan(MILK)
    cashier.until(lambda: page.list.lines.rows)


def low_stock(cashier: Cashier) -> None:
    open_page(cashier, LowPage, "low")


def labels(cashier: Cashier) -> None:
    page = open_page(cashier, LabelsPage, "labels")
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: page.gathered)


def labels_of_new_prices(cashier: Cashier) -> None:
    page = open_page(cashier, LabelsPage, "labels")
    cashier.hands.press(K.Key_F5)
    form_of(cashier, page)


def price_changes(cashier: Cashier) -> None:
    open_page(cashier, PricesPage, "prices")


def a_price_rule(cashier: Cashier) -> None:
    page = open_page(cashier, PricesPage, "prices")
    cashier.hands.press(K.Key_F2)
    form_of(cashier, page)


def a_price_preview(cashier: Cashier) -> None:
    page = open_page(cashier, PricesPage, "prices")
    cashier.hands.press(K.Key_F2)
    form_of(cashier, page)
    cashier.hands.type("\r\rrice\r\r")
    cashier.hands.type("\r50")
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    cashier.until(lambda: page.is_looking)


def imports(cashier: Cashier) -> None:
    open_page(cashier, ImportPage, "import")


def files_to_import(cashier: Cashier) -> None:
    page = open_page(cashier, ImportPage, "import")
    cashier.hands.press(K.Key_F2)
    cashier.until(lambda: page.files.folder)


def columns_to_import(cashier: Cashier) -> None:
    choose_file(cashier, open_page(cashier, ImportPage, "import"), "tea")


def what_a_column_holds(cashier: Cashier) -> None:
    columns_to_import(cashier)
    cashier.hands.press(K.Key_Return)


def an_import_tried(cashier: Cashier) -> None:
    page = open_page(cashier, ImportPage, "import")
    choose_file(cashier, page, "tea")
    try_it(cashier, page)


def an_item_at_the_till(cashier: Cashier) -> None:
    cashier.sign_in("manager", "1234")
    cashier.sell.scanned("5901234123457")
    cashier.until(lambda: cashier.sell.new_items.code)
    cashier.hands.press(K.Key_Insert)
    cashier.until(lambda: cashier.page() is cashier.sell.new_items.page)


STATES = (
    catalogue, a_product, a_product_s_form, an_unknown_code, a_new_item, suppliers, a_delivery,
    what_was_received, found_products, a_correction, what_was_corrected, stock_takes, a_stock_take,
    low_stock, labels, labels_of_new_prices, price_changes, a_price_rule, a_price_preview, imports,
    files_to_import, columns_to_import, what_a_column_holds, an_import_tried, an_item_at_the_till,
)  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_cut_in_any_size_and_language(
    with_goods: Path, home: Path, at_door: Cashier, state: State
) -> None:
    if state is not an_item_at_the_till:
        at_door.sign_in_only("manager", "1234")
    state(at_door)
    at_door.drained()
    assert not squeezed_in_any(at_door)


@pytest.mark.parametrize("state", STATES)
def test_all_is_said_anew_and_comes_back_as_it_was(
    with_goods: Path, home: Path, at_door: Cashier, pseudo: str, state: State
) -> None:
    if state is not an_item_at_the_till:
        at_door.sign_in_only("manager", "1234")
    _begin_a_minute(at_door)
    state(at_door)
    at_door.drained()
    at_door.lay_out()
    window = at_door.window
    data = _data(at_door) | OWN | {str(home), str(home.parent)}
    window.wall_clock.stop()
    window.jobs.stop()
    before = seen(window)
    window.speak(pseudo)
    at_door.lay_out()
    assert not words_left(window, data)
    window.speak("en")
    at_door.lay_out()
    assert seen(window) ^ before == set()
