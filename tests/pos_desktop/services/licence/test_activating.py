"""A payment becomes an activation once, whatever the supplier or the network does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pos_queue.context import JobContext
from pos_queue.errors import GiveUp
from pos_sync.activation.outcomes import WhyDeclined
from pos_sync.testing.activation_simulator import Act, ActivationSimulator

from pos_desktop.domain import staff
from pos_desktop.domain.licence import LicenceState
from pos_desktop.languages import learn_languages
from pos_desktop.services.licence.licence_words import payment_words
from pos_desktop.shop import Shop
from pos_desktop.storage.licence_rows import PaymentState
from tests.pos_desktop.activations import RECEIPT, activation
from tests.pos_desktop.services.licences import (
    messages,
    noted,
    payment,
    set_up,
    supplier,
    work,
    work_later,
)


@pytest.fixture
def server() -> Iterator[ActivationSimulator]:
    with supplier() as one:
        yield one


@pytest.fixture
def paying(shop: Shop, server: ActivationSimulator) -> Shop:
    """The shop, whose manager has typed a receipt."""
    set_up(shop, server.base_url)
    shop.licence.subscription.typed(RECEIPT, "monthly", actor=None)
    return shop


def _job(shop: Shop) -> dict[str, Any]:
    rows = shop.database.rows(
        "SELECT state, run_at, failures FROM jobs WHERE job = 'attempt_subscription_activation'"
    )
    return rows[0] if rows else {}


def _ended(shop: Shop) -> list[str]:
    return [row["state"] for row in shop.database.rows("SELECT state FROM job_history")]


def _is_active(shop: Shop, server: ActivationSimulator) -> bool:
    """Tell whether all has come to its end, once."""
    assert server.supplier.grants == 1
    assert noted(shop, "subscription activated") == 1
    assert payment(shop, RECEIPT).state is PaymentState.GRANTED
    assert [login for login, _text in messages(shop)] == ["manager"]
    return shop.licence.subscription.standing().state is LicenceState.ACTIVE


def test_a_payment_is_activated(paying: Shop, server: ActivationSimulator) -> None:
    work(paying)
    assert _is_active(paying, server)
    assert "is paid until" in messages(paying)[0][1]
    assert _ended(paying) == ["done"]
    (asked,) = server.supplier.asked
    assert asked["shop"] == paying.books.node.shop_id
    assert (asked["reported"], asked["amount_cents"]) == ("typed", 1_500_00)


def test_what_was_activated_is_asked_for_no_more(paying: Shop, server: ActivationSimulator) -> None:
    work(paying)
    paying.licence.subscription.typed(RECEIPT, "yearly", actor=None)
    paying.licence.subscription.again(RECEIPT, actor=None)
    work(paying)
    assert len(server.supplier.asked) == 1
    assert _is_active(paying, server)


def test_a_supplier_that_is_away_is_waited_for(paying: Shop, server: ActivationSimulator) -> None:
    server.go_away()
    work(paying)
    job = _job(paying)
    assert (job["state"], job["failures"]) == ("waiting_for_network", 0)
    assert payment(paying, RECEIPT).outcome == "out_of_reach"
    assert "goes on by itself" in payment_words(payment(paying, RECEIPT))
    server.come_back()
    assert paying.licence.line.is_there()
    work_later(paying)
    assert _is_active(paying, server)


def test_what_is_pending_is_asked_about_rarer_and_rarer(
    paying: Shop, server: ActivationSimulator
) -> None:
    server.plan(*[Act.PENDING] * 12)
    waits = []
    work(paying)
    for _time in range(11):
        job = _job(paying)
        assert (job["state"], job["failures"]) == ("scheduled", 0)
        waits.append(job["run_at"] - payment(paying, RECEIPT).outcome_at)
        work_later(paying)
    assert 60_000 <= waits[0] <= 121_000
    assert 2 * 3_600_000 <= waits[-1] <= 4 * 3_600_000 + 1_000
    assert payment(paying, RECEIPT).asked_id == RECEIPT
    work_later(paying)
    assert _is_active(paying, server)


@pytest.mark.parametrize("act", [Act.GARBAGE, Act.PAGE, Act.FAULT, Act.BUSY])
def test_what_is_no_answer_is_asked_again(
    paying: Shop, server: ActivationSimulator, act: Act
) -> None:
    server.plan(act)
    work(paying)
    job = _job(paying)
    assert (job["state"], job["failures"]) == ("scheduled", 0)
    assert payment(paying, RECEIPT).outcome == "unclear"
    work_later(paying)
    assert _is_active(paying, server)


@pytest.mark.parametrize("act", [Act.LOST, Act.TWICE])
def test_an_answer_that_is_lost_or_comes_twice_activates_once(
    paying: Shop, server: ActivationSimulator, act: Act
) -> None:
    server.plan(act)
    work(paying)
    if act is Act.LOST:
        assert _job(paying)["state"] == "waiting_for_network"
        work_later(paying)
    assert _is_active(paying, server)


def test_a_question_that_the_supplier_has_forgotten_is_asked_anew(
    paying: Shop, server: ActivationSimulator
) -> None:
    server.plan(Act.PENDING, WhyDeclined.GONE)
    work(paying)
    work_later(paying)
    assert payment(paying, RECEIPT).asked_id == ""
    work_later(paying)
    assert _is_active(paying, server)


@pytest.mark.parametrize("why", [one for one in WhyDeclined if one is not WhyDeclined.GONE])
def test_a_no_is_told_to_managers_and_the_receipt_is_kept(
    paying: Shop, server: ActivationSimulator, why: WhyDeclined
) -> None:
    server.plan(why)
    work(paying)
    assert _ended(paying) == ["failed"]
    kept = payment(paying, RECEIPT)
    assert (kept.state, kept.outcome) == (PaymentState.DECLINED, why.value)
    ((login, text),) = messages(paying)
    assert login == "manager"
    assert RECEIPT in text
    assert text.count(".") >= 2
    paying.licence.subscription.again(RECEIPT, actor=None)
    work(paying)
    assert payment(paying, RECEIPT).state is PaymentState.GRANTED


def test_each_manager_is_told_in_the_language_of_each(
    paying: Shop, server: ActivationSimulator
) -> None:
    learn_languages()
    paying.staffing.add(login="asha", name="Asha", role=staff.MANAGER, pin="4321", actor=None)
    paying.database.execute_sql("UPDATE staff SET language = 'sw' WHERE login = 'asha'")
    server.plan(WhyDeclined.USED)
    work(paying)
    told = dict(messages(paying))
    assert told.keys() == {"manager", "asha"}
    assert "could not be activated" in told["manager"]
    assert "could not" not in told["asha"]


def test_an_activation_for_somebody_else_is_not_taken(
    paying: Shop, server: ActivationSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = activation("6" * 32, paying.clock.now())
    monkeypatch.setattr(server, "_sign", lambda _payload: others)
    work(paying)
    assert payment(paying, RECEIPT).outcome == "not_usable"
    assert "another shop" in messages(paying)[0][1]
    own = activation(paying.books.node.shop_id, paying.clock.now(), receipt="OTHER12345")
    monkeypatch.setattr(server, "_sign", lambda _payload: own)
    paying.licence.subscription.again(RECEIPT, actor=None)
    work(paying)
    assert "another payment" in messages(paying)[1][1]
    assert paying.licence.subscription.standing().state is LicenceState.TRIAL


def test_without_a_server_it_waits(shop: Shop) -> None:
    shop.licence.subscription.typed(RECEIPT, "monthly", actor=None)
    work(shop)
    assert _job(shop)["state"] == "scheduled"
    assert payment(shop, RECEIPT).outcome == "no_server"
    assert shop.licence.line.is_there()


def test_what_has_no_server_says_so_at_once_and_typed_again_still(shop: Shop) -> None:
    for _time in range(2):
        kept = shop.licence.subscription.typed(RECEIPT, "monthly", actor=None)
        assert (kept.outcome, payment(shop, RECEIPT).outcome) == ("no_server", "no_server")
        work(shop)


@pytest.mark.parametrize("is_typed", [True, False])
def test_one_that_waits_is_asked_for_at_once_where_it_is_tried_again(
    shop: Shop, server: ActivationSimulator, *, is_typed: bool
) -> None:
    subscription = shop.licence.subscription
    subscription.typed(RECEIPT, "monthly", actor=None)
    work(shop)
    set_up(shop, server.base_url)
    if is_typed:
        subscription.typed(RECEIPT, "monthly", actor=None)
    else:
        subscription.again(RECEIPT, actor=None)
    assert payment(shop, RECEIPT).outcome == ""
    work(shop)
    assert _is_active(shop, server)


def test_a_job_that_is_cancelled_leaves_its_payment_to_a_person(
    paying: Shop, server: ActivationSimulator
) -> None:
    server.plan(Act.PENDING)
    work(paying)
    number = paying.database.value("SELECT number FROM jobs")
    with paying.database.write():
        paying.queue.cancel(number)
    work(paying)
    kept = payment(paying, RECEIPT)
    assert (kept.state, kept.outcome) == (PaymentState.DECLINED, "stopped")
    paying.licence.subscription.again(RECEIPT, actor=None)
    work(paying)
    assert _is_active(paying, server)


# a kill between what a try has written and the end of its job


class _Killed(BaseException):
    pass


def _context(shop: Shop, *, before: bool = False) -> JobContext:
    """Return the context of a run that dies at its last transaction, or just after it."""

    @contextmanager
    def chunk() -> Iterator[None]:
        with shop.database.write():
            yield
            if before:
                raise _Killed
        raise _Killed

    return cast("JobContext", SimpleNamespace(chunk=chunk, number=1))


@pytest.mark.parametrize("before", [True, False])
def test_a_kill_activates_once_and_tells_once(
    paying: Shop, server: ActivationSimulator, *, before: bool
) -> None:
    with pytest.raises(_Killed):
        paying.licence.activating.run(_context(paying, before=before), RECEIPT)
    work(paying)
    assert _is_active(paying, server)


@pytest.mark.parametrize("before", [True, False])
def test_a_kill_loses_no_refusal(
    paying: Shop, server: ActivationSimulator, *, before: bool
) -> None:
    server.plan(WhyDeclined.USED, WhyDeclined.USED)
    with pytest.raises(_Killed):
        paying.licence.activating.run(_context(paying, before=before), RECEIPT)
    work(paying)
    assert payment(paying, RECEIPT).state is PaymentState.DECLINED
    assert len(messages(paying)) == 1


def test_a_plan_that_is_changed_while_it_is_asked_for_is_asked_for_too(
    paying: Shop, server: ActivationSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = paying.licence.line.ask
    changes = [lambda: paying.licence.subscription.typed(RECEIPT, "yearly", actor=None)]

    def asked(*question: Any) -> Any:
        outcome = ask(*question)
        if changes:
            changes.pop()()
        return outcome

    monkeypatch.setattr(paying.licence.line, "ask", asked, raising=False)
    server.plan(WhyDeclined.AMOUNT)
    work(paying)
    assert payment(paying, RECEIPT).state is PaymentState.WAITING
    work_later(paying)
    assert server.supplier.asked[-1]["plan"] == "yearly"
    assert _is_active(paying, server)


def test_giving_up_says_the_same_as_the_message(paying: Shop, server: ActivationSimulator) -> None:
    server.plan(WhyDeclined.AMOUNT)

    @contextmanager
    def chunk() -> Iterator[None]:
        with paying.database.write():
            yield

    context = cast("JobContext", SimpleNamespace(chunk=chunk, number=1))
    with pytest.raises(GiveUp) as caught:
        paying.licence.activating.run(context, RECEIPT)
    assert str(caught.value) == messages(paying)[0][1]
