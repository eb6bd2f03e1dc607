"""Whose money it is: the accounts of customers and shops, to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.numbers import Numbers

NO_MONEY, TOO_SOON = "1", "17"

_FIRST = ("NICHOLAS", "WANJIKU", "ACHIENG", "HASSAN", "MUTHONI", "KIPROTICH")
_LAST = ("OTIENO", "KAMAU", "NJOROGE", "ALI", "CHEBET")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money from a customer to a shop."""

    receipt: str
    phone: str
    name: str
    cents: int
    short_code: str
    number: str
    """What was paid to: the PayBill, or the till."""
    is_to_till: bool
    reference: str
    at: datetime
    checkout_id: str | None = None
    """The push that has asked for it; None: it was paid by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """A payment that was given back."""

    receipt: str
    of: Payment
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Money that a shop has moved to its bank."""

    receipt: str
    cents: int
    short_code: str
    at: datetime


class Declined(Exception):
    """No money moves; the code says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Ledger:
    """The books of M-Pesa. Whoever changes them holds the simulator's lock."""

    def __init__(self, habits: Habits, numbers: Numbers) -> None:
        self._habits = habits
        self._numbers = numbers
        self._customers: dict[str, int] = {}
        self._shops: dict[str, int] = {}
        self._last: dict[tuple[str, int, str], datetime] = {}
        self._payments: dict[str, Payment] = {}
        self._by_phone: dict[str, list[Payment]] = {}
        self._reversals: dict[str, Reversal] = {}
        self._settlements: list[Settlement] = []

    @property
    def payments(self) -> Sequence[Payment]:
        """All payments, also those that were given back, in the order in which they came."""
        return tuple(self._payments.values())

    @property
    def reversals(self) -> Sequence[Reversal]:
        """All that was given back."""
        return tuple(self._reversals.values())

    @property
    def settlements(self) -> Sequence[Settlement]:
        """All that shops have moved to their banks."""
        return tuple(self._settlements)

    def payment(self, receipt: str) -> Payment | None:
        """Return a payment by its receipt."""
        return self._payments.get(receipt)

    def payments_by(self, phone: str) -> Sequence[Payment]:
        """Return what a customer has paid."""
        return tuple(self._by_phone.get(phone, ()))

    def charged_cents(self, phone: str) -> int:
        """Return what a customer has paid, less what was given back."""
        paid = self.payments_by(phone)
        return sum(one.cents for one in paid if one.receipt not in self._reversals)

    def takings_cents(self, short_code: str) -> int:
        """Return what a shop was paid, less what it gave back: the sum of its own books."""
        back = sum(one.of.cents for one in self.reversals if one.of.short_code == short_code)
        return sum(one.cents for one in self.payments if one.short_code == short_code) - back

    def balance_cents(self, phone: str) -> int:
        """Return what a customer has."""
        return self._customers.get(phone, self._habits.opening_cents)

    def shop_cents(self, short_code: str) -> int:
        """Return what lies in a shop's account."""
        return self._shops.get(short_code, 0)

    def set_balance(self, phone: str, cents: int) -> None:
        """Let a customer have so much."""
        self._customers[phone] = cents

    def check_repeat(self, phone: str, cents: int, short_code: str, at: datetime) -> None:
        """Raise Declined for the same once more within the time that M-Pesa forbids."""
        last = self._last.get((phone, cents, short_code))
        forbidden = timedelta(seconds=self._habits.repeat_seconds)
        if last is not None and timedelta() <= at - last < forbidden:
            raise Declined(TOO_SOON)

    def note_asked(self, phone: str, cents: int, short_code: str, at: datetime) -> None:
        """Let the time in which the same is forbidden begin."""
        self._last[phone, cents, short_code] = at

    def pay(
        self,
        merchant: Merchant,
        phone: str,
        cents: int,
        at: datetime,
        *,
        reference: str = "",
        checkout_id: str | None = None,
    ) -> Payment:
        """Move money to a shop; raises Declined where the customer has not got it."""
        if cents > self.balance_cents(phone):
            raise Declined(NO_MONEY)
        payment = Payment(
            receipt=self._numbers.receipt(at),
            phone=phone,
            name=name_of(phone),
            cents=cents,
            short_code=merchant.short_code,
            number=merchant.account.number,
            is_to_till=merchant.is_till,
            reference="" if merchant.is_till else reference,
            at=at,
            checkout_id=checkout_id,
        )
        self._customers[phone] = self.balance_cents(phone) - cents
        self._shops[merchant.short_code] = self.shop_cents(merchant.short_code) + cents
        self._payments[payment.receipt] = payment
        self._by_phone.setdefault(phone, []).append(payment)
        self.note_asked(phone, cents, merchant.short_code, at)
        return payment

    def reverse(self, receipt: str, cents: int, short_code: str, at: datetime) -> Reversal:
        """Give a whole payment back; raises Declined with the code of a reversal."""
        payment = self._payments.get(receipt)
        if payment is None or payment.short_code != short_code:
            raise Declined("R000002")
        if receipt in self._reversals:
            raise Declined("R000001")
        if cents != payment.cents:
            raise Declined("2028")
        if self.shop_cents(short_code) < cents:
            raise Declined(NO_MONEY)
        self._shops[short_code] -= cents
        self._customers[payment.phone] = self.balance_cents(payment.phone) + cents
        reversal = Reversal(receipt=self._numbers.receipt(at), of=payment, at=at)
        self._reversals[receipt] = reversal
        return reversal

    def reversal_of(self, receipt: str) -> Reversal | None:
        """Return how a payment was given back, if it was."""
        return self._reversals.get(receipt)

    def settle(self, short_code: str, cents: int, at: datetime) -> Settlement:
        """Move a shop's money to its bank."""
        if cents > self.shop_cents(short_code):
            raise Declined(NO_MONEY)
        self._shops[short_code] -= cents
        one = Settlement(
            receipt=self._numbers.receipt(at), cents=cents, short_code=short_code, at=at
        )
        self._settlements.append(one)
        return one


def name_of(phone: str) -> str:
    """Return the name of a customer."""
    number = int(phone)
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[number % len(_LAST)]}"
