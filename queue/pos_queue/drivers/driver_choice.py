"""Which driver carries the jobs, and where its server is: read from the environment, nothing else.

    POS_QUEUE_CONNECTION=redis
    POS_REDIS_URL=rediss://:password@queue.example:6379/0?ssl_ca_certs=/etc/ssl/shop.pem

A URL's own time limits and other settings are not taken over: every call has the limits of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pos_queue.errors import QueueError

CONNECTION = "POS_QUEUE_CONNECTION"
REDIS_URL = "POS_REDIS_URL"
_USUAL_PORT = 6379
_CA_FILE = "ssl_ca_certs"


class DriverName(StrEnum):
    """The drivers there are."""

    DATABASE = "database"
    """Workers of this machine take jobs from the shop's file."""
    SYNC = "sync"
    """The caller's own thread runs a job right after its commit."""
    REDIS = "redis"
    """Workers of several machines take jobs from a Redis server."""


class DriverRefused(QueueError):
    """The environment asks for a driver that cannot be had; the sentence says what to change.

    Who stands above may say the sentence in another language, and fill in the fields there.
    """

    def __init__(self, sentence: str, **fields: str) -> None:
        self.sentence = sentence
        self.fields = fields
        super().__init__(sentence.format(**fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisAddress:
    """Where a Redis server is, and how it is entered."""

    host: str = ""
    port: int = _USUAL_PORT
    socket: str = ""
    """The path of a socket of this machine, in the place of host and port."""
    database: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: str | None = None
    """The file of the authorities that are trusted, in the place of the system's."""

    def __str__(self) -> str:
        return f"Redis at {self.socket or f'{self.host}:{self.port}'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverChoice:
    """Which driver was chosen."""

    name: DriverName = DriverName.DATABASE
    redis: RedisAddress | None = None
    """Where the server is, for the driver `redis` alone."""


def chosen_driver(environment: Mapping[str, str]) -> DriverChoice:
    """Return the choice that the environment makes; raise DriverRefused."""
    asked = environment.get(CONNECTION, "").strip().lower() or DriverName.DATABASE
    try:
        name = DriverName(asked)
    except ValueError:
        known = ", ".join(DriverName)
        raise DriverRefused(
            "{setting} is '{asked}'; it can be one of: {known}",
            setting=CONNECTION,
            asked=asked,
            known=known,
        ) from None
    if name is not DriverName.REDIS:
        return DriverChoice(name=name)
    return DriverChoice(name=name, redis=redis_address(environment.get(REDIS_URL, "").strip()))


def redis_address(url: str) -> RedisAddress:
    """Return what a URL says; raise DriverRefused, which never shows the password."""
    if not url:
        raise DriverRefused(
            "{connection} is 'redis', but {url} is not set: "
            "it says where the server is, as in redis://127.0.0.1:6379/0",
            connection=CONNECTION,
            url=REDIS_URL,
        )
    try:
        parts = urlsplit(url)
        address = _read(parts)
    except ValueError:
        raise DriverRefused("{url} cannot be read as an address", url=REDIS_URL) from None
    if not address.password and not _is_here(address):
        raise DriverRefused(
            "{url} names another machine ({host}) without a password: "
            "write it as redis://:PASSWORD@HOST, and set one on the server",
            url=REDIS_URL,
            host=address.host,
        )
    return address


def _read(parts: SplitResult) -> RedisAddress:
    options = parse_qs(parts.query, strict_parsing=bool(parts.query))
    if unknown := sorted(options.keys() - {_CA_FILE}):
        raise DriverRefused(
            "{url} has the option '{option}', which is not known here",
            url=REDIS_URL,
            option=unknown[0],
        )
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if parts.scheme == "unix" and parts.path and not parts.netloc.rpartition("@")[2]:
        return RedisAddress(socket=unquote(parts.path), username=username, password=password)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise DriverRefused("{url} must begin with redis://, rediss:// or unix://", url=REDIS_URL)
    return RedisAddress(
        host=parts.hostname,
        port=parts.port or _USUAL_PORT,
        database=int(parts.path.strip("/") or 0),
        tls=parts.scheme == "rediss",
        ca_file=next(iter(options.get(_CA_FILE, ())), None),
        username=username,
        password=password,
    )


def _is_here(address: RedisAddress) -> bool:
    """Tell whether the server is on this machine, where nobody else can knock."""
    from ipaddress import ip_address

    if address.socket or address.host == "localhost":
        return True
    try:
        return ip_address(address.host).is_loopback
    except ValueError:
        return False
