"""A shop at the simulated M-Pesa: its client, its relay, and a clock that stands still."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self, TypeVar

from pos_sync.http.transport import Answer, Asked, TimeLimits, Transport
from pos_sync.mpesa.account import Account, AccountKind
from pos_sync.mpesa.addresses import ReportTo
from pos_sync.mpesa.callbacks import PaidIn, Report, ResultReport, StkReport, read_report
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.push import PushAccepted, PushOrder, push_body
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from tests.pos_sync.mpesa.samples import NOW, PHONE, SECRETS

RELAY = "https://relay.example"
PAYBILL = Account(kind=AccountKind.PAYBILL, number="174379", callback_url=f"{RELAY}/s/abc")
TILL = replace(PAYBILL, kind=AccountKind.TILL, number="5123456", head_office="600001")
TO = ReportTo(result_url=f"{RELAY}/r", timeout_url=f"{RELAY}/t")
NOMINATED = "254722000000"

R = TypeVar("R", bound=Report)


def order(cents: int = 145_000, phone: str = PHONE, number: int = 1) -> PushOrder:
    """Return what a customer is asked for."""
    return PushOrder(
        phone=phone,
        amount_cents=cents,
        reference=f"T1A{number}",
        description="Sale",
        callback_path=f"/a/{number}",
    )


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self._passed = timedelta()

    def now(self) -> datetime:
        return NOW + self._passed

    def monotonic(self) -> float:
        return self._passed.total_seconds()

    def pass_by(self, seconds: float) -> None:
        self._passed += timedelta(seconds=seconds)


class Relay:
    """Takes the reports of M-Pesa on a port of this machine."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, Report]] = []
        self.is_open = threading.Event()
        self.is_open.set()
        relay = self

        class Taker(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm: ClassVar[bool] = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                relay.is_open.wait()
                report = read_report(body)
                assert report is not None, body
                relay.reports.append((self.path, report))
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_open.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def of(self, kind: type[R]) -> list[R]:
        """Return the reports of a kind."""
        return [one for _path, one in self.reports if isinstance(one, kind)]

    @property
    def codes(self) -> list[str]:
        """The codes of the reports of pushes."""
        return [one.code for one in self.of(StkReport)]

    @property
    def paid_in(self) -> list[PaidIn]:
        return self.of(PaidIn)

    @property
    def results(self) -> list[ResultReport]:
        return self.of(ResultReport)


@dataclass
class Scene:
    """All of them."""

    simulator: MpesaSimulator
    daraja: Daraja
    transport: Transport
    relay: Relay
    clock: Clock
    account: Account

    def accepted(self, one: PushOrder | None = None) -> PushAccepted:
        """Push, and return that it was accepted."""
        outcome = self.daraja.push(one or order())
        assert isinstance(outcome, PushAccepted), outcome
        return outcome

    def quiet(self) -> None:
        """Wait until every report has been carried."""
        self.simulator.wait_for(lambda simulator: simulator.is_quiet)

    def registered(self) -> Self:
        """Register the addresses of the shop."""
        self.daraja.register_confirmations(f"{RELAY}/c", f"{RELAY}/v")
        return self

    def token(self) -> str:
        return str(json.loads(self.ask(Call.TOKEN).body)["access_token"])

    def ask(self, call: Call, body: dict[str, Any] | None = None, **headers: str) -> Answer:
        """Make a call by hand."""
        login = "Basic dGhlLWtleTp0aGUtc2VjcmV0"
        if body is not None and "Authorization" not in headers:
            login = f"Bearer {self.token()}"
        query = {"grant_type": "client_credentials"} if body is None else {}
        return self.transport.exchange(
            Asked(
                path=call.value, headers={"Authorization": login, **headers}, json=body, query=query
            )
        )

    def ask_push(self, **changes: object) -> Answer:
        """Push by hand, with these fields changed or, where None, left out."""
        body = push_body(self.account, SECRETS.passkey, order(), self.clock.now())
        changed = {name: value for name, value in {**body, **changes}.items() if value is not None}
        return self.ask(Call.PUSH, changed)


@contextmanager
def scene(
    habits: Habits | None = None,
    *,
    account: Account = PAYBILL,
    limits: TimeLimits | None = None,
    ca_file: str | None = None,
) -> Iterator[Scene]:
    """Open a shop at a simulator with these habits."""
    clock = Clock()
    with Relay() as relay:
        habits = replace(habits or Habits(), routes={RELAY: relay.base_url})
        merchant = Merchant(account=account, secrets=SECRETS)
        with MpesaSimulator(
            merchant, now=clock.now, monotonic=time.monotonic, habits=habits
        ) as simulator:
            transport = Transport(
                simulator.base_url, monotonic=clock.monotonic, limits=limits, ca_file=ca_file
            )
            daraja = Daraja(account, SECRETS, transport, now=clock.now, monotonic=clock.monotonic)
            yield Scene(simulator, daraja, transport, relay, clock, account)
            daraja.close()


def error_code(answer: Answer) -> str:
    """Return the code of an answer that is an error."""
    return str(json.loads(answer.body)["errorCode"])


def error_words(answer: Answer) -> str:
    """Return its words."""
    return str(json.loads(answer.body)["errorMessage"])
