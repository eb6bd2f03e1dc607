"""Tokens end, and every field is looked at."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pos_sync.http.transport import Asked
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.errors import CallRefused, WhyRefused
from pos_sync.mpesa.nairobi import stamp
from pos_sync.mpesa.push import PushRejected
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits

from tests.pos_sync.mpesa.samples import SECRETS
from tests.pos_sync.testing.mpesa.scene import Scene, error_code, error_words, order, scene


def _other(one: Scene, **changes: str) -> Daraja:
    secrets = replace(SECRETS, **changes)
    clock = one.clock
    return Daraja(one.account, secrets, one.transport, now=clock.now, monotonic=clock.monotonic)


def test_a_token_lives_for_an_hour_and_is_fetched_once() -> None:
    with scene() as one:
        for number in range(3):
            one.accepted(order(100 + 100 * number))
        assert one.simulator.count(Call.TOKEN) == 1
        one.clock.pass_by(3_599)
        one.accepted()
        assert one.simulator.count(Call.TOKEN) == 2


def test_a_token_that_has_ended_is_refused_by_the_code_of_each_call() -> None:
    with scene(Habits(token_seconds=600, is_life_a_text=False)) as one:
        token = f"Bearer {one.token()}"
        one.clock.pass_by(600)
        found = {}
        for call in (Call.PUSH, Call.PULL, Call.STATUS, Call.BALANCE, Call.REVERSAL, Call.SIMULATE):
            answer = one.ask(call, {}, Authorization=token)
            found[call] = (answer.status, error_code(answer))
        assert found == {
            Call.PUSH: (404, "404.001.03"),
            Call.PULL: (401, "401.001"),
            Call.STATUS: (401, "401.002.01"),
            Call.BALANCE: (400, "400.003.01"),
            Call.REVERSAL: (403, "403.011.01"),
            Call.SIMULATE: (401, "401.003.01"),
        }


def test_a_client_whose_token_is_ended_fetches_another_and_pushes_once() -> None:
    with scene() as one:
        one.daraja.check_keys()
        one.simulator.end_tokens()
        one.accepted()
        assert (one.simulator.count(Call.TOKEN), one.simulator.pushes_accepted) == (2, 1)


@pytest.mark.parametrize("is_ending", [True, False])
def test_a_new_token_ends_the_old_one_where_that_is_so(is_ending: bool) -> None:
    with scene(Habits(ends_old_tokens=is_ending)) as one:
        first, second = one.daraja, _other(one)
        for daraja in (first, second, first, second):
            daraja.check_keys()
        first.push(order(100))
        second.push(order(200))
        assert one.simulator.count(Call.TOKEN) == (4 if is_ending else 2)
        assert one.simulator.pushes_accepted == 2


@pytest.mark.parametrize("wrong", [{"consumer_key": "x"}, {"consumer_secret": "x"}])
def test_wrong_keys_get_an_empty_answer(wrong: dict[str, str]) -> None:
    with scene() as one, pytest.raises(CallRefused) as caught:
        _other(one, **wrong).check_keys()
    assert caught.value.why is WhyRefused.WRONG_KEYS


@pytest.mark.parametrize(
    ("login", "grant", "code"),
    [
        ("Bearer x", "client_credentials", "400.008.01"),
        ("", "client_credentials", "400.008.01"),
        ("Basic eDp5", "password", "400.008.02"),
    ],
)
def test_how_a_token_is_asked_for(login: str, grant: str, code: str) -> None:
    with scene() as one:
        asked = Asked(
            path=Call.TOKEN, headers={"Authorization": login}, query={"grant_type": grant}
        )
        answer = one.transport.exchange(asked)
        assert (answer.status, error_code(answer)) == (400, code)


def test_what_is_no_call_at_all() -> None:
    with scene() as one:
        token = {"Authorization": f"Bearer {one.token()}"}
        exchange = one.transport.exchange
        nowhere = exchange(Asked(path="/mpesa/nothing", headers=token, json={}))
        assert (nowhere.status, error_code(nowhere)) == (404, "404.001.01")
        got = exchange(Asked(path=Call.PUSH, headers=token))
        assert (got.status, error_code(got)) == (405, "405.001")
        unnamed = exchange(Asked(path=Call.PUSH, headers={}, json={}))
        assert (unnamed.status, error_code(unnamed)) == (404, "404.001.04")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        posted = exchange(Asked(path=Call.PUSH, headers={**token, **form}, json={}))
        assert error_words(posted) == "Bad Request - Invalid BusinessShortCode"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"BusinessShortCode": "1234"}, "BusinessShortCode"),
        ({"BusinessShortCode": None}, "BusinessShortCode"),
        ({"TransactionType": "CustomerPayBill"}, "TransactionType"),
        ({"Amount": "1.5"}, "Amount"),
        ({"Amount": 0}, "Amount"),
        ({"Amount": "250001"}, "Amount"),
        ({"PartyA": "0712345678"}, "PartyA"),
        ({"PartyA": "+254712345678"}, "PartyA"),
        ({"PhoneNumber": "254712345679"}, "PhoneNumber"),
        ({"PartyB": "x"}, "PartyB"),
        ({"CallBackURL": "http://relay.example/a"}, "CallBackURL"),
        ({"CallBackURL": "https://localhost/a"}, "CallBackURL"),
        ({"CallBackURL": "https://192.168.1.7/a"}, "CallBackURL"),
        ({"CallBackURL": "https://<relay>/a"}, "CallBackURL"),
        ({"CallBackURL": "https://relay.example/MPesa/a"}, "CallBackURL"),
        ({"CallBackURL": "https://relay.example/my.exe"}, "CallBackURL"),
        ({"AccountReference": "A" * 13}, "AccountReference"),
        ({"AccountReference": "A-1"}, "AccountReference"),
        ({"AccountReference": ""}, "AccountReference"),
        ({"TransactionDesc": "A" * 14}, "TransactionDesc"),
        ({"TransactionDesc": None}, "Remarks"),
        ({"Timestamp": "2026"}, "Timestamp"),
        ({"Password": "*"}, "Password"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], named: str) -> None:
    with scene() as one:
        answer = one.ask_push(**changes)
        assert (answer.status, error_code(answer)) == (400, "400.002.02")
        assert error_words(answer) == f"Bad Request - Invalid {named}"
        assert not one.simulator.pushes_accepted


def test_numbers_are_taken_as_numbers_too() -> None:
    with scene() as one:
        answer = one.ask_push(Amount=1450, PartyA=254712345678, PhoneNumber=254712345678)
        assert answer.status == 200, answer


@pytest.mark.parametrize(
    ("minutes", "status"), [(-4, 200), (4, 200), (6, 500), (-6, 500), (-180, 500)]
)
def test_the_time_of_a_push_is_nairobis_and_near(minutes: int, status: int) -> None:
    with scene() as one:
        at_stamp = stamp(one.clock.now() + timedelta(minutes=minutes))
        plain = f"174379{SECRETS.passkey}{at_stamp}".encode()
        password = base64.b64encode(plain).decode()
        answer = one.ask_push(Timestamp=at_stamp, Password=password)
        assert answer.status == status
        assert status == 200 or error_words(answer) == "Wrong credentials"


def test_a_wrong_passkey_and_an_unknown_shop_are_told_apart() -> None:
    with scene() as one:
        outcome = _other(one, passkey="x").push(order())
        assert isinstance(outcome, PushRejected)
        assert outcome.refused.why is WhyRefused.WRONG_PASSKEY
        answer = one.ask_push(BusinessShortCode="999999", PartyB="999999")
        assert (answer.status, error_code(answer)) == (500, "500.001.1001")
        assert error_words(answer) == "Merchant does not exist"


def test_the_clock_of_the_server_stands_in_every_answer() -> None:
    with scene() as one:
        assert one.ask(Call.TOKEN).date == one.clock.now()
        assert json.loads(one.ask(Call.TOKEN).body)["expires_in"] == "3599"
