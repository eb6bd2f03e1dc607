"""The tray: what stands in it, and each decision once, by somebody who may take it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.scripts import Trouble

from pos_desktop.cli.play_command import play_line
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.services.mpesa.tray.tray_acts import Target
from pos_desktop.services.people.acting import Approval, ChangedMeanwhile, NeedsApproval
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import mpesa_attempts, mpesa_events
from pos_desktop.storage.mpesa_attempts import Attempt
from tests.pos_desktop.conftest import CASHIER, MANAGER, add_product
from tests.pos_desktop.services.mpesa.scene import AMINA, Scene, opened
from tests.pos_desktop.services.mpesa.told import CODE, OTHER, sale_of, state_of, told

A = TrayAct
S = MoneyState


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        add_product(scene.shop, "SUGAR", "Sugar 1 kg", 165_00)
        scene.shop.till.sign_in(*CASHIER)
        scene.shop.till.state.shift = scene.shop.closing.open_shift(scene.person, 2_000_00)
        yield scene


@pytest.fixture
def manager(scene: Scene) -> Person:
    return scene.shop.sign_in.sign_in(*MANAGER)


def play(scene: Scene, *lines: str) -> dict[str, Any]:
    answers = [play_line(scene.shop, no, line) for no, line in enumerate(lines, start=1)]
    assert answers[-1]["ok"], answers[-1]
    return answers[-1]


def acts(scene: Scene, key: str = CODE) -> tuple[TrayAct, ...]:
    found = scene.mpesa.tray.item(key)
    assert found is not None
    return found.acts


def keys(scene: Scene) -> list[str]:
    return [one.key for one in scene.mpesa.tray.to_do(actor=None)]


def notes(scene: Scene) -> list[dict[str, Any]]:
    return scene.shop.database.rows(
        "SELECT kind, actor_id, approver_id, detail FROM journal WHERE kind LIKE 'mpesa %' "
        "AND kind <> 'mpesa keys set' ORDER BY rowid"
    )


def sold_by_code(scene: Scene, code: str = OTHER) -> str:
    """Sell for a code that nobody has heard of; return the sale's id."""
    play(scene, "SUGAR", f"pay mpesa-code {code}")
    return scene.shop.selling.find(None).frame.sale_id


def sold_by_push(scene: Scene) -> Attempt:
    """Sell for a push whose receipt is not known yet."""
    play(scene, "SUGAR", "pay mpesa 0712345678")
    sale_id = scene.shop.selling.find(None).frame.sale_id
    [attempt] = mpesa_attempts.of_sale(scene.shop.database, sale_id)
    assert (attempt.state, attempt.receipt) == (AttemptState.PAID, None)
    return attempt


def test_an_empty_tray(scene: Scene) -> None:
    assert (keys(scene), scene.mpesa.tray.count()) == ([], 0)
    assert scene.mpesa.tray.item(CODE) is None


def test_what_nobody_waits_for_stands_in_it_and_the_newest_first(scene: Scene) -> None:
    told(scene)
    scene.pass_by(60)
    told(scene, 70_00, OTHER)
    assert keys(scene) == [OTHER, CODE]
    assert scene.mpesa.tray.count() == 2
    assert acts(scene) == (A.ATTACH, A.PORTAL, A.CASH, A.CREDIT, A.ELSEWHERE)


def test_only_who_may_decide_sees_it(scene: Scene) -> None:
    with pytest.raises(NeedsApproval):
        scene.mpesa.tray.to_do(actor=scene.person)


def test_a_report_alone_moves_no_money(scene: Scene, manager: Person) -> None:
    told(scene, by=MoneySource.REPORT)
    assert acts(scene) == (A.SEEN, A.MISSING, A.ELSEWHERE)
    for refused in (
        lambda: scene.shop.mpesa_back.in_cash(CODE, actor=manager),
        lambda: scene.mpesa.acts.attach(CODE, Target(sale_id=scene.cart()), actor=None),
        lambda: scene.mpesa.reversals.went_back(CODE, actor=None),
    ):
        with pytest.raises(Refused, match="has not confirmed"):
            refused()
    assert state_of(scene) is S.UNMATCHED
    scene.mpesa.acts.seen(CODE, actor=manager)
    assert A.CASH in acts(scene)


# attach to a cart


def test_a_held_cart_that_is_taken_up_finds_it_paid(scene: Scene, manager: Person) -> None:
    play(scene, "SUGAR", "hold Amina")
    told(scene, 165_00)
    [target] = scene.mpesa.acts.targets(CODE)
    assert target.label == "Amina"
    scene.mpesa.acts.attach(CODE, target, actor=manager)
    assert (state_of(scene), sale_of(scene)) == (S.MATCHED, target.sale_id)
    assert scene.mpesa.waits.is_open(target.sale_id)
    assert keys(scene) == []
    with pytest.raises(ChangedMeanwhile):
        scene.mpesa.acts.attach(CODE, target, actor=manager)
    [note] = notes(scene)
    assert (note["kind"], note["actor_id"]) == ("mpesa attached", manager.id)


def test_a_cart_that_is_gone_gets_nothing(scene: Scene) -> None:
    told(scene)
    cart = scene.cart()
    scene.give_up(cart)
    with pytest.raises(ChangedMeanwhile):
        scene.mpesa.acts.attach(CODE, Target(sale_id=cart), actor=None)
    assert state_of(scene) is S.UNMATCHED


def test_a_late_payment_goes_to_its_own_cart_after_all(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.give_up(cart)
    scene.pass_by(10)
    assert keys(scene) == [attempt.id]
    assert acts(scene, attempt.id) == ()
    with pytest.raises(ChangedMeanwhile):
        scene.mpesa.acts.attach_late(attempt.id, actor=None)
    again = scene.cart()
    scene.shop.database.execute_sql(
        "UPDATE mpesa_attempt SET sale_id = ? WHERE id = ?", (again, attempt.id)
    )
    assert acts(scene, attempt.id) == (A.ATTACH,)
    scene.mpesa.acts.attach_late(attempt.id, actor=None)
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.PAID
    assert [one.amount_cents for one in scene.mpesa.waits.come(again)] == [1_450_00]


# attach to a sale


def test_a_push_without_a_code_gets_the_payment_that_a_person_picks(scene: Scene) -> None:
    attempt = sold_by_push(scene)
    scene.pass_by(700)
    told(scene, 165_00, OTHER)
    assert state_of(scene, OTHER) is S.UNMATCHED
    [target] = scene.mpesa.acts.targets(OTHER)
    assert (target.sale_number, target.named) == ("T1-000001", attempt.reference)
    scene.mpesa.acts.attach(OTHER, target, actor=None)
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.receipt) == (AttemptState.CONFIRMED, OTHER)
    assert (state_of(scene, OTHER), sale_of(scene, OTHER)) == (S.MATCHED, attempt.sale_id)


def test_a_code_that_was_typed_wrongly_gives_way_to_the_payment(scene: Scene) -> None:
    sale_id = sold_by_code(scene)
    told(scene, 165_00)
    assert set(keys(scene)) == {CODE, OTHER}
    assert acts(scene, OTHER) == (A.SEEN, A.MISSING)
    [target] = scene.mpesa.acts.targets(CODE)
    scene.mpesa.acts.attach(CODE, target, actor=None)
    assert (state_of(scene), sale_of(scene)) == (S.MATCHED, sale_id)
    assert (state_of(scene, OTHER), sale_of(scene, OTHER)) == (S.ELSEWHERE, None)
    assert keys(scene) == []
    told(scene, 165_00, OTHER)
    assert (state_of(scene, OTHER), sale_of(scene, OTHER)) == (S.SUSPENSE, None)
    assert keys(scene) == [OTHER], "it was not typed wrongly after all"


def test_a_payment_of_another_amount_takes_no_sales_place(scene: Scene) -> None:
    sale_id = sold_by_code(scene)
    told(scene, 150_00)
    assert scene.mpesa.acts.targets(CODE) == []
    with pytest.raises(Refused, match=r"counts 165\.00 by M-Pesa, and this is 150\.00"):
        target = Target(sale_id=sale_id, sale_number="T1-000001", named=OTHER)
        scene.mpesa.acts.attach(CODE, target, actor=None)
    assert (state_of(scene), state_of(scene, OTHER)) == (S.UNMATCHED, S.UNVERIFIED)


def test_a_sale_that_was_paid_right_gets_no_second_payment(scene: Scene) -> None:
    told(scene, 165_00, OTHER)
    play(scene, "SUGAR", f"pay mpesa-code {OTHER}")
    sale_id = scene.shop.selling.find(None).frame.sale_id
    told(scene, 165_00)
    assert scene.mpesa.acts.targets(CODE) == []
    with pytest.raises(ChangedMeanwhile):
        target = Target(sale_id=sale_id, sale_number="T1-000001", named=OTHER)
        scene.mpesa.acts.attach(CODE, target, actor=None)


def test_real_money_of_another_amount_goes_into_the_tray_when_its_sale_gets_the_right_one(
    scene: Scene,
) -> None:
    sold_by_code(scene)
    told(scene, 150_00, OTHER)
    assert state_of(scene, OTHER) is S.DIFFERS
    told(scene, 165_00)
    [target] = scene.mpesa.acts.targets(CODE)
    scene.mpesa.acts.attach(CODE, target, actor=None)
    assert (state_of(scene), state_of(scene, OTHER)) == (S.MATCHED, S.SUSPENSE)


# what a person has seen


def test_a_code_that_the_portal_shows_is_confirmed(scene: Scene, manager: Person) -> None:
    sold_by_code(scene)
    scene.mpesa.acts.seen(OTHER, actor=manager)
    assert (state_of(scene, OTHER), keys(scene)) == (S.MATCHED, [])
    with pytest.raises(ChangedMeanwhile):
        scene.mpesa.acts.missing(OTHER, actor=manager)


def test_a_code_that_never_came_is_the_sales_should_it_come_after_all(scene: Scene) -> None:
    sale_id = sold_by_code(scene)
    scene.mpesa.acts.missing(OTHER, actor=None)
    assert (state_of(scene, OTHER), keys(scene)) == (S.ELSEWHERE, [])
    told(scene, 165_00, OTHER)
    assert (state_of(scene, OTHER), sale_of(scene, OTHER)) == (S.MATCHED, sale_id)


def test_less_than_was_typed_may_be_kept(scene: Scene, manager: Person) -> None:
    sold_by_code(scene)
    told(scene, 150_00, OTHER)
    assert acts(scene, OTHER) == (A.ACCEPT,)
    with pytest.raises(Refused, match="nothing goes back"):
        scene.shop.mpesa_back.in_cash(OTHER, actor=manager)
    scene.mpesa.acts.accept(OTHER, actor=manager)
    assert (state_of(scene, OTHER), keys(scene)) == (S.MATCHED, [])


def test_another_tills_needs_a_reason(scene: Scene, manager: Person) -> None:
    told(scene)
    with pytest.raises(Refused):
        scene.mpesa.acts.elsewhere(CODE, "  ", actor=manager)
    with pytest.raises(NeedsApproval):
        scene.mpesa.acts.elsewhere(CODE, "Rent of the landlord", actor=scene.person)
    scene.mpesa.acts.elsewhere(
        CODE, "Rent", actor=scene.person, approval=Approval(manager, "asked")
    )
    assert (state_of(scene), keys(scene)) == (S.ELSEWHERE, [])
    [note] = notes(scene)
    assert (note["actor_id"], note["approver_id"]) == (scene.person.id, manager.id)
    event = mpesa_events.of_receipt(scene.shop.database, CODE)[-1]
    assert (event.kind, event.detail["approver"]) == ("elsewhere", manager.id)
    assert event.detail["why"] == "Rent"


def test_a_day_shows_what_sales_have_too(scene: Scene) -> None:
    told(scene, 165_00, OTHER)
    play(scene, "SUGAR", f"pay mpesa-code {OTHER}")
    told(scene)
    found = scene.mpesa.tray.since(0, actor=None)
    assert {one.key: (one.sale_number, one.is_to_do) for one in found} == {
        OTHER: ("T1-000001", False),
        CODE: ("", True),
    }


def test_what_a_cart_counts_on_is_nothing_to_do_before_it_is_sold(scene: Scene) -> None:
    scene.mpesa.waits.take_code(scene.cart(), CODE, 200_00)
    [found] = scene.mpesa.tray.since(0, actor=None)
    assert (found.is_to_do, scene.mpesa.tray.count()) == (False, 0)
    sold_by_code(scene)
    assert [one.key for one in scene.mpesa.tray.since(0, actor=None) if one.is_to_do] == [OTHER]


def test_a_push_whose_code_never_comes_is_shown_after_a_day(scene: Scene) -> None:
    attempt = sold_by_push(scene)
    assert keys(scene) == []
    scene.pass_by(86_401)
    assert (keys(scene), scene.mpesa.tray.count()) == ([attempt.id], 1)


def test_the_history_begins_with_the_push(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.give_up(cart)
    scene.pass_by(10)
    [payment] = scene.simulator.ledger.payments
    money = told(scene, 1_450_00, payment.receipt)
    found = scene.mpesa.tray.item(money.receipt)
    assert found is not None
    assert (found.attempt, state_of(scene, money.receipt)) == (
        scene.mpesa.attempts.find(attempt.id),
        S.SUSPENSE,
    )
    kinds = [one.kind for one in found.history]
    assert kinds[:2] == ["asked", "send"]
    assert kinds[-1] == "money without a sale"


# a manager looks at the phone


def test_an_attempt_in_doubt_is_ended_after_three_minutes(scene: Scene, manager: Person) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    cart = scene.cart()
    attempt = scene.ask(cart)
    overriding = scene.mpesa.overriding
    with pytest.raises(Refused, match="wait for 180 s more"):
        overriding.override(attempt.id, actor=manager)
    scene.pass_by(180)
    with pytest.raises(NeedsApproval):
        overriding.override(attempt.id, actor=scene.person)
    done = overriding.override(attempt.id, actor=scene.person, approval=Approval(manager))
    assert done.state is AttemptState.OVERRIDDEN
    assert scene.ask(cart, 1_449_00).state is AttemptState.ACCEPTED
    [note] = notes(scene)
    assert (note["kind"], note["approver_id"]) == ("mpesa overridden", manager.id)
    assert "neither prompt nor M-Pesa message" in note["detail"]
    with pytest.raises(ChangedMeanwhile):
        overriding.override(attempt.id, actor=manager)


def test_a_prompt_of_which_nothing_is_heard_may_be_ended_too(scene: Scene, manager: Person) -> None:
    attempt = scene.ask(scene.cart())
    scene.simulator.__exit__()
    scene.pass_by(200)
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.ACCEPTED
    done = scene.mpesa.overriding.override(attempt.id, actor=manager)
    assert done.state is AttemptState.OVERRIDDEN


def test_what_was_ended_by_a_manager_and_is_paid_all_the_same_is_late(
    scene: Scene, manager: Person
) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.pass_by(180)
    scene.mpesa.overriding.override(attempt.id, actor=manager)
    scene.give_up(cart)
    [payment] = scene.simulator.ledger.payments_by(AMINA)
    scene.shop.database.execute_sql(
        "UPDATE mpesa_attempt SET receipt = ? WHERE id = ?", (payment.receipt, attempt.id)
    )
    told(scene, 1_450_00, payment.receipt)
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.LATE_PAID
    assert keys(scene) == [payment.receipt]
