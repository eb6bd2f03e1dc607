"""The list of payments: two days of it, by pages, with its doubtful times."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pos_sync.mpesa.errors import CallRefused
from pos_sync.mpesa.pulled import Pulled
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits, PayerShown, PullTime

from tests.pos_sync.mpesa.samples import PHONE
from tests.pos_sync.testing.mpesa.scene import (
    NOMINATED,
    RELAY,
    TILL,
    Scene,
    error_words,
    order,
    scene,
)

HOUR = 3600
EAT = timedelta(hours=3)


def _pulled(one: Scene, hours: float = 47) -> list[Pulled]:
    """Return the whole list, page by page until an empty one."""
    now = one.clock.now()
    found: list[Pulled] = []
    offset = 0
    while True:
        page = one.daraja.pull(now - timedelta(hours=hours), now, offset)
        if not page.rows:
            return found
        assert not page.unread
        offset += page.rows
        found += page.payments


def _open(one: Scene) -> Scene:
    one.daraja.register_pull(NOMINATED, f"{RELAY}/p")
    return one


def test_the_list_tells_of_pushes_and_payments_by_hand() -> None:
    with scene() as one:
        _open(one).accepted()
        one.clock.pass_by(60)
        by_hand = one.simulator.pay_by_hand("254111222333", 14_550, "INV 7")
        first, second = _pulled(one)
        assert (first.amount_cents, first.reference) == (145_000, "T1A1")
        assert (second.receipt, second.amount_cents) == (by_hand.receipt, 14_550)
        assert (second.reference, second.kind) == ("INV 7", "c2b-pay-bill-debit")
        assert (second.name, second.payer.mask) == (by_hand.name, "254111*333")


def test_a_till_has_no_reference_in_the_list() -> None:
    with scene(account=TILL) as one:
        _open(one).accepted()
        [row] = _pulled(one)
        assert (row.reference, row.kind) == ("", "c2b-buy-goods-debit")


@pytest.mark.parametrize("is_flat", [True, False])
def test_the_list_comes_in_pages_until_an_empty_one(is_flat: bool) -> None:
    with scene(Habits(is_pull_flat=is_flat)) as one:
        _open(one)
        for number in range(230):
            one.simulator.pay_by_hand(PHONE, 100, f"A{number}")
            one.clock.pass_by(1)
        assert [row.reference for row in _pulled(one)] == [f"A{number}" for number in range(230)]
        assert one.simulator.count(Call.PULL) == 4
        sizes = [json.loads(heard.said.body)["Response"] for heard in one.simulator.heard[-4:]]
        rows = sizes if is_flat else [page[0] for page in sizes]
        assert [len(page) for page in rows] == ([100, 100, 30, 1] if is_flat else [100, 100, 30, 0])


def test_what_is_older_than_two_days_is_gone() -> None:
    with scene() as one:
        _open(one).simulator.pay_by_hand(PHONE, 100, "OLD")
        one.clock.pass_by(HOUR)
        one.simulator.pay_by_hand(PHONE, 200, "NEW")
        one.clock.pass_by(47 * HOUR)
        assert [row.reference for row in _pulled(one, hours=72)] == ["OLD", "NEW"]
        one.clock.pass_by(1)
        assert [row.reference for row in _pulled(one, hours=72)] == ["NEW"]


def test_the_list_holds_what_lies_between_two_times() -> None:
    with scene() as one:
        _open(one)
        begin = one.clock.now()
        for reference in "ABC":
            one.simulator.pay_by_hand(PHONE, 100, reference)
            one.clock.pass_by(60)
        page = one.daraja.pull(begin + timedelta(seconds=30), begin + timedelta(seconds=90), 0)
        assert [row.reference for row in page.payments] == ["B"]


@pytest.mark.parametrize("mode", list(PullTime))
def test_how_the_list_writes_its_times(mode: PullTime) -> None:
    with scene(Habits(pull_time=mode)) as one:
        _open(one).accepted()
        [row] = _pulled(one)
        ahead = EAT if mode is PullTime.Z_IS_NAIROBI else timedelta()
        assert row.at - one.clock.now() == ahead
        assert row.is_zone_doubtful == (mode is not PullTime.OFFSET)


def test_a_settlement_is_in_the_list_and_no_payment() -> None:
    with scene() as one:
        _open(one).accepted()
        one.simulator.settle(100_000)
        assert [(row.is_payment, row.amount_cents) for row in _pulled(one)] == [
            (True, 145_000),
            (False, 100_000),
        ]
        assert one.simulator.ledger.shop_cents("174379") == 45_000
        assert one.simulator.ledger.takings_cents("174379") == 145_000


def test_the_list_may_lag_and_hide_its_payers() -> None:
    with scene(Habits(pull_lag_seconds=300, payer_in_pull=PayerShown.HASHED)) as one:
        _open(one).accepted()
        assert not _pulled(one)
        one.clock.pass_by(300)
        [row] = _pulled(one)
        assert row.payer.is_surely(PHONE)


def test_who_is_not_registered_gets_nothing() -> None:
    with scene() as one:
        one.accepted()
        assert not _pulled(one)
        said = json.loads(one.simulator.heard[-1].said.body)
        assert (said["ResponseCode"], said["Response"]) == ("1001", [[]])


@pytest.mark.parametrize("is_spaced", [True, False])
def test_a_second_registration_does_no_harm(is_spaced: bool) -> None:
    with scene(Habits(is_pull_spaced=is_spaced)) as one:
        _open(_open(one))
        key = "Response Status" if is_spaced else "ResponseStatus"
        statuses = [
            json.loads(heard.said.body)[key]
            for heard in one.simulator.heard
            if heard.call is Call.REGISTER_PULL
        ]
        assert statuses == ["1000", "1001"]


def test_the_list_is_registered_by_the_number_in_the_papers() -> None:
    with scene() as one, pytest.raises(CallRefused) as caught:
        one.daraja.register_pull(PHONE, f"{RELAY}/p")
    assert "NominatedNumber" in caught.value.words


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"StartDate": "2026-11-24T09:00:00Z"}, "StartDate"),
        ({"EndDate": ""}, "EndDate"),
        ({"OffSetValue": "-1"}, "OffSetValue"),
        ({"ShortCode": "1"}, "ShortCode"),
    ],
)
def test_the_fields_of_a_query_of_the_list(changes: dict[str, str], named: str) -> None:
    body = {
        "ShortCode": "174379",
        "StartDate": "2026-11-24 09:00",
        "EndDate": "2026-11-24 10:00:00",
        "OffSetValue": "0",
    }
    with scene() as one:
        assert one.ask(Call.PULL, dict(body)).status == 200
        answer = one.ask(Call.PULL, {**body, **changes})
        assert error_words(answer) == f"Bad Request - Invalid {named}"


def test_the_list_and_the_books_agree_to_the_cent() -> None:
    with scene() as one:
        _open(one)
        for number in range(40):
            one.accepted(order(100 * (number + 1), number=number))
            one.simulator.pay_by_hand("254733000000", 101 + number, f"H{number}")
        ledger = one.simulator.ledger
        assert sum(row.amount_cents for row in _pulled(one)) == ledger.takings_cents("174379")
