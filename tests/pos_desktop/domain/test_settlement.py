"""An exchange: each side adds up by itself, and money moves for the difference alone."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.settlement import settle
from pos_desktop.domain.tender import Payment, TenderKind

NUMBERS = (ReceiptNumber("T1", 7), ReceiptNumber("T1", 8))
AMOUNTS = st.integers(0, 1_000_000)


@given(AMOUNTS, AMOUNTS, st.booleans())
@example(65_00, 65_08, False)
@example(65_08, 65_00, False)
def test_both_sides_add_up_and_the_exchange_is_nothing_in_sum(
    gross: int, returned: int, by_card: bool
) -> None:
    payment = Payment(due_cents=gross - returned)
    card = by_card and payment.due_cents
    payment = payment.exact(TenderKind.CARD) if card else payment.cash()
    sale, refund = settle(gross, returned, payment, NUMBERS)
    assert sale.paid_cents == gross + sale.rounding_cents
    assert refund.paid_cents == -returned + refund.rounding_cents
    both = (*sale.tenders, *refund.tenders)
    exchanged = [one for one in both if one.kind is TenderKind.EXCHANGE]
    assert sum(one.amount_cents for one in exchanged) == 0
    assert sum(one.amount_cents for one in both) == payment.paid_cents
    assert all(one.amount_cents >= 0 for one in sale.tenders)
    assert all(one.amount_cents <= 0 for one in refund.tenders)
    assert [one.reference for one in exchanged] == ["T1-000008", "T1-000007"][: len(exchanged)]
