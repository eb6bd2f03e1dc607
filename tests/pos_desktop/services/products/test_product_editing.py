"""The catalogue one product at a time: nothing doubled, nothing overwritten, all remembered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.product import PriceSource, ProductChoice, ProductForm, source_words
from pos_desktop.services.people.acting import Approval, ChangedMeanwhile, NeedsApproval
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.catalogue import UnknownCode
from pos_desktop.services.products.product_editing import ProductEditing, ProductGone
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person

SOAP = ProductForm(
    name="Soap", price_cents=120_00, code="S1", barcodes=("6161990000334",), cost_cents=90_00
)


@pytest.fixture
def editing(shop: Shop) -> ProductEditing:
    return shop.goods.products


@pytest.fixture
def manager(shop: Shop) -> Person:
    return person(shop, MANAGER)


def last_note(shop: Shop) -> tuple[str, dict[str, Any]]:
    """Return kind and detail of the journal's last entry."""
    row = shop.database.row("SELECT kind, detail FROM journal ORDER BY seq DESC LIMIT 1")
    assert row is not None
    return row["kind"], json.loads(row["detail"])


def test_a_new_product_is_sold_and_found_at_once(
    shop: Shop, editing: ProductEditing, manager: Person
) -> None:
    card = editing.add(SOAP, actor=manager)
    assert card.form == SOAP
    assert (card.in_stock, card.supplier) == (0, "")
    assert shop.catalogue.item("6161990000334").name == "Soap"
    assert [item.name for item in shop.catalogue.search("soa")] == ["Soap"]
    kind, detail = last_note(shop)
    assert (kind, detail) == (
        "product added",
        {"product": card.id, "code": "S1", "price": 120_00},
    )
    assert bad_books(shop) == set()


def test_all_of_a_product_can_be_changed(
    shop: Shop, editing: ProductEditing, manager: Person
) -> None:
    card = editing.add(SOAP, actor=None)
    form = ProductForm(
        name="  Bar   soap ",
        price_cents=135_00,
        code="S2",
        category="Household",
        unit="bar",
        cost_cents=None,
        tax_band="A",
        by_weight=True,
        active=False,
        item_class="5313",
        unit_code="U",
        packaging_code="NT",
        barcodes=("6161990000105", "SHELF-7"),
        reorder_level=5_000,
        reorder_to=24_000,
    )
    after = editing.change(card, form, actor=manager)
    assert after.form == replace(form, name="Bar soap")
    assert after.ver > card.ver
    assert editing.card(card.id) == after
    kind, detail = last_note(shop)
    assert kind == "product changed"
    assert detail["changed"]["price_cents"] == [120_00, 135_00]
    assert detail["changed"]["barcodes"] == [["6161990000334"], ["6161990000105", "SHELF-7"]]
    assert "by_weight" in detail["changed"]
    assert bad_books(shop) == set()


def test_the_search_follows_a_new_name_and_code(shop: Shop, editing: ProductEditing) -> None:
    card = editing.add(SOAP, actor=None)
    editing.change(card, replace(SOAP, name="Detergent", code="D9"), actor=None)
    assert shop.catalogue.search("soap") == []
    assert [item.name for item in shop.catalogue.search("deter")] == ["Detergent"]
    assert [item.name for item in shop.catalogue.search("d9")] == ["Detergent"]


def test_many_changes_leave_few_pieces_in_the_search_index(
    shop: Shop, editing: ProductEditing
) -> None:
    card = editing.add(SOAP, actor=None)
    for number in range(60):
        card = editing.change(card, replace(SOAP, name=f"Soap number {number}"), actor=None)
    pieces = shop.database.value("SELECT count(DISTINCT segid) FROM product_search_idx")
    assert pieces < 20
    assert [item.name for item in shop.catalogue.search("number")] == ["Soap number 59"]


def test_a_barcode_goes_and_comes_back(shop: Shop, editing: ProductEditing) -> None:
    card = editing.add(SOAP, actor=None)
    without = editing.change(card, replace(SOAP, barcodes=()), actor=None)
    with pytest.raises(UnknownCode):
        shop.catalogue.item("6161990000334")
    again = editing.change(without, SOAP, actor=None)
    assert again.form == SOAP
    assert shop.catalogue.item("6161990000334").name == "Soap"


def test_a_change_of_nothing_leaves_no_trace(shop: Shop, editing: ProductEditing) -> None:
    card = editing.add(SOAP, actor=None)
    entries = shop.database.value("SELECT count(*) FROM journal")
    assert editing.change(card, SOAP, actor=None) == card
    assert shop.database.value("SELECT count(*) FROM journal") == entries


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (replace(SOAP, barcodes=()), "S1 belongs to Soap"),
        (replace(SOAP, code="S2"), "6161990000334 belongs to Soap"),
        (replace(SOAP, code="6161990000334", barcodes=()), "belongs to Soap"),
        (replace(SOAP, code="X", barcodes=("S1",)), "S1 belongs to Soap"),
    ],
)
def test_two_products_never_share_a_key(
    editing: ProductEditing, form: ProductForm, words: str
) -> None:
    editing.add(SOAP, actor=None)
    with pytest.raises(Refused, match=words):
        editing.add(form, actor=None)
    milk = editing.add(ProductForm(name="Milk", price_cents=65_00, code="M1"), actor=None)
    with pytest.raises(Refused, match=words):
        editing.change(milk, form, actor=None)


def test_another_spelling_of_a_number_is_the_same_number(editing: ProductEditing) -> None:
    editing.add(replace(SOAP, barcodes=("012345678905",)), actor=None)
    with pytest.raises(Refused, match="belongs to Soap"):
        editing.add(
            ProductForm(name="Other", price_cents=1, barcodes=("0012345678905",)), actor=None
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "has a name"),
        ({"name": "x" * 201}, "Name: longer than 200"),
        ({"category": "x" * 81}, "Category: longer than 80"),
        ({"barcodes": ("6161990000335",)}, "check digit"),
        ({"barcodes": ("Größe",)}, "Barcode Größe: not a barcode"),
        ({"price_cents": -1}, "less than zero"),
        ({"cost_cents": -1}, "less than zero"),
        ({"price_cents": 10**12}, "largest amount"),
        ({"tax_band": "Q"}, "Tax band Q"),
        ({"reorder_level": -1}, "from 0 to"),
        ({"reorder_to": 5_000}, "not below"),
        ({"reorder_level": 9_000, "reorder_to": 5_000}, "not below"),
        ({"supplier_id": "nobody"}, "supplier was removed"),
        ({"code": None, "barcodes": ()}, "code or a barcode"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    shop: Shop, editing: ProductEditing, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        editing.add(replace(SOAP, **changes), actor=None)
    assert shop.database.value("SELECT count(*) FROM product") == 0


def test_two_people_do_not_overwrite_one_another(editing: ProductEditing) -> None:
    seen = editing.add(SOAP, actor=None)
    editing.change(seen, replace(SOAP, price_cents=130_00), actor=None)
    with pytest.raises(ChangedMeanwhile):
        editing.change(seen, replace(SOAP, name="Blue soap"), actor=None)
    with pytest.raises(ChangedMeanwhile):
        editing.remove(seen, actor=None)
    assert editing.card(seen.id).form == replace(SOAP, price_cents=130_00)


def test_a_removed_product_is_gone_and_its_keys_are_free(
    shop: Shop, editing: ProductEditing, manager: Person
) -> None:
    card = editing.add(SOAP, actor=None)
    editing.remove(card, actor=manager)
    assert editing.with_code("S1") is None
    assert shop.catalogue.search("soap") == []
    with pytest.raises(ProductGone):
        editing.card(card.id)
    with pytest.raises(ProductGone):
        editing.change(card, SOAP, actor=None)
    assert editing.add(SOAP, actor=None).id != card.id
    assert bad_books(shop) == set()


def test_an_unknown_code_becomes_a_product_at_the_till(
    shop: Shop, editing: ProductEditing, manager: Person
) -> None:
    cashier = person(shop, CASHIER)
    with pytest.raises(NeedsApproval):
        editing.quick_add("6161990000105", "Milk", 65_00, actor=cashier)
    approval = Approval(manager, "the customer waits")
    card = editing.quick_add("6161990000105", "Milk", 65_00, actor=cashier, approval=approval)
    assert last_note(shop)[1]["reason"] == "the customer waits"
    assert (card.form.code, card.form.barcodes) == (None, ("6161990000105",))
    found = shop.database.row("SELECT actor_id, approver_id FROM journal ORDER BY seq DESC LIMIT 1")
    assert found == {"actor_id": cashier.id, "approver_id": manager.id}
    assert shop.catalogue.item("6161990000105").price_cents == 65_00
    other = editing.quick_add("EGG", "Egg", 15_00, "A", actor=manager)
    assert (other.form.code, other.form.barcodes, other.form.tax_band) == ("EGG", (), "A")


def test_products_are_listed_by_what_is_asked(editing: ProductEditing) -> None:
    editing.add(replace(SOAP, category="Household"), actor=None)
    editing.add(
        ProductForm(name="Milk", price_cents=65_00, code="M1", category="Dairy"), actor=None
    )
    old = ProductForm(name="Old milk", price_cents=1, code="M0", category="Dairy", active=False)
    kept = editing.add(old, actor=None)

    def names(choice: ProductChoice) -> list[str]:
        found = [card.form.name for card in editing.listed(choice, 10)]
        assert editing.count(choice) == len(found)
        return found

    assert names(ProductChoice()) == ["Milk", "Soap"]
    assert names(ProductChoice(with_inactive=True)) == ["Milk", "Old milk", "Soap"]
    assert names(ProductChoice(category="Dairy")) == ["Milk"]
    assert names(ProductChoice(text="mil")) == ["Milk"]
    assert names(ProductChoice(text="6161990000334")) == ["Soap"]
    assert names(ProductChoice(text="???")) == []
    assert names(ProductChoice(ids=frozenset([kept.id]), with_inactive=True)) == ["Old milk"]
    assert [one.form.name for one in editing.listed(ProductChoice(), 1, 1)] == ["Soap"]
    assert editing.categories() == ["Dairy", "Household"]


def test_every_way_to_a_new_price_is_remembered(
    shop: Shop, editing: ProductEditing, manager: Person
) -> None:
    card = editing.add(SOAP, actor=None)
    editing.change(card, replace(SOAP, price_cents=125_00), actor=manager)
    file = shop.directory / "prices.csv"
    file.write_text("code,price,cost\nS1,130,95\n", encoding="utf-8")
    imported = shop.importing.products(file, actor=manager)
    assert imported.import_id is not None
    shop.importing.undo(imported.import_id, actor=None)
    undo, done, edit = editing.prices(card.id)
    assert (edit.old_price_cents, edit.price_cents) == (120_00, 125_00)
    assert (edit.source, edit.staff_id, edit.source_number) == (PriceSource.EDIT, manager.id, None)
    assert (done.old_price_cents, done.price_cents) == (125_00, 130_00)
    assert (done.old_cost_cents, done.cost_cents) == (90_00, 95_00)
    assert (done.source, done.source_number, done.staff_id) == (
        PriceSource.IMPORT,
        imported.import_id,
        manager.id,
    )
    assert (undo.old_price_cents, undo.price_cents, undo.cost_cents) == (130_00, 125_00, 90_00)
    assert (undo.source, undo.staff_id) == (PriceSource.IMPORT_UNDO, None)
    words = [source_words(one.source, one.source_number) for one in (undo, done, edit)]
    number = imported.import_id
    assert words == [f"import {number} taken back", f"import {number}", "changed by hand"]


def test_a_name_that_changes_is_no_change_of_price(shop: Shop, editing: ProductEditing) -> None:
    card = editing.add(SOAP, actor=None)
    editing.change(card, replace(SOAP, name="Blue soap"), actor=None)
    file = shop.directory / "names.csv"
    file.write_text("code,name\nS1,Green soap\n", encoding="utf-8")
    shop.importing.products(file, actor=None)
    assert editing.prices(card.id) == []
    assert editing.card(card.id).form.name == "Green soap"


def test_an_import_leaves_what_people_have_changed(shop: Shop, editing: ProductEditing) -> None:
    file = shop.directory / "goods.csv"
    file.write_text("code,name,price\nS1,Soap,120\n", encoding="utf-8")
    imported = shop.importing.products(file, actor=None)
    card = editing.with_code("S1")
    assert card is not None
    editing.change(card, replace(card.form, price_cents=125_00), actor=None)
    assert imported.import_id is not None
    undone = shop.importing.undo(imported.import_id, actor=None)
    assert undone.left == ["Soap"]
    assert editing.card(card.id).form.price_cents == 125_00


def test_a_history_cannot_be_rewritten(shop: Shop, editing: ProductEditing) -> None:
    card = editing.add(SOAP, actor=None)
    editing.change(card, replace(SOAP, price_cents=1), actor=None)
    with pytest.raises(Exception, match="append-only"):
        shop.database.execute_sql("UPDATE price_change SET price_cents = 2")


def test_products_with_new_prices_are_found_since_a_moment(shop: Shop) -> None:
    milk = shop.goods.products.add(
        ProductForm(name="Milk", price_cents=60_00, code="MI"), actor=None
    )
    tea = shop.goods.products.add(ProductForm(name="Tea", price_cents=90_00, code="TE"), actor=None)
    began = shop.books.now()
    assert shop.goods.products.repriced(began, 10) == []
    shop.goods.products.change(milk, replace(milk.form, price_cents=65_00), actor=None)
    shop.goods.products.change(tea, replace(tea.form, cost_cents=70_00), actor=None)
    found = shop.goods.products.repriced(began, 10)
    assert [card.form.name for card in found] == ["Milk"]
    assert shop.goods.products.repriced(shop.books.now() + timedelta(hours=1), 10) == []
