"""A mail server as its settings describe it; the password is never among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Security(StrEnum):
    """How the line to the server is kept from being read."""

    PLAIN = "plain"
    """Not at all; usual on the same machine only."""
    STARTTLS = "starttls"
    """Begun in the open and secured before anything matters; usual at port 587."""
    TLS = "tls"
    """Secured from the first byte; usual at port 465."""


@dataclass(frozen=True, kw_only=True)
class TimeLimits:
    """Seconds that each part of a conversation may take; all of them are hard."""

    connect: float = 10.0
    """Looking up the name and connecting; the same again for securing the line."""
    greeting: float = 20.0
    """The first words of the server; some check first who calls."""
    command: float = 30.0
    """One answer."""
    stall: float = 60.0
    """How long the line may take no byte of a letter."""
    body: float = 1800.0
    """A whole letter, over the slowest line."""
    accepted: float = 180.0
    """The answer to a whole letter. Long, since giving up leaves it unknown whether it went."""
    goodbye: float = 1.0
    """Leaving politely."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed in."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    login: str | None = None
    """The name to log in with; None where the server wants none."""
    fingerprint: str | None = None
    """The SHA-256 of the one certificate to accept, in hex, colons allowed; None to trust as the
    machine does."""
    allows_open_password: bool = False
    """Whether the password may cross a network unsecured. On this machine it may anyhow."""
    own_name: str | None = None
    """What to introduce ourselves as; None for the address of this machine on that line."""
    limits: TimeLimits = field(default_factory=TimeLimits)
