"""A shop that has sold for some weeks, and its books read a second time without the reports.

The lines are read by one plain SELECT each and summed up in Python: what a report says must be
what stands there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import CASHIER
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import demo_shop, make_shop
from tests.pos_desktop.conftest import MANAGER, person
from tests.pos_desktop.services.play import play

ZONE = ZoneInfo("Africa/Nairobi")
FIRST, LAST = date(2026, 1, 26), date(2026, 3, 8)
"""Six weeks from a Monday to a Sunday, with all of February in them."""
STAFF = (("cashier", "1111"), ("juma", "2222"))


def sold_shop(directory: Path) -> Shop:
    """Make such a shop: discounts, refunds, exchanges, an account, two cashiers, short days."""
    make_shop(directory, demo_shop())
    shop = open_shop(directory)
    shop.staffing.add(login="juma", name="Juma", role=CASHIER, pin="2222", actor=None)
    supplier = shop.goods.suppliers.add(SupplierForm(name="Mill"), actor=None)
    customer = shop.customers.add(Particulars(name="Akinyi"), actor=None)
    shop.customers.set_limit(customer, 10_000_000_00, actor=None)
    with shop.database.write():
        shop.database.execute_sql(
            "UPDATE product SET supplier_id = ? WHERE row % 3 = 0", (supplier.id,)
        )
        shop.database.execute_sql("UPDATE product SET category = NULL WHERE row % 7 = 0")
    chance, day = random.Random(12), FIRST
    while day <= LAST:
        if chance.random() < 0.4:
            _sell_a_day(shop, day, chance, f"customer {customer.code}")
        day += timedelta(days=1)
    with shop.database.write():
        shop.database.execute_sql("UPDATE print_job SET state = 'printed'")
    return shop


def _sell_a_day(shop: Shop, day: date, chance: random.Random, customer: str) -> None:
    """Sell for a day; some end after midnight, and belong to the day before all the same."""
    shop.till.state.person = person(shop, chance.choice(STAFF))
    hours = sorted(chance.sample([8, 9, 12, 17, 20, 23, 24], chance.randint(1, 4)))
    at = datetime.combine(day, datetime.min.time(), ZONE)
    play(shop, f"at {at + timedelta(hours=7):%Y-%m-%dT%H:%M:%S}", "shift open 50")
    for hour in hours:
        play(shop, f"at {at + timedelta(hours=hour, minutes=20):%Y-%m-%dT%H:%M:%S}")
        for line in _sale(chance, customer):
            with suppress(Refused):
                play(shop, line)
        shop.till.clear()
    shop.till.state.person = person(shop, MANAGER)
    play(shop, "z")


def _sale(chance: random.Random, customer: str) -> Iterator[str]:
    for _line in range(chance.randint(1, 4)):
        yield f"{chance.randint(1, 5)}*P{chance.randint(1, 12):03d}"
        if chance.random() < 0.3:
            yield f"{chance.randint(1, 10)}%"
    if chance.random() < 0.2:
        yield "5%%"
    yield chance.choice(["pay cash", "pay card 10 A1", "pay mpesa-code QAB123XY01", customer])
    yield chance.choice(["pay cash", "pay credit"])
    if chance.random() < 0.3:
        yield "refund T1-000001 1*1" if chance.random() < 0.5 else "P004"
    if chance.random() < 0.4:
        yield "refund " + f"T1-{chance.randint(1, 20):06d} 1*1"
    yield "pay cash"
    if chance.random() < 0.2:
        yield customer
        yield "settle 20"


@dataclass(frozen=True)
class Line:
    """A line of a sale, with what of the sale it needs."""

    sale: str
    day: str
    hour: str
    staff: str
    is_refund: bool
    tenders: frozenset[str]
    product: str
    category: str
    supplier: str | None
    band: str
    gross: int
    net: int
    vat: int
    discount: int
    quantity: int
    cost: int | None


@dataclass(frozen=True)
class Books:
    """All sales of a shop, their lines, and the payments with each kind of tender."""

    sales: dict[str, dict[str, Any]]
    lines: list[Line]
    tenders: list[tuple[str, str, str, str, int]]
    """Fact, business day, person, kind and cents: of sales and of payments on account."""

    @classmethod
    def of(cls, shop: Shop) -> Books:
        """Read a shop's books."""
        read = shop.reader.rows
        sales = {row["id"]: row for row in read("SELECT * FROM sale")}
        tenders = [
            (row["sale_id"], *_of(sales[row["sale_id"]]), row["kind"], row["amount_cents"])
            for row in read("SELECT * FROM tender")
        ] + [
            (row["id"], *_of(row), row["kind"], row["amount_cents"])
            for row in read("SELECT * FROM account_payment")
        ]
        products = {row["id"]: row for row in read("SELECT * FROM product")}
        kinds: dict[str, set[str]] = {}
        for fact, _day, _staff, kind, _cents in tenders:
            kinds.setdefault(fact, set()).add(kind)
        lines = [
            _line(row, sales[row["sale_id"]], kinds, products[row["product_id"]])
            for row in read("SELECT * FROM sale_line")
        ]
        return cls(sales, lines, tenders)


def _of(row: dict[str, Any]) -> tuple[str, str]:
    return row["business_day"], row["staff_id"]


def _line(
    row: dict[str, Any], sale: dict[str, Any], kinds: dict[str, set[str]], product: dict[str, Any]
) -> Line:
    at = datetime.fromtimestamp(sale["sold_at"] / 1000, ZONE)
    return Line(
        sale=sale["id"],
        day=sale["business_day"],
        hour=f"{at:%H}:00",
        staff=sale["staff_id"],
        is_refund=sale["is_refund"] is not None,
        tenders=frozenset(kinds.get(sale["id"], ())),
        product=row["product_id"],
        category=row["category"] or "",
        supplier=product["supplier_id"],
        band=f"{row['tax_band']}:{row['tax_rate_bp']}",
        gross=row["gross_cents"],
        net=row["net_cents"],
        vat=row["vat_cents"],
        discount=row["discount_cents"] + row["cart_discount_cents"],
        quantity=row["quantity"],
        cost=row["cost_cents"],
    )
