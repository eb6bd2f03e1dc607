"""Each tender of a payment that is undone goes back its own way."""

from __future__ import annotations

import pytest

from pos_desktop.domain.tender import Payment, Tender, TenderKind
from pos_desktop.services.counter.money_back import undo_title, undone_words


def payment(*tenders: Tender, due: int = 900_00) -> Payment:
    return Payment(due_cents=due, tenders=tenders)


def tender(kind: TenderKind, cents: int) -> Tender:
    return Tender(kind=kind, amount_cents=cents, given_cents=cents)


def test_only_cash_is_handed_out() -> None:
    cash = payment(tender(TenderKind.CASH, 100_00), tender(TenderKind.CASH, 50_00))
    assert undone_words(cash) == "Give 150.00 back to the customer."
    assert undo_title(cash) == "Give 150.00 back"
    mixed = payment(tender(TenderKind.CARD, 317_00), tender(TenderKind.CASH, 100_00))
    assert undone_words(mixed) == (
        "Cancel 317.00 on the card terminal. Give 100.00 back to the customer."
    )
    assert undo_title(mixed) == "Undo 417.00"


@pytest.mark.parametrize("kind", [kind for kind in TenderKind if kind is not TenderKind.CASH])
def test_of_no_other_tender_cash_is_given_or_taken(kind: TenderKind) -> None:
    for cents in (100_00, -100_00):
        words = undone_words(payment(tender(kind, cents), due=cents * 2))
        assert "100.00" in words
        assert "Give" not in words
        assert "Take" not in words


def test_what_was_given_back_is_taken_back() -> None:
    refund = payment(tender(TenderKind.CASH, -100_00), due=-300_00)
    assert undone_words(refund) == "Take 100.00 back from the customer."
    assert undo_title(refund) == "Take 100.00 back"
