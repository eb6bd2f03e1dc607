"""The list of payments finds what nothing else has told of, whatever its times look like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pos_queue.errors import NoNetwork
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.pulled import Pulled, PulledPage
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits, PullTime
from pos_sync.testing.mpesa.pushes import CANCEL
from pos_sync.testing.mpesa.scripts import Script, Trouble

from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.services.mpesa.list_reading import TimesUnclear
from pos_desktop.services.mpesa.payment_list import PULL_MPESA, PulledRun
from pos_desktop.shop import Shop
from pos_desktop.storage import mpesa_money
from tests.pos_desktop.services.mpesa.scene import AMINA, BARAKA, Scene, opened

S = AttemptState
LOST = Trouble(at=Call.PUSH, then=Then.CLOSE, times=1)


def listed(scene: Scene) -> Scene:
    """Let the shop have the list."""
    scene.listed()
    return scene


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield listed(scene)


def state(scene: Scene, attempt_id: str) -> AttemptState:
    return scene.mpesa.attempts.find(attempt_id).state


def proven(scene: Scene) -> Scene:
    """Let the list have shown a payment."""
    listed(scene).simulator.pay_by_hand(BARAKA, 1_00, "X")
    scene.clock.advance(timedelta(minutes=1))
    assert scene.mpesa.payment_list.run().payments == 1
    return scene


def comes(scene: Scene) -> str | None:
    """Return by which times the list is read, None where it is not."""
    found = scene.mpesa.payment_list.rounds()
    return found[PULL_MPESA].cron.text if found else None


def test_it_pays_an_attempt_whose_answer_was_lost(scene: Scene) -> None:
    scene.simulator.plan(LOST)
    attempt = scene.ask(scene.cart())
    scene.clock.advance(timedelta(minutes=1))
    assert scene.mpesa.payment_list.run() == PulledRun(payments=1, new=1)
    assert state(scene, attempt.id) is S.CONFIRMED
    assert scene.mpesa.payment_list.run() == PulledRun(payments=1, new=0)


def test_an_empty_list_clears_nothing(scene: Scene) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, is_done=False, then=Then.CLOSE, times=1))
    attempt = scene.ask(scene.cart())
    scene.clock.advance(timedelta(hours=1))
    assert scene.mpesa.payment_list.run() == PulledRun()
    assert state(scene, attempt.id) is S.UNKNOWN


def test_it_clears_an_attempt_that_it_does_not_show(scene: Scene) -> None:
    proven(scene).simulator.plan(Trouble(at=Call.PUSH, is_done=False, then=Then.CLOSE, times=1))
    cart = scene.cart()
    attempt = scene.ask(cart)
    scene.clock.advance(timedelta(minutes=9))
    assert scene.mpesa.payment_list.run().cleared == 0
    scene.clock.advance(timedelta(minutes=2))
    assert scene.mpesa.payment_list.run().cleared == 1
    assert state(scene, attempt.id) is S.CLEARED
    assert scene.ask(cart).state is S.ACCEPTED


def test_it_clears_one_whose_questions_were_lost_with_their_jobs(shop_directory: Path) -> None:
    with opened(shop_directory, Habits(prompt_seconds=86_400)) as scene:
        proven(scene).simulator.script(Script(code=None))
        attempt = scene.ask(scene.cart())
        scene.shop.database.execute_sql("DELETE FROM jobs")
        scene.clock.advance(timedelta(minutes=11))
        assert scene.mpesa.payment_list.run().cleared == 1
        assert state(scene, attempt.id) is S.CLEARED


def test_what_comes_after_it_was_cleared_is_not_lost(shop_directory: Path) -> None:
    with opened(shop_directory, Habits(pull_lag_seconds=900)) as scene:
        listed(scene).simulator.pay_by_hand(BARAKA, 1_00, "X")
        scene.clock.advance(timedelta(minutes=20))
        scene.mpesa.payment_list.run()
        scene.simulator.plan(LOST)
        cart = scene.cart()
        attempt = scene.ask(cart)
        scene.give_up(cart)
        scene.clock.advance(timedelta(minutes=11))
        scene.mpesa.payment_list.run()
        assert state(scene, attempt.id) is S.CLEARED
        scene.clock.advance(timedelta(hours=6))
        scene.mpesa.payment_list.run()
        assert state(scene, attempt.id) is S.LATE_PAID


@pytest.mark.parametrize("mode", PullTime)
@pytest.mark.parametrize("is_flat", [False, True])
@pytest.mark.parametrize("hours", [0, 2.9, 3, 20, 46])
def test_its_times_are_read_as_they_are_meant(
    shop_directory: Path, mode: PullTime, is_flat: bool, hours: float
) -> None:
    habits = Habits(pull_time=mode, is_pull_flat=is_flat)
    with opened(shop_directory, habits) as scene:
        listed(scene)
        payment = scene.simulator.pay_by_hand(AMINA, 500_00, "SUGAR")
        scene.clock.advance(timedelta(minutes=5))
        scene.clock.advance(timedelta(hours=hours))
        scene.mpesa.payment_list.run()
        money = mpesa_money.find(scene.shop.database, payment.receipt)
        assert money is not None
        assert abs(money.paid_at - int(payment.at.timestamp() * 1000)) < 1_000
        assert money.reference == "SUGAR"


def test_it_is_read_page_by_page_and_settlements_are_no_sales(scene: Scene) -> None:
    for _number in range(230):
        scene.simulator.pay_by_hand(BARAKA, 10_00, "X")
    scene.simulator.settle(100_00)
    scene.clock.advance(timedelta(minutes=1))
    assert scene.mpesa.payment_list.run() == PulledRun(payments=230, new=230)
    assert scene.shop.database.value("SELECT count(*) FROM mpesa_money") == 230


def test_it_is_read_often_while_anything_is_open_and_else_once_an_hour(scene: Scene) -> None:
    assert comes(scene) == "7 * * * *"
    scene.simulator.script(Script(code=None))
    scene.ask(scene.cart())
    assert comes(scene) == "*/5 * * * *"
    scene.simulator.answer(AMINA, CANCEL)
    scene.pass_by(10)
    assert comes(scene) == "7 * * * *"


def test_the_round_reads_it(scene: Scene) -> None:
    payment = scene.simulator.pay_by_hand(AMINA, 500_00, "X")
    scene.work()
    scene.pass_by(3_600)
    assert mpesa_money.find(scene.shop.database, payment.receipt) is not None


def test_a_shop_without_a_number_reads_nothing(shop: Shop) -> None:
    assert shop.mpesa.payment_list.rounds() == {}


def test_without_a_network_the_next_run_begins_where_this_one_did(scene: Scene) -> None:
    scene.mpesa.payment_list.run()
    payment = scene.simulator.pay_by_hand(AMINA, 500_00, "X")
    scene.simulator.plan(Trouble(at=Call.PULL, then=Then.CLOSE, seconds=0, times=1, sent=0))
    scene.clock.advance(timedelta(hours=5))
    with pytest.raises(Exception, match="no clear answer"):
        scene.mpesa.payment_list.run()
    scene.mpesa.payment_list.run()
    assert mpesa_money.find(scene.shop.database, payment.receipt) is not None


def test_a_server_that_is_away_lets_the_job_wait(scene: Scene) -> None:
    scene.simulator.__exit__()
    with pytest.raises(NoNetwork):
        scene.mpesa.payment_list.run()


def test_a_clock_that_was_a_year_ahead_reads_two_days_all_the_same(scene: Scene) -> None:
    scene.clock.set(scene.clock.now() + timedelta(days=365))
    scene.mpesa.payment_list.run()
    scene.clock.set(scene.clock.now() - timedelta(days=365))
    payment = scene.simulator.pay_by_hand(AMINA, 500_00, "X")
    scene.clock.advance(timedelta(minutes=1))
    scene.mpesa.payment_list.run()
    assert mpesa_money.find(scene.shop.database, payment.receipt) is not None


def test_nothing_older_than_two_days_is_asked_for_however_long_it_was_away(scene: Scene) -> None:
    """What M-Pesa makes of such a question nobody has described."""
    scene.mpesa.payment_list.run()
    for away in (timedelta(hours=47.5), timedelta(days=9)):
        scene.clock.advance(away)
        before = len(scene.simulator.heard)
        scene.mpesa.payment_list.run()
        scene.mpesa.payment_list.read_from(scene.clock.now() - timedelta(days=30))
        pulls = [one.body for one in scene.simulator.heard[before:] if one.call is Call.PULL]
        since = {datetime.fromisoformat(f"{one['StartDate']}+03:00") for one in pulls}
        assert min(since) > scene.clock.now() - timedelta(hours=48)
        assert min(since) < scene.clock.now() - timedelta(hours=46), "it reads all that there is"


def test_a_doubt_that_the_list_tells_nothing_of_any_more_is_not_read_for(scene: Scene) -> None:
    proven(scene).simulator.plan(Trouble(at=Call.PUSH, is_done=False, then=Then.CLOSE, times=1))
    attempt = scene.ask(scene.cart())
    assert comes(scene) == "*/5 * * * *"
    scene.clock.advance(timedelta(hours=49))
    assert scene.mpesa.payment_list.run().cleared == 0
    assert state(scene, attempt.id) is S.UNKNOWN, "a person has to say what became of it"
    assert comes(scene) == "7 * * * *"
    scene.clock.advance(timedelta(minutes=5))
    assert earliest_asked_for(scene) > scene.clock.now() - timedelta(minutes=20)


def earliest_asked_for(scene: Scene) -> datetime:
    """Read the list; return from when on it was asked for."""
    before = len(scene.simulator.heard)
    scene.mpesa.payment_list.run()
    pulls = [one.body for one in scene.simulator.heard[before:] if one.call is Call.PULL]
    return min(datetime.fromisoformat(f"{one['StartDate']}+03:00") for one in pulls)


def test_a_payment_of_another_time_than_was_asked_for_is_not_taken(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Pulled(
        receipt="RKL51ZDR4F",
        amount_cents=100,
        at=scene.clock.now() - timedelta(days=9),
        is_zone_doubtful=True,
        reference="",
        kind="c2b-pay-bill-debit",
    )
    page = PulledPage(payments=(row,), rows=1, unread=0)
    pages = iter([page, PulledPage(payments=(), rows=0, unread=0)])
    monkeypatch.setattr(Daraja, "pull", lambda *_args: next(pages))
    with pytest.raises(TimesUnclear):
        scene.mpesa.payment_list.run()
    assert mpesa_money.find(scene.shop.database, "RKL51ZDR4F") is None
