"""What is low: listed by supplier, printed, and the way to where goods are received."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.shop import Shop, open_shop
from pos_desktop.ui.screens.stock.low_page import LowPage
from pos_desktop.ui.screens.stock.receive_page import ReceivePage
from tests.pos_desktop.ui.behind_counter import open_page, said, titles
from tests.pos_desktop.ui.conftest import MILK, RICE, SALT, Cashier

K = Qt.Key


def watch(shop: Shop, code: str, supplier_id: str | None) -> None:
    """Let a product be ordered from somebody as soon as there are fewer than a thousand."""
    card = shop.goods.products.with_code(code)
    assert card is not None
    shop.goods.products.change(
        card,
        replace(card.form, reorder_level=1_000_000, reorder_to=2_000_000, supplier_id=supplier_id),
        actor=None,
    )


@pytest.fixture
def with_low_goods(shop_folder: Path) -> Path:
    with closing(open_shop(shop_folder)) as shop:
        dairy = shop.goods.suppliers.add(SupplierForm(name="Brookside"), actor=None)
        watch(shop, MILK, dairy.id)
        watch(shop, RICE, None)
        watch(shop, SALT, None)
    return shop_folder


@pytest.fixture
def manager(with_low_goods: Path, at_door: Cashier) -> Cashier:
    at_door.sign_in_only("manager", "1234")
    return at_door


def test_what_is_low_is_listed_by_supplier_and_printed(manager: Cashier) -> None:
    page = open_page(manager, LowPage, "low")
    manager.until(lambda: len(titles(page)) == 3)
    first = page.list.lines.rows[0]
    assert "Brookside" in first.note
    assert first.right.startswith("order ")
    assert "3 products to order" in page.summary.text
    manager.hands.press(K.Key_F3)
    assert len(titles(page)) == 1
    assert "Brookside" in page.summary.text
    manager.hands.press(K.Key_F3)
    assert len(titles(page)) == 2
    page.act_tiles.tiles[-1].click()
    manager.until(lambda: "The order list" in said(page))
    jobs = manager.program.shop.reader.rows("SELECT kind FROM print_job")
    assert "order" in [job["kind"] for job in jobs]
    manager.hands.press(K.Key_F5)
    manager.until(lambda: isinstance(manager.window.screen_shown, ReceivePage))


def test_nothing_is_low(at_door: Cashier) -> None:
    at_door.sign_in_only("manager", "1234")
    page = open_page(at_door, LowPage, "low")
    at_door.drained()
    assert not titles(page)
    assert page.list._empty[0] == "Nothing is low"
    assert [act.title for act in page.acts] == ["Receive goods"]
