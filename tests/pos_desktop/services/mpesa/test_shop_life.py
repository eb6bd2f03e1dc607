"""Whatever a cashier, customers, the network and M-Pesa do, in whatever order: the books are right.

A shop and the simulator live through steps that hypothesis chooses; after each of them no payment
has paid twice, and in the end the list has brought each one to a sale or into the tray.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pos_queue.errors import NoNetwork
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.pushes import CANCEL, PIN, WRONG_PIN
from pos_sync.testing.mpesa.said import BAD_GATEWAY, EMPTY
from pos_sync.testing.mpesa.scripts import Script, Trouble

from pos_desktop.cli.play_command import play_line
from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.mpesa_attempt import PAYING, UNDER_WAY, WITHOUT_MONEY, AttemptState
from pos_desktop.domain.mpesa_money import IN_THE_TRAY, MoneyState
from pos_desktop.storage import mpesa_attempts, mpesa_money
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.conftest import CASHIER, add_product
from tests.pos_desktop.services.mpesa.scene import opened

PHONES = ("0712345678", "0110000001")
COURSES = ("0", None, CANCEL, WRONG_PIN, "1", "1037", "5555")
TROUBLES = (
    None,
    Trouble(at=Call.PUSH, then=Then.CLOSE, times=1),
    Trouble(at=Call.PUSH, then=Then.CLOSE, is_done=False, times=1),
    Trouble(at=Call.PUSH, say=BAD_GATEWAY, times=1),
    Trouble(at=Call.PUSH, say=EMPTY, is_done=False, times=1),
    Trouble(at=Call.QUERY, say=BAD_GATEWAY, times=3),
)
BASE_URL, DEAD = "POS_MPESA_BASE_URL", "http://127.0.0.1:9"
DIFFERENT = (MoneyState.UNVERIFIED, MoneyState.DIFFERS)


class ShopLife(RuleBasedStateMachine):
    """A shop with one till."""

    made: Path

    def __init__(self) -> None:
        super().__init__()
        self._ends = ExitStack()
        folder = Path(self._ends.enter_context(tempfile.TemporaryDirectory())) / "shop"
        shutil.copytree(self.made, folder)
        self.scene = self._ends.enter_context(opened(folder))
        add_product(self.scene.shop, "SUGAR", "Sugar 1 kg", 165_00)
        self.scene.shop.till.sign_in(*CASHIER)
        float_cents = 2_000_00
        shift = self.scene.shop.closing.open_shift(self.scene.person, float_cents)
        self.scene.shop.till.state.shift = shift
        self.scene.listed()
        self.typed = 0

    def teardown(self) -> None:
        try:
            self._run_dry()
            self._check_end()
        finally:
            os.environ.pop(BASE_URL, None)
            self._ends.close()

    # what happens

    @rule(count=st.integers(1, 3))
    def scan(self, count: int) -> None:
        self._play(f"{count}*SUGAR")

    @rule()
    def wait(self) -> None:
        cart = self.scene.shop.till.state.open_cart()
        if cart is not None and (due := self.scene.shop.till.payment().remaining_cents) > 0:
            self.scene.shop.carts.keep_open(cart)
            self.scene.mpesa.waits.open(cart.id, due)

    @rule(
        phone=st.sampled_from(PHONES),
        code=st.sampled_from(COURSES),
        trouble=st.sampled_from(TROUBLES),
        part=st.sampled_from(("", " 100")),
    )
    def push(self, phone: str, code: str | None, trouble: Trouble | None, part: str) -> None:
        self.scene.simulator.script(Script(code=code, times=1))
        self.scene.simulator.plan(*([trouble] if trouble else []))
        self._play(f"pay mpesa {phone}{part}")
        self.scene.simulator.plan()

    @rule(says=st.sampled_from((PIN, CANCEL)))
    def answer(self, says: str) -> None:
        for prompt in self.scene.simulator.open_prompts:
            self.scene.simulator.answer(prompt.checkout_id, says)

    @rule(phone=st.sampled_from(PHONES), off=st.sampled_from((0, 0, 0, -65_00, 35_00)))
    def pay_by_hand(self, phone: str, off: int) -> None:
        till = self.scene.shop.till
        due = 0 if till.state.basket.is_empty else till.payment().remaining_cents
        cents = max(100, due // 100 * 100 + off)
        self.scene.simulator.pay_by_hand(f"254{phone[1:]}", cents, "RUTH")

    @rule(is_true=st.booleans())
    def type_code(self, is_true: bool) -> None:
        paid = self.scene.simulator.ledger.payments
        self.typed += 1
        code = paid[-1].receipt if paid and is_true else f"FALSE{self.typed:05}"
        self._play(f"pay mpesa-code {code}")

    @rule()
    def take(self) -> None:
        cart = self.scene.shop.till.state.open_cart()
        if cart is not None:
            tenders = self.scene.shop.till.payment().tenders
            for come in self.scene.mpesa.waits.come(cart.id, tenders)[:1]:
                with suppress(PosError):
                    self.scene.shop.desk.execute(do.TakeMpesa(come.reference))

    @rule()
    def pick(self) -> None:
        cart_id = self.scene.shop.till.state.cart_id
        if cart_id is not None:
            for offer in self.scene.mpesa.waits.look(cart_id).offers[:1]:
                self.scene.mpesa.waits.pick(cart_id, offer.receipt)

    @rule(seconds=st.sampled_from((5, 60, 130, 700, 4_000)))
    def time_passes(self, seconds: int) -> None:
        self.scene.pass_by(seconds)

    @rule()
    def list_is_read(self) -> None:
        self.scene.clock.sleep(1)
        with suppress(NoNetwork):
            self.scene.mpesa.payment_list.run()
            known = self._money()
            assert all(one.receipt in known for one in self.scene.simulator.ledger.payments)

    @rule(is_so=st.booleans())
    def offline(self, is_so: bool) -> None:
        os.environ.pop(BASE_URL, None)
        if is_so:
            os.environ[BASE_URL] = DEAD

    @rule()
    def restart(self) -> None:
        self.scene.restart()

    @rule()
    def cash(self) -> None:
        self._play("pay cash")

    @precondition(lambda self: not self.scene.shop.till.state.basket.is_empty)
    @rule()
    def give_up(self) -> None:
        self.scene.shop.till.clear()

    # what always holds

    @invariant()
    def one_is_under_way_at_most(self) -> None:
        going = mpesa_attempts.in_states(self.scene.shop.database, UNDER_WAY)
        assert max(Counter(one.sale_id for one in going).values(), default=0) <= 1

    @invariant()
    def nobody_is_asked_twice_by_one_attempt(self) -> None:
        asked = Counter(one.fields.reference for one in self.scene.simulator.prompts)
        assert max(asked.values(), default=0) <= 1

    @invariant()
    def no_payment_has_paid_twice(self) -> None:
        """Each receipt is of one tender; and what was confirmed of it is that tender's amount."""
        attempts = mpesa_attempts.in_states(self.scene.shop.database, AttemptState)
        by_reference = {one.reference: one for one in attempts}
        money, seen = self._money(), set()
        for sale_id, reference, cents in self._tenders():
            attempt = by_reference.get(reference)
            assert attempt is None or attempt.state in PAYING
            receipt = (attempt.receipt if attempt else None) or reference
            found = money.get(receipt)
            if found is not None and found.state in DIFFERENT:
                continue
            assert receipt not in seen
            seen.add(receipt)
            if found is not None:
                assert (found.state, found.sale_id) == (MoneyState.MATCHED, sale_id)
                assert found.amount_cents == cents

    def _money(self) -> dict[str, Money]:
        found = mpesa_money.in_states(self.scene.shop.database, MoneyState, -1)
        return {one.receipt: one for one in found}

    def _tenders(self) -> list[tuple[str, str, int]]:
        rows = self.scene.shop.database.rows("SELECT * FROM tender WHERE kind = 'mpesa'")
        return [(row["sale_id"], row["reference"], row["amount_cents"]) for row in rows]

    def _play(self, line: str) -> None:
        play_line(self.scene.shop, 1, line)

    # the end of the day

    def _run_dry(self) -> None:
        os.environ.pop(BASE_URL, None)
        self.scene.simulator.plan()
        if not self.scene.shop.till.state.basket.is_empty:
            self.scene.shop.till.clear()
        self.scene.simulator.pay_by_hand("254799999999", 7_00, "X")
        for seconds in (120, 700, 4_000, 24_000, 700):
            self.scene.pass_by(seconds)
            assert not self.scene.simulator.open_prompts
            self.scene.mpesa.payment_list.run()

    def _check_end(self) -> None:
        """Each payment of the ledger is a sale's or in the tray, to the shilling."""
        self.no_payment_has_paid_twice()
        money, ledger = self._money(), self.scene.simulator.ledger
        references = {one.reference for one in ledger.payments}
        for attempt in mpesa_attempts.in_states(self.scene.shop.database, AttemptState):
            assert attempt.state not in UNDER_WAY
            assert attempt.state not in WITHOUT_MONEY or attempt.reference not in references
        ended = 0
        for payment in ledger.payments:
            found = money[payment.receipt]
            assert found.is_confirmed
            assert found.state is MoneyState.MATCHED or found.state in IN_THE_TRAY
            ended += found.amount_cents
        assert ended == ledger.takings_cents("174379")
        sold = {sale_id for sale_id, _reference, _cents in self._tenders()}
        matched = {one.sale_id for one in money.values() if one.state is MoneyState.MATCHED}
        assert matched <= sold


@pytest.fixture
def short_or_long(torture: bool) -> settings:
    """Return how many lives are lived, and how long they are."""
    return settings(
        max_examples=100 if torture else 12,
        stateful_step_count=40 if torture else 20,
        deadline=None,
        suppress_health_check=[*HealthCheck],
        derandomize=not torture,
    )


def test_the_life_of_a_shop(made_shop: Path, short_or_long: settings) -> None:
    machine = type("Life", (ShopLife,), {"made": made_shop})
    run_state_machine_as_test(machine, settings=short_or_long)
