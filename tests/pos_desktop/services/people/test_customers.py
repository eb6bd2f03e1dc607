"""Customers: found, changed, shown with care, exported and forgotten."""

from __future__ import annotations

import json

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.phone import masked_phone
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import MANAGER, bad_books, person
from tests.pos_desktop.services.customers import add_customer, buy_on_account
from tests.pos_desktop.services.play import play


def test_a_customer_is_found_by_code_phone_and_any_part_of_the_name(selling_shop: Shop) -> None:
    customer = add_customer(selling_shop)
    find = selling_shop.customers.find
    assert {find(text).id for text in (customer.code, "c00001", "0712345678", "254712345678")} == {
        customer.id
    }
    for text in ("akin", "otieno akinyi", "0712345", "345678", "C0000", "example.com"):
        assert [one.id for one in selling_shop.customers.search(text)] == [customer.id], text
    for text in ("wanjiku", "%", "_", "0799"):
        assert selling_shop.customers.search(text) == [], text
    with pytest.raises(Refused, match="F4"):
        find("nobody")


def test_nobody_has_the_phone_of_another(selling_shop: Shop) -> None:
    add_customer(selling_shop)
    with pytest.raises(Refused, match=r"0712 \*\*\* 678"):
        add_customer(selling_shop)


@pytest.mark.parametrize(
    "particulars",
    [
        Particulars(name=" "),
        Particulars(name="A", phone="12"),
        Particulars(name="A", email="nobody"),
        Particulars(name="A", email="a@b.c\nBcc: all@example.com"),
        Particulars(name="A", kra_pin="P1"),
    ],
)
def test_what_cannot_be_is_refused(shop: Shop, particulars: Particulars) -> None:
    with pytest.raises(Refused):
        shop.customers.add(particulars, actor=None)


def test_two_people_do_not_overwrite_one_another(shop: Shop) -> None:
    seen = add_customer(shop)
    shop.customers.change(seen, Particulars(name="Akinyi O."), actor=None)
    with pytest.raises(ChangedMeanwhile):
        shop.customers.change(seen, Particulars(name="A. Otieno"), actor=None)


def test_consent_needs_an_address_and_ends_with_it(shop: Shop) -> None:
    customer = shop.customers.add(Particulars(name="Amina"), actor=None)
    with pytest.raises(Refused):
        shop.customers.consent(customer, given=True, actor=None)
    customer = shop.customers.change(
        customer, Particulars(name="Amina", email="amina@example.com"), actor=None
    )
    customer = shop.customers.consent(customer, given=True, actor=None)
    assert customer.mail_consent_at is not None
    customer = shop.customers.change(customer, Particulars(name="Amina"), actor=None)
    assert customer.mail_consent_at is None


def test_a_receipt_names_the_customer_and_masks_the_phone(selling_shop: Shop) -> None:
    buy_on_account(selling_shop)
    body = str(selling_shop.database.value("SELECT body FROM print_job WHERE kind = 'receipt'"))
    assert "Akinyi Otieno · 0712 *** 678" in body
    assert "0712345678" not in body
    assert "254712345678" not in body
    assert "130.00" in body


def test_history_tells_sales_refunds_and_payments(selling_shop: Shop) -> None:
    customer = buy_on_account(selling_shop)
    play(selling_shop, "refund T1-000001 1*1")
    found = selling_shop.customers.history(customer.id, actor=None)
    assert [(row["kind"], row["gross_cents"], row["account_cents"]) for row in found] == [
        ("refund", -65_00, -65_00),
        ("payment", 30_00, -30_00),
        ("sale", 130_00, 130_00),
    ]
    assert found[1]["receipt"] == "T1-P00001"


def test_a_person_gets_all_that_is_known_of_them(selling_shop: Shop) -> None:
    customer = buy_on_account(selling_shop)
    found = selling_shop.customers.export(customer, actor=None)
    assert json.loads(json.dumps(found)) == found
    assert found["customer"]["phone"] == "254712345678"
    assert found["balance_cents"] == 100_00
    assert found["history"][1]["lines"][0]["name"] == "Milk 500 ml"


def test_a_person_is_erased_from_file_and_papers_and_breaks_nothing(selling_shop: Shop) -> None:
    customer = buy_on_account(selling_shop)
    with pytest.raises(Refused, match="settle"):
        selling_shop.customers.erase(customer, actor=None)
    play(selling_shop, f"customer {customer.code}", "settle 100", "customer -")
    before = selling_shop.closing.x(person(selling_shop, MANAGER)).figures
    # as most builds of SQLite have it; that of Debian overwrites without being asked
    selling_shop.database.execute_sql("PRAGMA secure_delete = OFF").fetchall()
    selling_shop.customers.erase(customer, actor=None)
    selling_shop.reader.close()
    selling_shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    for name in ("shop.sqlite", "shop.sqlite-wal"):
        content = (selling_shop.directory / name).read_bytes()
        for known in (b"Akinyi", b"254712345678", b"akinyi@", b"0712 *** 678"):
            assert known not in content, (name, known)
    assert selling_shop.customers.get(customer.id) is None
    assert selling_shop.closing.x(person(selling_shop, MANAGER)).figures == before
    assert bad_books(selling_shop) == set()
    play(selling_shop, "reprint T1-000001", "refund T1-000001 1*1")
    add_customer(selling_shop)


def test_phones_and_addresses() -> None:
    assert masked_phone("254712345678") == "0712 *** 678"
    assert masked_phone(None) == ""
    assert check_email(" amina@example.co.ke ") == "amina@example.co.ke"
    for wrong in ("amina@", "a b@example.com", "amina@example", "a@b@example.com", "a@é.com"):
        with pytest.raises(Refused):
            check_email(wrong)


def test_who_is_new_may_agree_to_mail_at_once_where_there_is_an_address(selling_shop: Shop) -> None:
    add = selling_shop.customers.add
    with pytest.raises(Refused, match="e-mail address first"):
        add(Particulars(name="Amina"), actor=None, wants_mail=True)
    assert selling_shop.customers.search("amina") == []
    agreed = add(Particulars(name="Amina", email="a@example.org"), actor=None, wants_mail=True)
    assert agreed.mail_consent_at is not None
    kinds = selling_shop.database.rows("SELECT kind FROM journal ORDER BY rowid DESC LIMIT 2")
    assert [row["kind"] for row in kinds] == ["mail consent", "customer added"]
