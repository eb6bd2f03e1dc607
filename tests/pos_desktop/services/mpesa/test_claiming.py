"""Two tills that are paid by one number: the relay says whose a payment is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pos_queue.errors import TryLater
from pos_sync.relay.waits import Verdict, WhyNot
from pos_sync.testing.mpesa.habits import Habits, PayerShown
from pos_sync.testing.mpesa.scripts import Script

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.storage import mpesa_claims, mpesa_money
from pos_desktop.storage.mpesa_claims import ClaimState
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.services.mpesa.relay_scene import RelayScene, relayed_tills
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA

CENTS = 1_450_00


@pytest.fixture
def tills(shop_directory: Path, tmp_path: Path) -> Iterator[dict[str, RelayScene]]:
    other = tmp_path / "other"
    shutil.copytree(shop_directory, other)
    habits = Habits(payer_in_confirmations=PayerShown.HASHED, payer_in_pull=PayerShown.HASHED)
    folders = {"T1": shop_directory, "T2": other}
    with relayed_tills(folders, tmp_path / "relay.sqlite", habits) as tills:
        first = tills["T1"]
        first.mpesa.registering.register_confirmations(actor=None)
        first.mpesa.registering.register_list("0722000000", actor=None)
        first.simulator.script(Script(code=None))
        yield tills


def wait(scene: RelayScene, cents: int = CENTS, phone: str | None = None) -> Id:
    cart = scene.cart()
    scene.mpesa.waits.open(cart, cents, phone)
    scene.work()
    return cart


def hear(tills: dict[str, RelayScene]) -> None:
    for _turn in range(3):
        for till in tills.values():
            till.hear()


def kept(till: RelayScene, receipt: str) -> Money:
    found = mpesa_money.find(till.shop.database, receipt)
    assert found is not None
    return found


def test_what_fits_one_cart_of_all_tills_is_that_ones(tills: dict[str, RelayScene]) -> None:
    cart = wait(tills["T1"])
    wait(tills["T2"], 99_00)
    paid = tills["T1"].simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    hear(tills)
    assert [one.reference for one in tills["T1"].mpesa.waits.come(cart)] == [paid.receipt]
    assert kept(tills["T2"], paid.receipt).state is MoneyState.UNMATCHED
    tills["T2"].mpesa.claims.learn_taken()
    assert kept(tills["T2"], paid.receipt).state is MoneyState.ELSEWHERE


def test_equal_carts_at_two_tills_are_for_a_person(tills: dict[str, RelayScene]) -> None:
    carts = {code: wait(till) for code, till in tills.items()}
    paid = tills["T1"].simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    hear(tills)
    for code, till in tills.items():
        assert till.mpesa.waits.come(carts[code]) == []
        look = till.mpesa.waits.look(carts[code])
        assert [one.receipt for one in look.offers] == [paid.receipt]
    claims = [mpesa_claims.find(till.shop.database, paid.receipt) for till in tills.values()]
    assert [one and one.state for one in claims] == [ClaimState.AMBIGUOUS] * 2


def test_what_one_till_picks_the_other_does_not_get(tills: dict[str, RelayScene]) -> None:
    carts = {code: wait(till) for code, till in tills.items()}
    paid = tills["T1"].simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    hear(tills)
    first, second = tills["T1"].mpesa, tills["T2"].mpesa
    assert first.claims.may_pick(paid.receipt, carts["T1"])
    assert first.waits.pick(carts["T1"], paid.receipt)
    assert not second.claims.may_pick(paid.receipt, carts["T2"])
    assert not second.waits.pick(carts["T2"], paid.receipt)
    assert second.waits.look(carts["T2"]).offers == ()
    assert kept(tills["T2"], paid.receipt).state is MoneyState.ELSEWHERE


def test_the_phone_that_was_typed_decides(tills: dict[str, RelayScene]) -> None:
    wait(tills["T1"], phone=AMINA)
    cart = wait(tills["T2"], phone=BARAKA)
    paid = tills["T1"].simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    hear(tills)
    assert [one.reference for one in tills["T2"].mpesa.waits.come(cart)] == [paid.receipt]


def test_a_push_stands_in_nobodys_way(tills: dict[str, RelayScene]) -> None:
    cart = wait(tills["T1"], phone=AMINA)
    tills["T1"].ask(cart, CENTS)
    tills["T1"].simulator.answer(AMINA)
    hear(tills)
    other = wait(tills["T2"])
    paid = tills["T1"].simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    hear(tills)
    assert [one.reference for one in tills["T2"].mpesa.waits.come(other)] == [paid.receipt]


def test_a_code_that_both_have_taken_offline_is_for_a_person(tills: dict[str, RelayScene]) -> None:
    paid = tills["T1"].simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    for till in tills.values():
        cart = till.cart()
        till.mpesa.waits.open(cart, CENTS)
        till.mpesa.waits.take_code(cart, paid.receipt, CENTS)
    hear(tills)
    states = [kept(till, paid.receipt).state for till in tills.values()]
    assert states == [MoneyState.MATCHED, MoneyState.DIFFERS]


@pytest.mark.parametrize("is_granted_first", [True, False])
def test_of_two_words_of_the_relay_the_first_stands(
    tills: dict[str, RelayScene], monkeypatch: pytest.MonkeyPatch, *, is_granted_first: bool
) -> None:
    """A job asks, and a person who picks is answered meanwhile: otherwise, by a relay at fault."""
    first = tills["T1"]
    carts = {code: wait(till) for code, till in tills.items()}
    paid = first.simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    hear(tills)
    reader = first.mpesa.relay.reader()
    words = iter([is_granted_first, not is_granted_first])

    def says(_wanted: object) -> Verdict:
        is_granted = next(words)
        return Verdict(granted=is_granted, why=None if is_granted else WhyNot.TAKEN)

    def is_asked_meanwhile(wanted: object) -> Verdict:
        monkeypatch.setattr(reader, "claim", says)
        assert first.mpesa.claims.may_pick(paid.receipt, carts["T1"]) is is_granted_first
        return says(wanted)

    monkeypatch.setattr(reader, "claim", is_asked_meanwhile)
    monkeypatch.setattr(reader, "taken", list)
    assert first.mpesa.waits.pick(carts["T1"], paid.receipt)
    first.work()
    assert first.mpesa.claims.has(paid.receipt) is is_granted_first
    state = MoneyState.MATCHED if is_granted_first else MoneyState.DIFFERS
    assert kept(first, paid.receipt).state is state


def test_what_was_granted_for_a_cart_that_is_gone_stays_this_tills(
    tills: dict[str, RelayScene],
) -> None:
    first = tills["T1"]
    cart = wait(first)
    paid = first.simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    hear(tills)
    with first.shop.database.write():
        first.mpesa.sale_payments.let_go(cart)
    first.give_up(cart)
    again = wait(first)
    assert [one.receipt for one in first.mpesa.waits.look(again).offers] == [paid.receipt]
    assert first.mpesa.claims.may_pick(paid.receipt, again)
    assert first.mpesa.waits.pick(again, paid.receipt)


def test_no_keyring_is_waited_for_within_a_sale(
    tills: dict[str, RelayScene], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tills["T1"]
    assert first.mpesa.claims.decides
    setup = first.mpesa.setup
    monkeypatch.setattr(setup, "key", lambda _name: pytest.fail("the keyring was asked"))
    with first.shop.database.write():
        assert first.mpesa.claims.decides


def test_without_its_key_a_till_goes_by_the_cashiers_word(tills: dict[str, RelayScene]) -> None:
    first = tills["T1"]
    cart = wait(first)
    paid = first.simulator.pay_by_hand(BARAKA, CENTS, "DUKA")
    hear(tills)
    first.mpesa.setup.put_keys({MpesaKey.RELAY_KEY: ""}, actor=None)
    with pytest.raises(TryLater):
        first.mpesa.claims.tell_wait(cart)
    assert first.mpesa.claims.may_pick(paid.receipt, cart)
    assert first.mpesa.claims.learn_taken() == 0
    assert not first.mpesa.claims.decides
