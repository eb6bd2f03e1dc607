"""Our own references: short, of one till, and nothing that a customer types by chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.mpesa_reference import make_reference, till_of

CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=4)
NAMES = ("JUMA", "DUKA", "RUTH", "GRACE", "NJUGUNA", "Mum", "0712345678", "T1U1", "RENT AUG", "")


@given(CODES, st.integers(1, 32**5 - 1))
def test_a_reference_tells_whose_it_is_in_any_case(code: str, number: int) -> None:
    reference = make_reference(code, number)
    assert len(reference) <= 12
    assert till_of(reference) == code
    assert till_of(f" {reference.lower()} ") == code


@pytest.mark.parametrize("name", NAMES)
def test_what_a_customer_types_by_himself_is_no_tills(name: str) -> None:
    assert till_of(name) is None


@given(CODES, st.integers(1, 32**4), st.data())
def test_a_sign_that_is_typed_wrongly_is_noticed(
    code: str, number: int, data: st.DataObject
) -> None:
    reference = make_reference(code, number)
    place = data.draw(st.integers(len(code) + 1, len(reference) - 1))
    sign = data.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    typed = reference[:place] + sign + reference[place + 1 :]
    assert typed == reference or till_of(typed) is None


def test_two_references_of_a_till_differ() -> None:
    made = {make_reference("T1", number) for number in range(1, 5_000)}
    assert len(made) == 4_999
