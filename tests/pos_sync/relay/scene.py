"""Relays that run in this process, and who posts to them and reads from them."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from pos_sync.relay import shops
from pos_sync.relay.addresses import AddressList
from pos_sync.relay.counts import Counts
from pos_sync.relay.database import Transaction
from pos_sync.relay.desk import Rules
from pos_sync.relay.engines import open_engine
from pos_sync.relay.reader import RelayReader, TimeLimits
from pos_sync.relay.server import Limits
from pos_sync.relay.serving import Place, relay

from tests.pos_sync.mpesa.samples import PAID_IN, STK_PAID

T = TypeVar("T")

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RECEIPTS = [f"RKL51Z{number:04}" for number in range(1_000)]


def within(database: str, work: Callable[[Transaction], T]) -> T:
    """Do something with a database, past all relays."""
    with closing(open_engine(database)) as engine, engine.transaction() as transaction:
        return work(transaction)


def scripted_bytes(start: int) -> Callable[[int], bytes]:
    """Return a chance that is none."""
    return lambda count: bytes((start * 37 + place * 11) % 256 for place in range(count))


def make_shop(database: str, name: str = "duka", tills: Sequence[str] = ("T1", "T2")) -> Any:
    chances = iter(range(1, 100))

    def random_bytes(count: int) -> bytes:
        return scripted_bytes(next(chances) + sum(name.encode()))(count)

    return within(database, lambda one: shops.make(one, name, tills, NOW, random_bytes))


def paid_in(number: int = 0, cents: int = 145_000, **changes: str) -> dict[str, Any]:
    """Return a confirmation of a payment at nine o'clock."""
    return PAID_IN | {
        "TransID": RECEIPTS[number],
        "TransTime": "20261124120000",
        "TransAmount": f"{cents // 100}.{cents % 100:02}",
        "BillRefNumber": "",
        **changes,
    }


def report(name: str) -> bytes:
    """Return what M-Pesa reports of a push that the customer has cancelled."""
    found: dict[str, Any] = {
        "MerchantRequestID": f"m{name}",
        "CheckoutRequestID": f"ws_CO_{name}",
        "ResultCode": 1032,
        "ResultDesc": "Request cancelled by user",
    }
    return json.dumps({"Body": {"stkCallback": found}}).encode()


def post_report(line: http.client.HTTPConnection, secret: str, token: str, name: str) -> None:
    """Post the report of a push under a token of the shop, and have it taken."""
    line.request("POST", f"/s/{secret}/a/{token}", report(name))
    answer = line.getresponse()
    answer.read()
    assert answer.status == http.client.OK, answer.status


@dataclass
class Hands:
    """A clock that stands still until it is set."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


class Clock(Hands):
    """The machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Running:
    """A relay that runs in this process."""

    port: int
    counts: Counts
    hands: Hands
    readers: list[RelayReader] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def post(self, path: str, document: Any, **headers: str) -> int:
        """Post a report on a line of its own; return the status of the answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(line):
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request("POST", path, body, names)
            return line.getresponse().status

    def reader(self, key: str, limits: TimeLimits | None = None) -> RelayReader:
        reader = RelayReader(self.url, key, monotonic=time.monotonic, limits=limits)
        self.readers.append(reader)
        return reader


@contextmanager
def running(
    database: str,
    *,
    allowed: Sequence[str] = ("any",),
    proxies: Sequence[str] = (),
    limits: Limits | None = None,
    hands: Hands | None = None,
) -> Iterator[Running]:
    """Run a relay for a while, in a thread of its own."""
    hands = hands or Hands()
    rules = Rules(allowed=AddressList(allowed), proxies=AddressList(proxies))
    begun: list[Running] = []
    is_begun, ended = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def run() -> None:
        place = Place(host="127.0.0.1", port=0, database=database)
        async with relay(
            place, rules=rules, now=hands.now, monotonic=time.monotonic, limits=limits
        ) as found:
            begun.append(Running(found.port, found.counts, hands))
            is_begun.set()
            await ended.wait()

    def work() -> None:
        try:
            loop.run_until_complete(run())
        finally:
            is_begun.set()
            loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert is_begun.wait(20)
    try:
        yield begun[0]
    finally:
        for reader in begun[0].readers:
            reader.close()
        loop.call_soon_threadsafe(ended.set)
        thread.join(20)
        assert not thread.is_alive()


def stk_paid(number: int = 0) -> dict[str, Any]:
    """Return the report of a push that was paid."""
    text = json.dumps(STK_PAID).replace("NLJ7RT61SV", RECEIPTS[number])
    found: dict[str, Any] = json.loads(text)
    return found
