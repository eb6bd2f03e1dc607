"""Suppliers: listed, searched, changed and removed, and never in the journal by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.product import ProductChoice, ProductForm
from pos_desktop.domain.supplier import Supplier, SupplierForm
from pos_desktop.services.people.acting import ChangedMeanwhile, NeedsApproval
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person

BROOKSIDE = SupplierForm(
    name="Brookside Dairy",
    code="BD",
    contact="Otieno Ouma",
    phone="0712345678",
    email="orders@brookside.example",
    address="Ruiru",
    kra_pin="p051234567x",
    terms="Cheque on delivery of the next lot",
    terms_days=30,
    note="Closed on Sundays",
)


def test_a_supplier_is_kept_whole(shop: Shop) -> None:
    found = shop.goods.suppliers.add(BROOKSIDE, actor=None)
    assert found.form == replace(BROOKSIDE, kra_pin="P051234567X")
    assert shop.goods.suppliers.supplier(found.id) == found
    assert bad_books(shop) == set()


def test_suppliers_are_listed_and_searched(shop: Shop) -> None:
    for form in (BROOKSIDE, SupplierForm(name="Émile Wholesale"), SupplierForm(name="almasi")):
        shop.goods.suppliers.add(form, actor=None)

    def names(text: str = "") -> list[str]:
        return [one.form.name for one in shop.goods.suppliers.listed(text)]

    assert names() == ["almasi", "Brookside Dairy", "Émile Wholesale"]
    assert names("emile") == ["Émile Wholesale"]
    assert names("otieno ruiru") == ["Brookside Dairy"]
    assert names("0712") == ["Brookside Dairy"]
    assert names("otieno nairobi") == []


def test_a_change_is_told_by_its_fields_alone(shop: Shop) -> None:
    manager = person(shop, MANAGER)
    found = shop.goods.suppliers.add(BROOKSIDE, actor=manager)
    form = replace(found.form, phone="0799999999", contact="Achieng")
    changed = shop.goods.suppliers.change(found, form, actor=manager)
    assert changed.form == form
    assert shop.goods.suppliers.change(changed, form, actor=manager) == changed
    shop.goods.suppliers.remove(changed, actor=manager)
    rows = shop.database.rows(
        "SELECT kind, detail, actor_id FROM journal WHERE kind LIKE 'supplier%' ORDER BY seq"
    )
    assert [row["kind"] for row in rows] == [
        "supplier added",
        "supplier changed",
        "supplier removed",
    ]
    assert rows[1]["detail"] == f'{{"fields":["contact","phone"],"supplier":"{found.id}"}}'
    assert {row["actor_id"] for row in rows} == {manager.id}
    written = str(shop.database.rows("SELECT detail FROM journal"))
    assert not [
        word
        for word in ("Otieno", "Achieng", BROOKSIDE.phone, form.phone, "Ruiru")
        if word in written
    ]


def test_two_people_do_not_overwrite_one_another(shop: Shop) -> None:
    seen = shop.goods.suppliers.add(BROOKSIDE, actor=None)
    shop.goods.suppliers.change(seen, replace(seen.form, phone="1"), actor=None)
    with pytest.raises(ChangedMeanwhile):
        shop.goods.suppliers.change(seen, replace(seen.form, phone="2"), actor=None)
    with pytest.raises(ChangedMeanwhile):
        shop.goods.suppliers.remove(seen, actor=None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "has a name"),
        ({"name": "BROOKSIDE  dairy", "code": None}, "supplier Brookside Dairy already"),
        ({"name": "Other"}, "code BD is that of Brookside"),
        ({"name": "Other", "code": "O", "email": "here"}, "e-mail address such as"),
        ({"name": "Other", "code": "O", "email": "a@b.example, c@d.example"}, "such as"),
        ({"name": "Other", "code": "O", "kra_pin": "12"}, "KRA PIN"),
        ({"name": "Other", "code": "O", "terms_days": -1}, "0 to 365"),
        ({"name": "Other", "code": "O", "phone": "1" * 201}, "at most 200"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    shop: Shop, changes: dict[str, Any], words: str
) -> None:
    shop.goods.suppliers.add(BROOKSIDE, actor=None)
    with pytest.raises(Refused, match=words):
        shop.goods.suppliers.add(replace(BROOKSIDE, **changes), actor=None)
    assert len(shop.goods.suppliers.listed()) == 1


def test_a_removed_supplier_leaves_its_products(shop: Shop) -> None:
    found = shop.goods.suppliers.add(BROOKSIDE, actor=None)
    form = ProductForm(name="Milk", price_cents=65_00, code="M1", supplier_id=found.id)
    card = shop.goods.products.add(form, actor=None)
    assert card.supplier == "Brookside Dairy"
    chosen = shop.goods.products.listed(ProductChoice(supplier_id=found.id), 5)
    assert [one.id for one in chosen] == [card.id]
    shop.goods.suppliers.remove(found, actor=None)
    assert shop.goods.suppliers.listed() == []
    after = shop.goods.products.card(card.id)
    assert (after.supplier, after.form.supplier_id) == ("", None)
    with pytest.raises(Refused, match="supplier was removed"):
        shop.goods.suppliers.supplier(found.id)
    again = shop.goods.suppliers.add(BROOKSIDE, actor=None)
    assert again.id != found.id
    assert bad_books(shop) == set()


def test_a_cashier_may_not(shop: Shop) -> None:
    cashier, found = person(shop, CASHIER), shop.goods.suppliers.add(BROOKSIDE, actor=None)
    for act in (
        lambda: shop.goods.suppliers.add(SupplierForm(name="Mine"), actor=cashier),
        lambda: shop.goods.suppliers.change(found, SupplierForm(name="Mine"), actor=cashier),
        lambda: shop.goods.suppliers.remove(found, actor=cashier),
    ):
        with pytest.raises(NeedsApproval):
            act()
    assert shop.goods.suppliers.listed() == [
        Supplier(id=found.id, ver=found.ver, form=replace(BROOKSIDE, kra_pin="P051234567X"))
    ]
