"""The licence of a shop: its subscription to this program, and how it stands.

    TRIAL -> GRACE -> EXPIRED, and from each of them ACTIVE by an activation; ACTIVE -> GRACE -> ...

How it stands follows from the activation, the beginning of the trial and the moment alone. It is
something to be said, to managers: nothing in the shop ever waits for it, least of all a sale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, parse_amount
from pos_desktop.domain.text import _, ngettext

TRIAL_DAYS = 30
GRACE_DAYS = 14
SOON_DAYS = 7
"""So many days before its end a trial is spoken of."""
MOST_DAYS = 3_660
MOST_MONTHS = 120

_DAY = timedelta(days=1)
_CLOCKS_DIFFER = _DAY
"""So long before its beginning an activation counts: the shop's clock may be behind."""
_PLAN = re.compile(r"([A-Za-z0-9-]{1,20}) ([0-9]{1,3}) ([0-9.,]{1,15})")


class LicenceState(StrEnum):
    """How the licence stands; the value is the word in files and JSON."""

    TRIAL = "trial"
    ACTIVE = "active"
    """Paid."""
    GRACE = "grace"
    """The trial, or what was paid, is over; it may still be paid without a word to anybody."""
    EXPIRED = "expired"
    """All that is over. The till works as always."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be paid for: so many months for so much."""

    name: str
    price_cents: Cents
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """What the supplier has granted for a payment."""

    serial: int
    """A later one of the same shop has a higher one."""
    shop_id: Id
    till_id: Id
    """For whom it was asked; the shop's other tills have it too."""
    plan: Plan
    valid_from: datetime
    valid_until: datetime
    receipt: str
    """The M-Pesa receipt of the payment; empty where the supplier has given it for nothing."""
    grace_days: int = GRACE_DAYS
    trial_days: int = TRIAL_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the licence stands at a moment."""

    state: LicenceState
    until: datetime
    """When this state ends; of EXPIRED when it began."""
    days_left: int
    """Begun days until then; 0 where it has ended."""
    activation: Activation | None
    """What was paid last, if anything was."""

    @property
    def is_to_be_said(self) -> bool:
        """Whether managers are to hear of it without asking."""
        if self.state is LicenceState.TRIAL:
            return self.days_left <= SOON_DAYS
        return self.state is not LicenceState.ACTIVE


def standing(activation: Activation | None, trial_began: datetime, now: datetime) -> Standing:
    """Return how a licence stands; a `now` before the trial began counts as its beginning."""
    now = max(now, trial_began)
    trial_days = activation.trial_days if activation else TRIAL_DAYS
    grace_days = activation.grace_days if activation else GRACE_DAYS
    trial_ends = trial_began + trial_days * _DAY
    if activation and _has_begun(activation, now) and now < activation.valid_until:
        return _until(LicenceState.ACTIVE, activation.valid_until, now, activation)
    if now < trial_ends:
        return _until(LicenceState.TRIAL, trial_ends, now, activation)
    ended = trial_ends
    if activation and activation.valid_until <= now:
        ended = max(trial_ends, activation.valid_until)
    grace_ends = ended + grace_days * _DAY
    state = LicenceState.GRACE if now < grace_ends else LicenceState.EXPIRED
    return _until(state, grace_ends, now, activation)


def in_force(activations: Iterable[Activation], now: datetime) -> Activation | None:
    """Return the activation that counts now: of those that have begun the one that lasts longest.

    Where none has begun it is the one that begins first.
    """
    known = list(activations)
    begun = [one for one in known if _has_begun(one, now)]
    if begun:
        return max(begun, key=lambda one: (one.valid_until, one.serial))
    return min(known, key=lambda one: (one.valid_from, one.serial), default=None)


def _has_begun(activation: Activation, now: datetime) -> bool:
    return activation.valid_from - _CLOCKS_DIFFER <= now


def _until(
    state: LicenceState, until: datetime, now: datetime, activation: Activation | None
) -> Standing:
    days = max(0, -((now - until) // _DAY))
    return Standing(state=state, until=until, days_left=days, activation=activation)


def parse_plans(text: str) -> tuple[Plan, ...]:
    """Return the plans of a text such as `monthly 1 1500.00; yearly 12 15000.00`.

    Raises Refused where it is another kind of text; an empty one has none.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    plans = tuple(_plan(part) for part in parts)
    if len({plan.name for plan in plans}) != len(plans):
        raise Refused(_("Two plans have one name: give each its own."))
    return plans


def _plan(text: str) -> Plan:
    match = _PLAN.fullmatch(text)
    price = parse_amount(match[3]) if match else 0
    if match is None or not price or not 1 <= int(match[2]) <= MOST_MONTHS:
        sentence = _(
            "Type plans as name, months and price, parted by a semicolon, such as {example}; not "
            "“{text}”."
        )
        raise Refused(sentence.format(example="monthly 1 1500.00; yearly 12 15000.00", text=text))
    return Plan(match[1], price, int(match[2]))


def months_words(months: int) -> str:
    """Return a number of months in words."""
    return ngettext("{count} month", "{count} months", months).format(count=months)


def state_words(state: LicenceState) -> str:
    """Return a state in a word or two."""
    return {
        LicenceState.TRIAL: _("Trial"),
        LicenceState.ACTIVE: _("Paid"),
        LicenceState.GRACE: _("To be paid"),
        LicenceState.EXPIRED: _("Not paid"),
    }[state]
