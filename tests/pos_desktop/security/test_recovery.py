"""The recovery key makes all other keys again; a typing error is noticed."""

from __future__ import annotations

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.security.recovery import DERIVED, derive_keys, make_recovery_key

SHOP = "0193" * 8


def test_the_same_key_makes_the_same_keys_and_no_two_are_alike() -> None:
    recovery_key = make_recovery_key()
    keys = derive_keys(recovery_key, SHOP)
    assert set(keys) == set(DERIVED)
    assert len(set(keys.values())) == len(DERIVED)
    assert derive_keys(recovery_key.lower().replace("-", " "), SHOP) == keys
    assert derive_keys(recovery_key, "0194" * 8) != keys
    assert derive_keys(make_recovery_key(), SHOP) != keys


def test_every_wrong_letter_is_noticed() -> None:
    recovery_key = make_recovery_key()
    for place, letter in enumerate(recovery_key):
        if letter == "-":
            continue
        other = "A" if letter != "A" else "B"
        with pytest.raises(Refused):
            derive_keys(recovery_key[:place] + other + recovery_key[place + 1 :], SHOP)


@pytest.mark.parametrize("text", ["", "AAAAA", "not a key!", "é" * 40])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        derive_keys(text, SHOP)
