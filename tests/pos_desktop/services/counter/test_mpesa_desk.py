"""A play that is paid by M-Pesa: by a push, by a code, in part, and not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.pushes import CANCEL
from pos_sync.testing.mpesa.scripts import Script, Trouble

from pos_desktop import settings
from pos_desktop.cli.play_command import play_line
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.counter.mpesa_desk import HasPaid
from pos_desktop.shop import Shop
from pos_desktop.storage import mpesa_events, mpesa_money
from tests.pos_desktop.conftest import MANAGER, add_product
from tests.pos_desktop.services.mpesa.scene import AMINA, Scene, opened
from tests.pos_desktop.services.mpesa.told import CODE, OTHER, told

ASK = "pay mpesa 0712345678"


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        add_product(scene.shop, "SUGAR", "Sugar 1 kg", 165_50)
        scene.open_day()
        yield scene


def play(shop: Shop, *lines: str) -> list[dict[str, Any]]:
    return [play_line(shop, number, line) for number, line in enumerate(lines, start=1)]


def last(scene: Scene, *lines: str) -> dict[str, Any]:
    return play(scene.shop, *lines)[-1]


def test_a_push_pays_the_sale_in_whole_shillings(scene: Scene) -> None:
    answer = last(scene, "SUGAR", ASK)
    assert (answer["ok"], answer["receipt"]) == (True, "T1-000001")
    sale = scene.shop.selling.find(None).sale
    [tender] = sale.tenders
    assert (tender.kind, tender.amount_cents) == (TenderKind.MPESA, 166_00)
    assert (sale.rounding_cents, tender.reference) == (50, "T1U25C")
    assert scene.simulator.ledger.charged_cents(AMINA) == 166_00


def test_a_part_by_push_and_the_rest_in_cash(scene: Scene) -> None:
    answers = play(scene.shop, "SUGAR", f"{ASK} 100", "pay cash 66")
    assert [one["ok"] for one in answers] == [True, True, True]
    assert answers[1]["due"] == 65_50
    kinds = [one.kind for one in scene.shop.selling.find(None).sale.tenders]
    assert kinds == [TenderKind.MPESA, TenderKind.CASH]


def test_a_part_by_push_is_taken_once_though_its_code_is_told_then(scene: Scene) -> None:
    play(scene.shop, "SUGAR", f"{ASK} 100")
    cart = scene.shop.till.state.open_cart()
    assert cart is not None
    assert cart.payment is not None
    [attempt] = scene.mpesa.attempts.of_sale(cart.id)
    told(scene, 100_00, reference=attempt.reference)
    assert scene.mpesa.attempts.find(attempt.id).receipt == CODE
    assert scene.mpesa.waits.come(cart.id, cart.payment.tenders) == []
    assert last(scene, ASK)["receipt"] == "T1-000001"
    tenders = scene.shop.selling.find(None).sale.tenders
    assert [one.amount_cents for one in tenders] == [100_00, 66_00]


def test_a_customer_who_cancels_leaves_the_sale_open(scene: Scene) -> None:
    scene.simulator.script(Script(code=CANCEL))
    answer = last(scene, "SUGAR", ASK)
    assert answer["error"] == "The customer has cancelled: ask again, or take another tender."
    assert answer["due"] == 165_50
    assert last(scene, "pay cash")["ok"]


def test_a_lost_answer_lets_cash_be_taken_and_the_money_wait(scene: Scene) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    answer = last(scene, "SUGAR", ASK)
    assert "Do not ask again before it is clear" in str(answer["error"])
    assert "being asked already" in str(last(scene, ASK)["error"])
    assert last(scene, "pay cash")["receipt"] == "T1-000001"
    [attempt] = scene.mpesa.attempts.of_sale(scene.shop.selling.find(None).frame.sale_id)
    scene.mpesa.attempts.told_id(attempt.id, scene.simulator.prompts[0].checkout_id, "m")
    scene.pass_by(300)
    assert scene.mpesa.attempts.find(attempt.id).state == "late_paid"


def test_a_payment_that_came_by_itself_is_taken_by_its_code(scene: Scene) -> None:
    told(scene, 165_50)
    assert last(scene, "SUGAR", f"pay mpesa-code {CODE}")["receipt"] == "T1-000001"
    assert "used already" in str(last(scene, "SUGAR", f"pay mpesa-code {CODE}")["error"])


def test_an_unknown_code_is_taken_unverified_up_to_the_limit(scene: Scene) -> None:
    scene.shop.configuration.set(
        settings.MPESA_UNVERIFIED_CENTS, 150_00, scene.shop.books, actor=None
    )
    answers = play(scene.shop, "SUGAR", f"pay mpesa-code {CODE}", f"approve {' '.join(MANAGER)}")
    assert [one["ok"] for one in answers] == [True, False, True]
    money = mpesa_money.find(scene.shop.database, CODE)
    assert money is not None
    assert (money.state, money.amount_cents) == (MoneyState.UNVERIFIED, 165_50)
    told(scene, 165_50)
    money = mpesa_money.find(scene.shop.database, CODE)
    assert money is not None
    assert money.state is MoneyState.MATCHED


def test_an_unknown_code_of_the_very_limit_needs_nobody(scene: Scene) -> None:
    scene.shop.configuration.set(
        settings.MPESA_UNVERIFIED_CENTS, 165_50, scene.shop.books, actor=None
    )
    assert last(scene, "SUGAR", f"pay mpesa-code {CODE}")["receipt"] == "T1-000001"
    answer = last(scene, "SUGAR", f"pay mpesa-code {OTHER} 165.51")
    assert not answer["ok"]


def test_no_change_is_given_for_an_unknown_code_whoever_approves(scene: Scene) -> None:
    refused, approved = play(
        scene.shop, "SUGAR", f"pay mpesa-code {CODE} 200", f"approve {' '.join(MANAGER)}"
    )[1:]
    assert "has paid 200.00 by M-Pesa, and 165.50 is due" in str(refused["error"])
    assert (approved["ok"], approved["due"]) == (False, 165_50)
    assert mpesa_money.find(scene.shop.database, CODE) is None


def test_a_code_pays_once_in_a_sale_too(scene: Scene) -> None:
    answers = play(scene.shop, "SUGAR", *[f"pay mpesa-code {CODE} 50"] * 2)
    assert [one["ok"] for one in answers] == [True, True, False]
    assert "used already" in str(answers[-1]["error"])
    assert answers[-1]["due"] == 115_50


def test_a_push_and_its_own_code_are_said_to_pay_twice(scene: Scene) -> None:
    play(scene.shop, "2*SUGAR", f"{ASK} 100", f"pay mpesa-code {CODE} 100", "pay cash")
    [attempt] = scene.mpesa.attempts.of_sale(scene.shop.selling.find(None).frame.sale_id)
    told(scene, 100_00, reference=attempt.reference)
    money = mpesa_money.find(scene.shop.database, CODE)
    assert money is not None
    assert (money.state, money.note) == (MoneyState.DIFFERS, attempt.reference)
    assert scene.mpesa.attempts.find(attempt.id).state == "confirmed"


def test_the_code_of_a_push_in_doubt_pays_what_was_asked_for(scene: Scene) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    answers = play(scene.shop, "SUGAR", ASK, f"pay mpesa-code {CODE}")
    assert answers[-1]["receipt"] == "T1-000001"
    [tender] = scene.shop.selling.find(None).sale.tenders
    assert (tender.amount_cents, tender.rounding_cents) == (166_00, 50)


def test_nobody_is_asked_who_has_paid_already(scene: Scene) -> None:
    play(scene.shop, "SUGAR")
    cart = scene.shop.till.state.open_cart()
    assert cart is not None
    scene.shop.carts.keep_open(cart)
    scene.mpesa.waits.open(cart.id, 165_50)
    told(scene, 165_50)
    with pytest.raises(HasPaid, match="has paid by M-Pesa already"):
        scene.shop.mpesa_desk.begin(cart, 166_00, AMINA, scene.person)
    assert last(scene, ASK)["receipt"] == "T1-000001"
    assert scene.simulator.count(Call.PUSH) == 0


def test_more_than_is_due_is_a_sentence_and_stays_the_carts(scene: Scene) -> None:
    told(scene, 200_00)
    answer = last(scene, "SUGAR", f"pay mpesa-code {CODE}")
    assert "has paid 200.00 by M-Pesa, and 165.50 is due" in str(answer["error"])
    assert last(scene, "SUGAR", f"pay mpesa-code {CODE}", "pay cash")["receipt"] == "T1-000001"


def test_what_was_paid_and_undone_stands_in_the_tray(scene: Scene) -> None:
    told(scene, 100_00)
    play(scene.shop, "SUGAR", f"pay mpesa-code {CODE}")
    scene.shop.till.clear()
    money = mpesa_money.find(scene.shop.database, CODE)
    assert money is not None
    assert money.state is MoneyState.SUSPENSE


def test_while_it_is_not_set_up_it_says_so(selling_shop: Shop) -> None:
    answer = play(selling_shop, "SUGAR", ASK)[-1]
    assert "M-Pesa is not set up yet" in str(answer["error"])


def test_money_goes_back_for_a_code_that_is_not_confirmed_once_a_manager_approves(
    scene: Scene,
) -> None:
    answer = last(scene, "SUGAR", f"pay mpesa-code {CODE}")
    number = answer["receipt"]
    refused, approved = play(scene.shop, f"refund {number}", f"approve {' '.join(MANAGER)}")
    assert f"the code {CODE}, which M-Pesa has not confirmed" in str(refused["error"])
    assert approved["ok"], approved


def test_who_has_typed_a_code_is_kept(scene: Scene) -> None:
    last(scene, "SUGAR", f"pay mpesa-code {CODE}")
    [typed] = [
        one
        for one in mpesa_events.of_receipt(scene.shop.database, CODE)
        if one.kind is EventKind.TYPED
    ]
    assert (typed.detail["by"], typed.detail["amount_cents"]) == (scene.person.id, 165_50)


def test_the_code_of_a_prompt_that_seemed_over_is_taken_for_what_it_asked(scene: Scene) -> None:
    scene.simulator.script(Script(code=CANCEL))
    assert "has cancelled" in str(last(scene, "SUGAR", ASK)["error"])
    assert last(scene, f"pay mpesa-code {CODE}")["ok"]
    [tender] = scene.shop.selling.find(None).sale.tenders
    assert (tender.amount_cents, tender.rounding_cents) == (166_00, 50)


def test_a_code_typed_for_less_than_its_push_has_brought_leaves_the_push_late(scene: Scene) -> None:
    scene.simulator.script(Script(code=CANCEL))
    last(scene, "SUGAR", ASK, f"pay mpesa-code {CODE} 165.50")
    [attempt] = scene.mpesa.attempts.of_sale(scene.shop.selling.find(None).frame.sale_id)
    told(scene, 166_00, CODE, reference=attempt.reference)
    attempt = scene.mpesa.attempts.find(attempt.id)
    assert (attempt.state, attempt.receipt) == ("late_paid", CODE)
    money = mpesa_money.find(scene.shop.database, CODE)
    assert money is not None
    assert money.state is MoneyState.DIFFERS
