"""A part payment on disk: it comes back as it was, or is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.payment_json import payment_from_json, payment_to_json
from pos_desktop.domain.tender import Payment, RoundingRules, TenderKind

RULES = RoundingRules()
PARTS = st.lists(
    st.tuples(st.sampled_from([TenderKind.CASH, TenderKind.CARD]), st.integers(1, 90)), max_size=9
)


@given(due=st.integers(1000_00, 10_000_00), parts=PARTS)
def test_a_payment_comes_back_as_it_was(due: int, parts: list[tuple[TenderKind, int]]) -> None:
    payment = Payment(due_cents=due, rules=RULES)
    for kind, cents in parts:
        cash = kind is TenderKind.CASH
        payment = payment.cash(cents * 100) if cash else payment.exact(kind, cents, "R1")
    written = json.loads(json.dumps(payment_to_json(payment)))
    assert payment_from_json(written, RULES) == payment


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"due_cents": 1, "tenders": [{}]},
        {"due_cents": True, "tenders": []},
        {"due_cents": 10**14, "tenders": []},
        {"due_cents": 1, "tenders": 5},
    ],
)
def test_what_is_no_payment_is_refused(data: object) -> None:
    with pytest.raises(Refused):
        payment_from_json(data, RULES)


def test_a_tender_that_does_not_add_up_is_refused() -> None:
    data = payment_to_json(Payment(due_cents=500_00, rules=RULES).cash(300_00))
    data["tenders"][0]["given_cents"] = 900_00
    with pytest.raises(Refused):
        payment_from_json(data, RULES)
