"""What is to happen otherwise than usual, and to whom.

Trouble   at a call: its line, its time, and what is answered in place of the usual
Script    in the course of a push: how the customer answers, and what is told of it
Ending    of a request for status, balance or reversal
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import PayerShown
from pos_sync.testing.mpesa.said import Said

NEVER = 86_400.0
"""Seconds for an answer that never comes: until the client has left."""


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Whom something happens to."""

    phone: str | None = None
    cents: int | None = None
    skip: int = 0
    """How often it does not happen at first."""
    times: int | None = None
    """How often it happens; None: for ever."""

    def is_about(self, phone: str, cents: int) -> bool:
        """Tell whether this phone and this amount are meant."""
        return self.phone in (None, phone) and self.cents in (None, cents)


@dataclass(frozen=True, kw_only=True)
class Trouble(Whom):
    """Something else than the usual answer.

    The request is dealt with, then `seconds` pass, then the answer goes out.
    """

    at: Call
    is_done: bool = True
    """Whether the request is dealt with all the same."""
    say: Said | None = None
    """In place of the usual answer."""
    then: Then = Then.GO_ON
    """Whether the connection ends, after `sent` bytes of the answer; None: after all of it."""
    sent: int | None = 0
    seconds: float = 0
    byte_seconds: float = 0
    """How long each byte of the answer takes."""

    def __post_init__(self) -> None:
        if not self.is_done and self.say is None and self.then is Then.GO_ON:
            raise ValueError("there is nothing to answer, and the connection does not end")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The form of the report of a push."""

    is_turned_round: bool = False
    """Whether its items come in another order."""
    has_balance: bool = False
    """Whether the item `Balance` has a value; mostly it has none."""
    payer: PayerShown = PayerShown.PLAIN
    is_code_text: bool = False
    is_amount_text: bool = False


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One report of what has become of a payment."""

    code: str | None = None
    """A code that is not true; None: the true one."""
    after: float = 0
    """Seconds."""
    shape: Shape = field(default_factory=Shape)
    payer: PayerShown | None = None
    """In a confirmation; None: as by habit."""


ONCE = (Reported(),)


@dataclass(frozen=True, kw_only=True)
class Script(Whom):
    """The course of a push."""

    code: str | None = "0"
    """`0`: the customer enters the PIN, and it is paid if there is the money for it. None: the
    prompt stays open until somebody answers it. Else the code by which it ends."""
    delay: float = 0
    """Seconds until then."""
    reports: tuple[Reported, ...] = ONCE
    """Several, one, or none at all."""
    is_reported_first: bool = False
    """Whether it is over, and the reports are there, before the push is answered."""
    confirmations: tuple[Reported, ...] | None = None
    """Reports of money that has come in; None: as by habit."""
    queries: tuple[str, ...] = ()
    """What the first queries are told: codes, true or not."""
    query_code: str | None = None
    """What every later query is told, against the truth."""


@dataclass(frozen=True, kw_only=True)
class Ending(Whom):
    """The end of a request for status, balance or reversal."""

    at: Call
    code: str | None = None
    """None: what is true; else nothing is done, and this is told."""
    reports: tuple[Reported, ...] = ONCE
    is_timed_out: bool = False
    """Whether nothing is done, and the address for that is told so."""


W = TypeVar("W", bound=Whom)


@dataclass
class _Planned(Generic[W]):
    one: W
    met: int = 0

    def is_due(self) -> bool:
        """Count that somebody is met, and tell whether it happens."""
        self.met += 1
        turn = self.met - self.one.skip
        return turn > 0 and (self.one.times is None or turn <= self.one.times)


class Plan(Generic[W]):
    """What is planned; the first that fits happens."""

    def __init__(self) -> None:
        self._planned: list[_Planned[W]] = []

    def make(self, *ones: W) -> None:
        """Plan these, in place of all that was planned."""
        self._planned = [_Planned(one) for one in ones]

    def due(self, phone: str, cents: int, fits: Callable[[W], bool] = lambda _: True) -> W | None:
        """Return what happens now, if anything."""
        for planned in self._planned:
            one = planned.one
            if one.is_about(phone, cents) and fits(one) and planned.is_due():
                return one
        return None
