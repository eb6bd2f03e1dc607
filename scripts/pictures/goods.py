"""A shop whose goods have moved, and pages of goods that stand alone: low stock, labels, prices."""

from __future__ import annotations

from dataclasses import replace

from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.ui.screens.catalogue.price_form import PriceForm
from pos_desktop.ui.screens.office.list_page import ListPage
from scripts.pictures.steps import LONG_NAME, K, States, chord, listed, office, until
from scripts.player import Player


def with_goods(player: Player) -> None:
    """Let the shop have suppliers, goods received and corrected, and two stock takes."""
    goods = player.program.shop.goods
    for name, days in (("Brookside Dairy", 30), ("Bidco Africa", 14), (LONG_NAME, None)):
        form = SupplierForm(
            name=name, contact="Kamau", phone="0712345678", terms="M-Pesa", terms_days=days
        )
        supplier = goods.suppliers.add(form, actor=None)
    cards = goods.products.listed(ProductChoice(text=""), 6)
    lines = tuple(
        GoodsLine(product_id=card.id, quantity=12_000, cost_cents=45_50) for card in cards
    )
    delivery = Delivery(lines=lines, supplier_id=supplier.id, document="INV-2026-0041")
    goods.receiving.receive(delivery, set_costs=True, same_document=False, actor=None)
    goods.receiving.give_back(Delivery(lines=lines[:1], supplier_id=supplier.id), actor=None)
    goods.correcting.correct({cards[0].id: -2_000}, "broken", "", actor=None)
    goods.taking.cancel(goods.taking.begin(None, blind=True, actor=None).id, actor=None)


def with_low_goods(player: Player) -> None:
    """Let some goods be low."""
    goods = player.program.shop.goods
    dairy = goods.suppliers.add(
        SupplierForm(name="Brookside Dairy Kenya Limited, Ruiru"), actor=None
    )
    cards = goods.products.listed(ProductChoice(), 8)
    for place, card in enumerate(cards):
        supplier_id = dairy.id if place % 2 else None
        form = replace(card.form, reorder_level=90_000, reorder_to=200_000, supplier_id=supplier_id)
        goods.products.change(card, form, actor=None)


def has_rows(player: Player, page: ListPage, count: int) -> None:
    """Wait until a page lists so many."""
    player.settle(lambda: page.list.lines.rowCount() == count)


def gather(player: Player, page: ListPage) -> None:
    """Scan four products on a page of goods."""
    for count, place in enumerate((3, 8, -1, 20), start=1):
        page.scanned(player.codes[place])
        has_rows(player, page, count)


def _scan_labels(player: Player) -> None:
    page = player.page("labels", ListPage)
    for place in (0, 5, 9, 38, 39):
        page.scanned(player.codes[place])
        player.settle()


def _fill_in_rule(player: Player) -> None:
    page = player.page("prices", ListPage)
    player.settle(lambda: page.form is not None)
    form = page.form
    assert isinstance(form, PriceForm)
    form.way.choose("less percent")
    form.value.show_text("20")
    form.label.show_text("Easter")
    player.chord(K.Key_Return)
    player.settle(lambda: page.form is None)


_prices_shown = until(lambda player: player.page("prices", ListPage).list.lines.rowCount() > 0)

_LABELS = (with_low_goods, office("labels"), _scan_labels)
_NEW_RULE = (with_low_goods, office("prices"), K.Key_F2)
_PREVIEW = (*_NEW_RULE, _fill_in_rule, chord(K.Key_Return))

STATES: States = {
    "low_stock": (with_low_goods, listed("low")),
    "low_stock_none": (office("low"),),
    "goods_labels": _LABELS,
    "goods_labels_sheet": (*_LABELS, chord(K.Key_Return)),
    "prices_empty": (office("prices"),),
    "prices_rule": (*_NEW_RULE, chord(K.Key_Return)),
    "prices_preview": _PREVIEW,
    "prices_done": (*_PREVIEW, chord(K.Key_Return), _prices_shown),
}
