"""How a job's payload stands in the file: JSON with a version, sealed, encrypted where it must be.

The seal is a keyed digest over the payload, with its version and the jobs that follow, and the
job's name: what a row does cannot be changed past the program. Nothing read here can name a class
or run code.

It does not cover when and by whom a row is run (queue, priority, moments, state, counts, batch,
keys), which change on the way; whoever writes there can hold a job up, or let it run again, as he
could by removing or copying the row. Whether a payload is secret is read off its sealed bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from pos_queue.errors import PayloadMismatch, Unreadable
from pos_queue.job import Job, Payload, Registry

SEAL_BYTES = 16
_DECODER = json.JSONDecoder()
SECRET = b"\x01"
"""What an encrypted body begins with; JSON never does."""


class Cipher(Protocol):
    """Encrypts with authentication; `bound` is what the text must stand beside to be read."""

    def encrypt(self, plain: bytes, bound: bytes) -> bytes:
        """Return the text, unreadable."""

    def decrypt(self, text: bytes, bound: bytes) -> bytes:
        """Return the plain text; raise ValueError where text, key or `bound` is another."""


class Message(NamedTuple):
    """A payload, and the messages of the jobs that follow when this one has succeeded."""

    job: str
    version: int
    payload: Payload
    then: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """A message as the file keeps it."""

    body: bytes
    seal: bytes


class Codec:
    """Packs and reads the messages of one shop."""

    def __init__(
        self, registry: Registry, *, seal_key: bytes, cipher: Cipher | None = None
    ) -> None:
        """Take the keys; without a cipher, sensitive jobs are refused."""
        self._registry = registry
        self._seal_key = seal_key
        self._cipher = cipher

    def message(self, job: Job, payload: Payload, then: tuple[Message, ...] = ()) -> Message:
        """Return the message of a job; raise PayloadMismatch where the job does not take it."""
        job.check(payload)
        for after in then:
            _check_following(self._registry[after.job], after)
        return Message(job.name, job.version, payload, then)

    def pack(self, message: Message) -> Packed:
        """Return a message as the file keeps it; raise PayloadMismatch for what JSON cannot say."""
        body = _written(message)
        if self.is_sensitive(message):
            body = SECRET + self._needed_cipher().encrypt(body, message.job.encode())
        return Packed(body, self.seal(message.job, body))

    def read(self, job: str, body: bytes, seal: bytes | None) -> Message:
        """Return the message that was packed; raise Unreadable or UnknownJob."""
        if seal is None or not hmac.compare_digest(seal, self.seal(job, body)):
            raise Unreadable("the payload was changed past the program, or sealed with another key")
        declared = self._registry[job]
        if body.startswith(SECRET):
            body = self._opened(body[1:], job.encode())
        message = _message(job, _parsed(body))
        if message.version == declared.version:
            return message
        payload = declared.upgraded(message.payload, message.version)
        return Message(job, declared.version, payload, message.then)

    def key(self, message: Message) -> str:
        """Return what two messages have in common that say the same; nothing can be read in it."""
        return f"{message.job}:{self.seal(message.job, _written(message)).hex()}"

    def dump(self, job: Job, value: Any) -> bytes | None:
        """Return a result or a cursor as the file keeps it, None for None."""
        if value is None:
            return None
        body = _json(value)
        return self._needed_cipher().encrypt(body, _beside(job)) if job.sensitive else body

    def load(self, job: Job, body: bytes | None) -> Any:
        """Return what `dump` kept; raise Unreadable."""
        if body is None:
            return None
        if job.sensitive:
            body = self._opened(body, _beside(job))
        return _parsed(body)

    def is_sensitive(self, message: Message) -> bool:
        """Tell whether the message, or one that follows it, is a secret."""
        return any(self._registry[one.job].sensitive for one in _all(message))

    def seal(self, job: str, body: bytes) -> bytes:
        """Return the keyed digest of a text, bound to the name that it stands beside."""
        text = job.encode() + b"\0" + body
        return hashlib.blake2b(text, key=self._seal_key, digest_size=SEAL_BYTES).digest()

    def _needed_cipher(self) -> Cipher:
        if self._cipher is None:
            raise PayloadMismatch("a sensitive job needs the shop's payload key")
        return self._cipher

    def _opened(self, body: bytes, bound: bytes) -> bytes:
        try:
            return self._needed_cipher().decrypt(body, bound)
        except ValueError as error:
            raise Unreadable("the payload cannot be decrypted with this shop's key") from error


def _beside(job: Job) -> bytes:
    return job.name.encode() + b"/value"


def _check_following(declared: Job, message: Message) -> None:
    payload = dict(message.payload)
    if declared.takes_previous:
        payload.setdefault("previous", None)
    declared.check(payload)


def _all(message: Message) -> Iterator[Message]:
    yield message
    yield from message.then


def _json(value: Any) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise PayloadMismatch(f"this is no plain value that a job can keep: {error}") from error
    return text.encode("utf-8", "surrogatepass")


def _parsed(body: bytes) -> Any:
    """Return what `_json` has written, which begins and ends without a space."""
    try:
        text = body.decode("utf-8", "surrogatepass")
        value, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the payload is damaged") from error
    if end != len(text):
        raise Unreadable("the payload is damaged")
    return value


def _written(message: Message) -> bytes:
    kept: dict[str, Any] = {"v": message.version, "data": message.payload}
    if message.then:
        kept["then"] = [[after.job, after.version, after.payload] for after in message.then]
    return _json(kept)


def _message(job: str, kept: Any) -> Message:
    try:
        then = tuple(Message(*after) for after in kept["then"]) if "then" in kept else ()
        version, payload = int(kept["v"]), kept["data"]
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("the payload has another form than a job's") from error
    if not isinstance(payload, dict):
        raise Unreadable("the payload has another form than a job's")
    return Message(job, version, payload, then)
