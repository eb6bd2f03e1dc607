"""Where people stand in the shop's file."""

from __future__ import annotations

import sqlite3

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


def personal_texts(database: ShopDatabase) -> set[str]:
    """Return every text by which a person could be known; of a damaged table none."""
    found: set[str] = set()
    for table, columns in PERSONAL.items():
        for name in columns:
            try:
                rows = database.rows(f"SELECT DISTINCT {name} AS text FROM {table}")
            except (sqlite3.Error, peewee.PeeweeException, Unavailable):
                continue
            found.update(str(row["text"]) for row in rows if row["text"])
    return found
