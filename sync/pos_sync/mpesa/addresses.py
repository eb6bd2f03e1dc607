"""The addresses below the one that a shop has at its relay, at which M-Pesa reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

_SECRET_LENGTH = 8
"""Shorter parts of a path are words such as `confirm`."""


class Kind(StrEnum):
    """To which kind of address a report came; the value is its part of the path."""

    PUSH = "a"
    CONFIRMATION = "confirm"
    VALIDATION = "validate"
    """M-Pesa asks before it takes a payment: no money has come in yet."""
    RESULT = "r"
    TIMEOUT = "t"


@dataclass(frozen=True, kw_only=True)
class ReportTo:
    """Where the end of a request is reported to: whole addresses."""

    result_url: str
    timeout_url: str


def shop_url(relay: str, secret: str) -> str:
    """Return where M-Pesa reports to a shop that has this secret at a relay."""
    return f"{relay.rstrip('/')}/s/{secret}"


def secret_parts(url: str) -> Iterator[str]:
    """Yield what of an address nobody else may know: its path, and what stands in that."""
    path = urlsplit(url).path.rstrip("/")
    parts = (path, *path.split("/"))
    yield from (part for part in parts if len(part) >= _SECRET_LENGTH)


def split_shop_url(text: str) -> tuple[str, str]:
    """Return the relay and the secret of a shop's whole address; no secret where there is none.

    What M-Pesa appends to such an address may follow.
    """
    relay, mark, rest = text.strip().partition("/s/")
    secret = rest.partition("/")[0].partition("?")[0]
    return (relay, secret) if mark and secret and "://" in relay else (text.strip(), "")


def push_path(attempt_id: str) -> str:
    """Return what follows the shop's address where the end of a push is reported."""
    return f"/{Kind.PUSH}/{attempt_id}"


def confirmation_url(shop: str) -> str:
    """Return where payments are reported that customers make by themselves."""
    return f"{shop}/{Kind.CONFIRMATION}"


def validation_url(shop: str) -> str:
    """Return where M-Pesa asks before it takes one."""
    return f"{shop}/{Kind.VALIDATION}"


def report_to(shop: str, token: str) -> ReportTo:
    """Return where the end of a request is reported that has this token."""
    return ReportTo(
        result_url=f"{shop}/{Kind.RESULT}/{token}", timeout_url=f"{shop}/{Kind.TIMEOUT}/{token}"
    )
