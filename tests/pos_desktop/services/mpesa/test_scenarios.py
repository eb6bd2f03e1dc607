"""What goes wrong with M-Pesa at a counter, case by case: the path, the words, and the charge.

Each test is a row of the table of scenarios in the M-Pesa reference and named after it, against the
simulator over a real line. Without a relay: what happened is learned by questions and by the list.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_sync.mpesa.account import AccountKind
from pos_sync.mpesa.push import PushOrder
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import UNDER_PROCESSING, Habits
from pos_sync.testing.mpesa.ledger import Payment
from pos_sync.testing.mpesa.pushes import CANCEL, WRONG_PIN
from pos_sync.testing.mpesa.scripts import Script, Trouble

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import PAYING, AttemptEvent, AttemptState
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.mpesa.attempt_words import attempt_words
from pos_desktop.shop import open_shop
from pos_desktop.storage import mpesa_money, mpesa_waits
from pos_desktop.storage.mpesa_attempts import Attempt
from tests.pos_desktop.conftest import CASHIER, MANAGER, add_product
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA, Scene, opened, set_up

S, M = AttemptState, MoneyState
SUGAR = 165_00
ASK = "pay mpesa 0712345678"
DEAD = "http://127.0.0.1:9"
LOST = Trouble(at=Call.PUSH, then=Then.CLOSE, times=1)
NOT_DONE = Trouble(at=Call.PUSH, is_done=False, then=Then.CLOSE, times=1)


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield furnished(scene)


def furnished(scene: Scene) -> Scene:
    """Let a cashier stand at the till with something to sell, and the list of payments be open."""
    add_product(scene.shop, "SUGAR", "Sugar 1 kg", SUGAR)
    scene.shop.till.sign_in(*CASHIER)
    scene.shop.till.state.shift = scene.shop.closing.open_shift(scene.person, 2_000_00)
    scene.listed()
    kind = scene.mpesa.setup.account.kind
    scene.simulator.pay_by_hand("254799999999", 7_00, "X" if kind is AccountKind.PAYBILL else "")
    return scene


def words(answer: dict[str, Any]) -> str:
    return str(answer["error"])


def cart_id(scene: Scene) -> Id:
    found = scene.shop.till.state.open_cart()
    assert found is not None
    return found.id


def last(scene: Scene, sale_id: Id) -> Attempt:
    return scene.mpesa.attempts.of_sale(sale_id)[-1]


def wait_for_it(scene: Scene) -> Id:
    """Let the open cart wait for what the customer pays by hand, as F9 does."""
    cart = scene.shop.till.state.open_cart()
    assert cart is not None
    scene.shop.carts.keep_open(cart)
    scene.mpesa.waits.open(cart.id, scene.shop.till.payment().remaining_cents)
    return cart.id


def take(scene: Scene) -> Reply:
    """Take what has come for the open cart, as the page of M-Pesa does by itself."""
    payment = scene.shop.till.payment()
    [come] = scene.mpesa.waits.come(cart_id(scene), payment.tenders)
    return scene.shop.desk.execute(do.TakeMpesa(come.reference))


def read_list(scene: Scene, minutes: float = 1) -> None:
    scene.clock.advance(timedelta(minutes=minutes))
    scene.mpesa.payment_list.run()


def fate(scene: Scene, payment: Payment) -> tuple[MoneyState, Id | None]:
    found = mpesa_money.find(scene.shop.database, payment.receipt)
    assert found is not None
    return found.state, found.sale_id


def sold(scene: Scene) -> tuple[Sale, Id]:
    """Return the last sale and its id."""
    stored = scene.shop.selling.find(None)
    return stored.sale, stored.frame.sale_id


def charged(scene: Scene) -> int:
    return scene.simulator.ledger.charged_cents(AMINA)


# the answer of a push


def test_read_timeout_on_push(scene: Scene) -> None:
    scene.simulator.plan(LOST)
    answer = scene.answer("SUGAR", ASK)
    assert "ask the customer whether there is a prompt" in words(answer)
    cart = cart_id(scene)
    assert last(scene, cart).state is S.UNKNOWN
    assert "being asked already" in words(scene.answer(ASK))
    [payment] = scene.simulator.ledger.payments_by(AMINA)
    other = words(scene.answer(f"pay mpesa-code {payment.receipt} 100"))
    assert other.startswith("The customer's phone was asked for 165.00")
    assert scene.answer(f"pay mpesa-code {payment.receipt}")["receipt"] == "T1-000001"
    assert fate(scene, payment) == (M.UNVERIFIED, cart)
    read_list(scene)
    assert (last(scene, cart).state, fate(scene, payment)) == (S.CONFIRMED, (M.MATCHED, cart))
    assert charged(scene) == SUGAR


def test_read_timeout_on_push_that_never_came_there(scene: Scene) -> None:
    """Cleared by the list ten minutes later, or by a manager's look at the customer's phone."""
    scene.simulator.plan(NOT_DONE)
    scene.answer("SUGAR", ASK)
    cart = cart_id(scene)
    read_list(scene, 11)
    assert last(scene, cart).state is S.CLEARED
    assert attempt_words(last(scene, cart)).startswith("Nothing was paid: ask again")
    scene.simulator.plan(NOT_DONE)
    scene.answer(ASK)
    assert scene.mpesa.attempts.end(last(scene, cart).id, AttemptEvent.OVERRIDE, by="manager")
    assert scene.answer(ASK)["receipt"] == "T1-000001"
    assert charged(scene) == SUGAR


def test_read_timeout_on_push_and_another_tender(scene: Scene) -> None:
    scene.simulator.plan(LOST)
    assert scene.answer("SUGAR", ASK, "pay cash")["receipt"] == "T1-000001"
    _sale, sale_id = sold(scene)
    read_list(scene)
    [payment] = scene.simulator.ledger.payments_by(AMINA)
    assert (last(scene, sale_id).state, fate(scene, payment)) == (
        S.LATE_PAID,
        (M.SUSPENSE, None),
    )
    assert "paid after all" in attempt_words(last(scene, sale_id))


def test_app_killed_between_request_and_response(scene: Scene) -> None:
    scene.answer("SUGAR")
    cart = scene.shop.till.state.open_cart()
    assert cart is not None
    attempt = scene.shop.mpesa_desk.begin(cart, SUGAR, AMINA, scene.person)
    scene.mpesa.attempts.start_sending(attempt.id)
    scene.mpesa.daraja.calls().push(
        PushOrder(
            phone=AMINA,
            amount_cents=SUGAR,
            reference=attempt.reference,
            description="Sale",
            callback_path=f"/a/{attempt.id}",
        )
    )
    scene.restart()
    assert cart_id(scene) == cart.id
    assert "has not answered: ask the customer" in attempt_words(last(scene, cart.id))
    assert "being asked already" in words(scene.answer(ASK))
    read_list(scene)
    assert last(scene, cart.id).state is S.CONFIRMED
    assert str(take(scene).receipt) == "T1-000001"
    assert charged(scene) == SUGAR


def test_app_killed_after_the_response(scene: Scene) -> None:
    scene.simulator.script(Script(code=None))
    scene.answer("SUGAR")
    cart = scene.shop.till.state.open_cart()
    assert cart is not None
    attempt = scene.shop.mpesa_desk.begin(cart, SUGAR, AMINA, scene.person)
    scene.mpesa.pushing.push(attempt.id)
    scene.restart()
    assert last(scene, cart.id).state is S.ACCEPTED
    scene.simulator.answer(AMINA)
    scene.pass_by(10)
    assert last(scene, cart.id).state in PAYING
    assert str(take(scene).receipt) == "T1-000001"
    assert charged(scene) == SUGAR


# how a prompt ends


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (CANCEL, "The customer has cancelled: ask again"),
        (WRONG_PIN, "The PIN was wrong: ask again"),
        ("1", "There is not enough money on this phone: take another tender"),
    ],
)
def test_cancelled_wrong_pin_or_no_money(scene: Scene, code: str, told: str) -> None:
    scene.simulator.script(Script(code=code, times=1))
    assert told in words(scene.answer("SUGAR", ASK))
    cart = cart_id(scene)
    first = last(scene, cart)
    assert (first.state, first.code, charged(scene)) == (S.DECLINED, code, 0)
    assert "the same amount again so soon: ask again in" in words(scene.answer(ASK))
    scene.clock.advance(timedelta(minutes=2))
    assert scene.answer(ASK)["receipt"] == "T1-000001"
    assert (last(scene, cart).no, last(scene, cart).reference != first.reference) == (2, True)
    assert charged(scene) == SUGAR


@pytest.mark.parametrize("says", [None, "0"])
def test_callback_late_or_never(shop_directory: Path, says: str | None) -> None:
    habits = Habits(prompt_seconds=86_400, while_open=UNDER_PROCESSING)
    with opened(shop_directory, habits) as scene:
        furnished(scene).simulator.script(Script(code=None))
        assert "does not say whether it is paid" in words(scene.answer("SUGAR", ASK))
        cart = cart_id(scene)
        assert last(scene, cart).state is S.UNRESOLVED
        assert "look at the customer's phone" in attempt_words(last(scene, cart))
        assert "being asked already" in words(scene.answer(ASK))
        if says is None:
            read_list(scene, 15)
            assert last(scene, cart).state is S.CLEARED
            assert charged(scene) == 0
            return
        scene.simulator.answer(AMINA, says)
        scene.pass_by(900)
        assert last(scene, cart).state in PAYING
        assert str(take(scene).receipt) == "T1-000001"
        assert charged(scene) == SUGAR


@pytest.mark.parametrize("is_open", [True, False])
def test_success_after_declined(scene: Scene, is_open: bool) -> None:
    """The query says that it was cancelled, and the list that it was paid."""
    scene.simulator.script(Script(query_code=CANCEL))
    assert "has cancelled" in words(scene.answer("SUGAR", ASK))
    cart = cart_id(scene)
    assert last(scene, cart).state is S.DECLINED
    if not is_open:
        scene.answer("pay cash")
    read_list(scene)
    [payment] = scene.simulator.ledger.payments_by(AMINA)
    if is_open:
        assert (last(scene, cart).state, fate(scene, payment)) == (S.CONFIRMED, (M.MATCHED, cart))
        assert str(take(scene).receipt) == "T1-000001"
    else:
        assert (last(scene, cart).state, fate(scene, payment)) == (S.LATE_PAID, (M.SUSPENSE, None))
    assert charged(scene) == SUGAR


def test_query_0_without_a_receipt(scene: Scene) -> None:
    assert scene.answer("SUGAR", ASK)["receipt"] == "T1-000001"
    sale, sale_id = sold(scene)
    attempt = last(scene, sale_id)
    assert (attempt.state, attempt.receipt) == (S.PAID, None)
    assert [one.reference for one in sale.tenders] == [attempt.reference]
    read_list(scene)
    [payment] = scene.simulator.ledger.payments_by(AMINA)
    assert last(scene, sale_id).receipt == payment.receipt
    assert (last(scene, sale_id).state, fate(scene, payment)) == (
        S.CONFIRMED,
        (M.MATCHED, sale_id),
    )
    assert charged(scene) == SUGAR


# what a customer pays by hand


def test_wrong_amount_paid_by_hand_less(scene: Scene) -> None:
    scene.answer("SUGAR")
    cart = wait_for_it(scene)
    wait = scene.mpesa.waits.look(cart)
    assert wait.attempt is None
    payment = scene.simulator.pay_by_hand(AMINA, 100_00, "T1U15B")
    read_list(scene)
    assert fate(scene, payment) == (M.MATCHED, cart)
    assert take(scene).message == "Still to pay 65.00"
    assert scene.answer("pay cash")["receipt"] == "T1-000001"
    kinds = [(one.kind, one.amount_cents) for one in sold(scene)[0].tenders]
    assert kinds == [(TenderKind.MPESA, 100_00), (TenderKind.CASH, 65_00)]


def test_wrong_amount_paid_by_hand_more(scene: Scene) -> None:
    scene.answer("SUGAR")
    cart = wait_for_it(scene)
    payment = scene.simulator.pay_by_hand(AMINA, 200_00, "T1U15B")
    read_list(scene)
    assert fate(scene, payment) == (M.MATCHED, cart)
    with pytest.raises(Refused, match=r"has paid 200.00 by M-Pesa, and 165.00 is due"):
        take(scene)
    assert scene.answer("pay cash")["receipt"] == "T1-000001"
    assert fate(scene, payment) == (M.SUSPENSE, cart)


@pytest.mark.parametrize("reference", ["T1U15B", "t1u15b", "RUTH"])
def test_customer_pays_by_hand(scene: Scene, reference: str) -> None:
    scene.answer("SUGAR")
    cart = wait_for_it(scene)
    payment = scene.simulator.pay_by_hand(AMINA, SUGAR, reference)
    read_list(scene)
    assert fate(scene, payment) == (M.MATCHED, cart)
    assert str(take(scene).receipt) == "T1-000001"
    assert charged(scene) == SUGAR


def test_customer_pays_by_hand_and_two_baskets_are_equal(scene: Scene) -> None:
    scene.answer("SUGAR")
    first = wait_for_it(scene)
    scene.answer("hold", "SUGAR")
    second = wait_for_it(scene)
    payment = scene.simulator.pay_by_hand(AMINA, SUGAR, "RUTH")
    read_list(scene)
    assert fate(scene, payment) == (M.UNMATCHED, None)
    for cart in (first, second):
        offers = scene.mpesa.waits.look(cart).offers
        assert payment.receipt in [one.receipt for one in offers]
    assert scene.mpesa.waits.pick(second, payment.receipt)
    assert str(take(scene).receipt) == "T1-000001"
    assert not scene.mpesa.waits.pick(first, payment.receipt)


def test_customer_pays_twice_by_hand_and_the_next_sale_is_of_the_same_amount(scene: Scene) -> None:
    scene.answer("SUGAR")
    wait = mpesa_waits.find(scene.shop.database, wait_for_it(scene))
    assert wait is not None
    scene.simulator.pay_by_hand(AMINA, SUGAR, wait.reference)
    read_list(scene)
    take(scene)
    again = scene.simulator.pay_by_hand(AMINA, SUGAR, wait.reference)
    scene.answer("SUGAR")
    following = wait_for_it(scene)
    read_list(scene)
    assert fate(scene, again) == (M.UNMATCHED, None)
    offers = scene.mpesa.waits.look(following).offers
    assert again.receipt in [one.receipt for one in offers]


def test_customer_pays_by_hand_and_is_not_asked_then(scene: Scene) -> None:
    scene.answer("SUGAR")
    wait_for_it(scene)
    scene.simulator.pay_by_hand(AMINA, SUGAR, "T1U15B")
    read_list(scene)
    assert scene.answer(ASK)["receipt"] == "T1-000001"
    assert (scene.simulator.count(Call.PUSH), charged(scene)) == (0, SUGAR)


def test_both_push_and_by_hand(scene: Scene) -> None:
    """The customer pays by hand beside the push: charged twice, and the second is in the tray."""
    scene.answer("SUGAR", ASK)
    _sale, sale_id = sold(scene)
    by_hand = scene.simulator.pay_by_hand(AMINA, SUGAR, "T1U15B")
    read_list(scene)
    pushed = next(
        one for one in scene.simulator.ledger.payments_by(AMINA) if one.checkout_id is not None
    )
    assert fate(scene, pushed) == (M.MATCHED, sale_id)
    assert fate(scene, by_hand)[0] in (M.UNMATCHED, M.SUSPENSE)
    assert charged(scene) == 2 * SUGAR


# without a network


def test_offline_typed_code_verified_later(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_MPESA_BASE_URL", DEAD)
    assert "nobody was asked. Type the code once it is paid" in words(scene.answer("SUGAR", ASK))
    cart = cart_id(scene)
    payment = scene.simulator.pay_by_hand(AMINA, SUGAR, "RUTH")
    assert scene.answer(f"pay mpesa-code {payment.receipt}")["receipt"] == "T1-000001"
    assert fate(scene, payment) == (M.UNVERIFIED, cart)
    scene.clock.advance(timedelta(hours=9))
    monkeypatch.delenv("POS_MPESA_BASE_URL")
    read_list(scene)
    assert fate(scene, payment) == (M.MATCHED, cart)
    assert charged(scene) == SUGAR


def test_offline_typed_code_flagged_later(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """One told another amount, one is a forgery; and a manager approves what is above the limit."""
    books = scene.shop.books
    scene.shop.configuration.set(settings.MPESA_UNVERIFIED_CENTS, 100_00, books, actor=None)
    monkeypatch.setenv("POS_MPESA_BASE_URL", DEAD)
    payment = scene.simulator.pay_by_hand(AMINA, 5_00, "RUTH")
    approve = f"approve {' '.join(MANAGER)}"
    assert scene.answer("SUGAR", f"pay mpesa-code {payment.receipt}")["ok"] is False
    assert scene.answer(approve)["receipt"] == "T1-000001"
    assert scene.answer("SUGAR", "pay mpesa-code FORGED0000", approve)["receipt"] == "T1-000002"
    monkeypatch.delenv("POS_MPESA_BASE_URL")
    read_list(scene)
    assert fate(scene, payment)[0] is M.DIFFERS
    forged = mpesa_money.find(scene.shop.database, "FORGED0000")
    assert forged is not None
    assert (forged.state, forged.is_confirmed) == (M.UNVERIFIED, False)


# the till itself


def test_power_loss_after_the_paid_commit(scene: Scene) -> None:
    assert scene.answer("SUGAR", ASK)["receipt"] == "T1-000001"
    _sale, sale_id = sold(scene)
    scene.restart()
    assert scene.shop.till.state.open_cart() is None
    assert scene.shop.selling.find(None).frame.sale_id == sale_id
    scene.answer(f"login {' '.join(MANAGER)}", "reprint")
    assert scene.shop.print_queue.copies(sale_id) == 1
    assert charged(scene) == SUGAR


def test_power_loss_after_paid_and_before_the_sale(scene: Scene) -> None:
    scene.answer("SUGAR")
    cart = scene.shop.till.state.open_cart()
    assert cart is not None
    attempt = scene.shop.mpesa_desk.begin(cart, SUGAR, AMINA, scene.person)
    scene.mpesa.pushing.push(attempt.id)
    scene.pass_by(10)
    scene.restart()
    assert str(take(scene).receipt) == "T1-000001"
    assert last(scene, cart.id).state in PAYING
    assert charged(scene) == SUGAR


@pytest.mark.parametrize("minutes", [-25, 25])
def test_wrong_clock(shop_directory: Path, minutes: int) -> None:
    """M-Pesa's own time is used in its place, so that nothing is refused; the list finds it."""
    with opened(shop_directory, ahead=timedelta(minutes=minutes)) as scene:
        furnished(scene)
        assert scene.answer("SUGAR", ASK)["receipt"] == "T1-000001"
        _sale, sale_id = sold(scene)
        read_list(scene, 30)
        assert last(scene, sale_id).state is S.CONFIRMED
        assert charged(scene) == SUGAR


def test_two_tills_on_one_short_code(scene: Scene, made_shop: Path, tmp_path: Path) -> None:
    shutil.copytree(made_shop, tmp_path / "second")
    shop = open_shop(tmp_path / "second", clock=scene.clock)
    set_up(shop, scene.simulator)
    other = Scene(shop, scene.clock, scene.simulator, scene.person)
    try:
        for one in (scene, other):
            one.shop.configuration.set(settings.MPESA_SHARED, True, one.shop.books, actor=None)
        shop.configuration.set(settings.TILL_CODE, "T2", shop.books, actor=None)
        furnished(other)
        scene.answer("SUGAR", ASK)
        other.answer("SUGAR", "pay mpesa 0110000001")
        by_hand = scene.simulator.pay_by_hand("254733333333", SUGAR, "RUTH")
        for one in (scene, other):
            read_list(one)
        mine, theirs = (scene.simulator.ledger.payments_by(phone)[0] for phone in (AMINA, BARAKA))
        assert (mine.reference[:2], theirs.reference[:2]) == ("T1", "T2")
        assert fate(scene, mine) == (M.MATCHED, sold(scene)[1])
        assert fate(scene, theirs) == (M.ELSEWHERE, None)
        assert fate(other, mine) == (M.ELSEWHERE, None)
        assert fate(other, theirs) == (M.MATCHED, sold(other)[1])
        assert {fate(one, by_hand)[0] for one in (scene, other)} == {M.UNMATCHED}
    finally:
        shop.close()
