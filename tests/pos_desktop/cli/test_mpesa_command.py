"""posctl mpesa: keys, status, the list, what is left over, statements, and the simulator."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.premises import Terms
from pos_sync.mpesa.account import Account, AccountKind, Secrets
from pos_sync.mpesa.errors import (
    CallRefused,
    MpesaError,
    NoAnswer,
    NotSent,
    WhyNoAnswer,
    WhyNotSent,
    WhyRefused,
)
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Merchant
from pos_sync.testing.mpesa.said import PAGE
from pos_sync.testing.mpesa.scripts import Trouble
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from pos_desktop.domain.clock import SystemClock
from pos_desktop.jobs.registry import every_job
from pos_desktop.services.mpesa.list_reading import TimesUnclear
from pos_desktop.services.mpesa.payment_list import PaymentList
from pos_desktop.services.mpesa.setup.call_check import call_words
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.shop import open_shop
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.services.mpesa.scene import AMINA
from tests.pos_desktop.services.mpesa.statement_rows import given_back, paid, statement
from tests.pos_sync.relay import scene as relays

ROOT = Path(__file__).parents[3]
SECONDS = 20.0
KEYS = Secrets(consumer_key="key", consumer_secret="secret", passkey="pass")
ACCOUNT = Account(kind=AccountKind.PAYBILL, number="174379")


@pytest.fixture
def simulator() -> Iterator[MpesaSimulator]:
    clock = SystemClock()
    merchant = Merchant(account=ACCOUNT, secrets=KEYS)
    with MpesaSimulator(merchant, now=clock.now, monotonic=clock.monotonic) as simulator:
        yield simulator


@pytest.fixture
def paying(demo: Posctl, simulator: MpesaSimulator) -> Posctl:
    """A demo shop that is paid through the simulator."""
    for key, value in (
        ("mpesa.kind", "paybill"),
        ("mpesa.shortcode", "174379"),
        ("mpesa.base_url", simulator.base_url),
        ("mpesa.callback_url", "https://relay.example"),
    ):
        demo("config", "set", key, value)
    with closing(open_shop(demo.directory)) as shop:
        keys = {
            MpesaKey.CONSUMER_KEY: "key",
            MpesaKey.CONSUMER_SECRET: "secret",
            MpesaKey.PASSKEY: "pass",
            MpesaKey.RELAY_PATH: "k7x9",
        }
        shop.mpesa.setup.put_keys(keys, actor=None)
    return demo


def listed(posctl: Posctl) -> None:
    """Let the shop have the list of payments."""
    with closing(open_shop(posctl.directory)) as shop:
        daraja = shop.mpesa.daraja.calls()
        daraja.register_pull("254722000000", "https://relay.example/s/k7x9/pull")


# keys


def test_keys_are_lines_of_standard_input_and_never_shown(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("consumer-key=abc\n\n consumer-secret = hush=1\n")
    )
    said = demo("mpesa", "keys")
    assert "2 keys set" in said
    assert "hush" not in said
    with closing(open_shop(demo.directory)) as shop:
        assert shop.mpesa.setup.key(MpesaKey.CONSUMER_SECRET) == "hush=1"
    monkeypatch.setattr(sys, "stdin", io.StringIO("consumer-key=\n"))
    kept = demo.json("mpesa", "keys")["kept"]
    assert (kept["consumer-key"], kept["consumer-secret"]) == (False, True)


@pytest.mark.parametrize("place", ["config", "keys"])
def test_a_whole_address_is_taken_apart(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    whole = "https://relay.example/s/k7x9"
    if place == "config":
        assert "kept among the shop's keys" in demo("config", "set", "mpesa.callback_url", whole)
    else:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"relay-path={whole}/\n"))
        demo("mpesa", "keys")
    assert demo("config", "get", "mpesa.callback_url").strip() == "https://relay.example"
    assert "k7x9" not in demo("config", "list")
    with closing(open_shop(demo.directory)) as shop:
        assert shop.mpesa.setup.account.callback_url == whole
    demo("config", "set", "mpesa.relay_url", whole, code=1)
    monkeypatch.setattr(sys, "stdin", io.StringIO("relay-path=https://relay.example\n"))
    demo("mpesa", "keys", code=1)
    assert "behind /s/" in demo.err


@pytest.mark.parametrize("line", ["consumer-key", "password=1"])
def test_another_line_is_refused(demo: Posctl, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))
    demo("mpesa", "keys", code=2)
    assert "relay-path" in demo.err


# status


def test_a_shop_without_mpesa(demo: Posctl, monkeypatch: pytest.MonkeyPatch) -> None:
    demo("config", "set", "mpesa.shortcode", "")
    monkeypatch.setattr(sys, "stdin", io.StringIO("consumer-key=\npasskey=\nrelay-path=\n"))
    demo("mpesa", "keys")
    assert "not set up" in demo("mpesa", "status")
    found = demo.json("mpesa", "status")
    assert (found["number"], found["answers"], found["left"]) == (None, None, [])
    demo("config", "set", "mpesa.shortcode", "174379")
    words = demo("mpesa", "status")
    assert "Type consumer-key of posctl mpesa keys" in words
    demo("mpesa", "pull", code=1)
    assert "cannot be asked. Type consumer-key of posctl mpesa keys" in demo.err


def test_status_tells_what_is_so(paying: Posctl, simulator: MpesaSimulator) -> None:
    words = paying("mpesa", "status")
    assert "PayBill 174379, at http://127.0.0.1:" in words
    assert "takes the keys" in words
    assert "never read" in words
    found = paying.json("mpesa", "status")
    assert found["answers"]
    assert found["can_ask_phones"]
    assert abs(found["clock_ahead_seconds"]) <= 2
    assert simulator.count(Call.TOKEN) == 2
    assert found["relay_answers"] is None
    assert "Type relay-key of posctl mpesa keys" in words


def test_status_tells_of_the_relay_and_of_requests_in_words(paying: Posctl, tmp_path: Path) -> None:
    made = relays.make_shop(str(tmp_path / "relay.sqlite"), tills=("T1",))
    with relays.running(str(tmp_path / "relay.sqlite")) as relay:
        paying("config", "set", "mpesa.relay_url", relay.url)
        with closing(open_shop(paying.directory)) as shop:
            keys = {MpesaKey.RELAY_KEY: made.keys["T1"]}
            shop.mpesa.setup.put_keys(keys, actor=None)
            person = shop.sign_in.sign_in("cashier", "1111")
            shop.mpesa.attempts.begin(shop.books.new_id(), 100_00, AMINA, person)
        words = paying("mpesa", "status")
        assert "The relay answers this till." in words
        assert "Requests under way: not begun 1." in words
        assert paying.json("mpesa", "status")["relay_answers"] is True


def test_wrong_keys_are_a_failure(
    paying: Posctl, monkeypatch: pytest.MonkeyPatch, simulator: MpesaSimulator
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("consumer-secret=other\n"))
    paying("mpesa", "keys")
    assert "does not accept the keys" in paying("mpesa", "status", code=1)
    paying("mpesa", "pull", code=1)
    assert "consumer-secret of posctl mpesa keys" in paying.err


def test_a_network_that_is_away_is_a_failure(paying: Posctl) -> None:
    paying("config", "set", "mpesa.base_url", "http://127.0.0.1:9")
    assert "Nothing listens" in paying("mpesa", "status", code=1)
    paying("config", "set", "mpesa.base_url", "http://127.0.0.1:9/")
    paying("mpesa", "pull", code=1)
    assert "at mpesa.base_url" in paying.err


def test_a_relay_that_is_away_or_knows_no_key_is_a_failure(paying: Posctl, tmp_path: Path) -> None:
    relays.make_shop(str(tmp_path / "relay.sqlite"), tills=("T1",))
    with closing(open_shop(paying.directory)) as shop:
        shop.mpesa.setup.put_keys({MpesaKey.RELAY_KEY: "nobody's"}, actor=None)
    with relays.running(str(tmp_path / "relay.sqlite")) as relay:
        paying("config", "set", "mpesa.relay_url", relay.url)
        assert "does not know relay-key" in paying("mpesa", "status", code=1)
    assert "Nothing listens where the relay" in paying("mpesa", "status", code=1)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        *((NotSent(why), "M-Pesa") for why in WhyNotSent),
        *((CallRefused(why, "500", "words"), "It says: 500 words") for why in WhyRefused),
        *((NoAnswer(why), why.value) for why in WhyNoAnswer),
        (MpesaError(), "not reached"),
    ],
)
def test_every_failure_has_its_sentence(error: MpesaError, says: str) -> None:
    assert says in call_words(error)


# trying and registering


def test_it_is_tried_and_registered_at_the_console(paying: Posctl, tmp_path: Path) -> None:
    made = relays.make_shop(str(tmp_path / "relay.sqlite"), tills=("T1",))
    with relays.running(str(tmp_path / "relay.sqlite")) as relay:
        paying("config", "set", "mpesa.relay_url", relay.url)
        with closing(open_shop(paying.directory)) as shop:
            shop.mpesa.setup.put_keys({MpesaKey.RELAY_KEY: made.keys["T1"]}, actor=None)
        found = paying.json("mpesa", "test", code=1)
        wrong = {one["step"] for one in found["steps"] if one["is_needed"] and not one["ok"]}
        assert wrong == {"the secret of the address"}
        with closing(open_shop(paying.directory)) as shop:
            shop.mpesa.setup.put_keys({MpesaKey.RELAY_PATH: made.secret}, actor=None)
        assert "not needed" in paying("mpesa", "test")
        assert "M-Pesa lists the shop's payments" in paying("mpesa", "register", "0722000000")
        again = paying.json("mpesa", "register", "0722 000000")["steps"]
        assert "this address is registered" in again[0]["step"]
        paying("mpesa", "register", "12", code=1)


def test_nothing_is_registered_without_a_relay(paying: Posctl) -> None:
    paying("config", "set", "mpesa.callback_url", "")
    paying("mpesa", "register", "0722000000", code=1)
    assert "no address for reports" in paying.err


# the list


def test_the_list_is_read_now(paying: Posctl, simulator: MpesaSimulator) -> None:
    assert "never shown a payment" in paying("mpesa", "pull")
    listed(paying)
    simulator.pay_by_hand(AMINA, 1_450_00, "HSE 12")
    assert "holds 1 payment, 1 of them not known here before" in paying("mpesa", "pull")
    found = paying.json("mpesa", "pull")
    assert (found["payments"], found["new"]) == (1, 0)
    assert found["has_ever_shown_a_payment"]
    assert paying.json("mpesa", "status")["left"] == [
        {"state": "unmatched", "count": 1, "amount_cents": 1_450_00}
    ]


def test_a_list_that_cannot_be_understood_is_a_failure(
    paying: Posctl, simulator: MpesaSimulator
) -> None:
    simulator.plan(Trouble(at=Call.PULL, say=PAGE))
    paying("mpesa", "pull", code=1)
    assert "answers in the place of M-Pesa" in paying.err


def test_times_that_fit_nothing_are_a_failure(
    paying: Posctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unclear(*_given: object) -> None:
        raise TimesUnclear

    monkeypatch.setattr(PaymentList, "run", unclear)
    paying("mpesa", "pull", code=1)
    assert "payments of other times than it was asked for" in paying.err


# what is left over


def test_nothing_is_left_over(demo: Posctl) -> None:
    assert "Nothing is left over" in demo("mpesa", "unmatched", "--strict")
    assert demo.json("mpesa", "unmatched") == {"payments": [], "count": 0, "amount_cents": 0}


def test_what_is_left_over_is_listed_with_its_sum(
    paying: Posctl, simulator: MpesaSimulator
) -> None:
    listed(paying)
    simulator.pay_by_hand(AMINA, 1_450_00, "HSE 12")
    paying("mpesa", "pull")
    with closing(open_shop(paying.directory)) as shop:
        cart = shop.books.new_id()
        shop.mpesa.waits.take_code(cart, "RKL51ZDR4F", 200_00)
        pushed = _paid_push(shop)
    found = paying.json("mpesa", "unmatched")
    assert [one["what"] for one in found["payments"]] == ["unmatched"]
    assert found["amount_cents"] == 1_450_00
    assert left(paying) == {"unmatched": (1, 1_450_00)}
    _make_old(paying, pushed)
    assert left(paying) == {"unmatched": (1, 1_450_00), "paid": (1, 100_00)}
    status = paying("mpesa", "status")
    assert "No sale: 1, 1,450.00\n" in status
    assert "Code missing: 1, 100.00\n" in status
    words = paying("mpesa", "unmatched", "--strict", code=1)
    assert "Code missing" in words
    assert "look in the portal" in words
    assert "2 are left over, 1,550.00." in words
    assert AMINA not in words
    assert "0712 *** 678" in words
    assert paying("mpesa", "unmatched")


def left(posctl: Posctl) -> dict[str, tuple[int, int]]:
    """Return what the status says is left over: how many of each kind, and what they come to."""
    found = posctl.json("mpesa", "status")["left"]
    return {one["state"]: (one["count"], one["amount_cents"]) for one in found}


def _paid_push(shop: Any) -> str:
    """Keep an attempt of which a query has said that it is paid."""
    person = shop.sign_in.sign_in("cashier", "1111")
    from pos_sync.mpesa.push import PushAccepted
    from pos_sync.mpesa.query import QueryPaid

    from pos_desktop.storage import carts
    from pos_desktop.storage.carts import StoredCart

    cart_id = shop.books.new_id()
    with shop.database.write():
        cart = StoredCart(cart_id, carts.OPEN, "", person.id, {}, 1)
        carts.put(shop.database, cart, till_id=shop.books.node.till_id)
    attempt = shop.mpesa.attempts.begin(cart_id, 100_00, AMINA, person)
    shop.mpesa.attempts.start_sending(attempt.id)
    accepted = PushAccepted(checkout_id="ws_CO_1", merchant_id="m")
    shop.mpesa.attempts.pushed(attempt.id, accepted)
    shop.mpesa.attempts.answered(attempt.id, QueryPaid())
    return str(attempt.id)


def _make_old(posctl: Posctl, attempt: str) -> None:
    """Let an attempt have been paid more than a day ago."""
    with closing(open_shop(posctl.directory)) as shop:
        day = timedelta(days=1, minutes=1) // timedelta(milliseconds=1)
        shop.database.execute_sql(
            "UPDATE mpesa_attempt SET changed_at = changed_at - ? WHERE id = ?", (day, attempt)
        )


# statements


def test_a_statement_is_imported_and_once_more_changes_nothing(
    demo: Posctl, tmp_path: Path
) -> None:
    demo("config", "set", "mpesa.shortcode", "174379")
    path = statement(tmp_path / "s.csv", paid("TKO1AB2CD3"), paid("X"), given_back("TKO1AB2CD3"))
    words = demo("mpesa", "import", str(path))
    assert "1 payment: 1 new" in words
    assert "line 5: “X” is no receipt" in words
    found = demo.json("mpesa", "import", str(path), "--strict", code=1)
    assert (found["payments"], found["new"], found["known"], found["bad"]) == (1, 0, 1, 1)
    assert found["bad_rows"] == [{"line": 5, "fault": "receipt", "value": "X"}]
    assert found["first_at"] == "2026-11-24T08:59:00+00:00"
    assert demo.json("mpesa", "import", str(path), "--from", "2026-11-25")["payments"] == 0
    demo("mpesa", "import", str(tmp_path / "no.csv"), code=1)
    assert "no such file" in demo.err


# the simulator


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "pos_desktop.cli.main", "mpesa", "simulator"]
    process = subprocess.Popen(
        [*command, "--port", "0", "--after", "0", "--json", "--data", str(tmp_path / "none")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _next(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def test_a_shop_sells_through_the_simulator_that_it_was_told_of(
    demo: Posctl, running: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = _next(running)
    for key, value in begun["settings"].items():
        demo("config", "set", key, value)
    lines = "".join(f"{key}={value}\n" for key, value in begun["keys"].items())
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    demo("mpesa", "keys")
    with closing(open_shop(demo.directory)) as shop:
        code = shop.reader.value("SELECT code FROM product ORDER BY code LIMIT 1")
    play = tmp_path / "play.txt"
    play.write_text(f"login cashier 1111\nshift open 1000\n{code}\npay mpesa 0712345678\n")
    sold = demo("play", str(play), "--json").splitlines()
    assert all(json.loads(line)["ok"] for line in sold), sold
    pushed, ended = _next(running), _next(running)
    assert (pushed["event"], ended["event"]) == ("pushed", "paid")
    assert pushed["phone"] == AMINA
    assert running.stdin is not None
    running.stdin.write("pay 0712345678 50 T9\nnonsense\n")
    running.stdin.flush()
    by_hand = _next(running)
    assert (by_hand["event"], by_hand["amount_cents"]) == ("paid by hand", 50_00)
    assert demo.json("mpesa", "pull")["new"] == 2
    left = demo.json("mpesa", "unmatched")["payments"]
    assert [one["receipt"] for one in left] == [by_hand["receipt"]]
    with closing(open_shop(demo.directory, jobs=every_job)) as shop:
        manager = shop.sign_in.sign_in("manager", "1234")
        shop.mpesa.reversals.ask(by_hand["receipt"], actor=manager)
        shop.queue.runner(Terms(when_empty=True)).run()
    given_back = _next(running)
    assert (given_back["event"], given_back["receipt"]) == ("given back", by_hand["receipt"])
    running.send_signal(signal.SIGTERM)
    assert running.wait(SECONDS) == 0


def test_numbers_and_ports_are_checked(posctl: Posctl, simulator: MpesaSimulator) -> None:
    posctl("mpesa", "simulator", "--port", "0", "--number", "12", code=2)
    taken = simulator.base_url.rpartition(":")[2]
    posctl("mpesa", "simulator", "--port", taken, code=1)
    assert f"Port {taken} cannot be used" in posctl.err
