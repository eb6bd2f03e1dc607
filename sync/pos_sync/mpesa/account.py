"""A shop's account with Daraja as its settings describe it, and the secrets that go with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

PRODUCTION = "https://api.safaricom.co.ke"


class AccountKind(StrEnum):
    """What customers pay to."""

    PAYBILL = "paybill"
    """A PayBill number and, with it, a reference."""
    TILL = "till"
    """A Buy Goods till number, without a reference."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The numbers of a shop."""

    kind: AccountKind
    number: str
    """What customers pay to: the PayBill, or the till."""
    head_office: str = ""
    """Of a till the store number that was used at Go Live; a PayBill has none."""
    base_url: str = PRODUCTION
    callback_url: str = ""
    """Where M-Pesa reports to: public, HTTPS, and the shop's own or its supplier's."""

    @property
    def short_code(self) -> str:
        """The number that asks: the head office's of a till, else the PayBill's."""
        return self.head_office or self.number


@dataclass(frozen=True, kw_only=True, repr=False)
class Secrets:
    """What must never be shown or logged; its repr shows nothing."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    passkey: str = field(default="", repr=False)
    initiator: str = ""
    """The name of the operator who may ask for status, balance and reversal."""
    credential: str = field(default="", repr=False)
    """The operator's password, encrypted for Daraja and in base64."""
