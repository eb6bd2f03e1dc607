"""The supplier's server on a real port of this machine: it finds payments, and grants activations.

What is to go wrong is planned with `plan`, an act for each request to come; after that requests are
dealt with by right. `sign` makes an activation of what it says: the key is the caller's.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from pos_sync.activation.client import ACTIVATIONS, STATUS
from pos_sync.activation.outcomes import WhyDeclined
from pos_sync.testing.endings import RESET_AT_CLOSE

_MONTH = timedelta(days=30)
_PATIENCE = 5.0
_PAGE = b"<html><body>Welcome to the Wi-Fi of Cafe Java</body></html>"
_KNOWN = re.compile(rf"{ACTIVATIONS}/([A-Za-z0-9_-]+)")


class Act(Enum):
    """What happens to a request; `DEAL` is by right."""

    DEAL = auto()
    PENDING = auto()
    """The payment is not there yet."""
    GARBAGE = auto()
    PAGE = auto()
    """Somebody on the way shows a page, as a success."""
    FAULT = auto()
    """The server has failed: 500."""
    BUSY = auto()
    """Too many requests: 429."""
    SILENT = auto()
    """It is dealt with, and no answer comes."""
    LOST = auto()
    """It is dealt with, and the line breaks before the answer."""
    TWICE = auto()
    """The answer is sent twice, one after the other."""
    AGAIN = auto()
    """It is dealt with as if it had never been: a second activation for one payment."""


@dataclass
class Supplier:
    """What the supplier knows; `payments` is what has come in, by receipt: None is any receipt."""

    plans: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {"monthly": (150_000, 1), "yearly": (1_500_000, 12)}
    )
    """Price in cents and months by name."""
    payments: dict[str, int] | None = None
    granted: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was granted, by receipt."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Every question that has come in."""
    grants: int = 0
    """How many activations were made."""


class ActivationSimulator:
    """A server for any number of shops; use it in a `with`. Any thread may use it."""

    def __init__(
        self, sign: Callable[[bytes], str], *, now: Callable[[], datetime], port: int = 0
    ) -> None:
        """Take what signs a payload, and the time of the supplier."""
        self.supplier = Supplier()
        self._sign = sign
        self._now = now
        self._port = port
        self._acts: deque[Act | WhyDeclined] = deque()
        self._lock = threading.RLock()
        self._ending = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self.go_away()

    @property
    def base_url(self) -> str:
        """Where it is, also while it is away."""
        return f"http://127.0.0.1:{self._port}"

    def come_back(self) -> None:
        """Open the port, the same as before."""
        self._server = _Server(("127.0.0.1", self._port), self._handler())
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def go_away(self) -> None:
        """Close the port: nobody is there."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def plan(self, *acts: Act | WhyDeclined) -> None:
        """Let the next requests end so, in place of all that was planned."""
        with self._lock:
            self._acts = deque(acts)

    # what the server does

    def next_act(self) -> Act | WhyDeclined:
        """Return what happens to the request that has come."""
        with self._lock:
            return self._acts.popleft() if self._acts else Act.DEAL

    def rest(self) -> None:
        """Wait until the server ends."""
        self._ending.wait(_PATIENCE)

    def deal(self, asked: dict[str, Any], act: Act | WhyDeclined) -> tuple[int, dict[str, Any]]:
        """Answer a question; the same receipt gets the same activation."""
        with self._lock:
            self.supplier.asked.append(asked)
            if isinstance(act, WhyDeclined):
                return _no(act)
            receipt = str(asked.get("receipt"))
            if act is Act.PENDING:
                return 202, {"id": receipt, "again_in_seconds": 60}
            return self._granted(asked, receipt, anew=act is Act.AGAIN)

    def known(self, receipt: str, act: Act | WhyDeclined) -> tuple[int, dict[str, Any]]:
        """Answer what has become of a question."""
        with self._lock:
            before = [one for one in self.supplier.asked if one.get("receipt") == receipt]
            if not before or act is WhyDeclined.GONE:
                return _no(WhyDeclined.GONE)
            return self.deal(before[-1], act)

    def _granted(
        self, asked: dict[str, Any], receipt: str, *, anew: bool
    ) -> tuple[int, dict[str, Any]]:
        supplier = self.supplier
        plan = supplier.plans.get(str(asked.get("plan")))
        known = supplier.granted.get(receipt)
        if known is not None and known["shop"] != asked.get("shop"):
            return _no(WhyDeclined.USED)
        if known is None or anew:
            if plan is None:
                return _no(WhyDeclined.PLAN)
            paid = plan[0] if supplier.payments is None else supplier.payments.get(receipt)
            if paid is None:
                return _no(WhyDeclined.NO_PAYMENT)
            if paid != plan[0]:
                return _no(WhyDeclined.AMOUNT)
            known = supplier.granted[receipt] = self._made(asked, receipt, *plan)
        text = self._sign(json.dumps(known).encode())
        return 200, {"id": receipt, "activation": text}

    def _made(self, asked: dict[str, Any], receipt: str, price: int, months: int) -> dict[str, Any]:
        """Return a new activation, which goes on where the last one of the shop ends."""
        supplier = self.supplier
        supplier.grants += 1
        ends = [
            datetime.fromisoformat(one["valid_until"])
            for one in supplier.granted.values()
            if one["shop"] == asked["shop"]
        ]
        begins = max([self._now(), *ends])
        return {
            "form": 1,
            "serial": supplier.grants,
            "shop": asked["shop"],
            "till": asked["till"],
            "plan": {"name": asked["plan"], "price_cents": price, "months": months},
            "valid_from": begins.isoformat(),
            "valid_until": (begins + months * _MONTH).isoformat(),
            "grace_days": 14,
            "receipt": receipt,
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        desk = self

        class Handler(_Handler):
            simulator = desk

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing of clients that have left in the middle."""


class _Handler(BaseHTTPRequestHandler):
    simulator: ActivationSimulator
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        try:
            asked = json.loads(self.rfile.read(length))
        except ValueError:
            asked = None
        act = self.simulator.next_act()
        if (
            self.path != ACTIVATIONS
            or not isinstance(asked, dict)
            or asked.get("receipt") != self.headers.get("Idempotency-Key")
        ):
            self._say(*_no(WhyDeclined.QUESTION))
        else:
            self._act(act, lambda: self.simulator.deal(asked, act))

    def _is_question(self, asked: dict[str, Any]) -> bool:
        key = self.headers.get("Idempotency-Key")
        return self.path == ACTIVATIONS and asked.get("receipt") == key

    def do_GET(self) -> None:
        known = _KNOWN.fullmatch(self.path)
        if self.path == STATUS:
            self._say(200, {"status": "ok"})
        elif known is None:
            self._say(*_no(WhyDeclined.GONE))
        else:
            act, receipt = self.simulator.next_act(), known[1]
            self._act(act, lambda: self.simulator.known(receipt, act))

    def _act(self, act: Act | WhyDeclined, deal: Callable[[], tuple[int, dict[str, Any]]]) -> None:
        if act in (Act.GARBAGE, Act.PAGE):
            self._write(200, b"\x00\xff{" if act is Act.GARBAGE else _PAGE)
        elif act is Act.FAULT:
            self._say(500, {"code": "fault", "words": "something is wrong here"})
        elif act is Act.BUSY:
            self._write(429, b"slow down", {"Retry-After": "120"})
        else:
            status, body = deal()
            if act is Act.SILENT:
                self.simulator.rest()
            if act in (Act.SILENT, Act.LOST):
                self._break()
                return
            self._say(status, body)
            if act is Act.TWICE:
                self._say(status, body)

    def _break(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)

    def _say(self, status: int, body: Mapping[str, Any]) -> None:
        self._write(status, json.dumps(body).encode())

    def _write(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing on the terminal."""


def _no(why: WhyDeclined) -> tuple[int, dict[str, Any]]:
    status = 404 if why in (WhyDeclined.GONE, WhyDeclined.NO_PAYMENT) else 422
    return status, {"code": why.value, "words": why.value.replace("_", " ")}
