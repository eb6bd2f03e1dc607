"""Names and e-mail addresses: what may stand in them, and how they cross the network."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address

from pos_sync.mail.errors import BadLetter, WhyBad

_WORD = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\x7f\s])+"
_LOCAL = re.compile(rf"{_WORD}(\.{_WORD})*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_LONGEST_LOCAL = 64
_LONGEST = 254
_TWO_READINGS = frozenset("ßς\u200c\u200d")
"""What the two rules for foreign domains write differently: the mail could go to a stranger."""
_UNSEEN = {"Cc", "Zl", "Zp"}
_CODE = "=?"
"""How a word in code begins (RFC 2047). What builds messages reads such words in what it is given,
and writes a line break that stands in one as a line break: as another header."""


@dataclass(frozen=True)
class Mailbox:
    """Who sends or receives: a name for people, which may be empty, and an address."""

    name: str
    address: str


@dataclass(frozen=True)
class Route:
    """An address as it crosses the network: its domain is in ASCII."""

    local: str
    domain: str

    @property
    def is_international(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it."""
        return not self.local.isascii()

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def plain_text(text: str, field: str) -> str:
    """Return a text that may stand in a header; raises BadLetter for one that could add another.

    Line breaks of every kind count, also those that are no ASCII, and all control characters. What
    looks like a word in code is parted, so that nobody reads it as one.
    """
    if any(unicodedata.category(one) in _UNSEEN for one in text):
        raise BadLetter(WhyBad.CONTROL_CHARACTER, field)
    return real_text(text, field).replace(_CODE, "= ?")


def real_text(text: str, field: str) -> str:
    """Return a text that can be written at all; raises BadLetter for half characters."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadLetter(WhyBad.NOT_TEXT, field) from None
    return text


def route_of(address: str, field: str) -> Route:
    """Return where an address leads; raises BadLetter where it is none.

    Known are the addresses that people have. Quoted names and bare numbers of machines are refused.
    """
    local, at, domain = plain_text(address, field).rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local.encode()) > _LONGEST_LOCAL:
        raise BadLetter(WhyBad.ADDRESS, field)
    route = Route(unicodedata.normalize("NFC", local), _ascii_domain(domain, field))
    if len(str(route).encode()) > _LONGEST:
        raise BadLetter(WhyBad.ADDRESS, field)
    return route


def header_address(mailbox: Mailbox, field: str) -> Address:
    """Return name and address as a header holds them; raises BadLetter."""
    route = route_of(mailbox.address, field)
    name = plain_text(mailbox.name, field).strip()
    return Address(display_name=name, username=route.local, domain=route.domain)


def _ascii_domain(domain: str, field: str) -> str:
    try:
        if len(domain) > _LONGEST or _TWO_READINGS.intersection(domain):
            raise UnicodeError
        written = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadLetter(WhyBad.DOMAIN, field) from None
    labels = written.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise BadLetter(WhyBad.DOMAIN, field)
    return written
