"""Where every request comes in: its token is looked at, and it goes to the desk that knows it."""

from __future__ import annotations

import ssl
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from pos_sync.http.json_objects import read_object
from pos_sync.mpesa.amounts import read_cents
from pos_sync.testing.mpesa.by_hand import HandDesk
from pos_sync.testing.mpesa.calls import Call, call_at, token_refused
from pos_sync.testing.mpesa.fields import Body, text
from pos_sync.testing.mpesa.house import House
from pos_sync.testing.mpesa.later import LaterDesk
from pos_sync.testing.mpesa.line import Asked
from pos_sync.testing.mpesa.pulling import PullDesk
from pos_sync.testing.mpesa.pushes import PushDesk
from pos_sync.testing.mpesa.qr import QrDesk
from pos_sync.testing.mpesa.said import Letter, Reply, Said, TurnedDown, bad_field, refusal
from pos_sync.testing.mpesa.scripts import Plan, Trouble
from pos_sync.testing.mpesa.tokens import Tokens

_KEPT = 2_000


@dataclass(frozen=True)
class Heard:
    """A request that was dealt with, and how it was answered by right."""

    call: Call
    body: Mapping[str, Any]
    said: Said


class Reception:
    """Takes requests from all lines."""

    def __init__(self, house: House, rest: Callable[[float], object]) -> None:
        self._house = house
        self._rest = rest
        apps = {one.secrets.consumer_key: one.secrets.consumer_secret for one in house.merchants}
        self.tokens = Tokens(house.habits, apps)
        self.pushes = PushDesk(house)
        self.by_hand = HandDesk(house)
        self.later = LaterDesk(house)
        pulls, qr = PullDesk(house), QrDesk(house)
        self._desks: dict[Call, Callable[[str, Body], Reply]] = {
            Call.PUSH: self.pushes.push,
            Call.QUERY: self.pushes.query,
            Call.REGISTER_URLS: self.by_hand.register,
            Call.SIMULATE: self.by_hand.simulate,
            Call.STATUS: self.later.status,
            Call.BALANCE: self.later.balance,
            Call.REVERSAL: self.later.reverse,
            Call.REGISTER_PULL: pulls.register,
            Call.PULL: pulls.pull,
            Call.QR: qr.draw,
        }
        self.troubles: Plan[Trouble] = Plan()
        self.counts: Counter[Call] = Counter()
        self.heard: deque[Heard] = deque(maxlen=_KEPT)

    @property
    def context(self) -> ssl.SSLContext | None:
        """The certificate."""
        return self._house.habits.context

    @property
    def idle_seconds(self) -> float | None:
        """After how long a silent line is closed."""
        return self._house.habits.idle_seconds

    def time(self) -> datetime:
        """Return the time that stands in answers."""
        return self._house.now().astimezone(UTC)

    def rest(self, seconds: float) -> None:
        """Wait, or less where the server ends."""
        self._rest(seconds)

    def greets(self) -> Trouble | None:
        """Return what is to happen to somebody who has connected."""
        with self._house.lock:
            return self.troubles.due("", 0, lambda one: one.at is Call.CONNECT)

    def trouble(self, asked: Asked) -> Trouble | None:
        """Return what is to happen at a request, by its call, phone and amount."""
        call = call_at(asked.path)
        body = read_object(asked.body) or {}
        phone = text(body, "PhoneNumber") or text(body, "Msisdn")
        cents = read_cents(body.get("Amount")) or 0
        with self._house.lock:
            return self.troubles.due(phone, cents, lambda one: one.at is call)

    def attend(self, asked: Asked) -> Reply:
        """Deal with a request."""
        call = call_at(asked.path)
        if call is None:
            return Reply(refusal(404, "404.001.01", "Resource not found"))
        with self._house.lock:
            self.pushes.expire()
            reply = self._answered(call, asked)
            self._house.post.announce(len(reply.then))
            self.counts[call] += 1
            self.heard.append(Heard(call, read_object(asked.body) or {}, reply.said))
            self._house.lock.notify_all()
        return reply

    def deliver(self, letter: Letter) -> None:
        """Report at once."""
        self._house.post.deliver(letter)

    def send(self, letters: tuple[Letter, ...]) -> None:
        """Report when it is time."""
        self._house.post.send_announced(letters)

    def _answered(self, call: Call, asked: Asked) -> Reply:
        try:
            if call is Call.TOKEN:
                return self._token(asked)
            return self._desks[call](self._app(call, asked), self._body(call, asked))
        except TurnedDown as down:
            return Reply(down.said)

    def _token(self, asked: Asked) -> Reply:
        _check_method(asked, "GET")
        grant = parse_qs(asked.query).get("grant_type", [""])[0]
        login = asked.headers.get("authorization", "")
        return Reply(self.tokens.give(login, grant, self._house.now()))

    def _app(self, call: Call, asked: Asked) -> str:
        _check_method(asked, "POST")
        login = asked.headers.get("authorization", "")
        if not login.startswith("Bearer "):
            raise TurnedDown(refusal(404, "404.001.04", "Invalid Authentication Header"))
        app = self.tokens.app_of(login, self._house.now())
        if app is None:
            raise TurnedDown(token_refused(call))
        return app

    def _body(self, call: Call, asked: Asked) -> Body:
        if not asked.headers.get("content-type", "").startswith("application/json"):
            raise bad_field("BusinessShortCode" if call in (Call.PUSH, Call.QUERY) else "ShortCode")
        body = read_object(asked.body)
        if body is None:
            raise TurnedDown(refusal(400, "400.002.05", "Invalid Request Payload"))
        return body


def _check_method(asked: Asked, method: str) -> None:
    if asked.method != method:
        raise TurnedDown(refusal(405, "405.001", "Method Not Allowed"))
