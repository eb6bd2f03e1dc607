"""Goods made up for measuring: as many as wanted, always the same, with valid barcodes.

Their names are put together as on a shelf: a brand, a variety, what it is, a size. Of the
thousands of brands a few have many goods and most have few; each makes a handful of things.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from pos_desktop.domain.barcodes import check_digit

HEADER = ("code", "barcode", "name", "category", "unit", "price", "cost", "tax", "stock")
_NOUNS = (  # noqa: SIM905 - words are read as text
    "maize flour,wheat flour,sugar,milk,tea,coffee,bar soap,rice,beans,cooking oil,bread,water,"
    "juice,salt,black pepper,honey,butter,cheese,yoghurt,toilet paper,matches,candle,torch,"
    "battery,razor,comb,tooth brush,tooth paste,milk powder,hand cream,body lotion,soda,biscuits,"
    "crisps,sweets,jam,noodles,spaghetti,lentils,groundnuts,washing powder,bleach,shampoo,tissue,"
    "nappies,exercise book,pencil,envelope"
).split(",")
_FIRST_HALVES = (  # noqa: SIM905 - words are read as text
    "sun moon star gold green red blue white silver royal fresh pure sweet soft strong light dark "
    "wild high low river lake hill coast north south east west home farm field garden"
).split()
_SECOND_HALVES = (  # noqa: SIM905 - words are read as text
    "rise land crest drop leaf bloom gate bridge stone wind dale wood ridge way side mark crown "
    "song glow shade pride joy care time life touch point line best choice"
).split()
_SIZES = (  # noqa: SIM905 - words are read as text
    "25 g,40 g,50 g,75 g,90 g,100 g,125 g,150 g,200 g,250 g,300 g,375 g,400 g,450 g,500 g,750 g,"
    "900 g,1 kg,2 kg,5 kg,10 kg,100 ml,200 ml,330 ml,500 ml,750 ml,1 l,1.5 l,2 l,3 l,6 pcs,12 pcs"
).split(",")
_ONSETS, _VOWELS = "bcdfghjklmnprstvwyz", "aeiou"
_BRANDS = 3000
_TURNS = 10_007
"""A prime: each brand's first goods lie scattered over this many."""
_THINGS = 5
"""How many different things a brand makes."""


def barcode(place: int) -> str:
    """Return the EAN-13 of the good at a place."""
    payload = f"61{place:010d}"
    return payload + str(check_digit(payload))


def name(place: int) -> str:
    """Return the name of the good at a place."""
    number = _brand_of(place)
    turn = place * 104_729
    first = _FIRST_HALVES[turn % len(_FIRST_HALVES)]
    second = _SECOND_HALVES[turn // 37 % len(_SECOND_HALVES)]
    return f"{_brand(number)} {first}{second} {_noun(place)} {_SIZES[turn // 1009 % len(_SIZES)]}"


def rows(count: int, first: int = 0) -> Iterator[Sequence[str]]:
    """Yield goods in the order of HEADER."""
    for place in range(first, first + count):
        price, cost = 1000 + place * 37 % 89_000, 500 + place * 17 % 40_000
        yield (
            f"C{place}",
            barcode(place),
            name(place),
            _noun(place),
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


def _brand_of(place: int) -> int:
    """Return the number of a good's brand; those of low numbers have many times more goods."""
    return (place * 7919 % _TURNS) ** 2 * _BRANDS // _TURNS**2


def _brand(number: int) -> str:
    """Return a brand of three syllables; no two numbers share one."""
    syllables = len(_ONSETS) * len(_VOWELS)
    letters = ""
    rest = (number + 1) * 104_729 % syllables**3
    for _syllable in range(3):
        rest, syllable = divmod(rest, syllables)
        letters += _ONSETS[syllable // len(_VOWELS)] + _VOWELS[syllable % len(_VOWELS)]
    return letters.capitalize()


def _noun(place: int) -> str:
    return _NOUNS[(_brand_of(place) * 11 + place // _TURNS % _THINGS) % len(_NOUNS)]
