"""What a scan says, whatever its scanner puts around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.scanned import scanned_code
from pos_hardware.wedge import Fate, Wedge


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("]E06161990000013", "6161990000013"),
        ("]E496385074", "96385074"),
        ("]C10104006381333931", "0104006381333931"),
        ("]d20104006381333931", "0104006381333931"),
        ("]Q3https://example.org/01/1", "https://example.org/01/1"),
        ("]X0]E0", "]E0"),
        ("6161990000013", "6161990000013"),
        ("A]E0123", "A]E0123"),
        ("]1E0123", "]1E0123"),
        ("]E-0123", "]E-0123"),
        ("]C1", "]C1"),
        ("", ""),
        ("\x02]E06161990000013\x03", "6161990000013"),
        (" 6161990000013 ", "6161990000013"),
        ("\x03", ""),
    ],
)
def test_the_identifier_of_the_symbology_is_taken_off(sent: str, code: str) -> None:
    assert scanned_code(sent) == code


@given(st.text("0123456789ABCabc-./", min_size=1), st.sampled_from(["]E0", "]C1", "]d2", "]Q3"]))
def test_a_code_is_the_same_with_and_without(code: str, identifier: str) -> None:
    assert scanned_code(identifier + code) == code
    assert scanned_code(code) == code


def test_a_wedge_takes_it_off() -> None:
    wedge = Wedge()
    for place, letter in enumerate("]E06161990000013"):
        assert wedge.feed(letter, place * 5.0).fate is Fate.HOLD
    assert wedge.feed("\r", 85.0, terminator=True).scan == "6161990000013"


def test_a_burst_that_says_nothing_is_typing() -> None:
    wedge = Wedge()
    for place in range(8):
        wedge.feed(" ", place * 5.0)
    decision = wedge.feed("\r", 45.0, terminator=True)
    assert decision.scan is None
    assert len(decision.replay) == 8
