"""Letters and servers of the tests of mail."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pos_sync.mail.addresses import Mailbox
from pos_sync.mail.connection import Connection
from pos_sync.mail.message import Envelope, Letter, seal
from pos_sync.mail.server import MailServer, Security, TimeLimits
from pos_sync.testing.mail_simulator import MailSimulator

SHOP = Mailbox("Duka la Mama Njeri", "shop@duka.test")
MARY = Mailbox("Mary Wanjikũ", "mary@people.test")
PATIENT = TimeLimits(goodbye=5)
"""Limits that no slow machine meets."""


def letter(**fields: Any) -> Letter:
    """Return a plain letter to Mary."""
    plain = Letter(
        sender=SHOP,
        recipient=MARY,
        subject="Your receipt",
        text="Thank you.\n.\n..and come again\n",
        message_id="<1@duka.test>",
        date=datetime(2026, 11, 27, 8, 15, tzinfo=UTC),
    )
    return replace(plain, **fields)


def envelope(address: str = MARY.address, **fields: Any) -> Envelope:
    """Return a letter to an address as it is sent."""
    return seal(letter(recipient=Mailbox("", address), **fields))


def large_envelope(megabytes: int) -> Envelope:
    """Return so many megabytes to Mary; no mail program has to build them."""
    small = envelope()
    return replace(small, data=small.data + (b"y" * 78 + b"\r\n") * 12_500 * megabytes)


def server_of(simulator: MailSimulator, **fields: Any) -> MailServer:
    """Return the settings that lead to a simulator."""
    return server_at(simulator.port, **fields)


def server_at(port: int, **fields: Any) -> MailServer:
    """Return the settings that lead to a port of this machine, without TLS unless told."""
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "security": Security.PLAIN,
        "limits": PATIENT,
    } | fields
    return MailServer(port=port, **settings)


def connected(server: MailServer, password: str | None = None, **options: Any) -> Connection:
    """Return an open connection to a server."""
    connection = Connection(server, time.monotonic, **options)
    connection.open(password)
    return connection
