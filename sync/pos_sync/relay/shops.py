"""The shops of a relay and their tills: made here, and known by the digests of their secrets."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pos_sync.relay import words
from pos_sync.relay.database import Transaction, moment, stored
from pos_sync.relay.words import RandomBytes

T = TypeVar("T")

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,39}")
"""Of a shop, and the code of a till."""

_TABLES_OF_A_SHOP = (
    "relay_claim",
    "relay_wait",
    "relay_payment",
    "relay_message",
    "relay_till",
)


class NoSuchShop(Exception):
    """The relay has no shop of this name."""


class NoSuchTill(Exception):
    """The shop has no till with this code at the relay."""


class ShopExists(Exception):
    """The relay has a shop of this name already."""


class WrongName(ValueError):
    """A name has letters, digits, - and _, 40 at most."""


@dataclass(frozen=True, slots=True)
class Till:
    """Who asks."""

    shop: str
    code: str


@dataclass(frozen=True, kw_only=True)
class NewShop:
    """A shop that was made, with the secrets that are never to be seen again."""

    name: str
    secret: str
    keys: dict[str, str]
    """By the code of a till."""


@dataclass(frozen=True, kw_only=True)
class ListedShop:
    """A shop as a technician looks at it."""

    name: str
    made_at: datetime
    tills: tuple[str, ...]
    messages: int
    last_at: datetime | None
    """When its last message came."""


def make(
    transaction: Transaction,
    name: str,
    tills: Sequence[str],
    now: datetime,
    random_bytes: RandomBytes,
) -> NewShop:
    """Make a shop; raises WrongName or ShopExists."""
    _check_names(name, *tills)
    if transaction.run("SELECT 1 FROM relay_shop WHERE name = ?", name):
        raise ShopExists
    secret = words.new_secret(random_bytes)
    transaction.run(
        "INSERT INTO relay_shop (name, secret_digest, last_number, made_at) VALUES (?, ?, 0, ?)",
        name,
        words.digest_of(secret),
        stored(now),
    )
    keys = {till: new_key(transaction, name, till, now, random_bytes) for till in tills}
    return NewShop(name=name, secret=secret, keys=keys)


def new_key(
    transaction: Transaction, shop: str, till: str, now: datetime, random_bytes: RandomBytes
) -> str:
    """Give a till a key, in place of the one that it may have; raises WrongName or NoSuchShop."""
    _check_names(till)
    if not transaction.lock(shop):
        raise NoSuchShop
    key = words.new_secret(random_bytes)
    transaction.run(
        "INSERT INTO relay_till (shop, code, key_digest, made_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (shop, code) DO UPDATE SET key_digest = excluded.key_digest",
        shop,
        till,
        words.digest_of(key),
        stored(now),
    )
    return key


def has_till(transaction: Transaction, shop: str, till: str) -> bool:
    """Tell whether a till of a shop has a key."""
    sql = "SELECT 1 FROM relay_till WHERE shop = ? AND code = ?"
    return bool(transaction.run(sql, shop, till))


def remove(transaction: Transaction, shop: str) -> None:
    """Remove a shop with everything of it; raises NoSuchShop."""
    if not transaction.lock(shop):
        raise NoSuchShop
    for table in _TABLES_OF_A_SHOP:
        transaction.run(f"DELETE FROM {table} WHERE shop = ?", shop)
    transaction.run("DELETE FROM relay_shop WHERE name = ?", shop)


def remove_till(transaction: Transaction, shop: str, till: str) -> None:
    """Take a till's key away; what it has claimed stays its own. Raises NoSuchShop, NoSuchTill."""
    if not transaction.lock(shop):
        raise NoSuchShop
    if not transaction.run(
        "DELETE FROM relay_till WHERE shop = ? AND code = ? RETURNING code", shop, till
    ):
        raise NoSuchTill


def listed(transaction: Transaction) -> list[ListedShop]:
    """Return all shops, by name."""
    tills = transaction.run("SELECT shop, code FROM relay_till ORDER BY shop, code")
    counts = {
        shop: (count, last)
        for shop, count, last in transaction.run(
            "SELECT shop, COUNT(*), MAX(at) FROM relay_message GROUP BY shop"
        )
    }
    found = []
    for name, made_at in transaction.run("SELECT name, made_at FROM relay_shop ORDER BY name"):
        count, last = counts.get(name, (0, None))
        found.append(
            ListedShop(
                name=name,
                made_at=moment(made_at),
                tills=tuple(code for shop, code in tills if shop == name),
                messages=count,
                last_at=None if last is None else moment(last),
            )
        )
    return found


class Doors:
    """Who may come in, as it was read at one moment."""

    def __init__(
        self, secrets: Iterable[tuple[str, str]], keys: Iterable[tuple[Till, str]]
    ) -> None:
        """Take digests: of the secrets of shops, and of the keys of tills."""
        self._secrets = tuple(secrets)
        self._keys = tuple(keys)

    def shop(self, secret: str) -> str | None:
        """Return the shop of a secret, in a time that does not depend on what is right of it."""
        return _match(self._secrets, secret)

    def secret_digest(self, shop: str) -> str | None:
        """Return the digest of a shop's secret; None where there is no such shop any more."""
        return next((digest for name, digest in self._secrets if name == shop), None)

    def till(self, key: str) -> Till | None:
        """Return the till of a key, in such a time."""
        return _match(self._keys, key)


def read_doors(transaction: Transaction) -> Doors:
    """Return who may come in."""
    secrets = transaction.run("SELECT name, secret_digest FROM relay_shop")
    keys = transaction.run("SELECT shop, code, key_digest FROM relay_till")
    return Doors(
        [(name, digest) for name, digest in secrets],
        [(Till(shop, code), digest) for shop, code, digest in keys],
    )


def _match(known: Iterable[tuple[T, str]], secret: str) -> T | None:
    given = words.digest_of(secret)
    found = None
    for who, digest in known:
        if hmac.compare_digest(digest, given):
            found = who
    return found


def _check_names(*names: str) -> None:
    if not all(NAME.fullmatch(name) for name in names):
        raise WrongName
