"""Every master row says which till has changed it last, and in which change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission, Role
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER

ELSEWHERE = Id("e" * 32)


def _put_role(shop: Shop) -> None:
    shop.staffing.put_role(Role("keeper", frozenset({Permission.STOCK}), 0), actor=None)


def _change_customer(shop: Shop) -> None:
    (customer,) = shop.customers.search("")
    shop.customers.change(customer, Particulars(name="Akinyi O."), actor=None)


def _erase_customer(shop: Shop) -> None:
    (customer,) = shop.customers.search("")
    shop.customers.erase(customer, actor=None)


@pytest.mark.spoils_books
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("staff", lambda shop: shop.staffing.rename(CASHIER[0], "Wanjiku", actor=None)),
        ("role", _put_role),
        ("customer", _change_customer),
        ("customer", _erase_customer),
    ],
)
def test_who_changes_a_row_last_stands_in_it(
    shop: Shop, table: str, change: Callable[[Shop], None]
) -> None:
    shop.customers.add(Particulars(name="Akinyi"), actor=None)
    _put_role(shop)
    with shop.database.write():
        shop.database.execute_sql(f"UPDATE {table} SET origin = ?", (ELSEWHERE,))
    before = shop.database.value(f"SELECT max(ver) FROM {table}")
    change(shop)
    rows = shop.database.rows(
        f"SELECT origin, ver FROM {table} WHERE ver > ? AND origin <> ?", (before, ELSEWHERE)
    )
    assert [row["origin"] for row in rows] == [shop.books.node.till_id]
