"""Where people stand in the shop's file."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

import peewee

from pos_desktop.domain.errors import Unavailable
from pos_desktop.storage.database import ShopDatabase

PERSONAL = {
    "staff": ("name", "login", "pin_hash"),
    "customer": ("name", "phone", "email", "address", "kra_pin"),
    "supplier": ("name", "contact", "phone", "email", "address", "kra_pin"),
    "contact": ("name", "phone", "email"),
    "sale": ("buyer_pin",),
    "mpesa_attempt": ("phone",),
    "mpesa_money": ("payer_name", "payer_phone", "payer_mask"),
    "mpesa_wait": ("phone",),
}
"""Where people stand in the file, by table: each of these texts alone tells who it is."""
_NAMES = frozenset(("name", "login", "contact", "payer_name"))


@dataclass(slots=True)
class Personal:
    """The texts by which people could be known."""

    names: set[str] = field(default_factory=set)
    """Of these a part alone tells who it is."""
    others: set[str] = field(default_factory=set)
    """Numbers and addresses."""
    is_whole: bool = True
    """Whether all of it could be read: a damaged table, or one that is not there, says nothing."""


def personal_texts(database: ShopDatabase) -> Personal:
    """Return every text by which a person could be known, as far as the file can be read."""
    found = Personal()
    for table, columns in PERSONAL.items():
        for name in columns:
            try:
                rows = database.rows(f"SELECT DISTINCT {name} AS text FROM {table}")
            except (sqlite3.Error, peewee.PeeweeException, Unavailable):
                found.is_whole = False
                continue
            texts = found.names if name in _NAMES else found.others
            texts.update(str(row["text"]) for row in rows if row["text"])
    return found
