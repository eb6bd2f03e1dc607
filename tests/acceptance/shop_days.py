"""Whole days of a shop, made up by chance and kept in a second set of books beside the till's.

The second books are made from what is typed and what is printed, with fractions and dictionaries
alone: they share no arithmetic with the program.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from pos_desktop import settings
from pos_desktop.domain.customer import Customer
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import parse_play
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop
from pos_desktop.storage.sales import StoredSale
from tests.pos_desktop.conftest import MANAGER, add_product

ZONE = ZoneInfo("Africa/Nairobi")
BANDS = {"A": 0, "B": 1600, "C": 0, "D": 0, "E": 800}
GOODS = 60


def half_up(value: Fraction) -> int:
    """Round to the nearest whole, halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


@dataclass
class Sums:
    """What the second books hold of a stretch of time, in cents."""

    sales: int = 0
    refunds: int = 0
    gross: int = 0
    vat: int = 0
    rounding: int = 0
    discount: int = 0
    on_account: int = 0
    bands: Counter[str] = field(default_factory=Counter)
    tenders: Counter[str] = field(default_factory=Counter)
    cash_moved: int = 0
    voids: int = 0

    @property
    def in_drawer(self) -> int:
        return self.tenders["cash"] + self.cash_moved


@dataclass
class Line:
    """What was scanned: thousandths, cents and hundredths of a percent."""

    code: str
    quantity: int
    price: int
    share: int = 0


class Days:
    """Plays a shop's days, and keeps the second books."""

    def __init__(self, shop: Shop, chance: random.Random) -> None:
        self.shop = shop
        self.chance = chance
        self.now = datetime(2026, 1, 2, 7, tzinfo=ZONE)
        self.shift = Sums()
        self.day = Sums()
        self.all = Sums()
        self.stock: Counter[str] = Counter()
        self.owed: Counter[str] = Counter()
        self.vouchers: Counter[str] = Counter()
        self.receipts: list[int] = []
        self.floats = 0
        self.customers: list[Customer] = []
        self.prices: dict[str, tuple[int, str, bool]] = {}
        self._stock_up()

    def _stock_up(self) -> None:
        for number in range(GOODS):
            band = "ABCDE"[number % 5]
            price = self.chance.choice([1, 5_00, 19_99, 65_00, 120_37, 999_00, 12_345_67])
            weighed = number % 7 == 0
            code = f"G{number}"
            add_product(
                self.shop, code, f"Goods {number}", price, tax_band=band, by_weight=int(weighed)
            )
            self.prices[code] = price, band, weighed
        for number in range(5):
            made = self.shop.customers.add(Particulars(name=f"Customer {number}"), actor=None)
            self.customers.append(self.shop.customers.set_limit(made, 99_999_999_00, actor=None))

    def type(self, line: str) -> Reply:
        """Type a line as a cashier does."""
        return self.shop.desk.execute(parse_play(line))

    # a day

    def open_shift(self) -> None:
        """Sign in and open a shift with a float by chance."""
        self._set_clock(self.now)
        self.type("login " + " ".join(MANAGER))
        self.floats = self.chance.choice([0, 500_00, 2_000_00])
        self.type(f"shift open {self.floats / 100:.2f}")
        self.shift = Sums()

    def one(self) -> None:
        """Do one thing that a customer or the drawer wants."""
        self._set_clock(self.now + timedelta(seconds=self.chance.randint(20, 400)))
        act = self.chance.choices(
            (self._sale, self._void, self._refund, self._exchange, self._cash, self._account),
            (70, 6, 10, 5, 4, 5),
        )[0]
        act()

    def next_day(self) -> None:
        """Let the day be over: what comes next counts into another one, and begins at seven."""
        self.day = Sums()
        self.now = self.now.replace(hour=7) + timedelta(days=1)

    def _set_clock(self, now: datetime) -> None:
        self.now = now
        self.shop.clock.set(now)

    def _books(self) -> tuple[Sums, Sums, Sums]:
        return self.shift, self.day, self.all

    # what customers do

    def _scan(self, most: int = 6) -> int:
        """Put goods into the cart, some discounted; return what they come to by our own sums."""
        lines: list[Line] = []
        for code in self.chance.choices(sorted(self.prices), k=self.chance.randint(1, most)):
            price, _band, weighed = self.prices[code]
            quantity = self.chance.randint(1, 3000) if weighed else 1000 * self.chance.randint(1, 4)
            self.type(f"{quantity / 1000:.3f}*{code}" if weighed else f"{quantity // 1000}*{code}")
            lines.append(Line(code, quantity, price))
            if weighed or not self._merged(lines):
                lines[-1].share = self._discount()
        share = self._cart_discount()
        after = 0
        for line in lines:
            full = half_up(Fraction(line.price * line.quantity, 1000))
            after += full - half_up(Fraction(full * line.share, 10_000))
        return after - half_up(Fraction(after * share, 10_000))

    def _merged(self, lines: list[Line]) -> bool:
        """Count the same goods on one line, as the till does where neither has a discount."""
        new = lines[-1]
        for line in lines[:-1]:
            if line.code == new.code and not line.share:
                line.quantity += new.quantity
                lines.pop()
                return True
        return False

    def _discount(self) -> int:
        share = self.chance.choice([0, 0, 0, 500, 1250, 3333])
        if share:
            self.type(f"{share / 100:.2f}%")
        return share

    def _cart_discount(self) -> int:
        share = self.chance.choice([0, 0, 0, 0, 1000, 777])
        if share:
            self.type(f"{share / 100:.2f}%%")
        return share

    def _pay(self, due: int) -> Reply:
        """Pay what is due, often in parts; keep what each tender brought."""
        paid: Counter[str] = Counter()
        reply = Reply()
        if due > 100 and self.chance.random() < 0.3:
            part = self.chance.randint(1, due - 1)
            reply = self._pay_part(part, paid)
            due -= part
        if due > 0 and self.chance.random() < 0.2:
            reply = self._pay_part(due, paid)
        else:
            step = self.shop.configuration.get(settings.CASH_ROUNDING_CENTS)
            cash = half_up(Fraction(due, step)) * step
            given = cash + self.chance.choice([0, 0, 100_00, 1])
            reply = self.type(f"pay cash {given / 100:.2f}" if cash else "pay cash")
            assert reply.change_cents == (given - cash if cash else 0)
            paid["cash"] += cash
            for sums in self._books():
                sums.rounding += cash - due
        for sums in self._books():
            sums.tenders.update(paid)
        return reply

    def _pay_part(self, part: int, paid: Counter[str]) -> Reply:
        voucher = self._voucher_for(part)
        kind = self.chance.choice(["card", "credit", "voucher" if voucher else "card"])
        paid[kind] += part
        if kind == "card":
            return self.type(f"pay card {part / 100:.2f} REF")
        if kind == "voucher":
            self.vouchers[voucher] -= part
            return self.type(f"pay voucher {voucher} {part / 100:.2f}")
        return self._on_account(part)

    def _on_account(self, part: int) -> Reply:
        customer_id = self.shop.till.state.basket.customer_id
        assert customer_id is not None
        self.owed[customer_id] += part
        return self.type(f"pay credit {part / 100:.2f}")

    def _voucher_for(self, part: int) -> str:
        return next((code for code, left in self.vouchers.items() if left >= part), "")

    def _sale(self) -> None:
        self.type(f"customer {self.chance.choice(self.customers).code}")
        reply = self._pay(self._scan())
        assert reply.receipt is not None
        self._keep(reply.receipt)
        self.receipts.append(reply.receipt.counter)

    def _void(self) -> None:
        """Take a line and then the whole sale away; or hold it and take it up again."""
        total = self._scan()
        if self.chance.random() < 0.3:
            self.type("hold")
            self.type("recall")
        self.type("clear")
        for sums in self._books():
            sums.voids += total

    def _refund(self) -> None:
        """Let some of an old receipt come back; what cannot is refused and changes nothing."""
        if not self.receipts:
            return
        counter = self.chance.choice(self.receipts[-50:])
        parts = self._parts(counter)
        try:
            reply = self.type(f"refund T1-{counter:06d} {parts}")
        except Refused:
            assert self.shop.till.state.basket.is_empty
            return
        assert reply.receipt is not None
        self._keep_money_back(self._keep(reply.receipt))

    def _parts(self, counter: int) -> str:
        stored = self.shop.selling.find(ReceiptNumber("T1", counter))
        lines = [line for line in stored.sale.lines if self.chance.random() < 0.7]
        return " ".join(
            f"{line.key}*{self.chance.randint(1, line.quantity) / 1000:.3f}"
            if line.item.by_weight
            else f"{line.key}*{self.chance.randint(1, max(line.quantity // 1000, 1))}"
            for line in lines
        )

    def _keep_money_back(self, stored: StoredSale) -> None:
        """Keep by which tenders money went back: together what the goods were worth."""
        for tender in stored.sale.tenders:
            for sums in self._books():
                sums.tenders[tender.kind.value] += tender.amount_cents
                sums.rounding += tender.rounding_cents
            if tender.kind.value == "credit":
                assert stored.frame.customer_id is not None
                self.owed[stored.frame.customer_id] += tender.amount_cents
            if tender.kind.value == "voucher":
                voucher = self.shop.vouchers.issued_by(stored.frame.sale_id)
                assert voucher is not None
                self.vouchers[voucher.code] -= tender.amount_cents
        given = sum(one.amount_cents - one.rounding_cents for one in stored.sale.tenders)
        assert given == stored.sale.totals.gross_cents

    def _exchange(self) -> None:
        """Bring one receipt's goods back and take others in the same go."""
        if not self.receipts:
            return
        counter = self.chance.choice(self.receipts[-50:])
        total = self._scan(most=3)
        try:
            self.type(f"refund T1-{counter:06d}")
        except Refused:
            self.type("clear")
            for sums in self._books():
                sums.voids += total
            return
        due = self.shop.till.payment().due_cents
        assert due == total - self.shop.till.state.basket.returned_cents
        reply = self.type("pay cash")
        assert reply.receipt is not None
        for receipt in (reply.receipt, ReceiptNumber("T1", reply.receipt.counter + 1)):
            self._keep_money_back(self._keep(receipt))

    def _cash(self) -> None:
        cents = self.chance.randint(1, 50_000)
        way = self.chance.choice(["in", "out"])
        self.type(f"cash {way} {cents / 100:.2f} change for the drawer")
        for sums in self._books():
            sums.cash_moved += cents if way == "in" else -cents

    def _account(self) -> None:
        cents = self.chance.randint(1, 100_000)
        how = self.chance.choice(["", " card B1"])
        if self.chance.random() < 0.5:
            customer = self.chance.choice(self.customers)
            self.type(f"customer {customer.code}")
            self.type(f"settle {cents / 100:.2f}{how}")
            self.owed[customer.id] -= cents
        else:
            known = set(self.vouchers)
            self.type(f"voucher {cents / 100:.2f}{how}")
            rows = self.shop.database.rows("SELECT code FROM voucher")
            (new,) = {row["code"] for row in rows} - known - set(self._used_up())
            self.vouchers[new] += cents
        for sums in self._books():
            sums.tenders["card" if how else "cash"] += cents
            sums.on_account += cents

    def _used_up(self) -> list[str]:
        return [code for code, left in self.vouchers.items() if left <= 0]

    # the second books

    def _keep(self, receipt: ReceiptNumber) -> StoredSale:
        """Enter a receipt line by line, with the tax worked out here."""
        stored = self.shop.selling.find(receipt)
        sale = stored.sale
        gross = vat = 0
        for line in sale.lines:
            price, band, _weighed = self.prices[line.item.code]
            rate = BANDS[band]
            tax = half_up(Fraction(line.gross_cents * rate, 10_000 + rate))
            assert (line.item.price_cents, line.rate_bp, line.vat_cents) == (price, rate, tax)
            gross, vat = gross + line.gross_cents, vat + tax
            self.stock[line.item.code] -= line.quantity
            for sums in self._books():
                sums.bands[band] += line.gross_cents
                sums.discount += line.full_cents - line.gross_cents
        for sums in self._books():
            sums.gross += gross
            sums.vat += vat
            sums.refunds += stored.frame.is_refund
            sums.sales += not stored.frame.is_refund
        assert (sale.totals.gross_cents, sale.totals.vat_cents) == (gross, vat)
        return stored
