"""What each request to a relay is answered with."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar

from pos_sync.deadline import Monotonic
from pos_sync.mpesa.addresses import Kind
from pos_sync.relay import asked, messages, waits
from pos_sync.relay.addresses import Address, AddressList
from pos_sync.relay.bell import Bell
from pos_sync.relay.counts import Counts
from pos_sync.relay.database import DatabaseFailed, Transaction
from pos_sync.relay.http import Answer, Request
from pos_sync.relay.lane import Busy, Lane
from pos_sync.relay.messages import HAS_TOKEN, Message, ShopGone
from pos_sync.relay.shops import Doors, Till, read_doors
from pos_sync.relay.words import TOKEN

T = TypeVar("T")

_DOORS_SECONDS = 1.0
"""A shop or a key that was made or removed counts after that."""
_ACCEPTED = Answer(document={"ResultCode": 0, "ResultDesc": "Accepted"})
_REPORT = re.compile(r"/s/([^/]{1,100})/([a-z]{1,10})(?:/([^/]{1,100}))?")
_SHOP = re.compile(r"/s/([^/]{1,100})")
_WAIT = re.compile(r"/v1/waits/([0-9A-Za-z_-]{1,64})")
_SLOW_PRUNING = timedelta(hours=1).total_seconds()

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a relay lets in."""

    allowed: AddressList
    """From where reports are taken; tills have keys, and may be anywhere."""
    proxies: AddressList = field(default_factory=lambda: AddressList(()))
    """Whose word counts on where a request came from."""


class Desk:
    """Answers requests, with one lane that writes and one that reads."""

    def __init__(
        self,
        writing: Lane,
        reading: Lane,
        *,
        rules: Rules,
        counts: Counts,
        now: Callable[[], datetime],
        monotonic: Monotonic,
    ) -> None:
        self._writing = writing
        self._reading = reading
        self._rules = rules
        self._counts = counts
        self._now = now
        self._monotonic = monotonic
        self._doors: tuple[float, Doors] | None = None
        self._bell = Bell(self._last_numbers)

    async def watch(self) -> None:
        """Hear what other relays write, for as long as this one runs."""
        await self._bell.watch()

    async def prune(self) -> None:
        """Forget what is old, now and every hour."""
        while True:
            try:
                count = await self._write("", lambda one: messages.prune(one, self._now()))
                log.info("%d old messages are forgotten", count)
            except (DatabaseFailed, Busy) as error:
                log.warning("old messages are not forgotten: %s", error)
            await asyncio.sleep(_SLOW_PRUNING)

    async def refusal(self, request: Request, address: Address | None) -> Answer | None:
        """Return why a request is not worth reading, by its address and key; None where it is."""
        try:
            if request.method == "GET" and (named := _SHOP.fullmatch(request.path)):
                return await self._is_here(named[1])
            if request.path.startswith("/s/"):
                return await self._refused_report(request, address)
            is_tills = request.path.startswith("/v1/") and request.path != "/v1/health"
            if is_tills and await self._till(request) is None:
                self._counts.no_key += 1
                return _said(HTTPStatus.UNAUTHORIZED)
        except (DatabaseFailed, Busy) as error:
            return self._failed(error)
        return None

    async def answer(self, request: Request) -> Answer:
        """Return what a request that was not refused is answered with."""
        try:
            if request.path.startswith("/s/"):
                return await self._take(request)
            if request.path == "/v1/health":
                await self._known()
                return Answer(document={"ok": True})
            return await self._serve(request)
        except ShopGone:
            return _said(HTTPStatus.NOT_FOUND)
        except (DatabaseFailed, Busy) as error:
            return self._failed(error)

    def _failed(self, error: Exception) -> Answer:
        self._counts.failed += 1
        log.error("the database has failed: %s", type(error).__name__)
        return _said(HTTPStatus.SERVICE_UNAVAILABLE)

    async def _is_here(self, secret: str) -> Answer:
        """Say that a secret is one of this relay's, from wherever it is asked: nothing is kept."""
        if (await self._known()).shop(secret) is None:
            self._counts.unknown += 1
            return _said(HTTPStatus.NOT_FOUND)
        return Answer(document={"ok": True})

    async def _refused_report(self, request: Request, address: Address | None) -> Answer | None:
        if address not in self._rules.allowed:
            self._counts.not_listed += 1
            log.warning("a report from %s, which is not on the list", address)
            return _said(HTTPStatus.FORBIDDEN)
        found = _REPORT.fullmatch(request.path)
        shop = (await self._known()).shop(found[1]) if found else None
        kind = _kind(found[2], found[3]) if found else None
        if found is None or shop is None or kind is None:
            self._counts.unknown += 1
            log.warning("a report from %s to an address that is nobody's", address)
            return _said(HTTPStatus.NOT_FOUND)
        return None if request.method == "POST" else _said(HTTPStatus.METHOD_NOT_ALLOWED)

    async def _take(self, request: Request) -> Answer:
        """Keep a report that was not refused, and say so only when it is on the disk."""
        found = _REPORT.fullmatch(request.path)
        shop = (await self._known()).shop(found[1]) if found else None
        kind = _kind(found[2], found[3]) if found else None
        if found is None or shop is None or kind is None:
            return _said(HTTPStatus.NOT_FOUND)
        one = messages.read_incoming(shop, kind, found[3] or "", request.body, self._now())
        if one is None:
            self._counts.malformed += 1
            log.warning("what came for %s (%s) is no report of that kind", shop, kind.name)
            return _said(HTTPStatus.BAD_REQUEST)
        return await self._keep(one)

    async def _keep(self, one: messages.Incoming) -> Answer:
        kept = await self._write(one.shop, lambda transaction: messages.keep(transaction, one))
        if kept.is_new:
            self._counts.stored += 1
            self._bell.ring(one.shop)
        else:
            self._counts.repeated += 1
        log.info("%s: message %d, %s", one.shop, kept.number, one.kind.name)
        return _ACCEPTED

    async def _serve(self, request: Request) -> Answer:
        """Answer a till."""
        till = await self._till(request)
        if till is None:
            self._counts.no_key += 1
            return _said(HTTPStatus.UNAUTHORIZED)
        try:
            return await self._serve_till(request, till)
        except asked.Wrong as error:
            return Answer(status=HTTPStatus.BAD_REQUEST, document={"error": str(error)})

    async def _till(self, request: Request) -> Till | None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        return (await self._known()).till(key.strip()) if scheme.lower() == "bearer" else None

    async def _serve_till(self, request: Request, till: Till) -> Answer:
        method, path = request.method, request.path
        if (method, path) == ("GET", "/v1/messages"):
            return await self._messages(request, till)
        if (method, path) == ("POST", "/v1/claims"):
            return await self._claim(request, till)
        if (method, path) == ("POST", "/v1/taken"):
            return await self._taken(request, till)
        if (method, path) == ("GET", "/v1/shop"):
            return await self._about(till)
        if (method, path) == ("GET", "/v1/counts"):
            return Answer(document=self._counts.as_json())
        found = _WAIT.fullmatch(path)
        if found and method == "PUT":
            return await self._open_wait(request, till, found[1])
        if found and method == "DELETE":
            return await self._close_wait(till, found[1])
        return _said(HTTPStatus.NOT_FOUND)

    async def _about(self, till: Till) -> Answer:
        """Say whose reports this till reads: the digest of the secret, and never the secret."""
        digest = (await self._known()).secret_digest(till.shop)
        if digest is None:
            raise ShopGone
        return Answer(document={"shop": till.shop, "till": till.code, "secret_digest": digest})

    async def _messages(self, request: Request, till: Till) -> Answer:
        after, seconds = asked.read_position(request.query, asked.LONGEST_WAIT)
        end = self._monotonic() + seconds
        with self._bell.heard(till.shop) as event:
            while True:
                event.clear()
                last, found = await self._read(till.shop, lambda one: _news(one, till, after))
                left = end - self._monotonic()
                if last < after:
                    # the database is another one, or an older one: the till begins anew
                    return Answer(status=HTTPStatus.CONFLICT, document={"last": last})
                if found or left <= 0:
                    return Answer(document=[asked.message_json(one) for one in found])
                try:
                    async with asyncio.timeout(left):
                        await event.wait()
                except TimeoutError:
                    return Answer(document=[])

    async def _open_wait(self, request: Request, till: Till, wait_id: str) -> Answer:
        wait = asked.read_wait(request.body)
        now = self._now()
        await self._write(till.shop, lambda one: waits.open_wait(one, till, wait_id, wait, now))
        return Answer(document={"open": True})

    async def _close_wait(self, till: Till, wait_id: str) -> Answer:
        now = self._now()
        is_there = await self._write(
            till.shop, lambda one: waits.close_wait(one, till, wait_id, now)
        )
        return Answer(document={"closed": is_there})

    async def _claim(self, request: Request, till: Till) -> Answer:
        wanted = asked.read_claim(request.body)
        now = self._now()
        verdict = await self._write(till.shop, lambda one: waits.claim(one, till, wanted, now))
        why = {} if verdict.why is None else {"why": verdict.why.value}
        return Answer(document={"granted": verdict.granted, **why})

    async def _taken(self, request: Request, till: Till) -> Answer:
        receipts = asked.read_receipts(request.body)
        found = await self._read(till.shop, lambda one: waits.taken(one, till, receipts))
        return Answer(document={"taken": found})

    async def _known(self) -> Doors:
        now = self._monotonic()
        if self._doors is None or now - self._doors[0] >= _DOORS_SECONDS:
            self._doors = (now, await self._read("", read_doors))
        return self._doors[1]

    async def _last_numbers(self, shops: Any) -> dict[str, int]:
        return await self._read("", lambda one: messages.last_numbers(one, shops))

    async def _read(self, shop: str, work: Callable[[Transaction], T]) -> T:
        return await asyncio.wrap_future(self._reading.ask(shop, work))

    async def _write(self, shop: str, work: Callable[[Transaction], T]) -> T:
        return await asyncio.wrap_future(self._writing.ask(shop, work))


def _news(transaction: Transaction, till: Till, after: int) -> tuple[int, list[Message]]:
    last = messages.last_numbers(transaction, (till.shop,))
    if till.shop not in last:
        raise ShopGone
    return last[till.shop], messages.after(transaction, till.shop, after)


def _kind(name: str, token: str | None) -> Kind | None:
    """Return the kind of an address; None where such a kind has none like this."""
    try:
        kind = Kind(name)
    except ValueError:
        return None
    is_fit = token is not None and TOKEN.fullmatch(token) if kind in HAS_TOKEN else token is None
    return kind if is_fit else None


def _said(status: HTTPStatus) -> Answer:
    return Answer(status=status, document={"error": status.phrase})
