"""Goods made up for measuring: as many as wanted, always the same, with valid barcodes."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from pos_desktop.domain.barcodes import check_digit

HEADER = ("code", "barcode", "name", "category", "unit", "price", "cost", "tax", "stock")
_WORDS = (
    "maize",
    "flour",
    "sugar",
    "milk",
    "tea",
    "coffee",
    "soap",
    "rice",
    "beans",
    "oil",
    "bread",
    "water",
    "juice",
    "salt",
    "pepper",
    "honey",
    "butter",
    "cheese",
    "yoghurt",
    "paper",
    "matches",
    "candle",
    "torch",
    "battery",
    "razor",
    "comb",
    "brush",
    "paste",
    "powder",
    "cream",
    "lotion",
)
_STEPS = (7919, 104_729, 1_299_709)
"""Primes, so that neighbours share no words."""


def barcode(place: int) -> str:
    """Return the EAN-13 of the good at a place."""
    payload = f"61{place:010d}"
    return payload + str(check_digit(payload))


def name(place: int) -> str:
    """Return the name of the good at a place: three words and a weight."""
    words = [_WORDS[(place * step // 64) % len(_WORDS)] for step in _STEPS]
    return f"{' '.join(words)} {place % 500} g"


def rows(count: int, first: int = 0) -> Iterator[Sequence[str]]:
    """Yield goods in the order of HEADER."""
    for place in range(first, first + count):
        price, cost = 1000 + place * 37 % 89_000, 500 + place * 17 % 40_000
        yield (
            f"C{place}",
            barcode(place),
            name(place),
            _WORDS[place % len(_WORDS)],
            "pc",
            f"{price / 100:.2f}",
            f"{cost / 100:.2f}",
            "B",
            str(1 + place % 199),
        )


def write_csv(path: Path, count: int, first: int = 0) -> Path:
    """Write goods into a file that can be imported."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count, first))
    return path
