"""What goes out as an answer: of Daraja, of its gateway, or of somebody on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """A report that is posted to an address that was given."""

    url: str
    body: Mapping[str, Any]
    after: float = 0.0
    """Seconds."""


@dataclass(frozen=True)
class Reply:
    """An answer with what is reported because of it."""

    said: Said
    first: tuple[Letter, ...] = ()
    """Posted before the answer goes out."""
    then: tuple[Letter, ...] = ()


class TurnedDown(Exception):
    """A request is refused, and nothing has been done."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(said.body)


def told(body: object, status: int = 200) -> Said:
    """Return an answer in JSON."""
    return Said(status, json.dumps(body).encode())


def refusal(status: int, code: str, words: str) -> Said:
    """Return an error of Daraja in its usual form."""
    return told({"requestId": "1c5b-4ba8-1", "errorCode": code, "errorMessage": words}, status)


def bad_field(name: str) -> TurnedDown:
    """Return the refusal that names a field."""
    return TurnedDown(refusal(400, "400.002.02", f"Bad Request - Invalid {name}"))


def fault(status: int, code: str, words: str) -> Said:
    """Return an error of the gateway in front of Daraja."""
    return told({"fault": {"faultstring": words, "detail": {"errorcode": code}}}, status)


def spike(per_minute: int) -> Said:
    """Return what the gateway says to who asks too often."""
    rate = f"messagesPerPeriod={per_minute}, periodInMicroseconds=60000000"
    return fault(
        429,
        "policies.ratelimit.SpikeArrestViolation",
        f"Spike arrest violation. Allowed rate : MessageRate{{{rate}, maxBurstMessageCount=1.0}}",
    )


def _page(status: int, words: str) -> Said:
    body = f"<html><head><title>{words}</title></head><body>{words}</body></html>"
    return Said(status, body.encode(), "text/html")


_FIREWALL = "Request unsuccessful. Incapsula incident ID: 1234000560078-9"

BAD_GATEWAY = _page(502, "502 Bad Gateway")
FORBIDDEN = _page(403, _FIREWALL)
PAGE = _page(200, _FIREWALL)
"""The firewall's page as a success."""
EMPTY = Said(400, b"")
