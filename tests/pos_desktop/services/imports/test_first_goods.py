"""The first product of a shop is typed in one line, as people write prices."""

from __future__ import annotations

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.services.imports.first_goods import FirstProduct, read_first_product


@pytest.mark.parametrize(
    ("line", "name", "price_cents"),
    [
        ("Milk 500 ml 65", "Milk 500 ml", 65_00),
        ("  Sugar 1 kg   1,240.50 ", "Sugar 1 kg", 1240_50),
        ("Unga 2kg KES 190", "Unga 2kg", 190_00),
        ("Soda 500 Ksh. 60", "Soda 500", 60_00),
        ("Mandazi 10/=", "Mandazi", 10_00),
        ("Chai 30/-", "Chai", 30_00),
        ("=cmd 5", "=cmd", 5_00),
    ],
)
def test_a_name_and_its_price(line: str, name: str, price_cents: int) -> None:
    assert read_first_product(line) == FirstProduct(name, price_cents)


@pytest.mark.parametrize(
    "line", ["Milk", "65", "", "Milk 0", "Milk 1.234.5", "Milk -5", "a\x1bp 5"]
)
def test_what_is_none_is_refused(line: str) -> None:
    with pytest.raises(Refused):
        read_first_product(line)
