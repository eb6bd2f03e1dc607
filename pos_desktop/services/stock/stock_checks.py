"""What a line that moves stock must be: some of a product that there is, whole if sold whole."""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import ProductCard, ProductChoice
from pos_desktop.domain.quantity import LARGEST_QUANTITY, ONE, Thousandths
from pos_desktop.domain.text import _
from pos_desktop.storage import product_cards
from pos_desktop.storage.database import ShopDatabase

MOST_LINES = 1000


def products_of(database: ShopDatabase, ids: Sequence[Id]) -> dict[Id, ProductCard]:
    """Return the products of the lines by id; raise Refused for none, too many, or one removed."""
    if not 1 <= len(ids) <= MOST_LINES:
        raise Refused(_("Enter from 1 to {most} lines, then try again.").format(most=MOST_LINES))
    choice = ProductChoice(ids=frozenset(ids), with_inactive=True)
    found = {card.id: card for card in product_cards.cards(database, choice)}
    if len(found) < len(set(ids)):
        raise Refused(
            _("A product of this list was removed from the catalogue: take its line out.")
        )
    return found


def check_stock_quantity(card: ProductCard, quantity: Thousandths) -> None:
    """Raise Refused for a part of a piece, and for more than a shop has."""
    if abs(quantity) > LARGEST_QUANTITY:
        limit = f"{LARGEST_QUANTITY // ONE:,}"
        raise Refused(_("The largest quantity is {limit}: type a smaller one.").format(limit=limit))
    if quantity % ONE and not card.form.by_weight:
        raise Refused(
            _("{name} is counted by the piece: type a whole number.").format(name=card.form.name)
        )
