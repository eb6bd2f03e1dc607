"""A till's side of the relay: reads the reports of its shop, and claims payments.

Every question may be asked twice without harm, so that one on a line that has died meanwhile is
asked once more by itself. Times are hard: a relay that sends a byte a second ends with the limit.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import requests
import urllib3

from pos_sync.causes import is_caused_by
from pos_sync.deadline import Deadline, Monotonic, bounded
from pos_sync.http.json_objects import Json, object_of, text_of
from pos_sync.http.wires import Wires, noted_adapter
from pos_sync.mpesa.addresses import Kind
from pos_sync.relay import asked
from pos_sync.relay.errors import (
    BehindUs,
    NoAnswer,
    NotReached,
    RelayRefused,
    WhyNoAnswer,
    WhyNotReached,
    WhyRefused,
)
from pos_sync.relay.fitting import Wait
from pos_sync.relay.messages import Message
from pos_sync.relay.waits import Claim, Verdict, WhyNot

LARGEST_ANSWER = 8_000_000

_CHUNK = 65_536
_STALE_SECONDS = 15.0
_REFUSED = {
    400: WhyRefused.QUESTION,
    401: WhyRefused.KEY,
    403: WhyRefused.ADDRESS,
    404: WhyRefused.ADDRESS,
    405: WhyRefused.ADDRESS,
}


@dataclass(frozen=True, kw_only=True)
class TimeLimits:
    """Seconds; all of them are hard."""

    connect: float = 5.0
    answer: float = 10.0
    """From a question to the last byte of its answer, beyond what the relay was asked to wait."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose reports a till reads."""

    shop: str
    till: str
    secret_digest: str


@dataclass(frozen=True, slots=True)
class _Said:
    status: int
    document: Any


class _Lines:
    """Connections that are used again, unless they were idle for so long that they may be dead."""

    def __init__(self, key: str, monotonic: Monotonic, ca_file: str | None) -> None:
        self._monotonic = monotonic
        self._used_at = monotonic()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file or True
        self._session.headers["Authorization"] = f"Bearer {key}"
        self._session.headers["Accept-Encoding"] = "identity"
        self._wires = Wires()
        adapter = noted_adapter(self._wires)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def exchange(self, method: str, url: str, **options: Any) -> _Said:
        if self._monotonic() - self._used_at > _STALE_SECONDS:
            self._session.close()
        response = self._session.request(method, url, allow_redirects=False, stream=True, **options)
        with response:
            body = bytearray()
            for chunk in response.iter_content(_CHUNK):
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise NoAnswer(WhyNoAnswer.TOO_LARGE, response.status_code)
        self._used_at = self._monotonic()
        return _Said(response.status_code, _read(bytes(body)))

    @property
    def is_closed(self) -> bool:
        return self._wires.are_cut

    def close(self) -> None:
        self._wires.cut()
        self._session.close()


class RelayReader:
    """The lines of a till to its relay; any thread may use it."""

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        monotonic: Monotonic,
        limits: TimeLimits | None = None,
        ca_file: str | None = None,
    ) -> None:
        """Take the relay's address and the till's key; `ca_file` is trusted for the usual."""
        self._base = base_url.rstrip("/")
        self._monotonic = monotonic
        self._limits = limits or TimeLimits()
        # who waits for messages holds a line all the time; what is asked meanwhile has another
        self._waiting = _Lines(key, monotonic, ca_file)
        self._asking = _Lines(key, monotonic, ca_file)

    def messages(self, after: int, wait: float = asked.LONGEST_WAIT) -> list[Message]:
        """Return the messages after a number, a hundred at most; waits where there are none yet.

        Raises BehindUs where the relay has never had that number.
        """
        wait = max(0.0, min(wait, asked.LONGEST_WAIT))
        query = {"after": str(after), "wait": f"{wait:.3f}"}
        said = self._ask("GET", "/v1/messages", query=query, wait=wait, lines=self._waiting)
        if said.status == requests.codes.conflict:
            last = object_of(said.document).get("last")
            raise BehindUs(last) if isinstance(last, int) else NoAnswer(WhyNoAnswer.WRONG_FORM)
        return _messages(said.document, after)

    def open_wait(self, wait_id: str, wait: Wait) -> None:
        """Tell that a cashier waits for a payment; again where anything about it has changed."""
        self._object("PUT", f"/v1/waits/{wait_id}", asked.wait_json(wait))

    def close_wait(self, wait_id: str) -> bool:
        """Tell that nobody waits any more; return whether the relay knew of it."""
        return self._object("DELETE", f"/v1/waits/{wait_id}").get("closed") is True

    def claim(self, claim: Claim) -> Verdict:
        """Ask for a payment for a wait; once granted it stays so, and no other gets it."""
        found = self._object("POST", "/v1/claims", asked.claim_json(claim))
        if found.get("granted") is True:
            return Verdict(granted=True)
        with suppress(ValueError):
            return Verdict(granted=False, why=WhyNot(text_of(found.get("why"))))
        raise NoAnswer(WhyNoAnswer.WRONG_FORM)

    def taken(self, receipts: Sequence[str]) -> list[str]:
        """Return those of the payments, asked.MOST_RECEIPTS at most, that other tills have."""
        found = self._object("POST", "/v1/taken", {"receipts": [*receipts]}).get("taken")
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise NoAnswer(WhyNoAnswer.WRONG_FORM)
        return found

    def about(self) -> About:
        """Return whose reports this till reads."""
        found = self._object("GET", "/v1/shop")
        said = [text_of(found.get(key), 100) for key in ("shop", "till", "secret_digest")]
        if not all(said):
            raise NoAnswer(WhyNoAnswer.WRONG_FORM)
        return About(*said)

    def check_secret(self, secret: str) -> None:
        """Knock where M-Pesa reports, which needs no key and leaves nothing there.

        Raises RelayRefused where no relay has a shop with this secret at this address.
        """
        self._object("GET", f"/s/{quote(secret, safe='')}")

    def close(self) -> None:
        """End all lines; who waits at one is told that it has broken off."""
        self._waiting.close()
        self._asking.close()

    def _object(self, method: str, path: str, document: Json | None = None) -> Json:
        said = self._ask(method, path, document=document)
        if not isinstance(said.document, dict):
            raise NoAnswer(WhyNoAnswer.WRONG_FORM, said.status)
        return said.document

    def _ask(
        self,
        method: str,
        path: str,
        *,
        document: Json | None = None,
        query: dict[str, str] | None = None,
        wait: float = 0.0,
        lines: _Lines | None = None,
    ) -> _Said:
        seconds = wait + self._limits.answer
        deadline = Deadline(self._monotonic, seconds)
        lines = lines or self._asking

        def ask() -> _Said:
            return lines.exchange(
                method,
                self._base + path,
                params=query,
                json=document,
                timeout=(self._limits.connect, seconds),
            )

        try:
            try:
                said = bounded(ask, deadline)
            except requests.RequestException as error:
                if lines.is_closed or not _broke_off(error):
                    raise
                # a line that was idle has died: on a new one it is known what is so
                said = bounded(ask, deadline)
        except TimeoutError as error:
            raise NoAnswer(WhyNoAnswer.TIMED_OUT) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _translated(error) from error
        return _checked(said)


def _checked(said: _Said) -> _Said:
    """Return an answer; raises what a status says that is none."""
    if said.status in (requests.codes.ok, requests.codes.conflict) and said.document is not None:
        return said
    words = text_of(object_of(said.document).get("error"))
    if said.status in _REFUSED:
        raise RelayRefused(_REFUSED[said.status], words)
    is_busy = said.status == requests.codes.too_many_requests or said.status >= 500
    raise NoAnswer(WhyNoAnswer.BUSY if is_busy else WhyNoAnswer.WRONG_FORM, said.status)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _messages(document: Any, after: int) -> list[Message]:
    if not isinstance(document, list):
        raise NoAnswer(WhyNoAnswer.WRONG_FORM)
    try:
        found = [_message(one) for one in document]
    except (KeyError, TypeError, ValueError) as error:
        raise NoAnswer(WhyNoAnswer.WRONG_FORM) from error
    if not _rises([after, *(one.number for one in found)]):
        raise NoAnswer(WhyNoAnswer.WRONG_FORM)
    return found


def _message(one: Any) -> Message:
    number, token, body = one["number"], one["token"], one["body"]
    at = datetime.fromisoformat(one["at"])
    if type(number) is not int or not isinstance(token, str) or not isinstance(body, str):
        raise TypeError
    return Message(
        number=number, at=at.astimezone(UTC), kind=Kind(one["kind"]), token=token, body=body
    )


def _rises(numbers: Iterable[int]) -> bool:
    return all(one < other for one, other in pairwise(numbers))


def _broke_off(error: Exception) -> bool:
    return not isinstance(error, requests.Timeout) and is_caused_by(
        error, urllib3.exceptions.ProtocolError, ConnectionResetError, BrokenPipeError
    )


def _translated(error: Exception) -> NotReached | NoAnswer:
    if is_caused_by(error, urllib3.exceptions.NameResolutionError):
        return NotReached(WhyNotReached.NO_SUCH_NAME)
    if is_caused_by(error, ssl.SSLCertVerificationError):
        return NotReached(WhyNotReached.UNTRUSTED)
    if is_caused_by(error, urllib3.exceptions.NewConnectionError, ssl.SSLError):
        return NotReached(WhyNotReached.NOT_REACHED)
    if is_caused_by(error, requests.ConnectTimeout):
        return NotReached(WhyNotReached.TIMED_OUT)
    if is_caused_by(error, requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
        return NoAnswer(WhyNoAnswer.TIMED_OUT)
    return NoAnswer(WhyNoAnswer.BROKE_OFF)
