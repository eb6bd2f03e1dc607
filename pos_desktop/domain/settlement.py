"""An exchange: goods against goods that come back, settled against one another.

What is worth the same on both sides changes hands as the tender `exchange`, so that the sale and
the refund each add up by themselves, and money moves for the difference alone.
"""

from __future__ import annotations

from dataclasses import replace

from pos_desktop.domain.money import Cents
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.tender import Payment, Tender, TenderKind


def settle(
    gross_cents: Cents,
    returned_cents: Cents,
    payment: Payment,
    numbers: tuple[ReceiptNumber, ReceiptNumber],
) -> tuple[Payment, Payment]:
    """Return how the sale and the refund of an exchange are paid.

    `gross_cents` are the goods, `returned_cents` what comes back, both 0 or more; the payment is
    the finished one of their difference, negative where money goes to the customer. `numbers` are
    the receipts of sale and refund: each names the other as its tender.
    """
    exchanged = min(gross_cents, returned_cents)
    moved = tuple(
        one for one in payment.tenders if one.amount_cents or one.rounding_cents or not exchanged
    )
    buys = gross_cents >= returned_cents
    to_sale, to_refund = (moved, ()) if buys else ((), moved)
    sale = (*_exchange(exchanged, numbers[1]), *to_sale)
    refund = (*_exchange(-exchanged, numbers[0]), *to_refund)
    return (
        replace(payment, due_cents=gross_cents, tenders=sale),
        replace(payment, due_cents=-returned_cents, tenders=refund),
    )


def _exchange(amount: Cents, other: ReceiptNumber) -> tuple[Tender, ...]:
    if not amount:
        return ()
    return (
        Tender(
            kind=TenderKind.EXCHANGE,
            amount_cents=amount,
            given_cents=amount,
            reference=str(other),
        ),
    )
