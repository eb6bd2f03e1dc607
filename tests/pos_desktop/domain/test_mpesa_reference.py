"""Our own references: whose they are, and that a customer's words are nobody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.mpesa_reference import is_of_another, is_of_till, make_reference, till_of

CODES = st.from_regex(r"[A-Z0-9]{1,4}", fullmatch=True)


@given(code=CODES, other=CODES, number=st.integers(1, 32**6))
def test_a_reference_is_of_the_till_that_made_it(code: str, other: str, number: int) -> None:
    reference = make_reference(code, number)
    assert is_of_till(reference, code)
    assert is_of_till(reference.lower(), code)
    assert not is_of_another(reference, code)
    if other != code:
        assert not is_of_till(reference, other)
        assert is_of_another(reference, other) == any(sign.isdigit() for sign in code)


@pytest.mark.parametrize("words", ["SUGAR", "Ruth", "NJUGUNA", "JUMA", "HOUSE12", "", "0712345678"])
def test_what_a_customer_types_of_their_own_is_of_no_till(words: str) -> None:
    assert till_of(words) is None
    assert not is_of_another(words, "T1")
