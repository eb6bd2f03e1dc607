"""What came in by M-Pesa and what sales say they took by it, summed up by day.

A payment that a sale names counts on the business day of the sale, any other on the day on which it
was paid. A tender names a payment by its receipt, or by our own reference of the push that has
brought it, where the receipt came later.
"""

from __future__ import annotations

from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.sales_groups import QUARTER_MS

_HELD = "('matched', 'unverified', 'differs', 'suspense', 'refund_asked', 'refunded')"
"""The states of payments that a sale may have: those that go back or went back for a refund, and
those of which M-Pesa has refused that, among them."""
_NAMED = f"""
    m.state IN {_HELD} AND EXISTS (
        SELECT 1 FROM tender t WHERE t.sale_id = m.sale_id AND t.kind = 'mpesa'
            AND t.amount_cents > 0 AND t.reference IN (
                m.receipt, (SELECT a.reference FROM mpesa_attempt a WHERE a.receipt = m.receipt)))
"""
KIND_UNNAMED = {
    MoneyState.UNMATCHED: "tray",
    MoneyState.SUSPENSE: "tray",
    MoneyState.MATCHED: "open",
    MoneyState.UNVERIFIED: "open",
    MoneyState.DIFFERS: "differs",
    MoneyState.REFUND_ASKED: "asked_back",
    MoneyState.REFUNDED: "given_back",
    MoneyState.ELSEWHERE: "elsewhere",
}
"""As what a payment counts that no sale names; open is what a cart counts on."""
_KINDS = " ".join(f"WHEN '{state}' THEN '{kind}'" for state, kind in KIND_UNNAMED.items())
_WAS_TYPED = f"""
    EXISTS (SELECT 1 FROM mpesa_event e WHERE e.receipt = m.receipt
        AND e.kind = '{EventKind.MONEY_CONFIRMED}'
        AND json_extract(e.detail, '$.before') = '{MoneySource.TYPED}')
"""
_OTHERWISE = f"""
    (SELECT e.kind FROM mpesa_event e WHERE e.receipt = m.receipt AND m.state = 'refunded'
        AND e.kind IN ('{EventKind.IN_CASH}', '{EventKind.IN_CREDIT}') ORDER BY e.no DESC LIMIT 1)
"""


def named(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return by day and kind what sales name: how many, their cents, and what the sales took.

    The kind is by_push, by_itself, typed, unverified, differs; asked_back while it goes back for a
    refund, tray where it did not; or no_payment where nobody has told of the payment, and its cents
    are none.
    """
    return database.rows(
        f"""
        SELECT s.business_day AS day,
            CASE WHEN m.receipt IS NULL THEN 'no_payment'
                WHEN m.state IN ('unverified', 'differs') THEN m.state
                WHEN m.state = 'refund_asked' THEN 'asked_back'
                WHEN m.state = 'suspense' THEN 'tray'
                WHEN m.attempt_id IS NOT NULL THEN 'by_push'
                WHEN {_WAS_TYPED} THEN 'typed' ELSE 'by_itself' END AS kind,
            count(m.receipt) AS count, coalesce(sum(m.amount_cents), 0) AS cents,
            sum(t.amount_cents) AS taken_cents
        FROM sale s JOIN tender t ON t.sale_id = s.id
        LEFT JOIN mpesa_attempt a ON a.reference = t.reference
        LEFT JOIN mpesa_money m ON m.receipt = coalesce(a.receipt, t.reference)
            AND m.sale_id = s.id AND m.state IN {_HELD}
        WHERE t.kind = 'mpesa' AND t.amount_cents > 0 AND {selection.condition}
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        selection.values,
    )


def unnamed(database: ShopDatabase, first: int, end: int) -> list[Row]:
    """Return what was paid between two moments and no sale names, by quarter of an hour and kind.

    `quarter` counts them since 1970 in UTC; the kind is what KIND_UNNAMED says of its state.
    """
    return database.rows(
        f"""
        SELECT m.paid_at / {QUARTER_MS} AS quarter,
            CASE m.state {_KINDS} END AS kind,
            count(*) AS count, sum(m.amount_cents) AS cents
        FROM mpesa_money m WHERE m.paid_at >= ? AND m.paid_at < ? AND NOT ({_NAMED})
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        (first, end),
    )


def given_back(database: ShopDatabase, selection: Selection) -> list[Row]:
    """Return by day and kind what refunds were to give back by M-Pesa, as cents above zero.

    The kind is refunds where M-Pesa has given it, refunds_open where it has not yet or has refused
    it, and the event by which it was given otherwise where it was.
    """
    return database.rows(
        f"""
        SELECT s.business_day AS day,
            CASE WHEN m.state IN ('refund_asked', 'suspense') THEN 'refunds_open'
                ELSE coalesce({_OTHERWISE}, 'refunds') END AS kind,
            -sum(t.amount_cents) AS cents
        FROM sale s JOIN tender t ON t.sale_id = s.id
        LEFT JOIN mpesa_money m ON m.receipt = t.reference
        WHERE t.kind = 'mpesa' AND t.amount_cents < 0 AND {selection.condition}
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        selection.values,
    )


def on_account(database: ShopDatabase, selection: Selection) -> int:
    """Return what was paid on accounts and for vouchers by M-Pesa."""
    sql = (
        "SELECT coalesce(sum(s.amount_cents), 0) "
        "FROM (SELECT *, paid_at AS sold_at FROM account_payment) s "
        f"WHERE s.kind = 'mpesa' AND {selection.condition}"
    )
    return int(database.value(sql, selection.values))
