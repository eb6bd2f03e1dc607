"""Money finds its sale once, whoever tells of it and how often; else it stands in the tray."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.mpesa.query import QueryPaid
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.pushes import CANCEL
from pos_sync.testing.mpesa.scripts import Script, Trouble

from pos_desktop import settings
from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.domain.tender import Payment
from pos_desktop.services.mpesa.sale_payments import PaymentUsed
from pos_desktop.storage import mpesa_money
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA, Scene, opened

A, M = AttemptState, MoneyState
CENTS = 1_450_00


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield scene


def money(scene: Scene, receipt: str = "RKL51ZDR4F", **changes: object) -> Money:
    """Return a payment as the list of payments tells of it now."""
    at = to_stored(scene.clock.now())
    told = Money(
        receipt=receipt,
        amount_cents=CENTS,
        paid_at=at,
        short_code="174379",
        source=MoneySource.PULL,
        is_confirmed=True,
        told_at=at,
        changed_at=at,
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def of(scene: Scene, attempt: Attempt) -> Money:
    """Return the payment of an attempt as the list tells of it."""
    return money(scene, reference=attempt.reference, amount_cents=attempt.amount_cents)


def attempt_state(scene: Scene, attempt: Attempt) -> AttemptState:
    return scene.mpesa.attempts.find(attempt.id).state


def has(scene: Scene, receipt: str = "RKL51ZDR4F") -> tuple[MoneyState, str | None]:
    found = mpesa_money.find(scene.shop.database, receipt)
    assert found is not None
    return found.state, found.sale_id


# what a push has brought


def test_the_list_confirms_what_a_query_said(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.pass_by(10)
    scene.mpesa.money.take_in(of(scene, attempt))
    assert attempt_state(scene, attempt) is A.CONFIRMED
    assert has(scene) == (M.MATCHED, cart)


def test_the_list_alone_pays_what_is_unknown(scene: Scene) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.mpesa.money.take_in(of(scene, attempt))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.MATCHED, cart))


def test_without_a_reference_amount_time_and_phone_find_the_push(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    other = scene.ask(scene.cart(), phone=BARAKA)
    scene.mpesa.money.take_in(money(scene, payer_mask="2547*678"))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.MATCHED, cart))
    assert attempt_state(scene, other) is A.ACCEPTED


def test_without_a_reference_two_that_fit_are_left_to_a_person(scene: Scene) -> None:
    first, second = scene.ask(scene.cart()), scene.ask(scene.cart(), phone=BARAKA)
    scene.mpesa.money.take_in(money(scene))
    assert {attempt_state(scene, one) for one in (first, second)} == {A.ACCEPTED}
    assert has(scene) == (M.UNMATCHED, None)


def test_a_reference_that_comes_back_in_small_letters_names_its_push(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    small = attempt.reference.lower()
    scene.mpesa.money.take_in(money(scene, reference=small, payer_phone=BARAKA))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.MATCHED, cart))


def test_told_again_it_changes_nothing(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    for _time in range(3):
        scene.mpesa.money.take_in(of(scene, attempt))
    assert scene.shop.database.value("SELECT count(*) FROM mpesa_money") == 1
    assert len(scene.mpesa.waits.come(cart)) == 1


def test_a_report_alone_pays_nothing(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    told = replace(of(scene, attempt), is_confirmed=False, source=MoneySource.REPORT)
    scene.mpesa.money.take_in(told)
    assert (attempt_state(scene, attempt), has(scene)) == (A.ACCEPTED, (M.UNMATCHED, None))
    scene.mpesa.money.take_in(of(scene, attempt))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.MATCHED, cart))


def test_a_report_of_another_amount_is_not_what_a_query_has_said(scene: Scene) -> None:
    attempt = scene.ask(scene.cart())
    told = money(scene, amount_cents=CENTS - 100, reference=attempt.reference)
    told = replace(told, is_confirmed=False, source=MoneySource.REPORT, attempt_id=attempt.id)
    scene.mpesa.money.take_in(told)
    scene.pass_by(10)
    assert (attempt_state(scene, attempt), has(scene)) == (A.PAID, (M.UNMATCHED, None))
    assert scene.mpesa.waits.known(told.receipt) is None


def test_a_second_payment_of_one_attempt_goes_into_the_tray(scene: Scene) -> None:
    attempt = scene.ask(scene.cart())
    scene.mpesa.money.take_in(of(scene, attempt))
    second = replace(of(scene, attempt), receipt="RKL51ZDR4G")
    scene.mpesa.money.take_in(second)
    assert has(scene, "RKL51ZDR4G") == (M.SUSPENSE, None)


def test_another_amount_is_a_mismatch_that_the_sale_may_still_take(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.mpesa.money.take_in(replace(of(scene, attempt), amount_cents=1_000_00))
    assert attempt_state(scene, attempt) is A.MISMATCH
    [come] = scene.mpesa.waits.come(cart)
    assert (come.amount_cents, come.is_push) == (1_000_00, False)


def test_paid_after_it_was_cancelled_it_is_still_the_sales(scene: Scene) -> None:
    scene.simulator.script(Script(code=CANCEL))
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.pass_by(10)
    assert attempt_state(scene, attempt) is A.DECLINED
    scene.mpesa.money.take_in(of(scene, attempt))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.MATCHED, cart))


def test_paid_when_the_sale_is_gone_it_stands_in_the_tray(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.give_up(cart)
    scene.mpesa.money.take_in(of(scene, attempt))
    assert (attempt_state(scene, attempt), has(scene)) == (A.LATE_PAID, (M.SUSPENSE, None))


def test_what_another_till_asked_for_is_left_alone(scene: Scene) -> None:
    scene.mpesa.waits.open(scene.cart(), CENTS)
    scene.mpesa.money.take_in(money(scene, reference="T2U1G7"))
    assert has(scene) == (M.ELSEWHERE, None)


@pytest.mark.parametrize("words", ["SUGAR", "RUTH", "Njuguna", "HOUSE12"])
def test_a_customers_own_words_are_no_other_tills_reference(scene: Scene, words: str) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.mpesa.money.take_in(money(scene, reference=words, payer_mask="2547*999"))
    assert has(scene) == (M.UNMATCHED, None)
    scene.mpesa.money.take_in(money(scene, "RKL51ZDR4G", reference=words, payer_mask="2547*678"))
    assert (attempt_state(scene, attempt), has(scene, "RKL51ZDR4G")) == (
        A.CONFIRMED,
        (M.MATCHED, cart),
    )


# what came by itself


def test_what_comes_for_the_one_wait_is_its_own(scene: Scene) -> None:
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    scene.mpesa.money.take_in(money(scene))
    [come] = scene.mpesa.waits.come(cart)
    assert (come.reference, come.amount_cents, come.is_push) == ("RKL51ZDR4F", CENTS, False)


def test_what_came_just_before_is_found_when_it_is_asked_for(scene: Scene) -> None:
    scene.mpesa.money.take_in(money(scene))
    assert has(scene) == (M.UNMATCHED, None)
    scene.clock.advance(timedelta(minutes=5))
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    assert has(scene) == (M.MATCHED, cart)


def test_a_cart_that_is_merely_open_gets_nothing(scene: Scene) -> None:
    cart = scene.cart()
    scene.mpesa.money.take_in(money(scene))
    assert (has(scene), scene.mpesa.waits.come(cart)) == ((M.UNMATCHED, None), [])


def test_two_waits_of_one_amount_are_offered_and_a_person_picks(scene: Scene) -> None:
    first, second = scene.cart(), scene.cart()
    scene.mpesa.waits.open(first, CENTS)
    wait = scene.mpesa.waits.open(second, CENTS)
    scene.mpesa.money.take_in(money(scene))
    assert has(scene) == (M.UNMATCHED, None)
    assert [one.receipt for one in scene.mpesa.waits.offers(wait)] == ["RKL51ZDR4F"]
    assert scene.mpesa.waits.pick(second, "RKL51ZDR4F")
    assert not scene.mpesa.waits.pick(first, "RKL51ZDR4F")
    assert has(scene) == (M.MATCHED, second)


def test_the_phone_decides_between_two_waits(scene: Scene) -> None:
    first, second = scene.cart(), scene.cart()
    scene.mpesa.waits.open(first, CENTS, AMINA)
    scene.mpesa.waits.open(second, CENTS, BARAKA)
    scene.mpesa.money.take_in(money(scene, payer_phone=BARAKA))
    assert has(scene) == (M.MATCHED, second)


def test_on_a_number_of_several_tills_an_amount_speaks_for_nothing(scene: Scene) -> None:
    books = scene.shop.books
    scene.shop.configuration.set(settings.MPESA_SHARED, True, books, actor=None)
    cart = scene.cart()
    wait = scene.mpesa.waits.open(cart, CENTS)
    scene.mpesa.money.take_in(money(scene))
    assert has(scene) == (M.UNMATCHED, None)
    scene.mpesa.money.take_in(money(scene, "RKL51ZDR4G", reference=wait.reference))
    assert has(scene, "RKL51ZDR4G") == (M.MATCHED, cart)


def test_what_is_in_the_tray_is_no_other_waits_by_itself(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.give_up(cart)
    scene.mpesa.money.take_in(of(scene, attempt))
    wait = scene.mpesa.waits.open(scene.cart(), CENTS)
    assert has(scene) == (M.SUSPENSE, None)
    assert [one.receipt for one in scene.mpesa.waits.offers(wait)] == ["RKL51ZDR4F"]


# one payment that is known twice: by a query or our reference, and by its code


def typed(scene: Scene, cart: str, receipt: str = "RKL51ZDR4F") -> str:
    """Let a cart take a payment by its code alone; return by what it stands among tenders."""
    return scene.mpesa.waits.take_code(cart, receipt, CENTS).reference


def lost(scene: Scene, cart: str) -> Attempt:
    """Ask a phone, and lose the answer."""
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    return scene.ask(cart)


def test_the_code_of_a_push_in_doubt_is_its_payment(scene: Scene) -> None:
    cart = scene.cart()
    attempt = lost(scene, cart)
    used(scene, cart, typed(scene, cart))
    scene.give_up(cart)
    scene.mpesa.money.take_in(of(scene, attempt))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.MATCHED, cart))


def test_a_query_after_the_code_counts_nothing_twice(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    typed(scene, cart)
    scene.pass_by(10)
    assert attempt_state(scene, attempt) is A.PAID
    assert [one.reference for one in scene.mpesa.waits.come(cart)] == ["RKL51ZDR4F"]


def test_a_query_after_its_code_was_sold_is_not_late(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    used(scene, cart, typed(scene, cart))
    scene.give_up(cart)
    scene.pass_by(10)
    assert attempt_state(scene, attempt) is A.PAID
    scene.mpesa.money.take_in(of(scene, attempt))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.MATCHED, cart))


def test_a_push_that_was_sold_by_its_code_is_not_let_go(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.pass_by(10)
    used(scene, cart, typed(scene, cart))
    assert attempt_state(scene, attempt) is A.PAID


def test_a_push_and_its_own_code_cannot_both_pay_once_that_is_known(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.pass_by(10)
    scene.mpesa.money.take_in(of(scene, attempt))
    with pytest.raises(PaymentUsed):
        used(scene, cart, attempt.reference, "RKL51ZDR4F")


def test_the_code_of_a_push_that_another_sale_waits_for_is_said(scene: Scene) -> None:
    cart, other = scene.cart(), scene.cart()
    attempt = lost(scene, cart)
    used(scene, other, typed(scene, other))
    scene.mpesa.money.take_in(of(scene, attempt))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.DIFFERS, other))


def test_a_code_typed_once_more_tells_the_amount_anew(scene: Scene) -> None:
    first, second = scene.cart(), scene.cart()
    scene.mpesa.waits.take_code(first, "RKL51ZDR4F", 100_00)
    with scene.shop.database.write():
        scene.mpesa.sale_payments.let_go(first)
    assert scene.mpesa.waits.take_code(second, "RKL51ZDR4F", 700_00).amount_cents == 700_00


# a payment without a reference, as to a till


def test_of_two_pushes_of_a_sale_the_paid_one_gets_the_payment(scene: Scene) -> None:
    scene.simulator.script(Script(code=CANCEL, times=1))
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    cancelled = scene.ask(cart)
    scene.pass_by(125)
    paid = scene.ask(cart)
    scene.pass_by(10)
    scene.mpesa.money.take_in(money(scene, payer_mask="2547*678"))
    assert attempt_state(scene, paid) is A.CONFIRMED
    assert attempt_state(scene, cancelled) is A.DECLINED
    assert [one.is_push for one in scene.mpesa.waits.come(cart)] == [True]


def test_a_push_that_was_paid_very_late_gets_its_payment(scene: Scene) -> None:
    scene.simulator.script(Script(code=None, queries=("5555",) * 12))
    attempt = scene.ask(scene.cart())
    scene.pass_by(2_100)
    paid = money(scene, payer_mask="2547*678")
    scene.mpesa.attempts.answered(attempt.id, QueryPaid())
    scene.pass_by(60)
    scene.mpesa.money.take_in(paid)
    assert attempt_state(scene, attempt) is A.CONFIRMED


def test_a_typed_code_is_of_the_push_of_its_own_sale(scene: Scene) -> None:
    first, second = scene.cart(), scene.cart()
    mine, theirs = lost(scene, first), scene.ask(second, phone=BARAKA)
    used(scene, first, typed(scene, first))
    scene.give_up(first)
    scene.mpesa.money.take_in(money(scene))
    assert (attempt_state(scene, mine), has(scene)) == (A.CONFIRMED, (M.MATCHED, first))
    assert attempt_state(scene, theirs) is A.ACCEPTED


def test_what_may_be_of_two_pushes_is_no_waits_and_finds_its_push_later(scene: Scene) -> None:
    first, second = scene.cart(), scene.cart()
    scene.simulator.script(Script(code=CANCEL, phone=BARAKA))
    paid = scene.ask(first)
    scene.ask(second, phone=BARAKA)
    scene.mpesa.waits.open(second, CENTS)
    scene.mpesa.money.take_in(money(scene))
    assert has(scene) == (M.UNMATCHED, None)
    scene.pass_by(10)
    scene.mpesa.money.settle_left()
    assert (attempt_state(scene, paid), has(scene)) == (A.CONFIRMED, (M.MATCHED, first))


# what the sale does with it


def used(scene: Scene, cart: str, *references: str) -> None:
    payment = Payment(due_cents=CENTS * 2)
    for reference in references:
        payment = payment.mpesa_push(CENTS, reference)
    with scene.shop.database.write():
        scene.mpesa.sale_payments.use_up(cart, payment.tenders)


def test_a_sale_uses_up_what_it_names(scene: Scene) -> None:
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    scene.mpesa.money.take_in(money(scene))
    used(scene, cart, "RKL51ZDR4F")
    with pytest.raises(PaymentUsed):
        used(scene, scene.cart(), "RKL51ZDR4F")
    assert has(scene) == (M.MATCHED, cart)


def test_a_receipt_that_nobody_knows_pays_nothing(scene: Scene) -> None:
    with pytest.raises(PaymentUsed):
        used(scene, scene.cart(), "RKL51ZDR4F")


def test_a_push_of_another_sale_pays_nothing(scene: Scene) -> None:
    attempt = scene.ask(scene.cart())
    scene.pass_by(10)
    with pytest.raises(PaymentUsed):
        used(scene, scene.cart(), attempt.reference)


def test_a_receipt_that_came_later_leaves_what_was_sold_as_it_is(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.pass_by(10)
    used(scene, cart, attempt.reference)
    scene.give_up(cart)
    scene.mpesa.money.take_in(of(scene, attempt))
    assert (attempt_state(scene, attempt), has(scene)) == (A.CONFIRMED, (M.MATCHED, cart))


def test_what_a_sale_does_not_name_is_let_go(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.pass_by(10)
    scene.mpesa.waits.open(cart, CENTS)
    scene.mpesa.money.take_in(money(scene, payer_phone=BARAKA))
    used(scene, cart)
    assert (attempt_state(scene, attempt), has(scene)) == (A.LATE_PAID, (M.SUSPENSE, cart))


def test_a_typed_code_that_told_another_amount_is_said(scene: Scene) -> None:
    cart = scene.cart()
    typed = money(scene, is_confirmed=False, source=MoneySource.TYPED)
    scene.mpesa.money.take_in(typed)
    used(scene, cart, "RKL51ZDR4F")
    assert has(scene) == (M.UNVERIFIED, cart)
    scene.mpesa.money.take_in(money(scene, amount_cents=100_00))
    assert has(scene) == (M.DIFFERS, cart)


def test_a_typed_code_that_told_the_truth_is_confirmed(scene: Scene) -> None:
    cart = scene.cart()
    scene.mpesa.money.take_in(money(scene, is_confirmed=False, source=MoneySource.TYPED))
    used(scene, cart, "RKL51ZDR4F")
    scene.mpesa.money.take_in(money(scene))
    assert has(scene) == (M.MATCHED, cart)


@pytest.mark.parametrize(("minutes", "come"), [(0, []), (14, []), (16, ["RKL51ZDR4F"])])
def test_what_comes_late_for_a_sale_paid_otherwise_is_not_taken_for_another(
    scene: Scene, minutes: int, come: list[str]
) -> None:
    """It may come within a quarter of an hour; after that it is another's."""
    gone = scene.cart()
    scene.mpesa.waits.open(gone, CENTS)
    with scene.shop.database.write():
        scene.mpesa.sale_payments.let_go(gone)
    scene.give_up(gone)
    scene.clock.advance(timedelta(minutes=minutes))
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    scene.mpesa.money.take_in(money(scene))
    look = scene.mpesa.waits.look(cart)
    assert [one.reference for one in look.come] == come
    assert [one.receipt for one in look.offers] == ([] if come else ["RKL51ZDR4F"])


def test_a_payment_whose_reference_names_a_cart_that_is_gone_goes_to_no_other(
    scene: Scene,
) -> None:
    gone = scene.cart()
    reference = scene.mpesa.waits.open(gone, CENTS).reference
    with scene.shop.database.write():
        scene.mpesa.sale_payments.let_go(gone)
    scene.give_up(gone)
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS)
    scene.mpesa.money.take_in(money(scene, reference=reference))
    assert scene.mpesa.waits.come(cart) == []


def test_a_push_let_go_of_a_code_of_another_amount_is_late_and_has_its_own_payment(
    scene: Scene,
) -> None:
    """A code was typed in doubt; the list tells that it was paid by hand, and less than asked."""
    cart = scene.cart()
    scene.simulator.script(Script(code=None))
    attempt = scene.ask(cart)
    scene.mpesa.waits.take_code(cart, "RKL51ZDR4F", CENTS)
    scene.simulator.answer(AMINA)
    scene.pass_by(12)
    assert scene.mpesa.attempts.find(attempt.id).receipt == "RKL51ZDR4F"
    scene.mpesa.money.take_in(money(scene, receipt="RKL51ZDR5G", reference=attempt.reference))
    assert has(scene, "RKL51ZDR5G")[0] is M.SUSPENSE
    scene.mpesa.money.take_in(money(scene, amount_cents=CENTS - 100))
    assert has(scene) == (M.DIFFERS, cart)
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.receipt) == (A.LATE_PAID, "RKL51ZDR5G")


def test_a_push_is_not_taken_beside_a_code_that_may_be_its_own(scene: Scene) -> None:
    cart = scene.cart()
    scene.simulator.script(Script(code=None))
    attempt = scene.ask(cart)
    scene.mpesa.waits.take_code(cart, "RKL51ZDR4F", CENTS + 200)
    scene.simulator.answer(AMINA)
    scene.pass_by(12)
    assert attempt_state(scene, attempt) is A.PAID
    assert [one.reference for one in scene.mpesa.waits.come(cart)] == ["RKL51ZDR4F"]
    scene.mpesa.money.take_in(money(scene, receipt="RKL51ZDR5G", reference=attempt.reference))
    come = [one.reference for one in scene.mpesa.waits.come(cart)]
    assert come == ["RKL51ZDR5G", "RKL51ZDR4F"]
