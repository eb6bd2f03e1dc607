"""PINs are hashed by argon2id with a salt of their own."""

from __future__ import annotations

import pytest

from pos_desktop.security.pins import hash_pin, pin_matches

pytestmark = pytest.mark.usefixtures("full_cost_of_pins")


def test_a_hash_costs_so_much_that_a_stolen_one_is_not_soon_guessed() -> None:
    assert hash_pin("1234").startswith("$argon2id$v=19$m=32768,t=3,p=1$")


def test_a_pin_matches_its_own_hash_alone() -> None:
    hashed = hash_pin("1234")
    assert hashed.startswith("$argon2id$")
    assert pin_matches(hashed, "1234")
    assert not pin_matches(hashed, "1235")


def test_the_same_pin_is_hashed_differently_each_time() -> None:
    assert hash_pin("1234") != hash_pin("1234")


def test_a_damaged_hash_matches_nothing() -> None:
    assert not pin_matches("", "1234")
    assert not pin_matches("$argon2id$v=19$broken", "1234")
