"""The tables of a relay, the same for both engines.

Of secrets only digests are kept. Messages, payments and waits are pruned; a claim stays for ever.
"""

from __future__ import annotations

from pos_sync.relay.database import DatabaseRefused, Transaction

VERSION = 1

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS relay_shop (
        name TEXT PRIMARY KEY,
        secret_digest TEXT NOT NULL UNIQUE,
        last_number BIGINT NOT NULL,
        made_at BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS relay_till (
        shop TEXT NOT NULL REFERENCES relay_shop (name),
        code TEXT NOT NULL,
        key_digest TEXT NOT NULL UNIQUE,
        made_at BIGINT NOT NULL,
        PRIMARY KEY (shop, code)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS relay_message (
        shop TEXT NOT NULL REFERENCES relay_shop (name),
        number BIGINT NOT NULL,
        at BIGINT NOT NULL,
        kind TEXT NOT NULL,
        token TEXT NOT NULL,
        body TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        times BIGINT NOT NULL,
        PRIMARY KEY (shop, number),
        UNIQUE (shop, fingerprint)
    )
    """,
    "CREATE INDEX IF NOT EXISTS relay_message_at ON relay_message (at)",
    """
    CREATE TABLE IF NOT EXISTS relay_payment (
        shop TEXT NOT NULL REFERENCES relay_shop (name),
        receipt TEXT NOT NULL,
        amount_cents BIGINT NOT NULL,
        paid_at BIGINT NOT NULL,
        digest TEXT,
        reference TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (shop, receipt)
    )
    """,
    "CREATE INDEX IF NOT EXISTS relay_payment_amount ON relay_payment (shop, amount_cents)",
    """
    CREATE TABLE IF NOT EXISTS relay_wait (
        shop TEXT NOT NULL REFERENCES relay_shop (name),
        till TEXT NOT NULL,
        id TEXT NOT NULL,
        amount_cents BIGINT NOT NULL,
        opened_at BIGINT NOT NULL,
        closed_at BIGINT,
        phone_digest TEXT,
        reference TEXT NOT NULL,
        is_served BIGINT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (shop, till, id)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS relay_claim (
        shop TEXT NOT NULL REFERENCES relay_shop (name),
        receipt TEXT NOT NULL,
        till TEXT NOT NULL,
        wait TEXT NOT NULL,
        by_what TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (shop, receipt)
    )
    """,
    "CREATE TABLE IF NOT EXISTS relay_schema (version BIGINT NOT NULL)",
)


def prepare(transaction: Transaction) -> None:
    """Make what is missing; raises DatabaseRefused for tables of a newer relay."""
    for statement in _TABLES:
        transaction.run(statement)
    found = transaction.run("SELECT version FROM relay_schema")
    if not found:
        transaction.run("INSERT INTO relay_schema (version) VALUES (?)", VERSION)
    elif found[0][0] > VERSION:
        raise DatabaseRefused("a newer relay has made it")
