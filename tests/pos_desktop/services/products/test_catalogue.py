"""Search knows the words of the catalogue as it is now, and waits for nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.services.products.catalogue import Catalogue, UnknownCode
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import add_product


def _names(catalogue: Catalogue, text: str) -> list[str]:
    return [item.name for item in catalogue.search(text)]


def _import(shop: Shop, *rows: str) -> None:
    path = shop.directory / "more.csv"
    path.write_text("\n".join(("code,name,price", *rows)), encoding="utf-8")
    shop.importing.products(path, actor=None)


def test_a_typing_error_finds_what_was_imported_since(selling_shop: Shop) -> None:
    waiting: list[Callable[[], None]] = []
    catalogue = Catalogue(selling_shop.reader, waiting.append)
    assert _names(catalogue, "sugr") == ["Sugar 1 kg"]
    assert not waiting
    _import(selling_shop, "BIS,Digestive biscuits,120")
    assert _names(catalogue, "biscits") == []
    assert _names(catalogue, "biscits") == []
    assert len(waiting) == 1, "the words are read once, and not while somebody types"
    waiting.pop()()
    assert _names(catalogue, "biscits") == ["Digestive biscuits"]


def test_where_nobody_waits_elsewhere_the_words_are_read_at_once(selling_shop: Shop) -> None:
    catalogue = Catalogue(selling_shop.reader)
    assert _names(catalogue, "biscits") == []
    _import(selling_shop, "BIS,Digestive biscuits,120")
    assert _names(catalogue, "biscits") == ["Digestive biscuits"]


def test_an_inactive_product_is_told_and_not_found(selling_shop: Shop) -> None:
    add_product(selling_shop, "OLD", "Old soap", 5_000, active=0)
    with pytest.raises(Refused, match="no longer sold"):
        selling_shop.catalogue.item("OLD")
    assert _names(selling_shop.catalogue, "old soap") == []
    with pytest.raises(UnknownCode):
        selling_shop.catalogue.item("NEVER")


def test_a_code_is_found_in_small_and_large_letters(selling_shop: Shop) -> None:
    add_product(selling_shop, "mix-Ed", "Mixed spices", 5_000)
    add_product(selling_shop, "milk", "Another milk", 9_900)
    found = selling_shop.catalogue.item
    assert found("sugar").name == "Sugar 1 kg"
    assert found("milk").name == "Another milk", "what stands there exactly comes first"
    assert found("MILK").name == "Milk 500 ml"
    assert found("mix-Ed").name == "Mixed spices"
    with pytest.raises(UnknownCode):
        found("MIX-ED")
