"""The relay and the tills decide alike, whatever waits and whatever was paid.

Two rules, each seen from its own side, run side by side over thousands of cases.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from pos_sync.mpesa.payer import digest_of
from pos_sync.relay import fitting, messages, waits
from pos_sync.relay.database import Transaction
from pos_sync.relay.engines import open_engine
from pos_sync.relay.fitting import By
from pos_sync.relay.shops import Till

from pos_desktop.domain import mpesa_money
from pos_desktop.domain.ids import Id
from tests.pos_sync.relay.scene import RECEIPTS, make_shop

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PHONES = ["254712345678", "254110000001", "254722000009"]
CASES = 5_000
KEPT_CASES = 300


@dataclass(frozen=True)
class Case:
    """Waits, and payments of which the first is asked about."""

    waits: Sequence[mpesa_money.Wait]
    payments: Sequence[messages.Money]
    payers: Sequence[str | None]

    def as_domain(self, number: int) -> mpesa_money.Payment:
        one, payer = self.payments[number], self.payers[number]
        phones = {wait.phone for wait in self.waits if wait.phone is not None}
        return mpesa_money.Payment(
            receipt=one.receipt,
            amount_cents=one.amount_cents,
            paid_at=one.paid_at,
            reference=one.reference,
            fits_phone=frozenset(phones & {payer}),
            speaks_against=frozenset(phones - {payer} if payer else ()),
        )

    def found(self) -> mpesa_money.Found | None:
        unused = [self.as_domain(number) for number in range(len(self.payments))]
        return mpesa_money.sale_of(unused[0], self.waits, unused)


def _cases(count: int, seed: int) -> Iterator[Case]:
    chance = random.Random(seed)
    for _ in range(count):
        asked = [_wait(chance, number) for number in range(chance.randint(1, 4))]
        payers = [chance.choice([None, *PHONES]) for _ in range(chance.randint(1, 3))]
        paid = [_money(chance, number, payer) for number, payer in enumerate(payers)]
        yield Case(asked, paid, payers)


def _near(chance: random.Random) -> datetime:
    """Return a moment that is often just at a limit."""
    minutes = chance.choice([0, 0, 0, 1, 2, -15, 15, -16, 16, 20, 35])
    return NINE + timedelta(minutes=minutes, microseconds=chance.choice([-1, 0, 0, 1]))


def _wait(chance: random.Random, number: int) -> mpesa_money.Wait:
    opened = _near(chance)
    length = chance.choice([None, None, timedelta(), timedelta(minutes=3)])
    return mpesa_money.Wait(
        sale_id=Id(f"w{number}"),
        amount_cents=chance.choice([100_00, 100_00, 100_00, 250_00]),
        phone=chance.choice([None, None, *PHONES]),
        reference=f"T1A{number}",
        opened_at=opened,
        closed_at=None if length is None else opened + length,
    )


def _money(chance: random.Random, number: int, payer: str | None) -> messages.Money:
    return messages.Money(
        receipt=RECEIPTS[number],
        amount_cents=chance.choice([100_00, 100_00, 100_00, 250_00]),
        paid_at=_near(chance),
        digest=None if payer is None else digest_of(payer),
        reference=chance.choice(["", "", "", "", "t1a0", "T1A1", "JINA"]),
    )


def _as_wait(wait: mpesa_money.Wait) -> fitting.Wait:
    return fitting.Wait(
        amount_cents=wait.amount_cents,
        opened_at=wait.opened_at,
        closed_at=wait.closed_at,
        phone_digest=None if wait.phone is None else digest_of(wait.phone),
        reference=wait.reference,
    )


def _as_payment(money: messages.Money) -> fitting.Payment:
    return fitting.Payment(
        amount_cents=money.amount_cents,
        paid_at=money.paid_at,
        digest=money.digest,
        reference=money.reference,
    )


def test_both_decide_alike() -> None:
    by_rule = {*mpesa_money.Certainty} - {mpesa_money.Certainty.PERSON}
    seen = dict.fromkeys([*by_rule, None], 0)
    for case in _cases(CASES, seed=1):
        found = case.found()
        seen[found.by if found else None] += 1
        granted = {
            (wait.sale_id, by): fitting.is_certain(
                by,
                _as_payment(case.payments[0]),
                _as_wait(wait),
                [_as_wait(one) for one in case.waits if one is not wait],
                [_as_payment(one) for one in case.payments[1:]],
            )
            for wait in case.waits
            for by in (By.PHONE, By.ALONE)
        }
        _check(case, found, granted)
    assert min(seen.values()) > CASES // 50, seen


def _check(case: Case, found: mpesa_money.Found | None, granted: dict[tuple[Id, By], bool]) -> None:
    if found is not None and found.by is not mpesa_money.Certainty.REFERENCE:
        assert granted[found.wait.sale_id, By(found.by.value)], case
    for (sale_id, _by), is_granted in granted.items():
        if is_granted:
            assert found is not None, case
            assert found.wait.sale_id == sale_id, case


def test_a_reference_of_another_wait_stands_against_every_claim() -> None:
    wait = fitting.Wait(amount_cents=1_00, opened_at=NINE)
    other = fitting.Wait(amount_cents=9_00, opened_at=NINE, reference="T1A8")
    payment = fitting.Payment(amount_cents=1_00, paid_at=NINE, reference="t1a8")
    for by in (By.ALONE, By.PHONE, By.REFERENCE):
        assert not fitting.is_certain(by, payment, wait, [other], [])
    assert fitting.is_certain(By.PERSON, payment, wait, [other], [])


def test_both_decide_alike_through_the_database(database: str) -> None:
    """The waits of a case belong to two tills, and each asks for what it would take."""
    make_shop(database)
    with closing(open_engine(database)) as engine:
        for case in _cases(KEPT_CASES, seed=2):
            found = case.found()
            with engine.transaction() as transaction:
                _keep(transaction, case)
                granted = _ask(transaction, case, found)
                for table in ("relay_claim", "relay_wait", "relay_payment"):
                    transaction.run(f"DELETE FROM {table}")
            assert granted is None or found is not None
            assert (found and found.wait.sale_id) == granted, case


def _till(number: int) -> Till:
    return Till("duka", f"T{number % 2 + 1}")


def _keep(transaction: Transaction, case: Case) -> None:
    for number, wait in enumerate(case.waits):
        waits.open_wait(transaction, _till(number), wait.sale_id, _as_wait(wait), NINE)
        if wait.closed_at is not None:
            waits.close_wait(transaction, _till(number), wait.sale_id, wait.closed_at)
    for money in case.payments:
        messages.keep_money(transaction, "duka", money, NINE)


def _ask(transaction: Transaction, case: Case, found: mpesa_money.Found | None) -> str | None:
    """Let every wait ask; return which has got the payment."""
    got = [
        wait.sale_id
        for number, wait in enumerate(case.waits)
        if waits.claim(
            transaction,
            _till(number),
            waits.Claim(
                receipt=case.payments[0].receipt,
                wait=wait.sale_id,
                by=By(found.by.value) if found and found.wait is wait else By.ALONE,
            ),
            NINE,
        ).granted
    ]
    assert len(got) <= 1
    return got[0] if got else None


@pytest.mark.parametrize("minutes", [-15, 15])
def test_the_limits_belong_to_the_wait(minutes: int) -> None:
    wait = fitting.Wait(amount_cents=1_00, opened_at=NINE, closed_at=NINE)
    at = NINE + timedelta(minutes=minutes)
    beyond = at + timedelta(microseconds=1 if minutes > 0 else -1)
    assert fitting.fits(fitting.Payment(amount_cents=1_00, paid_at=at), wait)
    assert not fitting.fits(fitting.Payment(amount_cents=1_00, paid_at=beyond), wait)
