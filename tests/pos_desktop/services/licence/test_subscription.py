"""How the subscription of a shop stands, and which activations it takes."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.domain.activation_json import BadActivation
from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.licence import LicenceState
from pos_desktop.security.activation_seal import ForgedActivation
from pos_desktop.services.licence.subscription import ForeignActivation, SpentActivation
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import make_shop
from pos_desktop.shops.training_shop import make_training_shop
from pos_desktop.storage.licence_rows import PaymentState
from tests.pos_desktop.activations import PUBLIC_KEY, RECEIPT, activation
from tests.pos_desktop.conftest import CASHIER, MANAGER, NEW_SHOP, add_product, person
from tests.pos_desktop.services.licences import messages, noted, payment, set_up, work
from tests.pos_desktop.services.play import play

DAY = timedelta(days=1)
S = LicenceState


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime.now(UTC))


@pytest.fixture
def shop(shop_directory: Path, clock: ManualClock) -> object:
    with closing(open_shop(shop_directory, clock=clock)) as one:
        set_up(one, "http://127.0.0.1:9")
        yield one


def _state(shop: Shop) -> LicenceState:
    return shop.licence.subscription.standing().state


def _keep(shop: Shop, begins: datetime, days: float = 30, **other: object) -> None:
    text = activation(shop.books.node.shop_id, begins, days, **other)
    shop.licence.subscription.keep(text, actor=None)


def test_a_trial_is_said_to_managers_near_its_end(shop: Shop, clock: ManualClock) -> None:
    subscription = shop.licence.subscription
    manager, cashier = person(shop, MANAGER), person(shop, CASHIER)
    assert subscription.line(manager) == ""
    clock.advance(23 * DAY)
    assert "in 7 days" in subscription.line(manager)
    assert subscription.line(cashier) == subscription.line(None) == ""
    clock.advance(7 * DAY)
    assert "is over" in subscription.line(manager)
    clock.advance(14 * DAY)
    assert "is not paid" in subscription.line(manager)
    assert subscription.line(cashier) == ""


def test_nothing_stops_where_it_has_expired(shop: Shop, clock: ManualClock) -> None:
    clock.advance(400 * DAY)
    assert _state(shop) is S.EXPIRED
    add_product(shop, "SUGAR", "Sugar 1 kg", 165_00)
    shop.till.sign_in(*MANAGER)
    play(shop, "shift open 0", "SUGAR", "pay cash", "z")
    assert shop.database.value("SELECT count(*) FROM sale") == 1


def test_an_activation_counts_offline_for_its_time(shop: Shop, clock: ManualClock) -> None:
    _keep(shop, clock.now(), 60)
    for days, state in ((59, S.ACTIVE), (61, S.GRACE), (75, S.EXPIRED)):
        clock.set(clock.now())
        at = clock.now()
        clock.advance(days * DAY)
        assert _state(shop) is state
        clock.set(at)


def test_a_clock_that_is_set_back_lengthens_nothing(shop: Shop, clock: ManualClock) -> None:
    add_product(shop, "SUGAR", "Sugar 1 kg", 165_00)
    _keep(shop, clock.now(), 20)
    began = clock.now()
    clock.advance(21 * DAY)
    shop.till.sign_in(*MANAGER)
    play(shop, "shift open 0", "SUGAR", "pay cash")
    clock.advance(10 * DAY)
    play(shop, "SUGAR", "pay cash")
    assert _state(shop) is S.GRACE
    clock.set(began)
    assert _state(shop) is S.GRACE
    play(shop, "SUGAR", "pay cash")
    assert _state(shop) is S.GRACE


def test_a_clock_that_was_far_ahead_and_is_right_again_takes_nothing(
    shop: Shop, clock: ManualClock
) -> None:
    add_product(shop, "SUGAR", "Sugar 1 kg", 165_00)
    shop.till.sign_in(*MANAGER)
    play(shop, "shift open 0", "SUGAR", "pay cash")
    right = clock.now()
    clock.advance(2_000 * DAY)
    play(shop, "SUGAR", "pay cash")
    assert _state(shop) is S.EXPIRED
    clock.set(right)
    assert _state(shop) is S.TRIAL


@pytest.mark.parametrize(
    ("begins", "shop_id", "change", "error"),
    [
        (0, "", "payload", BadActivation),
        (0, "", "signature", ForgedActivation),
        (0, "6" * 32, "", ForeignActivation),
        (-90, "", "", SpentActivation),
        (0, "", "text", BadActivation),
    ],
)
def test_what_is_none_for_this_shop_is_refused(
    shop: Shop, begins: int, shop_id: str, change: str, error: type[Refused], clock: ManualClock
) -> None:
    text = activation(shop_id or shop.books.node.shop_id, clock.now() + begins * DAY)
    said, sign = text.split(".")
    changed = {
        "payload": f"{said[:40]}{'A' if said[40] != 'A' else 'B'}{said[41:]}.{sign}",
        "signature": f"{said}.{'A' if sign[0] != 'A' else 'B'}{sign[1:]}",
        "text": "please",
    }.get(change, text)
    with pytest.raises(error) as caught:
        shop.licence.subscription.keep(changed, actor=None)
    assert str(caught.value).endswith(".")
    assert _state(shop) is S.TRIAL
    assert noted(shop, "subscription activated") == 0


def test_an_activation_that_was_changed_in_the_file_does_not_count(
    shop: Shop, clock: ManualClock
) -> None:
    _keep(shop, clock.now(), 400)
    assert _state(shop) is S.ACTIVE
    sql = "UPDATE device_memory SET value = replace(value, '.', 'x.') WHERE device = 'licence'"
    shop.database.execute_sql(sql)
    assert _state(shop) is S.TRIAL
    shop.configuration.set(settings.LICENCE_PUBLIC_KEY, "", shop.books, actor=None)
    assert _state(shop) is S.TRIAL


def test_another_key_than_the_suppliers_makes_it_count_no_more(
    shop: Shop, clock: ManualClock
) -> None:
    _keep(shop, clock.now())
    shop.configuration.set(settings.LICENCE_PUBLIC_KEY, "", shop.books, actor=None)
    assert _state(shop) is S.TRIAL
    shop.configuration.set(settings.LICENCE_PUBLIC_KEY, PUBLIC_KEY, shop.books, actor=None)
    assert _state(shop) is S.ACTIVE


def test_one_payment_has_one_activation(shop: Shop, clock: ManualClock) -> None:
    _keep(shop, clock.now(), 30, serial=2)
    _keep(shop, clock.now(), 300, serial=1)
    assert shop.licence.subscription.standing().days_left == 30
    _keep(shop, clock.now(), 90, serial=3)
    _keep(shop, clock.now(), 60, serial=4, receipt="")
    assert shop.licence.subscription.standing().days_left == 90


def test_an_activation_that_is_brought_settles_its_payment(shop: Shop, clock: ManualClock) -> None:
    shop.licence.subscription.typed(RECEIPT, "monthly", actor=None)
    _keep(shop, clock.now())
    assert payment(shop, RECEIPT).state is PaymentState.GRANTED
    work(shop)
    assert messages(shop) == []


@pytest.mark.parametrize("receipt", ["", "SKA1B2C3D", "SKA1B2C3D4E", "SKA1-2C3D4"])
def test_what_is_no_receipt_is_refused(shop: Shop, receipt: str) -> None:
    with pytest.raises(Refused):
        shop.licence.subscription.typed(receipt, "monthly", actor=None)
    assert shop.licence.subscription.overview(actor=None).payments == ()


def test_a_plan_that_is_not_offered_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused, match="monthly, yearly"):
        shop.licence.subscription.typed(RECEIPT, "weekly", actor=None)


def test_a_payment_comes_with_the_transaction_of_who_confirms_it(shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError), shop.database.write():
        shop.licence.subscription.paid(RECEIPT, 1_500_00, "monthly")
        raise ZeroDivisionError
    assert shop.licence.subscription.overview(actor=None).payments == ()
    assert shop.database.value("SELECT count(*) FROM jobs") == 0


def test_a_receipt_is_kept_once_with_one_job(shop: Shop) -> None:
    for receipt in (RECEIPT, f" {RECEIPT.lower()} "):
        shop.licence.subscription.typed(receipt, "yearly", actor=None)
    shop.licence.subscription.paid(RECEIPT, 1_500_00, "monthly")
    (one,) = shop.licence.subscription.overview(actor=None).payments
    assert (one.plan, one.amount_cents, one.is_confirmed) == ("monthly", 1_500_00, True)
    assert shop.database.value("SELECT count(*) FROM jobs") == 1


def test_a_training_shop_has_none(shop: Shop, clock: ManualClock) -> None:
    _keep(shop, clock.now())
    clock.advance(400 * DAY)
    directory = make_training_shop(shop, person(shop, MANAGER))
    with closing(open_shop(directory, clock=clock)) as training:
        subscription = training.licence.subscription
        clock.advance(400 * DAY)
        assert subscription.line(person(training, MANAGER)) == ""
        with pytest.raises(Refused, match="training shop"):
            subscription.typed(RECEIPT, "monthly", actor=None)
        with pytest.raises(Refused, match="training shop"):
            subscription.keep("x", actor=None)


def test_what_is_copied_from_another_shop_does_not_count(shop: Shop, tmp_path: Path) -> None:
    _keep(shop, datetime.now(UTC))
    make_shop(tmp_path / "other", NEW_SHOP)
    with closing(open_shop(tmp_path / "other")) as other:
        set_up(other, "http://127.0.0.1:9")
        other.database.insert("device_memory", shop.database.rows("SELECT * FROM device_memory"))
        assert _state(other) is S.TRIAL
