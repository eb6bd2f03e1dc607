"""Notes and coins: what a count of them comes to."""

from __future__ import annotations

import pytest

from pos_desktop.domain.denominations import check_pieces, denominations, worth
from pos_desktop.domain.errors import Refused


def test_the_notes_and_coins_of_kenya_from_the_largest() -> None:
    found = denominations("KES")
    assert list(found) == sorted(found, reverse=True)
    assert (found[0], found[-1]) == (1000_00, 1_00)
    assert denominations("CHF") == ()


def test_a_count_comes_to_the_sum_of_its_pieces() -> None:
    assert worth({1000_00: 3, 50_00: 1, 1_00: 7}) == 3057_00
    assert worth({}) == 0
    assert worth({1_00: 99_999}) == 99_999_00
    check_pieces({20_00: 4}, 80_00)


@pytest.mark.parametrize("pieces", [{1000_00: -1}, {1_00: 100_000}, {1000_00: 100_001}])
def test_a_count_that_cannot_be_is_refused(pieces: dict[int, int]) -> None:
    with pytest.raises(Refused):
        worth(pieces)


def test_pieces_that_do_not_come_to_the_count_are_refused() -> None:
    with pytest.raises(Refused):
        check_pieces({20_00: 4}, 81_00)
