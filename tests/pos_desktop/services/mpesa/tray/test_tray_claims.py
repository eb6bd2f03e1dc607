"""What a person decides at one of two tills of a number: the other does not do it too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.services.mpesa.claiming import AnotherTillHasIt, RelaySilent
from pos_desktop.services.mpesa.tray.tray_acts import Target
from pos_desktop.storage import mpesa_claims
from pos_desktop.storage.mpesa_claims import ClaimState
from tests.pos_desktop.conftest import CASHIER, MANAGER, add_product
from tests.pos_desktop.services.mpesa.relay_scene import RelayScene, relayed_tills
from tests.pos_desktop.services.mpesa.scene import AMINA
from tests.pos_desktop.services.mpesa.test_scenarios import (
    DEAD,
    SUGAR,
    take,
    wait_for_it,
)
from tests.pos_desktop.services.mpesa.told import state_of

Tills = dict[str, RelayScene]


@pytest.fixture
def tills(shop_directory: Path, tmp_path: Path) -> Iterator[Tills]:
    other = tmp_path / "other"
    shutil.copytree(shop_directory, other)
    folders = {"T1": shop_directory, "T2": other}
    with relayed_tills(folders, tmp_path / "relay.sqlite") as tills:
        for one in tills.values():
            add_product(one.shop, "SUGAR", "Sugar 1 kg", SUGAR)
            one.shop.till.sign_in(*CASHIER)
            one.shop.till.state.shift = one.shop.closing.open_shift(one.person, 2_000_00)
        tills["T1"].listed()
        yield tills


def paid(tills: Tills) -> str:
    """Let Amina pay, and both tills know of it; return the code."""
    code = tills["T1"].simulator.pay_by_hand(AMINA, SUGAR, "X").receipt
    go_on(tills)
    return code


def go_on(tills: Tills) -> None:
    """Let both tills hear, read the list, and do what follows from it; without `learn_taken`."""
    tills["T1"].clock.advance(timedelta(minutes=2))
    for one in (*tills.values(), *tills.values()):
        one.hear()
        one.mpesa.payment_list.run()
        one.work()


def granted(scene: RelayScene, code: str) -> ClaimState | None:
    found = mpesa_claims.find(scene.shop.database, code)
    return found.state if found else None


def test_cash_is_given_at_one_till(tills: Tills) -> None:
    code = paid(tills)
    first, second = tills.values()
    manager = first.shop.sign_in.sign_in(*MANAGER)
    assert first.shop.mpesa_back.in_cash(code, actor=manager) == SUGAR
    assert granted(first, code) is ClaimState.GRANTED
    with pytest.raises(AnotherTillHasIt):
        second.shop.mpesa_back.in_cash(code, actor=second.shop.sign_in.sign_in(*MANAGER))
    assert state_of(second, code) is MoneyState.ELSEWHERE


def test_what_is_given_back_at_one_till_is_not_asked_back_at_another(tills: Tills) -> None:
    code = paid(tills)
    first, second = tills.values()
    first.mpesa.reversals.ask(code, actor=first.shop.sign_in.sign_in(*MANAGER))
    manager = second.shop.sign_in.sign_in(*MANAGER)
    with pytest.raises(AnotherTillHasIt):
        second.mpesa.reversals.ask(code, actor=manager)
    with pytest.raises(Refused):
        second.mpesa.acts.attach(code, Target(sale_id=second.cart()), actor=manager)


def test_what_is_attached_at_one_till_pays_no_sale_at_another(tills: Tills) -> None:
    code = paid(tills)
    first, second = tills.values()
    first.answer("SUGAR")
    cart = first.shop.till.state.open_cart()
    assert cart is not None
    first.shop.carts.keep_open(cart)
    manager = first.shop.sign_in.sign_in(*MANAGER)
    first.mpesa.acts.attach(code, Target(sale_id=cart.id), actor=manager)
    assert str(take(first).receipt) == "T1-000001"
    second.answer("SUGAR")
    waiting = wait_for_it(second)
    go_on(tills)
    assert second.mpesa.waits.come(waiting) == []
    assert not second.mpesa.claims.may_pick(code, waiting)
    assert state_of(second, code) is MoneyState.ELSEWHERE


def test_a_silent_relay_lets_a_person_attach_and_no_money_out(tills: Tills) -> None:
    code = paid(tills)
    first = tills["T1"]
    manager = first.shop.sign_in.sign_in(*MANAGER)
    first.answer("SUGAR")
    cart = first.shop.till.state.open_cart()
    assert cart is not None
    first.shop.carts.keep_open(cart)
    books = first.shop.books
    first.shop.configuration.set(settings.MPESA_RELAY_URL, DEAD, books, actor=None)
    for giving in (
        lambda: first.shop.mpesa_back.in_cash(code, actor=manager),
        lambda: first.mpesa.reversals.ask(code, actor=manager),
    ):
        with pytest.raises(RelaySilent, match="try again later"):
            giving()
    assert state_of(first, code) is MoneyState.UNMATCHED
    first.mpesa.acts.attach(code, Target(sale_id=cart.id), actor=manager)
    assert state_of(first, code) is MoneyState.MATCHED
    assert granted(first, code) is ClaimState.ASKED, "it is asked for once the relay answers"


def test_a_code_is_claimed_though_nobody_has_waited_for_it(tills: Tills) -> None:
    code = paid(tills)
    for one in tills.values():
        one.answer("SUGAR", f"pay mpesa-code {code}")
        one.work()
    states = [granted(one, code) for one in tills.values()]
    assert states == [ClaimState.GRANTED, ClaimState.TAKEN]
    assert [state_of(one, code) for one in tills.values()] == [
        MoneyState.MATCHED,
        MoneyState.DIFFERS,
    ]
