"""The simulator as a whole: many tills at once, quick, and gone without a trace."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pos_sync.http.transport import Transport
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.push import PushAccepted
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.scripts import Script
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from tests.pos_sync.mpesa.samples import PHONE, SECRETS
from tests.pos_sync.testing.mpesa.scene import PAYBILL, TILL, Clock, order, scene

SHORT, LONG = 300, 10_000


def test_nothing_is_left_when_it_is_closed() -> None:
    before = set(threading.enumerate())
    with scene() as one:
        one.registered().accepted()
        one.simulator.script(Script(delay=60))
        one.accepted(order(500))
        port = int(one.simulator.base_url.rpartition(":")[2])
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not {name for name in left if "M-Pesa" in name}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_it_opens_the_port_that_is_wanted() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    clock = Clock()
    merchant = Merchant(account=PAYBILL, secrets=SECRETS)
    with MpesaSimulator(merchant, now=clock.now, monotonic=time.monotonic, port=port) as simulator:
        assert simulator.base_url == f"http://127.0.0.1:{port}"


def test_what_does_not_come_is_not_waited_for_for_ever() -> None:
    with scene() as one, pytest.raises(TimeoutError) as caught:
        one.simulator.wait_for(lambda simulator: simulator.pushes_accepted == 1, 0.01)
    assert "0 payments" in str(caught.value)


def test_two_shops_have_books_of_their_own() -> None:
    clock = Clock()
    other = replace(SECRETS, consumer_key="other", passkey="another")
    merchants = (
        Merchant(account=PAYBILL, secrets=SECRETS),
        Merchant(account=TILL, secrets=other),
    )
    with MpesaSimulator(*merchants, now=clock.now, monotonic=time.monotonic) as simulator:
        for number, merchant in enumerate(merchants, 1):
            transport = Transport(simulator.base_url, monotonic=clock.monotonic)
            with closing(
                Daraja(
                    merchant.account,
                    merchant.secrets,
                    transport,
                    now=clock.now,
                    monotonic=clock.monotonic,
                )
            ) as daraja:
                assert isinstance(daraja.push(order(100 * number)), PushAccepted)
        assert simulator.ledger.takings_cents("174379") == 100
        assert simulator.ledger.takings_cents("600001") == 200
        assert simulator.ledger.charged_cents(PHONE) == 300


def test_receipts_of_another_series_are_others() -> None:
    clock = Clock()
    receipts = []
    for series in (0, 0, 1):
        merchant = Merchant(account=PAYBILL, secrets=SECRETS)
        with MpesaSimulator(
            merchant, now=clock.now, monotonic=time.monotonic, series=series
        ) as simulator:
            receipts.append(simulator.pay_by_hand(PHONE, 100, "A").receipt)
    assert receipts[0] == receipts[1] != receipts[2]


@pytest.mark.parametrize(
    "words",
    [
        b"\x16\x03\x01\xfc\r\n",
        b"GET\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"{" * 40_000,
    ],
)
def test_a_client_that_speaks_another_language_harms_nobody(words: bytes) -> None:
    with scene() as one:
        port = int(one.simulator.base_url.rpartition(":")[2])
        with closing(socket.create_connection(("127.0.0.1", port))) as client:
            client.sendall(words)
            client.shutdown(socket.SHUT_WR)
            _read_all(client)
        one.accepted()


def _read_all(client: socket.socket) -> None:
    try:
        while client.recv(4_096):
            pass
    except ConnectionResetError:
        return


def test_a_line_may_be_closed_for_silence() -> None:
    with scene(Habits(idle_seconds=0.5)) as one:
        one.accepted(order(100))
        one.simulator.wait_for(lambda simulator: simulator.open_lines == 0)
        one.accepted(order(200))
        assert one.simulator.lines == 2


def test_an_old_client_gets_its_answer_and_the_line_is_closed() -> None:
    with scene() as one:
        port = int(one.simulator.base_url.rpartition(":")[2])
        with closing(socket.create_connection(("127.0.0.1", port))) as client:
            client.sendall(b"GET /nothing HTTP/1.0\r\n\r\n")
            said = b""
            while data := client.recv(4_096):
                said += data
        assert said.startswith(b"HTTP/1.1 404 Not Found\r\n")
        assert b"404.001.01" in said


def test_many_tills_at_once_are_each_charged_once() -> None:
    with scene(Habits(repeat_seconds=0)) as one:
        one.registered()

        def till(number: int) -> None:
            for turn in range(20):
                outcome = one.daraja.push(order(100 * (turn + 1), f"2547{number:08}", turn))
                assert isinstance(outcome, PushAccepted)

        with ThreadPoolExecutor(8) as tills:
            list(tills.map(till, range(8)))
        one.quiet()
        ledger = one.simulator.ledger
        assert {ledger.charged_cents(f"2547{number:08}") for number in range(8)} == {21_000}
        assert one.simulator.carried == 2 * 160
        assert len({paid.receipt for paid in one.relay.paid_in}) == 160


def test_a_push_is_quick_and_leaves_no_thread(torture: bool) -> None:
    """Ten thousand pushes in the long form; one takes 1 to 2 ms, with both its reports."""
    pushes = LONG if torture else SHORT
    with scene(Habits(remembered=1_000)) as one:
        one.registered().daraja.check_keys()
        began, threads = time.monotonic(), threading.active_count()
        for number in range(pushes):
            one.accepted(order(100, f"2547{number:08}", number))
        spent = time.monotonic() - began
        one.simulator.wait_for(lambda simulator: simulator.is_quiet, 60)
        assert spent / pushes < 0.05, "far above what a busy machine needs"
        assert threading.active_count() <= threads + 2
        assert one.simulator.ledger.takings_cents("174379") == 100 * pushes
        assert one.simulator.carried == 2 * pushes
        assert (one.simulator.lines, len(one.simulator.prompts)) == (1, min(pushes, 1_000))
        assert len(one.simulator.heard) <= 2_000
        assert one.simulator.count(Call.PUSH) == pushes


def test_the_time_of_the_machine_will_do() -> None:
    merchant = Merchant(account=PAYBILL, secrets=SECRETS)

    def now() -> datetime:
        return datetime.now(UTC)

    with MpesaSimulator(merchant, now=now, monotonic=time.monotonic) as simulator:
        transport = Transport(simulator.base_url, monotonic=time.monotonic)
        with closing(
            Daraja(PAYBILL, SECRETS, transport, now=now, monotonic=time.monotonic)
        ) as daraja:
            assert isinstance(daraja.push(order()), PushAccepted)
            assert abs(daraja.skew.total_seconds()) < 2
