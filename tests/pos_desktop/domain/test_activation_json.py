"""An activation is read by the form of each of its values."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.activation_json import BadActivation, NewerActivation, read_activation
from pos_desktop.domain.licence import Plan

GOOD: dict[str, Any] = {
    "form": 1,
    "serial": 7,
    "shop": "5" * 32,
    "till": "7" * 32,
    "plan": {"name": "monthly", "price_cents": 150_000, "months": 1},
    "valid_from": "2026-11-27T00:00:00Z",
    "valid_until": "2026-12-27T03:00:00+03:00",
    "receipt": "SKA1B2C3D4",
}


def _read(**other: Any) -> Any:
    return read_activation(json.dumps(GOOD | other).encode())


def test_all_of_it_is_read() -> None:
    found = _read(grace_days=3, more="is passed over")
    assert found.plan == Plan("monthly", 1_500_00, 1)
    assert (found.serial, found.receipt, found.grace_days, found.trial_days) == (
        7,
        "SKA1B2C3D4",
        3,
        30,
    )
    assert found.valid_until == datetime(2026, 12, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    "other",
    [
        {"serial": 0},
        {"serial": True},
        {"serial": "7"},
        {"shop": "x"},
        {"plan": None},
        {"plan": {"name": "a\nb", "price_cents": 1, "months": 1}},
        {"plan": {"name": "a", "price_cents": -1, "months": 1}},
        {"plan": {"name": "a", "price_cents": 1, "months": 10**9}},
        {"valid_until": "2026-11-26T00:00:00Z"},
        {"valid_until": "2026-12-27T00:00:00"},
        {"valid_until": "9999-12-31T00:00:00Z"},
        {"valid_until": 5},
        {"receipt": "ska1b2c3d4"},
        {"grace_days": 10**9},
        {"grace_days": -1},
        {"form": None},
        {"form": "1"},
    ],
)
def test_a_wrong_value_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(BadActivation):
        _read(**other)


def test_a_newer_form_wants_a_newer_program() -> None:
    with pytest.raises(NewerActivation):
        _read(form=2)


@given(st.binary() | st.recursive(st.none() | st.integers(), st.lists).map(json.dumps))
def test_nothing_else_comes_of_any_bytes(payload: bytes | str) -> None:
    with pytest.raises(BadActivation):
        read_activation(payload.encode() if isinstance(payload, str) else payload)
