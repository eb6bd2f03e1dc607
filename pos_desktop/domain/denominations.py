"""Notes and coins: what a drawer can hold, and what a count of them comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, check_amount
from pos_desktop.domain.text import _

Pieces = Mapping[Cents, int]
"""How many pieces of each value, by the value in cents."""

MOST_PIECES = 99_999
"""Nobody counts more of one kind: such a number is a slip."""

_BY_CURRENCY: Mapping[str, Sequence[Cents]] = {
    "KES": (1000_00, 500_00, 200_00, 100_00, 50_00, 40_00, 20_00, 10_00, 5_00, 1_00),
    "UGX": (
        50_000_00, 20_000_00, 10_000_00, 5_000_00, 2_000_00, 1_000_00, 500_00, 200_00, 100_00,
        50_00,
    ),
    "TZS": (10_000_00, 5_000_00, 2_000_00, 1_000_00, 500_00, 200_00, 100_00, 50_00),
    "RWF": (5_000_00, 2_000_00, 1_000_00, 500_00, 100_00, 50_00, 20_00, 10_00),
}  # fmt: skip


def denominations(currency: str) -> Sequence[Cents]:
    """Return the notes and coins of a currency, the largest first; none where it is unknown."""
    return _BY_CURRENCY.get(currency, ())


def worth(pieces: Pieces) -> Cents:
    """Return what pieces come to; raise Refused for a number of them that cannot be."""
    if any(not 0 <= count <= MOST_PIECES for count in pieces.values()):
        raise Refused(_("Type how many pieces there are: 0 or more, at most 99,999."))
    total = sum(value * count for value, count in pieces.items())
    check_amount(total)
    return total


def check_pieces(pieces: Pieces, counted_cents: Cents) -> None:
    """Raise Refused where pieces do not come to what is said to be counted."""
    if worth(pieces) != counted_cents:
        raise Refused(_("The notes and coins do not come to this sum: count them again."))
