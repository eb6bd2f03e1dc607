"""A year of a shop, made up by chance: what it sold, took back, was paid by, and closed each day.

Most sales go into the books as they are, many to a transaction. What is subtle (goods that come
back, accounts, vouchers, exchanges, held carts) is typed at the till. The first of two shifts a day
is counted, the second closed by the Z; that of the last day stays open. The same seed makes the
same year.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from pos_desktop.cli.bench import goods
from pos_desktop.domain.grammar import parse_play
from pos_desktop.domain.pricing import Priced
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.staff import CASHIER
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.services.paper.closing_reports import BooksFound
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.storage import sales
from pos_desktop.storage.head import Head, SealOf
from pos_desktop.storage.sales import SaleFrame

FIRST_DAY = date(2026, 1, 1)
MANAGER, PIN = "manager", "1234"
_CASHIERS = (("amina", "Amina", "1111"), ("brian", "Brian", "2222"))
_MOST_BASKETS, _MOST_LINES, _CUSTOMERS = 2000, 11, 5
_BANDS = "BBBBAECD"
_SHIFTS = (time(7), time(14))
_SHIFT_SECONDS = 6 * 3600
_FLOAT_CENTS = 2_000_00
_SOME_GOODS = """
UPDATE product SET
    by_weight = row % 17 = 0, cost_cents = iif(row % 13 = 0, NULL, cost_cents),
    category = iif(row % 19 = 0, NULL, category)
"""
_SOME_LEVELS = """
UPDATE product SET reorder_to = iif(row % 14 = 0, 200000, NULL), reorder_level =
    (SELECT max(l.quantity, 0) + row % 3 - 1 FROM stock_level l WHERE l.product_id = product.id)
WHERE row % 7 = 0
"""
"""Reorder levels just below what is in stock, at it, and above it."""
_SOLD_ON_ACCOUNT = """\
customer {customer}
{code}
2*{other}
10%
pay credit 3
pay cash
customer {customer}
settle 2 card A7
voucher 5
"""
_THE_REST_OF_IT = """\
{other}
pay voucher {voucher} 1.50
pay cash
{code}
{other}
5%%
hold
recall
void
clear
cash out 50 bank
cash in 20.50 change
refund {receipt} 1*1
"""
_BY_THE_MANAGER = """\
{code}
refund {receipt} 2*1
pay cash
return {code}
pay cash
{other}
=7.77
pay card 7.77 A1
no-sale counting
"""


@dataclass(frozen=True)
class Size:
    """How large a year is."""

    days: int = 350
    sales_a_day: int = 240
    products: int = 10_000

    @property
    def period(self) -> tuple[str, str]:
        """The first business day, and the one after the last."""
        return FIRST_DAY.isoformat(), (FIRST_DAY + timedelta(days=self.days)).isoformat()


def make_year(directory: Path, size: Size, seed: int = 2026) -> Shop:
    """Make a shop that has sold for so long, and return it open."""
    make_shop(directory, NewShop(name="Year", manager_name="Manager", manager_pin=PIN))
    shop = open_shop(directory)
    for login, name, pin in _CASHIERS:
        shop.staffing.add(login=login, name=name, role=CASHIER, pin=pin, actor=None)
    shop.importing.products(_goods(directory / "goods.csv", size.products), actor=None)
    shop.database.execute_sql(_SOME_GOODS)
    with _quick(shop):
        _Year(shop, size, random.Random(seed)).make()
    shop.database.execute_sql(_SOME_LEVELS)
    return shop


def _goods(path: Path, count: int) -> Path:
    """Write goods of every VAT band."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(goods.HEADER)
        for place, row in enumerate(goods.rows(count)):
            band = _BANDS[place % len(_BANDS)]
            writer.writerow([*row[:7], band, row[8]])
    return path


@contextmanager
def _quick(shop: Shop) -> Iterator[None]:
    """Let a shop write without waiting for the disk; its head is kept once, at the end."""
    heads: list[tuple[Head, SealOf]] = []

    def keep(head: Head, seal_of: SealOf) -> None:
        heads[:] = [(head, seal_of)]

    advance = shop.head.advance
    shop.head.advance = keep  # type: ignore[method-assign]
    shop.database.execute_sql("PRAGMA synchronous = OFF")
    shop.database.execute_sql("PRAGMA cache_size = -200000")
    yield
    shop.database.execute_sql("PRAGMA synchronous = FULL")
    shop.head.advance = advance  # type: ignore[method-assign]
    advance(*heads[0])


class _Year:
    """The making of a year."""

    def __init__(self, shop: Shop, size: Size, chance: random.Random) -> None:
        self._shop = shop
        self._size = size
        self._chance = chance
        self._people = [shop.till.sign_in(login, pin) for login, _name, pin in _CASHIERS]
        self._manager = shop.till.sign_in(MANAGER, PIN)
        self._customers = [self._customer(number) for number in range(_CUSTOMERS)]
        count = min(size.days * size.sales_a_day, _MOST_BASKETS)
        self._baskets = [self._basket() for _number in range(count)]
        self._receipts: list[ReceiptNumber] = []
        """Receipts of the shift before that goods may come back of."""

    def _customer(self, number: int) -> str:
        customers = self._shop.customers
        made = customers.add(Particulars(name=f"Customer {number}"), actor=None)
        return customers.set_limit(made, 99_999_999_00, actor=None).code

    def _basket(self) -> Priced:
        """Return a priced basket: most without a discount."""
        chance, basket = self._chance, self._shop.till.state.basket
        count = chance.randint(1, _MOST_LINES)
        for place in chance.sample(range(self._size.products), count):
            item = self._shop.catalogue.item(goods.barcode(place))
            quantity = 1 if item.by_weight else 1000
            quantity *= chance.randint(1, 3) if not item.by_weight else chance.randint(50, 3000)
            basket = basket.add(item, quantity)
            if chance.random() < 0.1:
                basket = basket.discount_line(chance.choice((500, 1250, 3333)))
        if chance.random() < 0.1:
            basket = basket.discount_cart(777)
        return self._shop.selling.price(basket, FIRST_DAY.isoformat())

    def make(self) -> None:
        """Make the days, each with its shifts and its Z; the last is left as it stands."""
        last = self._size.days - 1
        for day in range(self._size.days):
            for turn, begin in enumerate(_SHIFTS):
                moment = datetime.combine(FIRST_DAY + timedelta(days=day), begin)
                moment = moment.replace(tzinfo=self._shop.configuration.zone)
                self._open(moment, self._people[(day + turn) % len(self._people)])
                self._sell(moment)
                self._shop.clock.set(moment + timedelta(seconds=_SHIFT_SECONDS))
                if turn == day % len(_SHIFTS):
                    self._do_the_subtle(by_manager=day % 3 == 0)
                if turn == 0:
                    self._count()
            if day != last:
                self._shop.closing.z(self._manager, found=BooksFound())

    def _open(self, moment: datetime, person: Person) -> None:
        self._shop.clock.set(moment)
        shift = self._shop.closing.open_shift(person, _FLOAT_CENTS)
        self._shop.till.state.person, self._shop.till.state.shift = person, shift

    def _sell(self, begin: datetime) -> None:
        """Record a shift's plain sales, in one transaction."""
        count = self._size.sales_a_day // len(_SHIFTS)
        seconds = sorted(self._chance.randrange(_SHIFT_SECONDS) for _number in range(count))
        receipts = []
        with self._shop.database.write():
            for second in seconds:
                self._shop.clock.set(begin + timedelta(seconds=second))
                priced = self._chance.choice(self._baskets)
                receipt = self._record(priced)
                first = [line.item.by_weight for line in priced.lines[:2]]
                if first == [False, False]:
                    receipts.append(receipt)
        self._receipts = receipts

    def _record(self, priced: Priced) -> ReceiptNumber:
        shop, till = self._shop, self._shop.till
        assert till.person is not None
        receipt = sales.next_receipt(shop.database, shop.books.node.till_code)
        frame = SaleFrame(
            sale_id=shop.books.new_id(),
            shift_id=till.shift.id,
            staff_id=till.person.id,
            business_day=till.shift.business_day,
        )
        sale = Sale.of(receipt, priced, self._paid(priced.totals.gross_cents))
        sales.record(shop.database, shop.books, sale, frame)
        return receipt

    def _paid(self, due: int) -> Payment:
        payment = Payment(due_cents=due, rules=self._shop.configuration.rounding)
        how = self._chance.random()
        if how < 0.5:
            return payment.cash(-(-payment.cash_due_cents // 100_00) * 100_00)
        if how < 0.7:
            return payment.mpesa_push(reference="SKL6")
        if how < 0.75:
            return payment.exact(TenderKind.MPESA, reference="SKL7")
        if how < 0.9:
            return payment.exact(TenderKind.CARD, reference="4417")
        return payment.exact(TenderKind.CARD, due // 2, reference="4418").cash()

    def _do_the_subtle(self, *, by_manager: bool) -> None:
        """Type what a cashier types beside plain sales, and what a manager alone may."""
        words = {
            "customer": self._chance.choice(self._customers),
            "receipt": str(self._chance.choice(self._receipts)),
            "code": self._code(1),
            "other": self._code(2),
        }
        self._type(_SOLD_ON_ACCOUNT.format(**words))
        newest = "SELECT code FROM voucher ORDER BY fact_id DESC LIMIT 1"
        words["voucher"] = str(self._shop.database.value(newest))
        self._type(_THE_REST_OF_IT.format(**words))
        if by_manager:
            self._shop.till.state.person = self._manager
            self._type(_BY_THE_MANAGER.format(**words))

    def _code(self, rest: int) -> str:
        """Return the code of one of the goods that are sold by the piece."""
        place = self._chance.randrange(self._size.products // 17) * 17 + rest
        return f"C{place}"

    def _type(self, lines: str) -> None:
        for line in lines.splitlines():
            self._shop.desk.execute(parse_play(line))

    def _count(self) -> None:
        """Count the drawer, now and then a little off, and close the shift."""
        expected = -self._shop.closing.judged(0).variance_cents
        person = self._shop.till.state.person
        assert person is not None
        off = self._chance.choice((0, 0, 0, -50, 10_00))
        self._shop.closing.close_shift(person, expected + off, reason="small change" if off else "")
