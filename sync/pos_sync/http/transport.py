"""One request and its answer over HTTP, so that it is always known whether anything has left.

Nothing is ever repeated here, no redirect followed, and no setting of the machine may add a login
or a proxy. Times are hard: a server that sends a byte a second ends with the limit like one that
sends none.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from pos_sync.causes import is_caused_by
from pos_sync.deadline import Deadline, Monotonic, bounded
from pos_sync.http.errors import NoAnswer, NotSent, WhyNoAnswer, WhyNotSent
from pos_sync.http.passage import Passage, passing
from pos_sync.http.wires import Wires, noted_adapter

LARGEST_ANSWER = 2_000_000
"""Bytes. A page of missed payments has some 30,000, a QR code some 50,000."""

_STALE_SECONDS = 15.0
"""A line that was idle for longer may be dead without our knowing: nothing goes on it any more."""
_CHUNK = 16_384

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class TimeLimits:
    """Seconds; all of them are hard."""

    connect: float = 10.0
    """One of the addresses of the server, and its TLS."""
    silence: float = 30.0
    """Between two bytes of an answer."""
    whole: float = 45.0
    """From the look-up of the name to the last byte of the answer."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request."""

    path: str
    headers: Mapping[str, str]
    json: Mapping[str, Any] | None = None
    """The body of a POST; without one it is a GET."""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever it is."""

    status: int
    body: bytes
    date: datetime | None = None
    """The server's own clock, UTC."""
    retry_after_seconds: int | None = None


class _Marked(HTTPConnection):
    _used_at: float | None = None

    def connect(self) -> None:
        super().connect()
        self._used_at = None

    def request(self, *args: Any, **options: Any) -> None:
        if self._used_at is not None and passing().at - self._used_at > _STALE_SECONDS:
            self.close()
        super().request(*args, **options)

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        passing().go()
        self._used_at = passing().at
        super().send(data)


class _MarkedHTTPS(_Marked, HTTPSConnection):
    pass


class Transport:
    """The lines to one server; any thread may use it."""

    def __init__(
        self,
        base_url: str,
        *,
        monotonic: Monotonic,
        limits: TimeLimits | None = None,
        ca_file: str | None = None,
    ) -> None:
        """Take the address that paths are added to; `ca_file` is trusted in place of the usual."""
        self._base = base_url.rstrip("/")
        self._monotonic = monotonic
        self._limits = limits or TimeLimits()
        self._wires = Wires()
        adapter = noted_adapter(self._wires, _Marked, _MarkedHTTPS)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = ca_file or True
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def exchange(self, asked: Asked) -> Answer:
        """Return whatever came back; raises NotSent, or NoAnswer once a byte has left."""
        passage = Passage(self._monotonic())
        try:
            deadline = Deadline(self._monotonic, self._limits.whole)
            answer = bounded(passage.around(lambda: self._ask(asked)), deadline)
        except TimeoutError as error:
            if passage.close():
                raise NoAnswer(WhyNoAnswer.TIMED_OUT) from error
            raise NotSent(WhyNotSent.TIMED_OUT) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if passage.close():
                raise NoAnswer(_why_no_answer(error)) from error
            raise NotSent(_why_not_sent(error)) from error
        spent_ms = round((self._monotonic() - passage.at) * 1000)
        log.debug("%s answered %d in %d ms", asked.path, answer.status, spent_ms)
        return answer

    def close(self) -> None:
        """End all lines; who still reads from one, since its server sends on and on, ends too."""
        self._wires.drop()
        self._session.close()

    def _ask(self, asked: Asked) -> Answer:
        response = self._session.request(
            "GET" if asked.json is None else "POST",
            self._base + asked.path,
            params=asked.query,
            json=asked.json,
            headers={"Accept-Encoding": "identity", **asked.headers},
            timeout=(self._limits.connect, self._limits.silence),
            allow_redirects=False,
            stream=True,
        )
        with response:
            body = _read(response)
        return Answer(
            response.status_code,
            body,
            _moment(response.headers.get("Date")),
            _seconds(response.headers.get("Retry-After")),
        )


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise NoAnswer(WhyNoAnswer.TOO_LARGE, response.status_code)
    return bytes(body)


def _moment(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _seconds(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None


def _why_not_sent(error: Exception) -> WhyNotSent:
    if is_caused_by(error, urllib3.exceptions.NameResolutionError, UnicodeError):
        return WhyNotSent.NO_SUCH_NAME
    if is_caused_by(error, ssl.SSLCertVerificationError):
        return WhyNotSent.UNTRUSTED
    # urllib3 counts a port that is closed among what comes too late
    if is_caused_by(error, urllib3.exceptions.NewConnectionError, ssl.SSLError):
        return WhyNotSent.NOT_REACHED
    if is_caused_by(error, requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
        return WhyNotSent.TIMED_OUT
    return WhyNotSent.NOT_REACHED


def _why_no_answer(error: Exception) -> WhyNoAnswer:
    if is_caused_by(error, requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
        return WhyNoAnswer.TIMED_OUT
    return WhyNoAnswer.BROKE_OFF
