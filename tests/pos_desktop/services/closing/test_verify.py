"""`verify` on a shop with facts of every kind: each check finds its own edit."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from pos_desktop import settings
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.stock_take import Uncounted
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import fact_rows, stock_take_parts
from pos_desktop.storage.audit import run_checks
from pos_desktop.storage.books import FACT_TABLES
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.journal import rows_digest
from tests.pos_desktop.conftest import MANAGER, add_product, bad_books, person, product_id
from tests.pos_desktop.services.customers import buy_on_account
from tests.pos_desktop.services.play import play

OUTSIDE = {("fact", "sent_at")}
"""Columns that no digest holds: what the network does with a fact is no part of it."""


@pytest.fixture
def closed_shop(selling_shop: Shop) -> Shop:
    """A shop with a day that was closed and a shift after it."""
    play(selling_shop, "3*SUGAR", "0.750*TOM", "10%", "pay cash 1000", "cash in 50 change", "z")
    play(selling_shop, "shift open 100", "MILK", "pay cash", "refund T1-000002")
    buy_on_account(selling_shop)
    play(selling_shop, "voucher 500")
    voucher = str(selling_shop.database.value("SELECT code FROM voucher"))
    play(selling_shop, "MILK", f"pay voucher {voucher}")
    move_stock(selling_shop)
    assert bad_books(selling_shop) == set()
    return selling_shop


def move_stock(shop: Shop) -> None:
    """Receive goods, give some back, correct stock and count it."""
    supplier, milk = (
        shop.goods.suppliers.add(SupplierForm(name="Dairy"), actor=None),
        product_id(shop, "MILK"),
    )
    line = GoodsLine(product_id=milk, quantity=9_000, cost_cents=40_00)
    delivery = Delivery(lines=(line,), supplier_id=supplier.id, document="7")
    manager = person(shop, MANAGER)
    shop.goods.receiving.receive(delivery, actor=manager)
    shop.goods.receiving.give_back(delivery, actor=manager)
    shop.goods.correcting.correct({milk: -1_000}, "other", "dropped", actor=manager)
    take = shop.goods.taking.begin(actor=manager)
    shop.goods.taking.count(take.id, milk, 5_000, actor=manager)
    found = shop.goods.taking.lines_that_hold(take, Uncounted.LEFT)
    with shop.database.write():
        stock_take_parts.record(
            shop.database,
            shop.books,
            take,
            found,
            Uncounted.LEFT,
            business_day=shop.closing.business_day(),
            actor_id=manager.id,
        )
    shop.goods.taking.finish(take.id, actor=manager)


def _open_to_edits(database: ShopDatabase) -> None:
    """Let this transaction change what triggers and links protect; a rollback brings all back."""
    database.execute_sql("PRAGMA defer_foreign_keys = 1")
    for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        database.execute_sql(f"DROP TRIGGER {row['name']}")


def _other_value(column: str, kind: str) -> str:
    if column == "kind":
        return "'card'"
    return f"coalesce({column}, 0) + 100" if kind == "INTEGER" else f"coalesce({column}, '') || ' '"


@pytest.mark.parametrize("table", ["fact", *FACT_TABLES])
def test_no_column_of_a_fact_is_changed_unseen(closed_shop: Shop, table: str) -> None:
    database = closed_shop.database
    columns = database.rows(f"PRAGMA table_info({table})")
    where = " AND ".join(
        f"{column['name']} = (SELECT max({column['name']}) FROM {table})"
        for column in columns
        if column["pk"] == 1
    )
    assert database.value(f"SELECT count(*) FROM {table}")
    for column in columns:
        name = column["name"]
        if (table, name) in OUTSIDE:
            continue
        with database.atomic() as transaction:
            _open_to_edits(database)
            sets = f"{name} = {_other_value(name, column['type'])}"
            database.execute_sql(f"UPDATE {table} SET {sets} WHERE {where}")
            assert "facts" in bad_books(closed_shop), name
            transaction.rollback()
    assert bad_books(closed_shop) == set()


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE sale SET gross_cents = gross_cents + 1", "sums"),
        ("UPDATE sale SET vat_cents = vat_cents + 1, net_cents = net_cents - 1", "sums"),
        ("UPDATE sale SET discount_cents = discount_cents + 1", "sums"),
        ("UPDATE sale SET rounding_cents = rounding_cents + 1", "sums"),
        ("UPDATE sale_line SET gross_cents = gross_cents + 1, net_cents = net_cents + 1", "sums"),
        ("UPDATE tender SET amount_cents = amount_cents + 1", "sums"),
        ("UPDATE sale_line SET quantity = -9000 WHERE refunded_no IS NOT NULL", "refunds"),
        ("UPDATE sale SET is_refund = 1 WHERE refund_of IS NULL", "refunds"),
        ("UPDATE voucher_entry SET amount_cents = -1", "vouchers"),
        ("UPDATE customer SET credit_limit_cents = credit_limit_cents + 1", "limits"),
        ("UPDATE counter SET value = value + 1 WHERE name LIKE 'payment/%'", "numbers"),
        ("UPDATE counter SET value = value + 1 WHERE name LIKE 'receipt/%'", "numbers"),
        ("UPDATE counter SET value = value + 1 WHERE name LIKE 'z/%'", "numbers"),
        ("DELETE FROM counter WHERE name LIKE 'receipt/%'", "numbers"),
        ("UPDATE sale SET receipt_number = 9 WHERE receipt_number = 2", "numbers"),
        ("UPDATE stock_level SET quantity = quantity + 1000", "stock"),
        ("DELETE FROM stock_level", "stock"),
        ("DELETE FROM product", "links"),
    ],
)
def test_each_check_finds_its_own(closed_shop: Shop, statement: str, check: str) -> None:
    with closed_shop.database.atomic() as transaction:
        _open_to_edits(closed_shop.database)
        closed_shop.database.execute_sql(statement)
        assert check in bad_books(closed_shop)
        transaction.rollback()


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE tender SET kind = 'gold'", "facts"),
        ("UPDATE shift_close SET figures = 'x'", "closings"),
        ("UPDATE z_report SET figures = '{'", "closings"),
        ("UPDATE journal SET detail = 'x'", "journal"),
        ("UPDATE setting SET value = 'x'", "seals"),
        ("UPDATE tax_rate SET valid_from = 'x'", "seals"),
        ("UPDATE sale SET till_code = 'x', receipt_number = -receipt_number", "facts"),
        ("UPDATE fact SET business_day = 'x'", "facts"),
    ],
)
def test_what_cannot_even_be_read_is_a_finding(
    closed_shop: Shop, statement: str, check: str
) -> None:
    with closed_shop.database.atomic() as transaction:
        _open_to_edits(closed_shop.database)
        closed_shop.database.execute_sql(statement)
        assert check in bad_books(closed_shop)
        transaction.rollback()


@pytest.mark.spoils_books
def test_a_shop_with_a_spoilt_setting_opens_and_is_found_out(closed_shop: Shop) -> None:
    closed_shop.database.execute_sql("UPDATE setting SET value = 'x'")
    again = open_shop(closed_shop.directory)
    assert again.configuration.get(settings.SHOP_NAME) == ""
    assert "seals" in bad_books(again)
    again.close()


@pytest.mark.spoils_books
def test_a_shop_with_a_spoilt_tax_rate_is_told(closed_shop: Shop) -> None:
    closed_shop.database.execute_sql("UPDATE tax_rate SET valid_from = 'x' WHERE band = 'B'")
    with pytest.raises(FileUnusable):
        open_shop(closed_shop.directory)


def test_a_receipt_that_is_gone_is_missed_by_the_head(closed_shop: Shop) -> None:
    with closed_shop.database.atomic() as transaction:
        _open_to_edits(closed_shop.database)
        closed_shop.database.execute_sql(
            "DELETE FROM sale WHERE receipt_number = (SELECT max(receipt_number) FROM sale)"
        )
        checks = run_checks(closed_shop.database, closed_shop.key, closed_shop.head)
        (found,) = [check.detail for check in checks if check.check == "head"]
        assert "receipt T1-000005 is gone" in found
        transaction.rollback()


def test_a_later_program_may_tell_more_of_an_old_day(
    closed_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Figures.as_plain

    def with_a_new_word(figures: Figures) -> dict[str, Any]:
        return {**plain(figures), "average_sale_cents": 1}

    monkeypatch.setattr(Figures, "as_plain", with_a_new_word)
    assert bad_books(closed_shop) == set()
    monkeypatch.setattr(Figures, "as_plain", lambda figures: {**plain(figures), "sales": 7})
    assert bad_books(closed_shop) == {"closings"}


def test_the_fast_digests_are_those_of_the_journal_whatever_stands_in_a_name(
    selling_shop: Shop,
) -> None:
    names = ['a "quoted" \\ name', "tab\tnew\nline\r\x01\x1f\x7f", "ünï 商 🍅", "'; --", "null"]
    for number, name in enumerate(names):
        add_product(selling_shop, f"N{number}", name, 10_00, category=name)
        play(selling_shop, f"2*N{number}", "pay cash")
    database = selling_shop.database
    kept = {
        row["fact_id"]: row["digest"]
        for row in database.rows("SELECT fact_id, digest FROM journal WHERE fact_id IS NOT NULL")
    }
    assert dict(fact_rows.digests(database)) == kept
    for fact_id, digest in kept.items():
        assert rows_digest(fact_rows.rows_of(database, fact_id)) == digest


def test_a_page_that_fails_the_end_of_the_checks_is_damage(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_given: object, **_named: object) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(shop.database, "commit", failing)
        with pytest.raises(FileUnusable):
            run_checks(shop.database, shop.key, shop.head)
