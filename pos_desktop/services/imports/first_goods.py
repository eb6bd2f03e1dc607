"""The first goods of a new shop: one product typed in a line, or the sample catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import as_file, files

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, parse_amount
from pos_desktop.domain.product import ProductForm
from pos_desktop.domain.text import _
from pos_desktop.services.imports.importing import Importing
from pos_desktop.services.products.product_editing import ProductEditing

FIRST_CODE = "1"
"""The code of the first product: short to type where it has no barcode."""
_LINE = re.compile(
    r"(?P<name>.*?\S)\s+(?:(?:kes|kshs?|shs?|sh)\.?\s*)?(?P<price>[0-9][0-9.,]*)\s*(?:/[=-]|/-)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FirstProduct:
    """A product and what it costs."""

    name: str
    price_cents: Cents


class SampleGoods:
    """The forty goods of the demo shop."""


FirstGoods = FirstProduct | SampleGoods | None
"""What a new shop sells at first; None: goods are imported later."""


def read_first_product(line: str) -> FirstProduct:
    """Return the product of a line such as `Milk 500 ml 65`: its name, and its price at the end.

    Raises Refused where one of them is missing.
    """
    match = _LINE.fullmatch(line.strip())
    price = parse_amount(match["price"]) if match else 0
    if not match or price <= 0 or not match["name"].isprintable():
        raise Refused(_("Type a name and then its price, such as: Milk 500 ml 65"))
    return FirstProduct(match["name"], price)


def bring_goods(importing: Importing, products: ProductEditing, goods: FirstGoods) -> None:
    """Put the first goods of a shop into its catalogue."""
    if isinstance(goods, SampleGoods):
        with as_file(files("pos_resources.sample") / "catalogue.csv") as catalogue:
            importing.products(catalogue, actor=None)
    elif goods is not None:
        form = ProductForm(name=goods.name, price_cents=goods.price_cents, code=FIRST_CODE)
        products.add(form, actor=None)
