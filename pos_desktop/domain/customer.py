"""Somebody whom the shop knows by name, and who may buy on account."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer as the file knows them; `mail_consent_at` in milliseconds UTC, None for none."""

    id: Id
    code: str
    name: str
    phone: str | None = None
    """As 254 and nine digits."""
    email: str | None = None
    address: str = ""
    kra_pin: str | None = None
    note: str = ""
    mail_consent_at: int | None = None
    credit_limit_cents: Cents = 0
    ver: int = 0
