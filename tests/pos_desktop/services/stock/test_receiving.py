"""Goods received and given back: in stock, at their cost, once."""

from __future__ import annotations

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import PriceSource
from pos_desktop.domain.quantity import LARGEST_QUANTITY
from pos_desktop.domain.supplier import Supplier, SupplierForm
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.stock.receiving import SameDocument
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person, product_id
from tests.pos_desktop.services.play import play


@pytest.fixture
def supplier(selling_shop: Shop) -> Supplier:
    return selling_shop.goods.suppliers.add(
        SupplierForm(name="Brookside", phone="0712345678"), actor=None
    )


def line(shop: Shop, code: str, quantity: int, cost: int | None = None) -> GoodsLine:
    return GoodsLine(product_id=product_id(shop, code), quantity=quantity, cost_cents=cost)


def in_stock(shop: Shop, code: str) -> int:
    return shop.goods.products.card(product_id(shop, code)).in_stock


def cost(shop: Shop, code: str) -> int | None:
    return shop.goods.products.card(product_id(shop, code)).form.cost_cents


def test_goods_come_into_stock_at_their_cost(selling_shop: Shop, supplier: Supplier) -> None:
    manager = person(selling_shop, MANAGER)
    delivery = Delivery(
        lines=(
            line(selling_shop, "MILK", 24_000, 45_50),
            line(selling_shop, "TOM", 12_500, 60_00),
            line(selling_shop, "SUGAR", 1_000),
        ),
        supplier_id=supplier.id,
        document=" INV  778 ",
    )
    receipt = selling_shop.goods.receiving.receive(delivery, actor=manager)
    assert (receipt.supplier, receipt.document, receipt.lines) == ("Brookside", "INV 778", 3)
    assert receipt.cost_cents == 24 * 45_50 + 750_00
    assert receipt.business_day == selling_shop.closing.business_day()
    assert (receipt.staff_id, receipt.is_return) == (manager.id, False)
    assert in_stock(selling_shop, "MILK") == 24_000
    assert cost(selling_shop, "MILK") == 45_50
    assert cost(selling_shop, "SUGAR") is None
    lines = selling_shop.goods.receiving.lines(receipt.id)
    assert [(one.name, one.quantity, one.cost_cents) for one in lines] == [
        ("Milk 500 ml", 24_000, 45_50),
        ("Tomatoes, loose", 12_500, 60_00),
        ("Sugar 1 kg", 1_000, None),
    ]
    assert selling_shop.goods.receiving.latest() == [receipt]
    assert bad_books(selling_shop) == set()


def test_the_new_cost_is_that_of_the_next_sale_and_in_the_history(
    selling_shop: Shop, supplier: Supplier
) -> None:
    for price in (40_00, 44_00, 44_00):
        goods = Delivery(lines=(line(selling_shop, "MILK", 1_000, price),))
        selling_shop.goods.receiving.receive(goods, actor=None)
    milk = product_id(selling_shop, "MILK")
    later, first = selling_shop.goods.products.prices(milk)
    assert (first.old_cost_cents, first.cost_cents) == (None, 40_00)
    assert (later.old_cost_cents, later.cost_cents) == (40_00, 44_00)
    assert later.source is PriceSource.RECEIPT
    assert later.old_price_cents == later.price_cents == 65_00
    play(selling_shop, "MILK", "pay cash")
    sold = selling_shop.goods.correcting.moves(milk)[0]
    assert (sold.kind, sold.quantity, sold.cost_cents) == ("sale", -1_000, 44_00)


def test_a_present_and_an_unwished_cost_leave_the_cost_as_it_is(
    selling_shop: Shop, supplier: Supplier
) -> None:
    goods = Delivery(
        lines=(line(selling_shop, "MILK", 10_000, 40_00), line(selling_shop, "MILK", 1_000, 0))
    )
    assert selling_shop.goods.receiving.receive(goods, actor=None).cost_cents == 400_00
    assert cost(selling_shop, "MILK") == 40_00
    dearer = Delivery(lines=(line(selling_shop, "MILK", 1_000, 90_00),))
    selling_shop.goods.receiving.receive(dearer, set_costs=False, actor=None)
    assert cost(selling_shop, "MILK") == 40_00
    assert in_stock(selling_shop, "MILK") == 12_000


def test_goods_go_back(selling_shop: Shop, supplier: Supplier) -> None:
    goods = Delivery(
        lines=(line(selling_shop, "MILK", 10_000, 40_00),), supplier_id=supplier.id, document="7"
    )
    selling_shop.goods.receiving.receive(goods, actor=None)
    back = Delivery(
        lines=(line(selling_shop, "MILK", 3_000, 39_00),), supplier_id=supplier.id, document="7"
    )
    returned = selling_shop.goods.receiving.give_back(back, actor=None)
    assert (returned.is_return, returned.cost_cents) == (True, -117_00)
    assert in_stock(selling_shop, "MILK") == 7_000
    assert cost(selling_shop, "MILK") == 40_00
    kinds = [one.is_return for one in selling_shop.goods.receiving.latest(supplier.id)]
    assert kinds == [True, False]
    assert bad_books(selling_shop) == set()


def test_an_invoice_is_not_entered_twice_by_mistake(selling_shop: Shop, supplier: Supplier) -> None:
    goods = Delivery(
        lines=(line(selling_shop, "MILK", 10_000, 40_00),), supplier_id=supplier.id, document="7"
    )
    selling_shop.goods.receiving.receive(goods, actor=None)
    with pytest.raises(SameDocument):
        selling_shop.goods.receiving.receive(goods, actor=None)
    assert in_stock(selling_shop, "MILK") == 10_000
    selling_shop.goods.receiving.receive(goods, same_document=True, actor=None)
    other = selling_shop.goods.suppliers.add(SupplierForm(name="Other"), actor=None)
    theirs = Delivery(lines=goods.lines, supplier_id=other.id, document="7")
    selling_shop.goods.receiving.receive(theirs, actor=None)
    assert in_stock(selling_shop, "MILK") == 30_000


def test_no_business_day_need_be_open(shop: Shop, selling_shop: Shop) -> None:
    play(selling_shop, "z")
    goods = Delivery(lines=(line(shop, "MILK", 1_000),))
    today = shop.clock.now().astimezone(shop.configuration.zone).date().isoformat()
    assert shop.goods.receiving.receive(goods, actor=None).business_day == today


@pytest.mark.parametrize(
    ("quantity", "price", "words"),
    [
        (0, 1, "more than zero"),
        (-1_000, 1, "more than zero"),
        (500, 1, "Milk 500 ml is counted by the piece"),
        (LARGEST_QUANTITY + 1_000, 1, "largest quantity"),
        (1_000, -1, "less than zero"),
        (1_000, 10**12, "largest amount"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    selling_shop: Shop, quantity: int, price: int, words: str
) -> None:
    goods = Delivery(
        lines=(line(selling_shop, "TOM", 1_000), line(selling_shop, "MILK", quantity, price))
    )
    for act in (selling_shop.goods.receiving.receive, selling_shop.goods.receiving.give_back):
        with pytest.raises(Refused, match=words):
            act(goods, actor=None)
    assert in_stock(selling_shop, "TOM") == 0
    assert selling_shop.goods.receiving.latest() == []


def test_lines_and_suppliers_that_are_not_there_are_refused(
    selling_shop: Shop, supplier: Supplier
) -> None:
    receive = selling_shop.goods.receiving.receive
    gone = GoodsLine(product_id=Id("0" * 32), quantity=1_000)
    with pytest.raises(Refused, match="removed from the catalogue"):
        receive(Delivery(lines=(gone,)), actor=None)
    with pytest.raises(Refused, match="1 to 1000 lines"):
        receive(Delivery(lines=()), actor=None)
    selling_shop.goods.suppliers.remove(supplier, actor=None)
    with pytest.raises(Refused, match="supplier was removed"):
        receive(
            Delivery(lines=(line(selling_shop, "MILK", 1_000),), supplier_id=supplier.id),
            actor=None,
        )


def test_goods_of_an_import_that_is_taken_back_stay_in_the_books(selling_shop: Shop) -> None:
    file = selling_shop.directory / "goods.csv"
    file.write_text("code,name,price,stock\nEGG,Eggs,15,10\nJAM,Jam,200,4\n", encoding="utf-8")
    imported = selling_shop.importing.products(file, actor=None)
    goods = Delivery(lines=(line(selling_shop, "EGG", 30_000),))
    selling_shop.goods.receiving.receive(goods, actor=None)
    assert imported.import_id is not None
    undone = selling_shop.importing.undo(imported.import_id, actor=None)
    assert (undone.made_inactive, undone.removed) == (1, 1)
    assert in_stock(selling_shop, "EGG") == 40_000
    assert bad_books(selling_shop) == set()


def test_a_supplier_that_is_erased_breaks_no_seal(selling_shop: Shop, supplier: Supplier) -> None:
    goods = Delivery(lines=(line(selling_shop, "MILK", 1_000),), supplier_id=supplier.id)
    selling_shop.goods.receiving.receive(goods, actor=None)
    selling_shop.database.execute_sql("UPDATE supplier SET name = '', phone = ''")
    assert bad_books(selling_shop) == set()


def test_a_cashier_may_not(selling_shop: Shop) -> None:
    cashier = person(selling_shop, CASHIER)
    goods = Delivery(lines=(line(selling_shop, "MILK", 1_000),))
    for act in (selling_shop.goods.receiving.receive, selling_shop.goods.receiving.give_back):
        with pytest.raises(NeedsApproval):
            act(goods, actor=cashier)
