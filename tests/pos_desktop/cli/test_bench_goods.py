"""The goods that benchmarks measure with look like a shop's."""

from __future__ import annotations

from collections import Counter

from pos_desktop.cli.bench import goods
from pos_desktop.domain.barcodes import check_digit

COUNT = 20_000


def test_names_are_made_of_thousands_of_words_few_of_them_common() -> None:
    names = [goods.name(place) for place in range(COUNT)]
    assert len(set(names)) == COUNT
    words = Counter(word for name in names for word in name.split() if word[0].isalpha())
    assert len(words) > 3000
    brands = sorted(Counter(name.split()[0] for name in names).values())
    assert brands[-1] > 50 * brands[len(brands) // 2]


def test_goods_are_always_the_same_and_their_barcodes_valid() -> None:
    rows = list(goods.rows(100, first=7))
    assert rows == list(goods.rows(107))[7:]
    codes = [row[goods.HEADER.index("barcode")] for row in rows]
    assert len(set(codes)) == 100
    assert all(code[-1] == str(check_digit(code[:-1])) for code in codes)
