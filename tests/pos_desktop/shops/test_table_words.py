"""Each table of the shop's file has words that people of a shop use."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pos_desktop.shop import open_shop
from pos_desktop.shops.outcomes import _in_words
from pos_desktop.shops.table_words import _words, table_words
from pos_desktop.storage.migrations import LATEST
from pos_desktop.storage.salvage import Fate
from tests.released.released_shops import unpack

OTHER = "other things"
SPOKEN_OF = {"sale", "sale_line", "tender", "cart", "product", "staff", "customer", "tax_rate"}


def test_each_table_with_words_is_in_the_file(tmp_path: Path) -> None:
    with closing(open_shop(unpack(LATEST, tmp_path / "shop"))) as shop:
        found = shop.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    assert {*_words()} <= {row["name"] for row in found}


def test_a_table_that_a_shop_speaks_of_has_words_and_another_is_summed() -> None:
    assert OTHER not in {table_words(name) for name in SPOKEN_OF}
    assert not {table_words(name) for name in SPOKEN_OF} & SPOKEN_OF
    assert table_words("product_search_idx") == OTHER


def test_tables_of_the_same_words_are_told_together() -> None:
    missing = {"fact": Fate(spoilt=2), "tax_rate": Fate(spoilt=1), "journal": Fate(lost_pages=3)}
    assert _in_words(missing) == {
        "the journal": Fate(spoilt=2, lost_pages=3),
        "tax rates": Fate(spoilt=1),
    }
