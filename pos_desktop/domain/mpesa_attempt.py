"""One attempt to have a customer's phone pay: its states, and what moves it from one to another.

    NEW -> SENDING -> ACCEPTED -> PAID -> CONFIRMED
     |        |          |          `---> MISMATCH
     |        |          `-> DECLINED, or UNRESOLVED after three minutes
     |        `-> REJECTED, NOT_SENT, or UNKNOWN
     `-> ABANDONED

UNKNOWN and UNRESOLVED become any of those that follow, or end as CLEARED or OVERRIDDEN.

An attempt is under way until something that is certain ends it. As long as one is, no other may be
made for the same sale: the customer might pay both. Money is never unlearned: no event leads from a
state with money to one without, and a success that comes after the end is LATE_PAID.

All moves are one table, so that storage can make each of them one conditional UPDATE, and whatever
reports first (a query, a list of payments, the customer's own message) wins without harm.
Source: docs/decisions/0029.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class AttemptState(StrEnum):
    """Where an attempt stands; the value is the word in the file."""

    NEW = "new"
    """Meant and kept, before anything goes out."""
    SENDING = "sending"
    """Kept before the first byte goes out: found at a start, it is unknown."""
    ACCEPTED = "accepted"
    """The prompt is on its way to the phone."""
    UNKNOWN = "unknown"
    """The prompt may be at the phone; there is no id to ask by."""
    UNRESOLVED = "unresolved"
    """The id is known, and there is no end in three minutes."""
    ABANDONED = "abandoned"
    """Never begun."""
    REJECTED = "rejected"
    """M-Pesa would not have it."""
    NOT_SENT = "not_sent"
    """Nothing left this computer."""
    DECLINED = "declined"
    """Ended by the customer or by M-Pesa, without money."""
    CLEARED = "cleared"
    """The list of payments shows that none came."""
    OVERRIDDEN = "overridden"
    """A manager has looked at the customer's phone: neither prompt nor payment."""
    PAID = "paid"
    """M-Pesa says that the customer has paid."""
    CONFIRMED = "confirmed"
    """The payment is in the list, with its receipt and the very amount."""
    MISMATCH = "mismatch"
    """A payment is in the list, of another amount."""
    LATE_PAID = "late_paid"
    """Paid when nobody counted on it any more: a person decides."""


class AttemptEvent(StrEnum):
    """What happens to an attempt."""

    SEND = "send"
    ABANDON = "abandon"
    ACCEPT = "accept"
    """The answer to the push, or a report that named its id."""
    REJECT = "reject"
    NOT_LEAVE = "not_leave"
    LOSE = "lose"
    """No answer, or one that says nothing; also SENDING found at a start."""
    TIRE = "tire"
    """Three minutes without an end, or an end that is to be asked for once more."""
    DECLINE = "decline"
    """A query has told a code of the closed list."""
    CLEAR = "clear"
    OVERRIDE = "override"
    PAY = "pay"
    """A query says that it is paid, while its sale waits for it."""
    PAY_LATE = "pay_late"
    """The same, where its sale has gone on without it or is gone."""
    CONFIRM = "confirm"
    """The payment itself is found: receipt and very amount, while the sale waits or has it."""
    DIFFER = "differ"
    """The payment itself is found, of another amount."""
    RELEASE = "release"
    """The sale has gone on without its money."""
    ATTACH = "attach"
    """A person lets the sale have the money after all."""


_S = AttemptState
_E = AttemptEvent

UNDER_WAY = frozenset({_S.NEW, _S.SENDING, _S.ACCEPTED, _S.UNKNOWN, _S.UNRESOLVED})
"""At most one attempt of a sale is in one of these."""
WITHOUT_MONEY = frozenset(
    {_S.ABANDONED, _S.REJECTED, _S.NOT_SENT, _S.DECLINED, _S.CLEARED, _S.OVERRIDDEN}
)
"""Ended, and believed to be without money: another attempt may be made."""
PAYING = frozenset({_S.PAID, _S.CONFIRMED})
"""What a sale counts as paid."""
WITH_MONEY = PAYING | {_S.MISMATCH, _S.LATE_PAID}
NEVER_SENT = frozenset({_S.ABANDONED, _S.REJECTED, _S.NOT_SENT})
"""Ended, and no phone was asked."""
OWED = frozenset({_S.PAID, _S.LATE_PAID})
"""Paid as a query says: there is a payment, which may have to be found yet."""
COUNTED_ON = frozenset({_S.PAID, _S.MISMATCH})
"""Paid while its sale counted on it: one whose payment is not found for a day is looked for."""
WATCHED = frozenset({_S.ACCEPTED, _S.UNRESOLVED})
"""Those whose id can be asked about."""
IN_DOUBT = WATCHED | {_S.UNKNOWN}
"""Sent, and nobody has said what became of it: a list, or a manager, may end it."""

_SENT = IN_DOUBT | {_S.SENDING}
_OPEN_END = frozenset({_S.UNKNOWN, _S.UNRESOLVED})


def _from(states: frozenset[AttemptState], target: AttemptState) -> dict[_S, _S]:
    return dict.fromkeys(states, target)


MOVES: Mapping[AttemptEvent, Mapping[AttemptState, AttemptState]] = {
    _E.SEND: {_S.NEW: _S.SENDING},
    _E.ABANDON: {_S.NEW: _S.ABANDONED},
    _E.ACCEPT: {_S.SENDING: _S.ACCEPTED, _S.UNKNOWN: _S.ACCEPTED},
    _E.REJECT: {_S.SENDING: _S.REJECTED},
    _E.NOT_LEAVE: {_S.SENDING: _S.NOT_SENT},
    _E.LOSE: {_S.SENDING: _S.UNKNOWN},
    _E.TIRE: {_S.ACCEPTED: _S.UNRESOLVED},
    _E.DECLINE: _from(WATCHED, _S.DECLINED),
    _E.CLEAR: _from(_OPEN_END, _S.CLEARED),
    _E.OVERRIDE: _from(_OPEN_END, _S.OVERRIDDEN),
    _E.PAY: {**_from(_SENT, _S.PAID), **_from(WITHOUT_MONEY, _S.LATE_PAID)},
    _E.PAY_LATE: _from(_SENT | WITHOUT_MONEY, _S.LATE_PAID),
    _E.CONFIRM: {**_from(_SENT | {_S.PAID}, _S.CONFIRMED), **_from(WITHOUT_MONEY, _S.LATE_PAID)},
    _E.DIFFER: _from(_SENT | WITHOUT_MONEY | {_S.PAID}, _S.MISMATCH),
    _E.RELEASE: _from(PAYING, _S.LATE_PAID),
    _E.ATTACH: {_S.LATE_PAID: _S.PAID},
}
"""Where each event leads; from a state that it does not name, it changes nothing."""

MAY_OVERRIDE_AFTER = timedelta(minutes=3)
MAY_CLEAR_AFTER = timedelta(minutes=10)
CLEARS_FROM = timedelta(minutes=-2)
"""From here to MAY_CLEAR_AFTER, counted from its sending, lies the payment of an attempt.

A list that covers this and shows none clears it.
"""
TIRES_AFTER = timedelta(seconds=180)
SAME_AMOUNT_AFTER = timedelta(minutes=2)
"""M-Pesa refuses the same amount of the same customer before."""
PUSH_GOOD_FOR = timedelta(seconds=30)
"""A push that has not begun by then is not begun: the customer may have left."""

QUESTIONS_APART = timedelta(seconds=12)
"""M-Pesa refuses questions of one shop that come closer together."""
ASK_AT_SECONDS = (10, 22, 34, 46, 60, 75, 90, 120, 150, 180, 300, 900, 3_600)
"""When to ask about an attempt, counted from its sending, QUESTIONS_APART at least."""
ASK_AT_SECONDS_BESIDE_REPORTS = (34, 75, 120, 180, 300, 900, 3_600)
"""The same where reports come at once: a question that was just asked is in the way of theirs."""


def after(state: AttemptState, event: AttemptEvent) -> AttemptState:
    """Return the state after an event; the same where the event says nothing to it."""
    return MOVES[event].get(state, state)


def next_ask(since_sent: timedelta, *, reports_come: bool = False) -> timedelta | None:
    """Return when to ask next, counted from the sending; None where the list is left to find it."""
    spent = since_sent.total_seconds()
    moments = ASK_AT_SECONDS_BESIDE_REPORTS if reports_come else ASK_AT_SECONDS
    return next((timedelta(seconds=at) for at in moments if at > spent), None)
