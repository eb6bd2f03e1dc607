"""The little of HTTP that a relay speaks: a request is read whole, within limits, or not at all."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

LARGEST_HEAD = 16_384
LARGEST_BODY = 65_536
MOST_CHUNKS = 1_000
"""Each is read on its own: a body of single bytes would cost a hundred times its worth."""

_HEAD_END = b"\r\n\r\n"
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,6})[ \t]*(;.*)?\r\n")
_LENGTH = re.compile(r"[0-9]{1,12}")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Unreadable(Exception):
    """A request that is not read to its end, and the status that it is answered with."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
        super().__init__(status.phrase)


class Left(Exception):
    """The client has left."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request, with its body once that was read."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By names in small letters; what came twice is joined with commas."""
    body: bytes
    is_last: bool
    """Whether the client wants the connection to end with it."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request is answered with."""

    status: HTTPStatus = HTTPStatus.OK
    document: Any = field(default_factory=dict)

    def written(self, *, is_last: bool) -> bytes:
        """Return it as it goes over the line."""
        body = json.dumps(self.document, ensure_ascii=False, separators=(",", ":")).encode()
        head = (
            f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n"
            "Content-Type: application/json\r\n"
            "Cache-Control: no-store\r\n"
            f"Content-Length: {len(body)}\r\n" + ("Connection: close\r\n" if is_last else "")
        )
        return head.encode() + b"\r\n" + body


async def read_head(reader: asyncio.StreamReader, first: bytes) -> Request:
    """Return the request that begins with these bytes, its body still to come.

    Raises Unreadable or Left.
    """
    if not first.isalpha():
        # another language, such as TLS: it may never say what ends a head
        raise Unreadable(HTTPStatus.BAD_REQUEST)
    try:
        head = first + await reader.readuntil(_HEAD_END)
    except asyncio.LimitOverrunError as error:
        raise Unreadable(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from error
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise Left from error
    method, target, version, headers = _read_head(head)
    _check_body_told(headers)
    path, _, query = target.partition("?")
    try:
        fields = dict(parse_qsl(query, max_num_fields=20)) if query else {}
    except ValueError as error:
        raise Unreadable(HTTPStatus.BAD_REQUEST) from error
    return Request(
        method=method,
        path=path,
        query=fields,
        headers=headers,
        body=b"",
        is_last=version != "HTTP/1.1" or headers.get("connection", "").lower() == "close",
    )


async def with_body(
    request: Request, reader: asyncio.StreamReader, say: Callable[[bytes], None]
) -> Request:
    """Return a request with its body; raises Unreadable or Left.

    Who asks first whether its body is wanted is told so.
    """
    if request.headers.get("expect", "").lower() == "100-continue":
        say(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        return replace(request, body=await _read_body(reader, request.headers))
    except asyncio.LimitOverrunError as error:
        raise Unreadable(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from error
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise Left from error


def _read_head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    first, *lines = head.removesuffix(_HEAD_END).decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[1].startswith("/") or parts[2] not in ("HTTP/1.0", "HTTP/1.1"):
        raise Unreadable(HTTPStatus.BAD_REQUEST)
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name):
            raise Unreadable(HTTPStatus.BAD_REQUEST)
        key = name.lower()
        headers[key] = f"{headers[key]},{value.strip()}" if key in headers else value.strip()
    return parts[0], parts[1], parts[2], headers


def _check_body_told(headers: Mapping[str, str]) -> None:
    """Raise Unreadable where a head does not say for certain how long its body is."""
    coding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if coding is not None and (length is not None or coding.lower() != "chunked"):
        # both at once is how one request is hidden in another
        raise Unreadable(HTTPStatus.BAD_REQUEST)
    if length is not None and not _LENGTH.fullmatch(length):
        raise Unreadable(HTTPStatus.BAD_REQUEST)


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        return await _read_chunks(reader)
    length = int(headers.get("content-length", "0"))
    if length > LARGEST_BODY:
        raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return await reader.readexactly(length)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    for _chunk in range(MOST_CHUNKS):
        found = _CHUNK_SIZE.fullmatch(await reader.readuntil(b"\r\n"))
        if found is None:
            raise Unreadable(HTTPStatus.BAD_REQUEST)
        size = int(found[1], 16)
        if len(body) + size > LARGEST_BODY:
            raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not size:
            return await _to_the_end(reader, body)
        body += await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise Unreadable(HTTPStatus.BAD_REQUEST)
    raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


async def _to_the_end(reader: asyncio.StreamReader, body: bytearray) -> bytes:
    for _line in range(MOST_CHUNKS):
        if await reader.readuntil(b"\r\n") == b"\r\n":
            return bytes(body)
    raise Unreadable(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
