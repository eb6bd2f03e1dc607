"""Customers who pay the number by themselves, at two tills: found without typing, or offered.

The cashier presses F9 and tells the number; now and then the customer's phone is typed. Amounts
are often equal. Reports come late, several times, or never, and then the list has to find them.
What is certain by the rules is counted by what is known here, not by what the tills think.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.habits import Habits, PayerShown
from pos_sync.testing.mpesa.ledger import Payment
from pos_sync.testing.mpesa.reports import confirmation

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_money import IN_THE_TRAY, MoneyState
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.storage import mpesa_money
from tests.pos_desktop.services.mpesa.relay_scene import RelayScene, relayed_tills
from tests.pos_desktop.services.mpesa.scene import ACCOUNT

PAYMENTS, PAYMENTS_AT_LENGTH = 80, 1_000
COMMON = (50_00, 100_00, 150_00, 200_00, 250_00, 500_00, 1_000_00)
STEP = timedelta(seconds=15)
WINDOW = timedelta(minutes=15)
NAMES = ("DUKA", "JUMA", "RUTH", "0712345678")
PATIENT_STEPS = 20
"""How long a customer waits before the cashier picks, or before all give up."""


@dataclass
class Customer:
    """One sale that is to be paid by hand."""

    till: str
    cart: Id
    cents: int
    phone: str
    is_phone_typed: bool
    reference: str
    opened_at: datetime
    pays_in: int
    """Steps; never where it is negative: the customer takes out cash."""
    payment: Payment | None = None
    told_at_step: int | None = None
    was_ambiguous: bool = False
    got: str = ""
    how: str = ""
    closed_at: datetime | None = None

    @property
    def names_reference(self) -> bool:
        return self.payment is not None and self.payment.reference == self.reference


@dataclass
class Market:
    """The two tills, and all that is true of their customers."""

    tills: dict[str, RelayScene]
    chance: random.Random
    step: int = 0
    waiting: list[Customer] = field(default_factory=list)
    gone: list[Customer] = field(default_factory=list)
    letters: list[tuple[int, Customer, int]] = field(default_factory=list)
    """When a report is carried, of whose payment, and how often."""
    wrong: list[Customer] = field(default_factory=list)
    paid: int = 0

    @property
    def now(self) -> datetime:
        return self.tills["T1"].clock.now()

    # what people do

    def come(self) -> None:
        """Let a customer come to one of the tills."""
        chance, code = self.chance, self.chance.choice(("T1", "T2"))
        till = self.tills[code]
        cents = chance.choice(COMMON) if chance.random() < 0.4 else chance.randrange(2_000, 300_000)
        phone = f"2547{chance.randrange(10**8):08}"
        is_typed = chance.random() < 0.3
        cart = till.cart()
        wait = till.mpesa.waits.open(cart, cents, phone if is_typed else None)
        pays_in = -1 if chance.random() < 0.08 else chance.randrange(6)
        self.waiting.append(
            Customer(code, cart, cents, phone, is_typed, wait.reference, self.now, pays_in)
        )

    def pay(self, one: Customer) -> None:
        """Let a customer pay, and M-Pesa tell of it soon, late, again and again, or never."""
        chance = self.chance
        reference = one.reference if chance.random() < 0.25 else chance.choice(NAMES)
        simulator = self.tills[one.till].simulator
        simulator.set_balance(one.phone, one.cents)
        self.paid += 1
        one.payment = simulator.pay_by_hand(one.phone, one.cents, reference, confirmations=())
        if chance.random() < 0.95:
            late = chance.choice((0, 0, 0, 1, 2, 5))
            for copy in range(chance.choice((1, 1, 2, 3))):
                self.letters.append((self.step + late + copy, one, copy))

    def go_on(self) -> None:
        """Let a step pass: people pay, reports arrive, jobs run, sales are done."""
        self.tills["T1"].clock.advance(STEP)
        self.step += 1
        for one in self.waiting:
            if one.pays_in == 0:
                self.pay(one)
            one.pays_in -= 1
        self._carry()
        if self.step % 20 == 0:
            self._list()
        for till in (*self.tills.values(), *self.tills.values()):
            till.hear()
        self._look()

    def _carry(self) -> None:
        due = [one for one in self.letters if one[0] <= self.step]
        self.letters = [one for one in self.letters if one[0] > self.step]
        self.chance.shuffle(due)
        for _step, one, _copy in due:
            assert one.payment is not None
            report = confirmation(one.payment, ACCOUNT.number, PayerShown.HASHED, 0)
            assert self.tills["T1"].post("confirm", report) == 200
            self._told(one)

    def _list(self) -> None:
        for till in self.tills.values():
            till.mpesa.payment_list.run()
            till.mpesa.claims.learn_taken()
        for one in (*self.waiting, *self.gone):
            if one.payment is not None:
                self._told(one)

    def _told(self, one: Customer) -> None:
        if one.told_at_step is None:
            one.told_at_step = self.step

    # what is true

    def _look(self) -> None:
        self._judge()
        for one in [*self.waiting]:
            till = self.tills[one.till]
            come = till.mpesa.waits.come(one.cart)
            if come:
                self._sell(one, come[0].reference, "by itself")
            elif self.step - (one.told_at_step or self.step) > PATIENT_STEPS // 2:
                self._pick(one)
            elif one.payment is None and one.pays_in < -PATIENT_STEPS:
                self._leave(one)

    def _judge(self) -> None:
        """Note whose payment nothing speaks for with certainty, by all that is known here."""
        unused = [one for one in self.waiting if one.told_at_step is not None]
        for one in unused:
            if one.names_reference:
                continue
            payment = one.payment
            assert payment is not None
            fits = [other for other in self._waits() if self._may_be(payment, other)]
            rivals = [
                other
                for other in unused
                if other is not one and other.payment and self._may_be(other.payment, one)
            ]
            by_phone = [other for other in fits if other.is_phone_typed]
            is_certain = by_phone == [one] or (fits == [one] and not rivals)
            one.was_ambiguous = one.was_ambiguous or not is_certain

    def _waits(self) -> list[Customer]:
        recent = [one for one in self.gone if one.closed_at and self.now - one.closed_at <= WINDOW]
        return self.waiting + [one for one in recent if not one.got]

    def _may_be(self, payment: Payment, one: Customer) -> bool:
        is_other = one.is_phone_typed and one.phone != payment.phone
        is_in_time = one.opened_at - WINDOW <= payment.at
        return payment.cents == one.cents and not is_other and is_in_time

    def _pick(self, one: Customer) -> None:
        """Let the cashier pick what the customer shows on the phone, from what is offered."""
        till, payment = self.tills[one.till].mpesa, one.payment
        assert payment is not None
        wait = till.waits.open(one.cart, one.cents, one.phone if one.is_phone_typed else None)
        offered = [offer.receipt for offer in till.waits.offers(wait)]
        if payment.receipt in offered and till.claims.may_pick(payment.receipt, one.cart):
            assert till.waits.pick(one.cart, payment.receipt)
            self._sell(one, payment.receipt, "picked")
        elif self.step - (one.told_at_step or 0) > 2 * PATIENT_STEPS:
            self._leave(one)

    def _sell(self, one: Customer, receipt: str, how: str) -> None:
        one.got, one.how = receipt, how
        if one.payment is None or one.payment.receipt != receipt:
            self.wrong.append(one)
        scene = self.tills[one.till]
        with scene.shop.database.write():
            tender = Tender(
                kind=TenderKind.MPESA,
                amount_cents=one.cents,
                given_cents=one.cents,
                reference=receipt,
            )
            scene.mpesa.sale_payments.use_up(one.cart, [tender])
            scene.give_up(one.cart)
        self._is_gone(one)

    def _leave(self, one: Customer) -> None:
        """Let a sale be paid otherwise, or not at all."""
        scene = self.tills[one.till]
        with scene.shop.database.write():
            scene.mpesa.sale_payments.let_go(one.cart)
            scene.give_up(one.cart)
        one.how = "left"
        self._is_gone(one)

    def _is_gone(self, one: Customer) -> None:
        one.closed_at = self.now
        self.waiting.remove(one)
        self.gone.append(one)


@pytest.fixture
def market(shop_directory: Path, tmp_path: Path) -> Iterator[Market]:
    other = tmp_path / "other"
    shutil.copytree(shop_directory, other)
    habits = Habits(payer_in_confirmations=PayerShown.HASHED, payer_in_pull=PayerShown.HASHED)
    folders = {"T1": shop_directory, "T2": other}
    with relayed_tills(folders, tmp_path / "relay.sqlite", habits) as tills:
        tills["T1"].mpesa.registering.register_list("0722000000", actor=None)
        yield Market(tills, random.Random(20_261_127))


def test_what_is_certain_is_found_and_nothing_is_taken_for_another(
    market: Market, torture: bool
) -> None:
    wanted = PAYMENTS_AT_LENGTH if torture else PAYMENTS
    while market.paid < wanted:
        while len(market.waiting) < 6 and market.chance.random() < 0.7:
            market.come()
        market.go_on()
    while market.waiting:
        market.go_on()
    market._list()
    paid = [one for one in market.gone if one.payment is not None]
    certain = [one for one in paid if not one.was_ambiguous]
    found = [one for one in certain if one.how == "by itself"]
    offered = [one for one in paid if one.how == "picked"]
    print(
        f"{len(paid)} payments, {len(certain)} certain, {len(found)} of them by itself, "
        f"{len(offered)} picked, {len(market.wrong)} wrong; "
        f"{Counter(one.how for one in paid if one.was_ambiguous)}"
    )
    assert market.wrong == []
    assert len(found) >= 0.95 * len(certain)
    assert all(one.how in ("by itself", "picked") for one in paid)
    assert len(certain) > 0.5 * len(paid)
    for one in paid:
        assert one.payment is not None
        states = {
            code: mpesa_money.find(till.shop.database, one.payment.receipt)
            for code, till in market.tills.items()
        }
        for code, money in states.items():
            assert money is not None
            is_here = code == one.till
            assert money.state is (MoneyState.MATCHED if is_here else MoneyState.ELSEWHERE)
    for till in market.tills.values():
        assert mpesa_money.in_states(till.shop.database, IN_THE_TRAY, 9) == []
