"""Whom the simulator serves, and how it behaves as long as nothing else is scripted."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pos_sync.mpesa.account import Account, AccountKind, Secrets


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """A shop with its account; two tills of one shop may be two of them with one short code."""

    account: Account
    secrets: Secrets
    name: str = "DUKA LA MAMA"
    phone: str = "254722000000"
    """The number in the account's papers."""

    @property
    def short_code(self) -> str:
        """The number that asks."""
        return self.account.short_code

    @property
    def is_till(self) -> bool:
        """Whether customers pay to it without a reference."""
        return self.account.kind is AccountKind.TILL


class PayerShown(StrEnum):
    """How a payer's number is shown."""

    PLAIN = "plain"
    MASKED = "masked"
    HASHED = "hashed"
    ABSENT = "absent"


class PullTime(StrEnum):
    """How the list of payments writes its times."""

    Z_IS_NAIROBI = "z_is_nairobi"
    """Nairobi's time with a Z behind it."""
    Z_IS_UTC = "z_is_utc"
    OFFSET = "offset"
    """Nairobi's time with `+03:00`."""


UNDER_PROCESSING = "4999"
BEING_PROCESSED = "500.001.1001"
TOO_EARLY = "400.002.02"
"""What a query may be told of a prompt that is open: the last says that nobody knows its id."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How the simulator behaves."""

    context: ssl.SSLContext | None = None
    """Its certificate; None for a server without TLS."""
    idle_seconds: float | None = None
    """After how long it closes a line on which nothing is said."""

    # tokens and fields
    token_seconds: int = 3599
    is_life_a_text: bool = True
    ends_old_tokens: bool = False
    """Whether a new token of an app ends the one before."""
    minutes_off: float = 5
    """How far a Timestamp may be from the time."""
    forbidden_words: tuple[str, ...] = ("mpesa", "safaricom", "exe", "cmd", "sql", "query")
    """What no address may contain."""
    is_local_allowed: bool = False
    """Whether addresses of this machine, and plain HTTP, are taken."""

    # customers
    opening_cents: int = 10_000_000
    """What a customer has who was never spoken of."""
    repeat_seconds: float = 120
    """How long the same push to the same customer ends with code 17; 0: never."""
    is_unpaid_a_repeat: bool = False
    """Whether that counts from a push that was not paid, too."""
    is_locking: bool = True
    """Whether a phone with an open prompt gets no other."""
    prompt_seconds: float = 60
    """After how long a prompt that nobody answers ends with code 1037."""

    # queries
    queries_per_minute: int | None = None
    """Of one app; None: as many as it likes."""
    is_one_by_one: bool = False
    """Whether those must also lie apart evenly, as at the sandbox."""
    early_seconds: float = 0
    """How long after a push its id is not known yet."""
    while_open: str = UNDER_PROCESSING

    # reports
    routes: Mapping[str, str] = field(default_factory=dict)
    """Beginnings of public addresses, and what they are on this machine; a report to any other
    place is lost."""
    report_seconds: float = 5
    """How long a report may take; it is never repeated."""
    postmen: int = 1
    """How many reports are carried at once; with more than one their order is open."""
    is_push_confirmed: bool = True
    """Whether what a push has brought is reported as money that has come in, too."""
    is_till_confirmed: bool = False
    """Whether a confirmation names the till, in place of its head office."""
    payer_in_confirmations: PayerShown = PayerShown.MASKED

    # the list of payments
    pull_page: int = 100
    pull_hours: float = 48
    pull_lag_seconds: float = 0
    is_pull_flat: bool = False
    is_pull_spaced: bool = True
    """Whether the answer to its registration has blanks in its names."""
    pull_time: PullTime = PullTime.Z_IS_NAIROBI
    payer_in_pull: PayerShown = PayerShown.MASKED

    # memory
    remembered: int = 50_000
    """How many pushes can still be asked about."""
