"""What not everybody may do is asked in the services, whoever calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.domain import staff
from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.ids import Id
from pos_desktop.domain.label import LabelWish
from pos_desktop.domain.price_rule import PriceRule, PriceWay
from pos_desktop.domain.product import ProductCard, ProductChoice, ProductForm
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.supplier import Supplier, SupplierForm
from pos_desktop.services.sign_in import NeedsApproval, Person
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, add_product, person

Act = Callable[[Shop, Person], object]

ACTS: dict[Permission, Act] = {
    Permission.IMPORT: lambda shop, who: shop.importing.products(_catalogue(shop), actor=who),
    Permission.REPORTS: lambda shop, who: shop.reporting.make("vat", actor=who),
    Permission.SETTINGS: lambda shop, who: shop.configuration.set(
        settings.CASH_ROUNDING_CENTS, 500, shop.books, actor=who
    ),
    Permission.STAFF: lambda shop, who: shop.staffing.add(
        login="otieno", name="Otieno", role=staff.CASHIER, pin="2222", actor=who
    ),
}


SOAP = ProductForm(name="Soap", price_cents=50_00, code="P1")
MORE = PriceRule(way=PriceWay.PERCENT, value=10_00)

GOODS: dict[str, tuple[Permission, Act]] = {
    "add a product": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.products.add(SOAP, actor=who),
    ),
    "add one at the till": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.products.quick_add("P1", "Soap", 50_00, actor=who),
    ),
    "change a product": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.products.change(_card(shop), SOAP, actor=who),
    ),
    "remove a product": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.products.remove(_card(shop), actor=who),
    ),
    "preview prices": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.prices.preview(ProductChoice(), MORE, actor=who),
    ),
    "change prices": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.prices.apply(
            shop.goods.prices.preview(ProductChoice(), MORE), actor=who
        ),
    ),
    "take prices back": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.prices.undo(1, actor=who),
    ),
    "add a supplier": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.suppliers.add(SupplierForm(name="Maker"), actor=who),
    ),
    "change a supplier": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.suppliers.change(
            _supplier(shop), SupplierForm(name="Maker"), actor=who
        ),
    ),
    "remove a supplier": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.suppliers.remove(_supplier(shop), actor=who),
    ),
    "receive goods": (
        Permission.STOCK,
        lambda shop, who: shop.goods.receiving.receive(_delivery(shop), actor=who),
    ),
    "give goods back": (
        Permission.STOCK,
        lambda shop, who: shop.goods.receiving.give_back(_delivery(shop), actor=who),
    ),
    "correct stock": (
        Permission.STOCK,
        lambda shop, who: shop.goods.correcting.correct({_rice(shop): 1_000}, "found", actor=who),
    ),
    "begin a stock take": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.begin("Dairy", actor=who),
    ),
    "count by scan": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.scan(_take(shop), "RICE", actor=who),
    ),
    "count from the list": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.count(_take(shop), _rice(shop), 1_000, actor=who),
    ),
    "take a count back": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.uncount(_take(shop), _rice(shop), actor=who),
    ),
    "see differences": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.differences(_take(shop), actor=who),
    ),
    "end a stock take": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.finish(_take(shop), actor=who),
    ),
    "print labels": (
        Permission.STOCK,
        lambda shop, who: shop.goods.labels.print_slips(_wishes(shop), actor=who),
    ),
    "write label sheets": (
        Permission.STOCK,
        lambda shop, who: shop.goods.labels.write_sheets(
            _wishes(shop), shop.directory / "labels.pdf", actor=who
        ),
    ),
    "cancel a stock take": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.cancel(_take(shop), actor=who),
    ),
}


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """A shop with rice, a supplier, a change of prices and a stock take under way."""
    add_product(shop, "RICE", "Rice", 200_00)
    shop.goods.suppliers.add(SupplierForm(name="Mill"))
    shop.goods.prices.apply(shop.goods.prices.preview(ProductChoice(), MORE))
    take = shop.goods.taking.begin("Grain")
    card = _card(shop)
    shop.goods.products.change(card, replace(card.form, category="Grain"))
    shop.goods.taking.scan(take.id, "RICE", 0)
    return shop


def _card(shop: Shop) -> ProductCard:
    card = shop.goods.products.with_code("RICE")
    assert card is not None
    return card


def _rice(shop: Shop) -> Id:
    return _card(shop).id


def _supplier(shop: Shop) -> Supplier:
    return shop.goods.suppliers.listed()[0]


def _take(shop: Shop) -> Id:
    return shop.goods.taking.under_way()[0].id


def _wishes(shop: Shop) -> list[LabelWish]:
    return [LabelWish(product_id=_rice(shop))]


def _delivery(shop: Shop) -> Delivery:
    return Delivery(lines=(GoodsLine(product_id=_rice(shop), quantity=1_000),))


@pytest.mark.parametrize("act", GOODS)
def test_goods_are_for_those_who_may(stocked: Shop, act: str) -> None:
    permission, do = GOODS[act]
    shop = stocked
    cashier, manager = person(shop, CASHIER), person(shop, MANAGER)
    written = shop.database.value("SELECT count(*) FROM journal")
    with pytest.raises(NeedsApproval) as refused:
        do(shop, cashier)
    assert refused.value.permission is permission
    assert shop.database.value("SELECT count(*) FROM journal") == written
    do(shop, manager)


def _catalogue(shop: Shop) -> Path:
    path = shop.directory / "catalogue.csv"
    path.write_text("code,name,price\nP1,Soap,50\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("permission", ACTS)
def test_a_cashier_may_not_and_a_manager_may(shop: Shop, permission: Permission) -> None:
    cashier, manager = shop.sign_in.sign_in(*CASHIER), shop.sign_in.sign_in(*MANAGER)
    written = shop.database.value("SELECT count(*) FROM journal")
    with pytest.raises(NeedsApproval) as refused:
        ACTS[permission](shop, cashier)
    assert refused.value.permission is permission
    assert shop.database.value("SELECT count(*) FROM journal") == written
    ACTS[permission](shop, manager)


def test_an_import_cannot_be_undone_by_a_cashier(shop: Shop) -> None:
    result = shop.importing.products(_catalogue(shop))
    assert result.import_id is not None
    with pytest.raises(NeedsApproval):
        shop.importing.undo(result.import_id, actor=shop.sign_in.sign_in(*CASHIER))
    shop.importing.undo(result.import_id, actor=shop.sign_in.sign_in(*MANAGER))


def test_whoever_stands_at_the_till_may_change_its_colours(shop: Shop) -> None:
    cashier = shop.sign_in.sign_in(*CASHIER)
    shop.configuration.set(settings.THEME, "dark", shop.books, actor=cashier)
    found = shop.database.row("SELECT actor_id FROM journal WHERE kind = 'setting'")
    assert found == {"actor_id": cashier.id}
