"""Money that M-Pesa says has come in: what becomes of it, and which sale may have it by itself.

A payment is known by its receipt, and used for one sale at most. It is attached without anybody's
doing only where that is certain: its reference is that of an attempt or of a wait, it was paid by
the very phone that was typed for a wait, or exactly one wait and one payment fit. A wait is a sale
for which the cashier has asked for M-Pesa; one that is merely open has none. All else is offered.
Source: docs/decisions/0029.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_reference import is_another_sales


class MoneyState(StrEnum):
    """What has become of a payment; the value is the word in the file."""

    UNMATCHED = "unmatched"
    """Nobody knows yet what it is for."""
    MATCHED = "matched"
    """A sale has it, or an open cart counts on it."""
    UNVERIFIED = "unverified"
    """A cart or sale has it by the customer's message alone, which may be forged."""
    DIFFERS = "differs"
    """A sale has it by the customer's message, which told another amount."""
    SUSPENSE = "suspense"
    """Its sale has gone on without it, or had it twice: it goes back, or to another sale."""
    REFUND_ASKED = "refund_asked"
    REFUNDED = "refunded"
    """Given back: by M-Pesa itself, or by the till in another way."""
    ELSEWHERE = "elsewhere"
    """Another till's, or no customer's payment."""


class MoneySource(StrEnum):
    """Who has told of a payment."""

    TYPED = "typed"
    """The cashier, from the customer's message."""
    REPORT = "report"
    """A report that nobody has to believe."""
    QUERY = "query"
    """A report of a push whose query says that it is paid."""
    PULL = "pull"
    """The list of payments."""
    STATUS = "status"
    """The answer to a question about it."""
    STATEMENT = "statement"
    """A statement from the organisation's portal."""


IN_THE_TRAY = frozenset(
    {MoneyState.UNMATCHED, MoneyState.DIFFERS, MoneyState.SUSPENSE, MoneyState.REFUND_ASKED}
)
"""What a day may not end with."""
MAY_BE_USED = frozenset({MoneyState.UNMATCHED, MoneyState.SUSPENSE})
IN_USE = frozenset({MoneyState.MATCHED, MoneyState.UNVERIFIED})
"""What a cart or sale counts."""
UNSURE = frozenset({MoneyState.UNVERIFIED, MoneyState.ELSEWHERE})
"""What a sale has, or had by a code that seemed wrong, until M-Pesa tells of it."""


class MoneyEvent(StrEnum):
    """What happens to a payment but for its use; the value is a word for logs."""

    LET_GO = "let go"
    """Its sale goes on without it."""
    NO_SALE = "no sale"
    """It is of a push whose sale waits for it no more."""
    BE_ELSEWHERE = "be elsewhere"
    """It is another till's, or no customer's payment."""
    MISS = "miss"
    """The portal does not show it: it never came."""
    DIFFER = "differ"
    """Its sale has taken it by its code, and for another payment than it is."""
    KEEP = "keep"
    """Its sale keeps it all the same."""
    ASK_BACK = "ask back"
    """It is to go back, and no sale has it."""
    ASK_BACK_OF_SALE = "ask back of sale"
    """It is to go back for the goods that it has paid."""
    STAY = "stay"
    """It was to go back, and did not."""
    GO_BACK = "go back"
    """M-Pesa has given it back."""
    GIVE_BACK = "give back"
    """The till gives it back in another way."""


_M = MoneyState
_TO_SETTLE = MAY_BE_USED | {_M.REFUND_ASKED}
MONEY_MOVES: Mapping[MoneyEvent, Mapping[MoneyState, MoneyState]] = {
    MoneyEvent.LET_GO: dict.fromkeys(IN_USE, _M.SUSPENSE),
    MoneyEvent.NO_SALE: dict.fromkeys(_TO_SETTLE, _M.SUSPENSE),
    MoneyEvent.BE_ELSEWHERE: dict.fromkeys(_TO_SETTLE, _M.ELSEWHERE),
    MoneyEvent.MISS: dict.fromkeys(MAY_BE_USED | {_M.UNVERIFIED}, _M.ELSEWHERE),
    MoneyEvent.DIFFER: dict.fromkeys(IN_USE, _M.DIFFERS),
    MoneyEvent.KEEP: {_M.DIFFERS: _M.MATCHED},
    MoneyEvent.ASK_BACK: dict.fromkeys(MAY_BE_USED, _M.REFUND_ASKED),
    MoneyEvent.ASK_BACK_OF_SALE: {_M.MATCHED: _M.REFUND_ASKED},
    MoneyEvent.STAY: {_M.REFUND_ASKED: _M.SUSPENSE},
    MoneyEvent.GO_BACK: dict.fromkeys(_TO_SETTLE, _M.REFUNDED),
    MoneyEvent.GIVE_BACK: dict.fromkeys(MAY_BE_USED, _M.REFUNDED),
}
"""Where each event leads; from a state that it does not name, it changes nothing."""

LISTED_FOR = timedelta(hours=47)
"""How long M-Pesa's list shows a payment: two days, an hour of it left for clocks that differ."""
FITS_BEFORE = timedelta(minutes=15)
FITS_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A sale for which the cashier has asked for M-Pesa."""

    sale_id: Id
    amount_cents: Cents
    """What is to come, to the cent."""
    phone: str | None
    """The customer's, where it was typed."""
    reference: str
    """What a customer of a PayBill may type."""
    opened_at: datetime
    closed_at: datetime | None = None

    def fits_time(self, paid_at: datetime) -> bool:
        """Tell whether a payment of that moment may be for it."""
        end = self.closed_at or paid_at
        return self.opened_at - FITS_BEFORE <= paid_at <= end + FITS_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment, as far as it is looked at to find its sale."""

    receipt: str
    amount_cents: Cents
    paid_at: datetime
    reference: str = ""
    fits_phone: frozenset[str] = frozenset()
    """Of the phones that waits have, those by which it was surely paid."""
    speaks_against: frozenset[str] = frozenset()
    """Of those phones, the ones by which it was surely not paid."""


class Certainty(StrEnum):
    """How a payment was found to belong to a sale."""

    REFERENCE = "reference"
    PHONE = "phone"
    ALONE = "alone"
    """By amount and time, with nothing else that fits."""
    PERSON = "person"
    """A person says so."""


@dataclass(frozen=True, slots=True)
class Found:
    """The sale that a payment belongs to for certain."""

    wait: Wait
    by: Certainty


def once_confirmed(state: MoneyState, *, is_sales: bool) -> MoneyState:
    """Return the state of a payment once M-Pesa tells of it; `is_sales` where a sale has or had it.

    That of one that its sale took unverified, or that was said never to have come, is a matched
    one then; of any other nothing is changed.
    """
    return MoneyState.MATCHED if is_sales and state in UNSURE else state


def sale_of(payment: Payment, waits: Iterable[Wait], unused: Iterable[Payment]) -> Found | None:
    """Return the wait that a payment belongs to for certain, None where a person has to pick.

    `waits` are all open ones of the shop, `unused` all payments that no sale has, this one among
    them or not.
    """
    waits = list(waits)
    for wait in waits:
        if payment.reference and payment.reference.upper() == wait.reference.upper():
            return Found(wait, Certainty.REFERENCE)
    by_phone = [one for one in waits if one.phone in payment.fits_phone and fits(payment, one)]
    if len(by_phone) == 1:
        return Found(by_phone[0], Certainty.PHONE)
    fitting = [one for one in waits if fits(payment, one)]
    if len(fitting) != 1 or by_phone:
        return None
    wait = fitting[0]
    rivals = [one for one in unused if one.receipt != payment.receipt and fits(one, wait)]
    return None if rivals else Found(wait, Certainty.ALONE)


def offers_for(wait: Wait, unused: Iterable[Payment]) -> list[Payment]:
    """Return the payments that a person may pick for a wait, the likeliest first.

    Those of its phone, then those of its very amount, then the rest; the newest first in each.
    """

    def rank(one: Payment) -> tuple[bool, bool, float]:
        is_phones = wait.phone is not None and wait.phone in one.fits_phone
        is_same = one.amount_cents == wait.amount_cents
        return (not is_phones, not is_same, -one.paid_at.timestamp())

    return sorted(unused, key=rank)


def fits(payment: Payment, wait: Wait) -> bool:
    """Tell whether amount and time speak for a wait, and neither phone nor reference against it.

    What names another sale of ours was paid for that one, be it for the second time.
    """
    is_other = wait.phone is not None and wait.phone in payment.speaks_against
    if is_other or is_another_sales(payment.reference, wait.reference):
        return False
    return payment.amount_cents == wait.amount_cents and wait.fits_time(payment.paid_at)
