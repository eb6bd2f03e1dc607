"""What passes between a shop and its workers over a board: offers, and answers under a seal.

A payload is sealed already, and encrypted where it is a secret. An answer is sealed with the same
key, bound to job, fence and kind: whoever can write to the server, but has not the shop's key, can
neither have another body run nor another outcome believed.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from typing import Any

from pos_queue.codec import SEAL_BYTES, Codec
from pos_queue.drivers.redis_driver.board import Heard, Held, Kind
from pos_queue.errors import Unreadable
from pos_queue.job_in_child import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A job as a worker without the shop's file gets it."""

    job: str
    attempt: int
    sensitive: bool
    started_by: str | None
    batch: int | None
    seal: bytes
    payload: bytes


def offer_body(
    job: str,
    attempts: int,
    sensitive: int,
    started_by: str | None,
    batch: int | None,
    seal: bytes | None,
    payload: bytes,
) -> bytes:
    """Return what a worker must know of a job: a line of JSON, then the payload as it is."""
    known = [job, attempts + 1, bool(sensitive), started_by, batch, (seal or b"").hex()]
    return json.dumps(known).encode() + b"\n" + payload


def task_of(body: bytes) -> Task:
    """Return the job of an offer; raise Unreadable."""
    head, _newline, payload = body.partition(b"\n")
    try:
        job, attempt, sensitive, started_by, batch, seal = json.loads(head)
        return Task(
            job=str(job),
            attempt=int(attempt),
            sensitive=bool(sensitive),
            started_by=started_by,
            batch=batch,
            seal=bytes.fromhex(seal),
            payload=payload,
        )
    except (TypeError, ValueError) as error:
        raise Unreadable("the offer is damaged") from error


def packed(codec: Codec, held: Held, kind: Kind, said: Any) -> bytes:
    """Return what a worker says of a job, sealed."""
    body = json.dumps(said, default=_plain).encode()
    return codec.seal(_bound(held.number, held.fence, kind), body) + body


def unpacked(codec: Codec, heard: Heard) -> Any:
    """Return what a worker has said; raise Unreadable."""
    seal, body = heard.body[:SEAL_BYTES], heard.body[SEAL_BYTES:]
    if not hmac.compare_digest(
        seal, codec.seal(_bound(heard.number, heard.fence, heard.kind), body)
    ):
        raise Unreadable("its answer bears another seal than the shop's")
    return json.loads(body, object_hook=_bytes)


def answer_of(codec: Codec, heard: Heard) -> Answer:
    """Return the answer that ends an attempt; raise Unreadable."""
    return tuple(unpacked(codec, heard))


def _bound(number: int, fence: int, kind: Kind) -> str:
    return f"{kind.value} {number} {fence}"


def _plain(value: Any) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}


def _bytes(found: dict[str, Any]) -> Any:
    return base64.b64decode(found["base64"]) if found.keys() == {"base64"} else found
