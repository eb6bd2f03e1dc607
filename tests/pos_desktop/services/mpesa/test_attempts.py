"""Attempts to be paid, against M-Pesa over a real line: nobody is asked twice, no money is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.errors import Unasked
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits
from pos_sync.testing.mpesa.pushes import CANCEL
from pos_sync.testing.mpesa.said import spike
from pos_sync.testing.mpesa.scripts import Script, Trouble

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_attempt import UNDER_WAY, AttemptState
from pos_desktop.services.mpesa.attempts import AlreadyAsked, TooSoon
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaNotSetUp
from pos_desktop.storage import mpesa_attempts, mpesa_events
from pos_desktop.storage.errors import DiskFull
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA, Scene, opened

S = AttemptState


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield scene


def state(scene: Scene, attempt_id: str) -> AttemptState:
    return scene.mpesa.attempts.find(attempt_id).state


def test_a_push_that_is_paid(scene: Scene) -> None:
    attempt = scene.ask(scene.cart())
    assert attempt.state is S.ACCEPTED
    assert attempt.reference == "T1U15B"
    scene.pass_by(10)
    assert state(scene, attempt.id) is S.PAID
    assert scene.simulator.ledger.charged_cents(AMINA) == 1_450_00
    told = [one.kind for one in mpesa_events.of_attempt(scene.shop.database, attempt.id)]
    assert told == ["asked", "send", "accept", "pay"]


def test_a_customer_who_cancels_may_be_asked_again_after_two_minutes(scene: Scene) -> None:
    scene.simulator.script(Script(code=CANCEL, times=1))
    cart = scene.cart()
    first = scene.ask(cart)
    scene.pass_by(10)
    found = scene.mpesa.attempts.find(first.id)
    assert (found.state, found.code, found.reason) == (S.DECLINED, "1032", "cancelled")
    with pytest.raises(TooSoon) as caught:
        scene.ask(cart)
    assert "ask again in 110 s" in str(caught.value)
    assert scene.ask(cart, cents=1_449_00).state is S.ACCEPTED
    scene.pass_by(110)
    assert scene.simulator.ledger.charged_cents(AMINA) == 1_449_00


def test_the_largest_payment_goes_and_a_shilling_more_does_not(scene: Scene) -> None:
    scene.simulator.set_balance(AMINA, 300_000_00)
    cart = scene.cart()
    with pytest.raises(Refused, match=r"at most 250,000\.00 at once"):
        scene.ask(cart, cents=250_001_00)
    attempt = scene.ask(cart, cents=250_000_00)
    assert attempt.state is S.ACCEPTED
    scene.pass_by(10)
    assert state(scene, attempt.id) is S.PAID
    assert scene.simulator.ledger.charged_cents(AMINA) == 250_000_00


def test_one_attempt_of_a_sale_is_under_way_at_a_time(scene: Scene) -> None:
    scene.simulator.script(Script(code=None))
    cart = scene.cart()
    scene.ask(cart)
    with pytest.raises(AlreadyAsked):
        scene.ask(cart, phone=BARAKA)
    assert scene.ask(scene.cart(), phone=BARAKA).state is S.ACCEPTED


@pytest.mark.parametrize("first", S)
def test_another_is_begun_from_every_state_that_is_not_under_way(
    scene: Scene, first: AttemptState
) -> None:
    """From one with money, too: the rest of a sale of which a part was paid is asked for."""
    attempts, cart = scene.mpesa.attempts, scene.cart()
    begun = attempts.begin(cart, 1_000_00, AMINA, scene.person)
    scene.shop.database.execute_sql(
        "UPDATE mpesa_attempt SET state = ? WHERE id = ?", (first.value, begun.id)
    )
    with pytest.raises(AlreadyAsked) if first in UNDER_WAY else nullcontext():
        attempts.begin(cart, 450_00, AMINA, scene.person)
    under_way = [one for one in attempts.of_sale(cart) if one.state in UNDER_WAY]
    assert len(under_way) == 1


def test_an_answer_that_is_lost_leaves_it_unknown_and_asks_nobody_again(scene: Scene) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    cart = scene.cart()
    attempt = scene.ask(cart)
    assert (attempt.state, attempt.checkout_id) == (S.UNKNOWN, None)
    with pytest.raises(AlreadyAsked):
        scene.ask(cart)
    scene.pass_by(3_600)
    assert state(scene, attempt.id) is S.UNKNOWN
    assert scene.simulator.ledger.charged_cents(AMINA) == 1_450_00


def test_the_id_that_a_report_names_lets_it_be_asked_about(scene: Scene) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    attempt = scene.ask(scene.cart())
    [prompt] = scene.simulator.prompts
    scene.mpesa.attempts.told_id(attempt.id, prompt.checkout_id, "m")
    assert state(scene, attempt.id) is S.ACCEPTED
    scene.pass_by(10)
    assert state(scene, attempt.id) is S.PAID


def test_what_did_not_leave_may_be_asked_again_at_once(scene: Scene) -> None:
    scene.simulator.__exit__()
    cart = scene.cart()
    assert scene.ask(cart).state is S.NOT_SENT
    assert scene.ask(cart).state is S.NOT_SENT


def test_what_m_pesa_refuses_may_be_asked_again_at_once(scene: Scene) -> None:
    scene.simulator.script(Script(code=None, phone=AMINA))
    scene.ask(scene.cart())
    other = scene.cart()
    refused = scene.ask(other)
    assert (refused.state, refused.reason) == (S.REJECTED, "locked")
    assert scene.ask(other, phone=BARAKA).state is S.ACCEPTED


def test_paid_when_its_sale_is_gone_is_late(scene: Scene) -> None:
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.give_up(cart)
    scene.pass_by(10)
    assert state(scene, attempt.id) is S.LATE_PAID


def test_found_at_a_start_nothing_is_sent_again(scene: Scene) -> None:
    attempts = scene.mpesa.attempts
    new = attempts.begin(scene.cart(), 100_00, AMINA, scene.person)
    begun = attempts.begin(scene.cart(), 100_00, BARAKA, scene.person)
    attempts.start_sending(begun.id)
    assert scene.mpesa.sale_payments.found_at_start() == 2
    assert (state(scene, new.id), state(scene, begun.id)) == (S.ABANDONED, S.UNKNOWN)
    assert scene.mpesa.pushing.push(new.id).state is S.ABANDONED
    assert scene.mpesa.pushing.push(begun.id).state is S.UNKNOWN
    assert scene.simulator.ledger.charged_cents(AMINA) == 0


def waiting_questions(scene: Scene) -> int:
    return int(scene.shop.reader.value("SELECT count(*) FROM jobs WHERE job = 'ask_mpesa'"))


def test_a_question_is_one_job_however_often_the_till_asks(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A till beside a simulator asks five times a second, and each answer left a job."""
    monkeypatch.setattr(scene.mpesa.attempts, "_hurries", lambda: True)
    scene.simulator.script(Script(code=None))
    attempt = scene.ask(scene.cart())
    for _second in range(20):
        scene.clock.advance(timedelta(seconds=1))
        scene.mpesa.push_query.ask_if_due(attempt.id)
        assert waiting_questions(scene) == 1
    scene.work()
    assert waiting_questions(scene) == 1, "the one that was done has left the next"
    scene.simulator.answer(AMINA)
    scene.pass_by(15)
    assert state(scene, attempt.id) is S.PAID
    assert waiting_questions(scene) == 0


def test_what_is_under_way_is_asked_about_when_a_till_begins(scene: Scene) -> None:
    """A restored shop has none of the questions any more that waited."""
    scene.simulator.script(Script(code=None))
    attempt = scene.ask(scene.cart())
    scene.restart()
    assert waiting_questions(scene) == 1, "it waits still"
    scene.shop.database.execute_sql("DELETE FROM jobs")
    scene.restart()
    assert waiting_questions(scene) == 1
    scene.simulator.answer(AMINA)
    scene.work()
    assert state(scene, attempt.id) is S.PAID


def test_a_push_is_good_for_half_a_minute(scene: Scene) -> None:
    attempt = scene.mpesa.attempts.begin(scene.cart(), 100_00, AMINA, scene.person)
    scene.clock.advance(timedelta(seconds=31))
    assert scene.mpesa.pushing.push(attempt.id).state is S.ABANDONED
    assert scene.simulator.count(Call.PUSH) == 0


def test_without_keys_nothing_is_begun(scene: Scene) -> None:
    scene.mpesa.setup.put_keys({MpesaKey.CONSUMER_SECRET: ""}, actor=None)
    attempt = scene.mpesa.attempts.begin(scene.cart(), 100_00, AMINA, scene.person)
    with pytest.raises(MpesaNotSetUp):
        scene.mpesa.pushing.push(attempt.id)
    assert state(scene, attempt.id) is S.ABANDONED


def test_without_a_passkey_nothing_is_on_its_way(scene: Scene) -> None:
    scene.mpesa.setup.put_keys({MpesaKey.PASSKEY: ""}, actor=None)
    attempt = scene.mpesa.attempts.begin(scene.cart(), 100_00, AMINA, scene.person)
    with pytest.raises(Unasked):
        scene.mpesa.pushing.push(attempt.id)
    assert state(scene, attempt.id) is S.NOT_SENT


def test_a_push_that_breaks_off_here_is_in_doubt_and_not_being_sent_for_ever(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Daraja, "push", breaks)
    attempt = scene.mpesa.attempts.begin(scene.cart(), 100_00, AMINA, scene.person)
    with pytest.raises(MemoryError):
        scene.mpesa.pushing.push(attempt.id)
    assert state(scene, attempt.id) is S.UNKNOWN


@pytest.mark.parametrize("cents", [0, 50, 100_50, 25_000_100])
def test_an_amount_that_no_push_can_ask_for_is_a_sentence(scene: Scene, cents: int) -> None:
    with pytest.raises(Refused):
        scene.mpesa.attempts.begin(scene.cart(), cents, AMINA, scene.person)


def test_it_is_asked_about_by_the_plan_and_then_left_to_the_list(shop_directory: Path) -> None:
    with opened(shop_directory, Habits(prompt_seconds=86_400)) as scene:
        scene.simulator.script(Script(code=None))
        attempt = scene.ask(scene.cart())
        for _time in range(4_000 // 2):
            scene.clock.advance(timedelta(seconds=2))
            if scene.shop.database.value(
                "SELECT 1 FROM jobs WHERE run_at <= ?", (int(scene.clock.now().timestamp() * 1000),)
            ):
                scene.work()
        assert state(scene, attempt.id) is S.UNRESOLVED
        assert scene.simulator.count(Call.QUERY) == 13
        assert scene.shop.database.value("SELECT count(*) FROM jobs") == 0


def test_who_follows_a_prompt_leaves_one_question_for_later(scene: Scene) -> None:
    scene.simulator.script(Script(code=None))
    attempt = scene.ask(scene.cart())
    for _time in range(5):
        scene.clock.advance(timedelta(seconds=1))
        scene.mpesa.push_query.ask_if_due(attempt.id)
    assert scene.simulator.count(Call.QUERY) == 5
    assert scene.shop.database.value("SELECT count(*) FROM jobs") == 1


def test_it_is_asked_about_no_sooner_than_m_pesa_wants(scene: Scene) -> None:
    busy = replace(spike(5), headers={"Retry-After": "120"})
    scene.simulator.plan(Trouble(at=Call.QUERY, is_done=False, say=busy, times=1))
    attempt = scene.ask(scene.cart())
    scene.pass_by(10)
    for _time in range(11):
        scene.pass_by(10)
        assert state(scene, attempt.id) is S.ACCEPTED
    scene.pass_by(10)
    assert state(scene, attempt.id) is S.PAID


def test_a_phone_that_is_not_reached_is_asked_about_once_more(scene: Scene) -> None:
    scene.simulator.script(Script(code="1037"))
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.pass_by(10)
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.doubts) == (S.UNRESOLVED, 1)
    with pytest.raises(AlreadyAsked):
        scene.ask(cart)
    scene.pass_by(45)
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.state, found.reason) == (S.DECLINED, "not_reached")


def test_an_end_against_a_report_of_payment_ends_nothing(scene: Scene) -> None:
    scene.simulator.script(Script(code=CANCEL))
    attempt = scene.ask(scene.cart())
    scene.mpesa.attempts.told_paid(attempt.id, "RKL51ZDR4F")
    scene.pass_by(10)
    scene.pass_by(60)
    assert state(scene, attempt.id) is S.UNRESOLVED


def test_phones_are_forgotten(scene: Scene) -> None:
    attempt = scene.ask(scene.cart())
    database = scene.shop.database
    with database.write():
        assert mpesa_attempts.forget_phones(database, attempt.changed_at + 1, 9) == 1
    found = scene.mpesa.attempts.find(attempt.id)
    assert (found.phone, found.checkout_id) == ("", None)


def test_no_key_and_no_phone_reaches_the_journal_or_the_jobs(scene: Scene) -> None:
    scene.ask(scene.cart())
    scene.pass_by(10)
    database = scene.shop.database
    texts = [
        str(row)
        for table in ("journal", "jobs", "job_history", "mpesa_event")
        for row in database.rows(f"SELECT * FROM {table}")
    ]
    assert not [text for text in texts if AMINA[3:] in text or "secret'" in text or "pass'" in text]


def test_an_answer_that_a_full_disk_does_not_take_is_kept_once_it_does(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the attempt is being sent until the program is started anew."""
    attempts, cart = scene.mpesa.attempts, scene.cart()
    attempt = attempts.begin(cart, 1_450_00, AMINA, scene.person)
    keep = attempts._keep_outcome

    def full(*_arguments: object) -> None:
        raise DiskFull

    monkeypatch.setattr(attempts, "_keep_outcome", full)
    with pytest.raises(DiskFull):
        scene.mpesa.pushing.push(attempt.id)
    scene.mpesa.push_query.look_after(attempts.find(attempt.id))
    assert attempts.find(attempt.id).state is AttemptState.SENDING
    monkeypatch.setattr(attempts, "_keep_outcome", keep)
    scene.mpesa.push_query.look_after(attempts.find(attempt.id))
    scene.pass_by(10)
    assert attempts.find(attempt.id).state is AttemptState.PAID


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://api.safaricom.co.ke", True),
        ("http://127.0.0.1:8787", True),
        ("http://localhost:8787", True),
        ("http://api.safaricom.co.ke", False),
        ("https://", False),
        ("https://:443", False),
        ("http://127.0.0.1.evil.example", False),
    ],
)
def test_keys_go_over_tls_or_to_this_machine(scene: Scene, url: str, *, is_good: bool) -> None:
    configuration, books = scene.shop.configuration, scene.shop.books
    with nullcontext() if is_good else pytest.raises(Refused):
        configuration.set(settings.MPESA_BASE_URL, url, books, actor=None)
