"""Thousands of payments while everything goes wrong: M-Pesa's ledger and the shop's books agree.

A till and a worker, processes of their own, are killed at random moments and started again; lines
break, answers are lost, customers pay by hand, twice, late or not at all; for hours there is no
network. In the end the list is read, and each shilling of the ledger is a sale's, in the tray, or
another till's; no customer has paid twice for a sale without the tray saying so, no receipt has
paid two sales, and no phone was asked for a sale while another was. The full form, with --torture,
is 10,000 payments.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pos_queue.premises import Terms
from pos_sync.mpesa.account import Account, AccountKind
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import BEING_PROCESSED, UNDER_PROCESSING, Habits, Merchant
from pos_sync.testing.mpesa.ledger import Payment
from pos_sync.testing.mpesa.pushes import CANCEL, PIN, WRONG_PIN
from pos_sync.testing.mpesa.said import BAD_GATEWAY, EMPTY, FORBIDDEN, PAGE, refusal, spike
from pos_sync.testing.mpesa.scripts import Script, Trouble
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from pos_desktop import settings
from pos_desktop.domain.mpesa_attempt import PAYING, UNDER_WAY, WITHOUT_MONEY, AttemptState
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import IN_THE_TRAY, MoneySource, MoneyState
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.storage import mpesa_money
from pos_desktop.storage.counters import counter
from pos_desktop.storage.database import ReadOnlyDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_attempts import Attempt, in_states
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.conftest import CASHIER, add_product, bad_books
from tests.pos_desktop.services.mpesa.scene import KEYS, NOON, RELAY, set_up
from tests.pos_desktop.services.mpesa.shared_time import TEST, SharedTime
from tests.pos_desktop.services.mpesa.torture_till import NO_REFERENCE

ROOT = Path(__file__).parents[4]
SHORT, LONG = 50, 5_000
"""Payments of each kind of number."""
NUMBERS = {
    AccountKind.PAYBILL: Account(kind=AccountKind.PAYBILL, number="174379", callback_url=RELAY),
    AccountKind.TILL: Account(
        kind=AccountKind.TILL, number="5123456", head_office="600001", callback_url=RELAY
    ),
}
MOST_UNREAD = 120.0
"""True seconds until the list is read once the network is back; the shop lives on meanwhile."""
BUSY = refusal(500, "500.003.02", "System is busy")
BROKEN = refusal(500, "500.003.1001", "Internal Server Error")
LINES = (
    *(Trouble(at=Call.PUSH, then=Then.CLOSE, sent=sent, times=1) for sent in (0, 20, 200, None)),
    *(Trouble(at=Call.PUSH, then=Then.RESET, sent=sent, times=2) for sent in (0, 200)),
    *(Trouble(at=Call.PUSH, say=say, times=1) for say in (BAD_GATEWAY, FORBIDDEN, PAGE, EMPTY)),
    *(Trouble(at=Call.PUSH, say=say, is_done=False, times=1) for say in (BAD_GATEWAY, EMPTY)),
    *(Trouble(at=Call.PUSH, say=say, is_done=False, times=2) for say in (BUSY, spike(5), BROKEN)),
    Trouble(at=Call.PUSH, then=Then.CLOSE, is_done=False, times=1),
    Trouble(at=Call.PUSH, seconds=0.5, times=1),
    Trouble(at=Call.CONNECT, then=Then.CLOSE, times=2),
    *(Trouble(at=Call.QUERY, say=say, times=3) for say in (BAD_GATEWAY, EMPTY, spike(5))),
    Trouble(at=Call.QUERY, then=Then.CLOSE, times=3),
    Trouble(at=Call.PULL, then=Then.RESET, sent=500, times=1),
    Trouble(at=Call.PULL, say=BAD_GATEWAY, times=2),
    Trouble(at=Call.TOKEN, say=BAD_GATEWAY, times=1),
)
COURSES = (
    *(
        Script(code=code, times=2)
        for code in (CANCEL, WRONG_PIN, "1", "1037", "1019", "26", "9999")
    ),
    *(Script(code=None, times=3),) * 4,
    *(Script(delay=delay, times=3) for delay in (0.01, 0.05, 0.2)),
    Script(queries=(UNDER_PROCESSING,) * 3, times=3),
    Script(queries=("400.002.02", BEING_PROCESSED), times=3),
    Script(queries=("1037",), times=2),
    Script(queries=("5555",) * 40, times=2),
)


@dataclass
class Process:
    """A process of the shop, which is killed now and then."""

    part: str
    command: list[str]
    running: subprocess.Popen[str]


@dataclass
class Town:
    """The shop's processes, its customers, and M-Pesa between them."""

    folder: Path
    clock: SharedTime
    clock_file: Path
    simulator: MpesaSimulator
    chance: random.Random
    kills: int = 0
    offline_hours: float = 0.0
    by_hand: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The receipts that customers of a cart have paid by their own doing."""
    chosen: set[str] = field(default_factory=set)
    """The receipts that a cashier has picked for a cart, or whose code was typed for it."""
    faults: list[str] = field(default_factory=list)
    _seed: int = 0

    # processes

    @contextmanager
    def running(self) -> Iterator[list[Process]]:
        processes = [self._start("till"), self._start("worker")]
        try:
            yield processes
        finally:
            for one in processes:
                one.running.kill()
                one.running.wait()

    def _start(self, part: str) -> Process:
        self._seed += 1
        module = "tests.pos_desktop.services.mpesa.torture_till"
        arguments = [str(self.folder), str(self.clock_file), str(self._seed)]
        command = [sys.executable, "-m", module, part, *arguments, self.simulator.base_url]
        running = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        threading.Thread(target=self._talk, args=(running,), daemon=True).start()
        return Process(part, command, running)

    def kill_one(self, processes: list[Process]) -> None:
        """Kill the till or the worker, wherever it is, and start it again."""
        place = self.chance.choice((0, 0, 0, 1))
        one = processes[place]
        one.running.kill()
        one.running.wait()
        self.kills += 1
        processes[place] = self._start(one.part)

    def end_well(self, processes: list[Process]) -> None:
        """Let the day be over, and wait until everybody has left."""
        self.clock.is_over = True
        for one in processes:
            assert one.running.wait(60) == 0, self.faults

    def _talk(self, process: subprocess.Popen[str]) -> None:
        """Answer what a till asks its customers, and keep what it complains of."""
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stderr is not None
        stderr = process.stderr
        complaints: list[str] = []
        answers = {"hand": self._hand, "sms": self._sms, "chosen": self._chosen}
        reader = threading.Thread(target=lambda: complaints.extend(stderr), daemon=True)
        reader.start()
        with suppress(OSError, ValueError), process:
            for line in process.stdout:
                asked = json.loads(line)
                if asked["what"] != "ready":
                    says = answers[asked["what"]](asked)
                    process.stdin.write(json.dumps({"says": says}) + "\n")
                    process.stdin.flush()
        reader.join()
        if process.wait() > 0:
            self.faults.append("".join(complaints))

    # customers

    def _hand(self, asked: dict[str, Any]) -> str:
        """Let a customer pay by hand, as they are asked or not; return the code they show."""
        cents = asked["cents"] // 100 * 100 or 100
        cents = self.chance.choice((cents,) * 8 + (max(100, cents - 100), cents + 100_00))
        receipts = [
            self._pay(asked["phone"], cents, asked["reference"]).receipt
            for _time in range(self.chance.choice((0, 1, 1, 1, 1, 1, 1, 2)))
        ]
        self.by_hand[asked["cart"]] += receipts
        return receipts[-1] if receipts else ""

    def _pay(self, phone: str, cents: int, reference: str) -> Payment:
        is_till = self.simulator._house.merchants[0].is_till
        return self.simulator.pay_by_hand(phone, cents, "" if is_till else reference)

    def _sms(self, asked: dict[str, Any]) -> str:
        paid = self.simulator.ledger.payments_by(asked["phone"])
        self.chosen |= {one.receipt for one in paid[-1:]}
        return paid[-1].receipt if paid else ""

    def _chosen(self, asked: dict[str, Any]) -> str:
        """Take note of what a cashier is about to pick."""
        self.chosen.add(asked["receipt"])
        return ""

    def answer_prompts(self) -> None:
        """Let customers answer the prompts that wait, or not."""
        for prompt in self.simulator.open_prompts:
            if prompt.script.code is None and (says := self.chance.choice((PIN, PIN, CANCEL, ""))):
                with suppress(LookupError):
                    self.simulator.answer(prompt.checkout_id, says)

    # what goes wrong

    def disturb(self) -> None:
        """Let something else go wrong from now on, or nothing."""
        self.simulator.plan(*self.chance.sample(LINES, self.chance.choice((0, 0, 1, 2))))
        self.simulator.script(*self.chance.sample(COURSES, self.chance.choice((0, 1, 2))))
        match self.chance.randrange(40):
            case 0:
                self.simulator.drop_lines()
            case 1:
                self.simulator.freeze_lines()
            case 2:
                self.simulator.end_tokens()

    def be_offline(self) -> None:
        """Let there be no network for hours, and then wait until the list was read.

        It tells of two days: where silences of more together are not parted by a reading, nobody
        but a person can say what became of a push.
        """
        self.clock.is_offline = True
        hours = self.chance.choice((0.5, 3, 12, 26))
        self.offline_hours += hours
        for _part in range(20):
            self.clock.sleep(hours * 3600 / 20)
            time.sleep(0.02)
        self.clock.is_offline = False
        self._wait_until_read(to_stored(self.clock.now()))

    def _wait_until_read(self, moment: int) -> None:
        limit = time.monotonic() + MOST_UNREAD
        with closing(ReadOnlyDatabase(self.folder / DATABASE_FILE, self.clock)) as reader:
            while counter(reader, "mpesa pulled until") < moment:
                assert not self.faults, self.faults
                assert time.monotonic() < limit
                time.sleep(0.05)


@pytest.fixture(params=AccountKind)
def town(request: pytest.FixtureRequest, shop_directory: Path, tmp_path: Path) -> Iterator[Town]:
    account, clock_file = NUMBERS[request.param], tmp_path / "clock"
    clock = SharedTime(clock_file, TEST)
    with MpesaSimulator(
        Merchant(account=account, secrets=KEYS),
        now=clock.now,
        monotonic=time.monotonic,
        habits=Habits(prompt_seconds=60),
    ) as simulator:
        _furnish(shop_directory, clock, simulator, account)
        turn = sys.getswitchinterval()
        sys.setswitchinterval(0.0005)
        yield Town(shop_directory, clock, clock_file, simulator, random.Random(str(request.param)))
        sys.setswitchinterval(turn)


def _furnish(folder: Path, clock: SharedTime, simulator: MpesaSimulator, account: Account) -> None:
    with closing(open_shop(folder, clock=clock)) as shop:
        set_up(shop, simulator)
        for setting, value in (
            (settings.MPESA_KIND, account.kind.value),
            (settings.MPESA_SHORTCODE, account.number),
            (settings.MPESA_HEAD_OFFICE, account.head_office),
        ):
            shop.configuration.set(setting, value, shop.books, actor=None)
        most = settings.MPESA_UNVERIFIED_CENTS
        shop.configuration.set(most, 100_000_00, shop.books, actor=None)
        for code, cents in (("SUGAR", 165_00), ("MILK", 65_00), ("TOM", 120_00), ("EGG", 17_50)):
            add_product(shop, code, code, cents)
        shop.closing.open_shift(shop.sign_in.sign_in(*CASHIER), 2_000_00)
        shop.mpesa.daraja.calls().register_pull("254722000000", f"{RELAY}/s/k7x9/pull")


def test_to_the_shilling(town: Town, torture: bool) -> None:
    payments = LONG if torture else SHORT
    began = time.monotonic()
    with town.running() as processes:
        _live(town, processes, payments)
        town.end_well(processes)
    assert not town.faults
    with closing(open_shop(town.folder, clock=town.clock)) as shop:
        _run_dry(town, shop)
        figures = _compare(town, shop)
        assert not bad_books(shop)
    spent = round(time.monotonic() - began)
    print(f"{figures}, {town.kills} kills, {town.offline_hours:.0f} h offline, {spent} s")


def _live(town: Town, processes: list[Process], payments: int) -> None:
    """Let the shop live until so many payments were made, with its kills and its silent hours."""
    next_kill = time.monotonic() + 2
    next_silence = len(town.simulator.ledger.payments) + payments // 4
    while len(town.simulator.ledger.payments) < payments:
        assert not town.faults, town.faults
        town.disturb()
        for _look in range(4):
            town.answer_prompts()
            time.sleep(0.01)
        if time.monotonic() > next_kill:
            town.kill_one(processes)
            next_kill = time.monotonic() + 2 + 4 * town.chance.random()
        if len(town.simulator.ledger.payments) > next_silence:
            town.be_offline()
            next_silence += max(40, payments // 100)
    town.simulator.plan()
    town.simulator.script()


def _run_dry(town: Town, shop: Shop) -> None:
    """Let all prompts end, the queue run empty and the list be read, until nothing is open."""
    for minutes in (2, 12, 70, 7 * 60, 12):
        town.clock.sleep(minutes * 60)
        assert not town.simulator.open_prompts
        shop.queue.runner(Terms(when_empty=True)).run()
        shop.mpesa.payment_list.run()


# the books


@dataclass
class Taken:
    """A tender by M-Pesa of a sale."""

    sale_id: str
    cents: int
    reference: str


def _tenders(shop: Shop) -> list[Taken]:
    rows = shop.database.rows(
        "SELECT sale_id, amount_cents, reference FROM tender WHERE kind = 'mpesa'"
    )
    return [Taken(row["sale_id"], row["amount_cents"], row["reference"]) for row in rows]


def _compare(town: Town, shop: Shop) -> str:
    ledger = {one.receipt: one for one in town.simulator.ledger.payments}
    money = {one.receipt: one for one in mpesa_money.in_states(shop.database, MoneyState, -1)}
    attempts = in_states(shop.database, AttemptState)
    tenders = _tenders(shop)
    _check_every_payment_is_known(ledger, money)
    _check_attempts(attempts, ledger, money, town)
    paid_by = _check_sales(tenders, attempts, money)
    _check_nobody_paid_twice(town, paid_by, ledger, money)
    _check_each_sale(town, shop, attempts, paid_by, money)
    assert not _open_together(_asked_for(town, attempts))
    _check_one_under_way(shop)
    sums: Counter[str] = Counter()
    for one in money.values():
        if one.is_confirmed:
            sums["tray" if one.state in IN_THE_TRAY else one.state.value] += one.amount_cents
    assert sums.total() == sum(one.cents for one in ledger.values())
    assert set(sums) <= {"tray", MoneyState.MATCHED.value, MoneyState.ELSEWHERE.value}
    matched = sum(one.amount_cents for one in money.values() if one.state is MoneyState.MATCHED)
    assert sums["matched"] == matched
    states = Counter(one.state.value for one in attempts)
    return f"{len(ledger)} payments, {len(tenders)} tenders, {dict(sums)}, {dict(states)}"


def _check_every_payment_is_known(ledger: dict[str, Payment], money: dict[str, Money]) -> None:
    assert not ledger.keys() - money.keys()
    for receipt, payment in ledger.items():
        assert money[receipt].is_confirmed
        assert money[receipt].amount_cents == payment.cents
    for receipt in money.keys() - ledger.keys():
        assert money[receipt].source is MoneySource.TYPED
        assert not money[receipt].is_confirmed
        assert money[receipt].state in (MoneyState.UNVERIFIED, MoneyState.SUSPENSE)


def _check_attempts(
    attempts: list[Attempt], ledger: dict[str, Payment], money: dict[str, Money], town: Town
) -> None:
    """Nothing is open, no push went out twice, and what M-Pesa was paid for is known as such."""
    assert not [one for one in attempts if one.state in UNDER_WAY]
    prompts = Counter(one.fields.reference for one in town.simulator.prompts)
    assert not prompts or max(prompts.values()) == 1
    paid = {
        one.fields.reference: money[one.payment.receipt]
        for one in town.simulator.prompts
        if one.payment is not None
    }
    for one in attempts:
        if one.state in PAYING:
            assert one.receipt is not None
            assert money[one.receipt].state is MoneyState.MATCHED, (one, money[one.receipt])
            assert money[one.receipt].sale_id == one.sale_id
        if one.state in WITHOUT_MONEY and one.reference in paid:
            # to a till, without a reference, what is paid a quarter of an hour later is nobody's,
            # until a person has picked it
            found = paid[one.reference]
            assert not found.reference, (one, found)
            assert found.state in IN_THE_TRAY or found.attempt_id is None, (one, found)


def _check_sales(
    tenders: list[Taken], attempts: list[Attempt], money: dict[str, Money]
) -> dict[str, Taken]:
    """Return for each receipt the one tender that it has paid, to the cent."""
    by_reference = {one.reference: one for one in attempts}
    paid_by: dict[str, Taken] = {}
    for taken in tenders:
        attempt = by_reference.get(taken.reference)
        receipt = (attempt.receipt if attempt else taken.reference) or taken.reference
        assert receipt not in paid_by, (taken, paid_by[receipt])
        paid_by[receipt] = taken
        found = money[receipt]
        if attempt is not None:
            assert attempt.state in PAYING
        if found.state in (MoneyState.UNVERIFIED, MoneyState.DIFFERS):
            continue
        assert (found.state, found.sale_id) == (MoneyState.MATCHED, taken.sale_id), (taken, found)
        assert found.amount_cents == taken.cents
    for one in money.values():
        if one.state is MoneyState.MATCHED:
            assert one.receipt in paid_by, one
    return paid_by


def _paid_for(town: Town, attempts: list[Attempt]) -> dict[str, set[str]]:
    """Return for each cart the receipts of all that was paid for it, by hand or at a prompt."""
    carts = {one.reference: one.sale_id for one in attempts}
    paid_for = defaultdict(set, {cart: {*receipts} for cart, receipts in town.by_hand.items()})
    for prompt in town.simulator.prompts:
        if prompt.payment is not None:
            paid_for[carts[prompt.fields.reference]].add(prompt.payment.receipt)
    return paid_for


def _check_each_sale(
    town: Town,
    shop: Shop,
    attempts: list[Attempt],
    paid_by: dict[str, Taken],
    money: dict[str, Money],
) -> None:
    """What a sale has used is its tenders, and all else that was paid for it is in the tray.

    Another sale may have it where its cashier has picked it or typed its code, or where it says not
    what it is for; a code that was typed for another amount is in the tray, and so is that amount.
    """
    due = {
        row["sale_id"]: row["cents"]
        for row in shop.database.rows(
            "SELECT sale_id, sum(amount_cents) AS cents FROM tender GROUP BY sale_id"
        )
    }
    used, tenders = Counter[str](), Counter[str]()
    typed_otherwise = Counter[str]()
    for receipt, taken in paid_by.items():
        found = money[receipt]
        tenders[taken.sale_id] += taken.cents
        if found.state is MoneyState.DIFFERS:
            typed_otherwise[taken.sale_id] += found.amount_cents - taken.cents
        used[taken.sale_id] += found.amount_cents
    assert used == tenders + typed_otherwise
    for cart, receipts in _paid_for(town, attempts).items():
        left = {one for one in receipts if one not in paid_by or paid_by[one].sale_id != cart}
        surplus = sum(money[one].amount_cents for one in receipts) - due.get(cart, 0)
        assert sum(money[one].amount_cents for one in left) + typed_otherwise[cart] >= surplus
        assert tenders[cart] <= due.get(cart, 0), cart
        for one in left:
            names_none = money[one].reference in ("", NO_REFERENCE)
            is_anothers = one in paid_by and (one in town.chosen or names_none)
            is_seen = money[one].state in IN_THE_TRAY | {MoneyState.REFUNDED}
            assert is_anothers or is_seen, (cart, money[one])


def _check_one_under_way(shop: Shop) -> None:
    """No attempt was begun while another of its sale was under way, as the events tell it."""
    rows = shop.database.rows(
        "SELECT sale_id, attempt_id, kind, json_extract(detail, '$.state') AS state "
        "FROM mpesa_event WHERE attempt_id IS NOT NULL ORDER BY no"
    )
    under_way: dict[str, str] = {}
    for row in rows:
        sale, attempt = row["sale_id"], row["attempt_id"]
        if row["kind"] == EventKind.ASKED:
            assert sale not in under_way, row
            under_way[sale] = attempt
        elif row["state"] and row["state"] not in UNDER_WAY and under_way.get(sale) == attempt:
            del under_way[sale]
    assert not under_way


@dataclass(frozen=True, order=True)
class Asked:
    """A prompt for a sale, by the simulator's times."""

    sale_id: str
    at: datetime
    until: datetime


def _asked_for(town: Town, attempts: list[Attempt]) -> list[Asked]:
    carts = {one.reference: one.sale_id for one in attempts}
    return [
        Asked(carts[one.fields.reference], one.at, one.ended_at or town.clock.now())
        for one in town.simulator.prompts
    ]


def _open_together(asked: list[Asked]) -> list[tuple[Asked, Asked]]:
    """Return the pairs of prompts of one sale of which the second came while the first was open."""
    return [
        (one, other)
        for one, other in pairwise(sorted(asked))
        if one.sale_id == other.sale_id and other.at < one.until
    ]


def test_prompts_of_a_sale_that_are_open_together_are_seen() -> None:
    first, later = (NOON + timedelta(seconds=seconds) for seconds in (10, 20))
    one, next_one = Asked("cart", NOON, first), Asked("cart", first, later)
    assert not _open_together([next_one, one, Asked("another", NOON, later)])
    early = Asked("cart", NOON + timedelta(seconds=9), later)
    assert _open_together([early, one]) == [(one, early)]


def _check_nobody_paid_twice(
    town: Town,
    paid_by: dict[str, Taken],
    ledger: dict[str, Payment],
    money: dict[str, Money],
) -> None:
    """What a customer has paid beyond what the sale took stands in the tray, to the shilling."""
    ours = {one for receipts in town.by_hand.values() for one in receipts}
    ours |= {one.payment.receipt for one in town.simulator.prompts if one.payment is not None}
    assert ours == ledger.keys()
    for receipt, found in money.items():
        if found.state is not MoneyState.DIFFERS and receipt in ledger:
            assert (receipt in paid_by) != (found.state in IN_THE_TRAY), found
