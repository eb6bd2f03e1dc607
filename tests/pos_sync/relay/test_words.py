"""Secrets are fit for addresses that Daraja takes."""

from __future__ import annotations

import os
import re

import pytest
from pos_sync.relay import words


def test_no_word_that_is_forbidden_can_be_spelt() -> None:
    for word in words.FORBIDDEN:
        assert set(word) - set(words.ALPHABET), word


def test_a_secret_is_long_of_the_alphabet_and_another_each_time() -> None:
    made = {words.new_secret(os.urandom) for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(f"[{words.ALPHABET}]{{40}}", one) for one in made)
    assert set("".join(made)) == set(words.ALPHABET)


def test_all_of_the_chance_is_used() -> None:
    one, other = bytes(48), bytes(47) + b"\1"
    assert words.new_secret(lambda _: one) != words.new_secret(lambda _: other)


@pytest.mark.parametrize("address", ["https://MPesa.example", "https://relay.example/Query"])
def test_an_address_that_would_be_refused_is_known(address: str) -> None:
    assert words.forbidden_in(address)
    assert not words.forbidden_in("https://relay.example/s")
