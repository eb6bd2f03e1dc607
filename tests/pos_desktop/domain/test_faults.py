"""A fault is logged under what a person reads out."""

from __future__ import annotations

import logging

import pytest

from pos_desktop.domain.faults import logged_fault, new_reference


def test_a_reference_has_no_sign_that_is_mistaken_for_another() -> None:
    made = {new_reference() for _time in range(200)}
    assert len(made) == 200
    assert all(len(one) == 6 for one in made)
    assert not set("".join(made)) & set("01IOabcxyz")


def test_it_stands_in_the_record_and_its_words(caplog: pytest.LogCaptureFixture) -> None:
    error = ValueError("for the test")
    reference = logged_fault(logging.getLogger("x"), error, "it waits", logging.CRITICAL)
    (record,) = caplog.records
    assert record.getMessage() == f"it waits (reference {reference}): for the test"
    assert (record.levelno, record.reference) == (logging.CRITICAL, reference)  # type: ignore[attr-defined]
    assert record.exc_info is not None
    assert record.exc_info[1] is error
