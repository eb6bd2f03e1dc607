"""Payments given back by M-Pesa, over a real line: once, whatever is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.mpesa.callbacks import ResultReport, TimeoutReport, read_report
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.said import refusal
from pos_sync.testing.mpesa.scripts import Ending, Trouble

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.services.mpesa.tray.standing import ReversalsByHand, last_reversal
from pos_desktop.services.mpesa.tray.tray_words import told_words
from pos_desktop.services.people.acting import Approval, ChangedMeanwhile, NeedsApproval
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import notifications
from pos_desktop.storage.mpesa_requests import MpesaRequest, RequestState
from tests.pos_desktop.conftest import CASHIER, MANAGER, add_product
from tests.pos_desktop.services.mpesa.scene import AMINA, KEYS, Scene, let_reverse, opened
from tests.pos_desktop.services.mpesa.told import CODE, state_of, told

A = TrayAct
M = MoneyState
S = RequestState


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        let_reverse(scene.shop)
        yield scene


@pytest.fixture
def manager(scene: Scene) -> Person:
    return scene.shop.sign_in.sign_in(*MANAGER)


@pytest.fixture
def paid(scene: Scene) -> str:
    """Let a customer pay what no sale asked for; return its code."""
    payment = scene.simulator.pay_by_hand(AMINA, 500_00, "RENT")
    told(scene, 500_00, payment.receipt)
    return payment.receipt


def request_of(scene: Scene, receipt: str) -> MpesaRequest:
    found = last_reversal(scene.shop.database, receipt)
    assert found is not None
    return found


def carry(scene: Scene) -> list[bool]:
    """Hand over what M-Pesa has reported, as who reads the relay does."""
    scene.simulator.wait_for(lambda one: one.is_quiet)
    told = []
    for posted in scene.simulator.posted:
        report = read_report(posted.body)
        if not isinstance(report, ResultReport | TimeoutReport):
            continue
        told.append(scene.mpesa.reversing.told(posted.url.rsplit("/", 1)[1], report))
    return told


def standing(scene: Scene, receipt: str) -> tuple[RequestState, MoneyState]:
    return request_of(scene, receipt).state, state_of(scene, receipt)


def test_a_manager_has_a_payment_given_back(scene: Scene, manager: Person, paid: str) -> None:
    reversals = scene.mpesa.reversals
    with pytest.raises(NeedsApproval):
        reversals.ask(paid, actor=scene.person)
    reversals.ask(paid, actor=scene.person, approval=Approval(manager, "paid twice"))
    assert standing(scene, paid) == (S.NEW, M.REFUND_ASKED)
    with pytest.raises(ChangedMeanwhile):
        reversals.ask(paid, actor=manager)
    scene.work()
    assert standing(scene, paid) == (S.ACKNOWLEDGED, M.REFUND_ASKED)
    assert request_of(scene, paid).conversation_id
    assert carry(scene) == [True]
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)
    assert scene.simulator.ledger.charged_cents(AMINA) == 0
    assert scene.mpesa.tray.count() == 0


def test_a_token_of_nobody_is_not_its_own(scene: Scene) -> None:
    report = TimeoutReport(originator_id="a", conversation_id="b")
    assert not scene.mpesa.reversing.told("f00", report)


def test_without_network_it_waits(scene: Scene, paid: str) -> None:
    scene.simulator.plan(Trouble(at=Call.TOKEN, then=Then.CLOSE, times=1))
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    assert standing(scene, paid) == (S.NEW, M.REFUND_ASKED)
    scene.pass_by(600)
    assert standing(scene, paid) == (S.ACKNOWLEDGED, M.REFUND_ASKED)


def test_an_answer_that_is_lost_is_asked_for_again_and_pays_once(scene: Scene, paid: str) -> None:
    scene.simulator.plan(Trouble(at=Call.REVERSAL, then=Then.CLOSE, times=1))
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    assert standing(scene, paid) == (S.UNKNOWN, M.REFUND_ASKED)
    assert len(scene.simulator.ledger.reversals) == 1
    scene.pass_by(301)
    assert request_of(scene, paid).state is S.ACKNOWLEDGED
    carry(scene)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)
    assert len(scene.simulator.ledger.reversals) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("500.002.1001", "Duplicate OriginatorConversationID"),
        ("500.001.1001", "The transaction is being processed"),
    ],
)
def test_what_m_pesa_may_be_doing_already_is_nobodys_to_give_again(
    scene: Scene, paid: str, code: str, words: str
) -> None:
    said = refusal(500, code, words)
    scene.simulator.plan(Trouble(at=Call.REVERSAL, say=said, times=1))
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    assert standing(scene, paid) == (S.UNKNOWN, M.REFUND_ASKED)
    scene.pass_by(301)
    carry(scene)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)
    assert len(scene.simulator.ledger.reversals) == 1


def test_done_before_is_done(scene: Scene, paid: str) -> None:
    scene.simulator.end_so(Ending(at=Call.REVERSAL, code="R000001"))
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    carry(scene)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)


def test_it_is_asked_a_few_times_and_then_left_to_a_person(
    scene: Scene, manager: Person, paid: str
) -> None:
    scene.simulator.plan(Trouble(at=Call.REVERSAL, then=Then.CLOSE))
    scene.mpesa.reversals.ask(paid, actor=manager)
    for _time in range(8):
        scene.pass_by(301)
    assert standing(scene, paid) == (S.UNKNOWN, M.REFUND_ASKED)
    assert scene.simulator.count(Call.REVERSAL) == 4
    assert scene.shop.database.value("SELECT count(*) FROM jobs") == 0
    item = scene.mpesa.tray.item(paid)
    assert item is not None
    assert (item.is_overdue, item.acts) == (True, (A.WENT_BACK, A.STAYED))
    scene.mpesa.reversals.went_back(paid, actor=manager)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)


def test_a_wrong_receipt_is_refused_and_stands_in_the_tray(scene: Scene) -> None:
    told(scene)
    scene.mpesa.reversals.ask(CODE, actor=None)
    scene.work()
    carry(scene)
    assert standing(scene, CODE) == (S.REFUSED, M.SUSPENSE)
    assert request_of(scene, CODE).code == "R000002"


def test_too_little_in_the_account_is_refused_and_may_be_asked_again(
    scene: Scene, paid: str
) -> None:
    scene.simulator.settle(500_00)
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    carry(scene)
    assert standing(scene, paid) == (S.REFUSED, M.SUSPENSE)
    scene.simulator.pay_by_hand(AMINA, 500_00, "MORE")
    scene.pass_by(60)
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    carry(scene)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)


def test_a_wrong_operator_is_refused(scene: Scene, paid: str) -> None:
    scene.mpesa.setup.put_keys({MpesaKey.CREDENTIAL: "d3Jvbmc="}, actor=None)
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    carry(scene)
    assert (request_of(scene, paid).code, state_of(scene, paid)) == ("2001", M.SUSPENSE)
    item = scene.mpesa.tray.item(paid)
    assert item is not None
    assert item.acts[:3] == (A.ATTACH, A.REVERSE, A.PORTAL)
    assert "Org Reversals Initiator" in told_words(item)


def test_a_call_that_is_refused_puts_it_back(scene: Scene, paid: str) -> None:
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.mpesa.setup.put_keys({MpesaKey.CONSUMER_SECRET: "wrong"}, actor=None)
    scene.work()
    assert standing(scene, paid) == (S.REFUSED, M.SUSPENSE)


def test_keys_that_are_taken_away_meanwhile_put_it_back(scene: Scene, paid: str) -> None:
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.mpesa.setup.put_keys({MpesaKey.CREDENTIAL: ""}, actor=None)
    scene.work()
    assert standing(scene, paid) == (S.REFUSED, M.SUSPENSE)


def test_a_time_out_says_nothing_and_is_asked_about_again(scene: Scene, paid: str) -> None:
    scene.simulator.end_so(Ending(at=Call.REVERSAL, is_timed_out=True, times=1))
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    carry(scene)
    assert standing(scene, paid) == (S.UNKNOWN, M.REFUND_ASKED)
    scene.pass_by(301)
    carry(scene)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)


def test_a_bad_end_after_a_good_one_changes_nothing(scene: Scene, paid: str) -> None:
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    carry(scene)
    token = request_of(scene, paid).token
    bad = ResultReport(
        code="1", words="", originator_id="a", conversation_id="b", transaction_id=""
    )
    assert scene.mpesa.reversing.told(token, bad)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)


def test_a_good_end_that_comes_late_counts_while_the_money_is_free(
    scene: Scene, manager: Person, paid: str
) -> None:
    scene.mpesa.reversals.ask(paid, actor=manager)
    scene.work()
    scene.pass_by(1_801)
    scene.mpesa.reversals.stayed(paid, actor=manager)
    assert standing(scene, paid) == (S.REFUSED, M.SUSPENSE)
    carry(scene)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)


def test_a_sale_keeps_what_it_got_meanwhile_and_the_history_says_so(
    scene: Scene, manager: Person, paid: str
) -> None:
    scene.mpesa.reversals.ask(paid, actor=manager)
    scene.work()
    scene.pass_by(1_801)
    scene.mpesa.reversals.stayed(paid, actor=manager)
    assert scene.mpesa.waits.pick(scene.cart(), paid)
    carry(scene)
    assert standing(scene, paid) == (S.DONE_TOO, M.MATCHED)
    item = scene.mpesa.tray.item(paid)
    assert item is not None
    assert item.history[-1].kind == "reversed too"


def test_what_went_back_twice_is_said(scene: Scene, manager: Person, paid: str) -> None:
    scene.mpesa.reversals.ask(paid, actor=manager)
    scene.work()
    scene.pass_by(1_801)
    scene.mpesa.reversals.stayed(paid, actor=manager)
    scene.shop.closing.open_shift(manager, 1_000_00)
    scene.shop.mpesa_back.in_cash(paid, actor=manager)
    carry(scene)
    item = scene.mpesa.tray.item(paid)
    assert item is not None
    assert item.history[-1].kind == "reversed too"
    assert standing(scene, paid) == (S.DONE_TOO, M.REFUNDED)


def test_no_person_ends_what_may_still_be_answered(
    scene: Scene, manager: Person, paid: str
) -> None:
    scene.mpesa.reversals.ask(paid, actor=manager)
    scene.work()
    item = scene.mpesa.tray.item(paid)
    assert item is not None
    assert item.acts == ()
    for act in (scene.mpesa.reversals.went_back, scene.mpesa.reversals.stayed):
        with pytest.raises(Refused, match="wait for half an hour"):
            act(paid, actor=manager)
    assert standing(scene, paid) == (S.ACKNOWLEDGED, M.REFUND_ASKED)


def test_found_sent_at_a_start_it_is_asked_again(scene: Scene, paid: str) -> None:
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.shop.database.execute_sql("UPDATE mpesa_request SET state = 'sent'")
    scene.work()
    carry(scene)
    assert standing(scene, paid) == (S.DONE, M.REFUNDED)


def test_without_an_operator_it_is_done_in_the_portal(
    scene: Scene, manager: Person, paid: str
) -> None:
    scene.mpesa.setup.put_keys({MpesaKey.INITIATOR: ""}, actor=None)
    with pytest.raises(ReversalsByHand):
        scene.mpesa.reversals.ask(paid, actor=manager)
    item = scene.mpesa.tray.item(paid)
    assert item is not None
    assert item.acts[:2] == (A.ATTACH, A.PORTAL)
    scene.mpesa.reversals.went_back(paid, actor=manager)
    assert state_of(scene, paid) is M.REFUNDED


def test_neither_token_nor_credential_is_told_to_anybody(
    scene: Scene, manager: Person, paid: str
) -> None:
    scene.mpesa.reversals.ask(paid, actor=manager)
    token = request_of(scene, paid).token
    texts = [
        str(row)
        for table in ("journal", "jobs", "mpesa_event")
        for row in scene.shop.database.rows(f"SELECT * FROM {table}")
    ]
    assert not [text for text in texts if token in text or KEYS.credential in text]


# managers are told


def said(scene: Scene, login: tuple[str, str] = MANAGER) -> list[str]:
    """Return the messages that somebody has not read, the newest first."""
    person = scene.shop.sign_in.sign_in(*login)
    return [one.text for one in notifications.unread(scene.shop.database, person.id, 9)]


def test_managers_are_told_once_of_one_that_is_refused(scene: Scene) -> None:
    told(scene)
    scene.mpesa.reversals.ask(CODE, actor=None)
    scene.work()
    assert said(scene) == []
    carry(scene)
    carry(scene)
    [words] = said(scene)
    assert words.startswith("M-Pesa did not give it back: it does not know this code.")
    assert f"the payment {CODE} of 500.00: settle it under M-Pesa in the menu" in words
    assert said(scene, CASHIER) == []
    scene.pass_by(1_801)
    assert said(scene) == [words]


def test_managers_are_told_once_of_one_that_is_not_answered(scene: Scene, paid: str) -> None:
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    scene.pass_by(1_799)
    assert said(scene) == []
    scene.pass_by(1)
    [words] = said(scene)
    assert f"whether the payment {paid} of 500.00 went back: look in its portal" in words
    item = scene.mpesa.tray.item(paid)
    assert item is not None
    assert item.history[-1].kind == "reversal overdue"
    assert item.is_overdue
    scene.pass_by(3_600)
    assert said(scene) == [words]


def test_nobody_is_told_of_one_that_went_back(scene: Scene, paid: str) -> None:
    scene.mpesa.reversals.ask(paid, actor=None)
    scene.work()
    carry(scene)
    scene.pass_by(1_801)
    assert said(scene) == []


def test_nobody_is_told_of_what_a_person_has_seen_there(
    scene: Scene, manager: Person, paid: str
) -> None:
    scene.mpesa.reversals.ask(paid, actor=manager)
    scene.work()
    scene.clock.advance(timedelta(minutes=31))
    scene.mpesa.reversals.stayed(paid, actor=manager)
    scene.work()
    assert said(scene) == []


def ended(code: str) -> ResultReport:
    return ResultReport(
        code=code, words="", originator_id="a", conversation_id="b", transaction_id="XX12345678"
    )


@pytest.mark.parametrize("is_sold", [True, False])
def test_what_goes_back_although_it_was_settled_is_told_and_seen(
    scene: Scene, manager: Person, *, is_sold: bool
) -> None:
    """M-Pesa refuses at first; it is given in cash or sold on; and then it has gone back."""
    add_product(scene.shop, "SUGAR", "Sugar 1 kg", 500_00)
    told(scene, 500_00)
    request = scene.mpesa.reversals.ask(CODE, actor=manager)
    refused, done = ended("1"), ended("0")
    scene.work()
    scene.mpesa.reversing.told(request.token, refused)
    scene.shop.till.sign_in(*MANAGER)
    scene.shop.till.state.shift = scene.shop.closing.open_shift(manager, 2_000_00)
    if is_sold:
        assert scene.answer("SUGAR", f"pay mpesa-code {CODE}")["receipt"]
    else:
        scene.shop.mpesa_back.in_cash(CODE, actor=manager)
    before = state_of(scene)
    assert scene.mpesa.tray.count() == 0
    for _time in range(2):
        scene.mpesa.reversing.told(request.token, done)
    [item] = scene.mpesa.tray.to_do(actor=manager)
    assert (item.code, item.acts, item.is_to_do) == (CODE, (A.ACCEPT,), True)
    assert "after all" in told_words(item)
    texts = [one.text for one in notifications.unread(scene.shop.database, manager.id, 9)]
    assert [CODE in one and "back after all" in one for one in texts] == [True, False]
    scene.mpesa.acts.accept(CODE, actor=manager)
    assert (scene.mpesa.tray.count(), state_of(scene)) == (0, before)
    assert request_of(scene, CODE).state is S.DONE


def test_what_a_person_has_seen_go_back_goes_back_once(scene: Scene, manager: Person) -> None:
    told(scene, 500_00)
    request = scene.mpesa.reversals.ask(CODE, actor=manager)
    refused, done = ended("1"), ended("0")
    scene.work()
    scene.mpesa.reversing.told(request.token, refused)
    scene.mpesa.reversals.went_back(CODE, actor=manager)
    scene.mpesa.reversing.told(request.token, done)
    assert scene.mpesa.tray.count() == 0
