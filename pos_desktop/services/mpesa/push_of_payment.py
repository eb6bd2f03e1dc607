"""Whether a payment may be what a push has asked for: no payment counts twice, whoever tells of it.

A payment to a till names no reference, and a code that was typed tells nothing but itself. So one
and the same payment may be known by a query, as paid, and by hand, by its receipt.

A payment's time is M-Pesa's, that of a push this computer's. `ahead` is by how much the former is
known to be ahead: times are compared with it, and without it too, since a clock may have been set
between the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from pos_sync.mpesa.payer import Payer

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import (
    CLEARS_FROM,
    MAY_CLEAR_AFTER,
    OWED,
    UNDER_WAY,
)
from pos_desktop.domain.mpesa_money import FITS_AFTER, IN_USE
from pos_desktop.domain.mpesa_reference import is_another_sales, till_of
from pos_desktop.storage import mpesa_attempts, mpesa_money
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import span_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_money import Money

_FROM_MS, _UNTIL_MS = span_stored(CLEARS_FROM), span_stored(MAY_CLEAR_AFTER)
"""A payment of this time may be that of a push, counted from its sending; of one that a query has
said to be paid, any until then."""
_BESIDE_MS = span_stored(FITS_AFTER)
"""How far from its sending the payment of a paid push may lie, where another sale wants it."""


def payer_of(money: Money) -> Payer:
    """Return what is known of who has paid."""
    return Payer(money.payer_phone, money.payer_digest, money.payer_mask)


def attempts_of(database: ShopDatabase, money: Money, ahead: timedelta) -> list[Attempt]:
    """Return the attempts that a payment may be of: several where a person has to decide.

    By our reference or its receipt it is one for certain. Without those an attempt of the sale that
    has it comes first, then what is known to be paid, what may be, and what is believed to have
    ended.
    """
    if money.reference:
        found = mpesa_attempts.by_reference(database, money.reference)
        if found is not None:
            return [found]
        if till_of(money.reference) is not None:
            return []
    found = mpesa_attempts.by_receipt(database, money.receipt)
    return [found] if found else _likeliest(money, _near(database, money, ahead))


def may_be_of_other(database: ShopDatabase, money: Money, sale_id: Id, ahead: timedelta) -> bool:
    """Tell whether a payment that seems to be for one sale may be that of another's push.

    So it is with one that is paid as a query says, and whose payment is nowhere yet.
    """
    near = _near(database, money, ahead, _BESIDE_MS)
    own = _near(database, money, ahead)
    return any(one.sale_id != sale_id and (one.state in OWED or one in own) for one in near)


def may_be_listed(database: ShopDatabase, attempt: Attempt, ahead: timedelta) -> bool:
    """Tell whether a payment that no sale has may be that of a push: a person has to pick."""
    since = (attempt.sent_at or attempt.created_at) - _BESIDE_MS - abs(span_stored(ahead))
    unused = mpesa_money.unused_like(database, since, attempt.amount_cents)
    return any(_may_be_of(one, attempt, ahead) for one in unused)


def is_known_to_be_of(money: Money, attempt: Attempt) -> bool:
    """Tell whether a payment that a sale has taken by its code is that of a push.

    It may be of a push of that very sale; of another's only where more than amount and time say so:
    two customers pay the same in one minute, and one of them shows the message.
    """
    if attempt.sale_id == money.sale_id or money.receipt == attempt.receipt:
        return True
    is_named = money.reference.strip().upper() == attempt.reference
    return is_named or bool(attempt.phone and payer_of(money).is_surely(attempt.phone))


def own_receipt(database: ShopDatabase, attempt: Attempt, ahead: timedelta) -> str | None:
    """Return the receipt of a payment that the attempt's sale has by hand and that may be its own.

    So a sale has one payment once, though it was typed or found before a query told of it.
    """
    if attempt.receipt is not None or attempt.sent_at is None:
        return None
    for money in mpesa_money.of_sale(database, attempt.sale_id):
        is_in_use = money.attempt_id is None and money.state in IN_USE
        fits = money.amount_cents == attempt.amount_cents and _may_be_of(money, attempt, ahead)
        if is_in_use and fits and mpesa_attempts.by_receipt(database, money.receipt) is None:
            return money.receipt
    return None


def _near(
    database: ShopDatabase, money: Money, ahead: timedelta, least_ms: int = 0
) -> list[Attempt]:
    early, late = _around(ahead, least_ms)
    first, end = money.paid_at - late, money.paid_at + early
    found = mpesa_attempts.without_receipt(database, money.amount_cents, first, end)
    return [one for one in found if _may_be_of(money, one, ahead, least_ms)]


def _around(ahead: timedelta, least_ms: int = 0) -> tuple[int, int]:
    """Return how long before and after its sending, by two clocks, a push may be paid."""
    ahead_ms = span_stored(ahead)
    early, late = max(-_FROM_MS, least_ms), max(_UNTIL_MS, least_ms)
    return early + max(-ahead_ms, 0), late + max(ahead_ms, 0)


def _likeliest(money: Money, near: list[Attempt]) -> list[Attempt]:
    near = [one for one in near if one.sale_id == money.sale_id] or near
    owed = [one for one in near if one.state in OWED]
    if owed:
        # each of them has a payment of this amount: which has which is the same to the shilling
        return [_closest(money, owed)]
    under_way = [one for one in near if one.state in UNDER_WAY]
    if not under_way and len({one.sale_id for one in near}) == 1:
        return [_closest(money, near)]
    return under_way or near


def _closest(money: Money, attempts: Iterable[Attempt]) -> Attempt:
    return min(attempts, key=lambda one: abs(money.paid_at - (one.sent_at or 0)))


def _may_be_of(money: Money, attempt: Attempt, ahead: timedelta, least_ms: int = 0) -> bool:
    """Tell whether reference, payer and time do not speak against it."""
    if is_another_sales(money.reference, attempt.reference):
        return False
    if attempt.phone and not payer_of(money).may_be(attempt.phone):
        return False
    sent_at = attempt.sent_at or 0
    early, late = _around(ahead, least_ms)
    since_ms = money.paid_at - sent_at
    most = late if money.is_confirmed else since_ms
    if attempt.state in OWED and attempt.asked_at is not None:
        most = max(most, attempt.asked_at - sent_at - _FROM_MS + max(span_stored(ahead), 0))
    return -early <= since_ms <= most
