"""Selling from the scale: what is weighed with its tare, and never sold twice by one weighing.

Weights are thousandths of a unit (a kilogram), as quantities are.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.quantity import Thousandths, format_quantity
from pos_desktop.domain.text import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """An item on the scale: what the scale showed, and what of it is sold."""

    item: Item
    shown: Thousandths
    net: Thousandths


def net_weight(shown: Thousandths, tare: Thousandths) -> Thousandths:
    """Return what the goods weigh without bag or bowl; never below zero."""
    return max(0, shown - max(0, tare))


def weigh(item: Item, shown: Thousandths, tare: Thousandths = 0) -> Weighing:
    """Return what of an item is sold by what the scale shows.

    Raises Refused for an item that is not weighed, for an empty scale, and where the tare leaves
    nothing.
    """
    if not item.by_weight:
        sentence = _("{name} is sold by the piece: type how many, such as 2*{code}.")
        raise Refused(sentence.format(name=item.name, code=item.code))
    if shown <= 0:
        sentence = _("Nothing lies on the scale: put {name} on it, then weigh again.")
        raise Refused(sentence.format(name=item.name))
    net = net_weight(shown, tare)
    if not net:
        sentence = _(
            "The scale shows {shown} and the tare is {tare}: put {name} on it, or correct the tare."
        )
        words = {"shown": format_quantity(shown), "tare": format_quantity(tare)}
        raise Refused(sentence.format(name=item.name, **words))
    return Weighing(item=item, shown=shown, net=net)


@dataclass(frozen=True, slots=True)
class WeighedBefore:
    """The rule that one weighing is sold once.

    The same product is weighed again only after the scale has come back to zero, or has come to
    rest at another weight, since it was sold. Other products may be weighed at any time.
    """

    sold: Weighing | None = None
    """The last weighing that was sold, until the scale has shown something else."""

    def seen(self, shown: Thousandths) -> WeighedBefore:
        """Return the rule after the scale came to rest at a weight."""
        if self.sold is None or shown == self.sold.shown:
            return self
        return WeighedBefore()

    def check(self, weighing: Weighing) -> None:
        """Raise Refused where this was sold already."""
        sold = self.seen(weighing.shown).sold
        if sold is not None and sold.item.product_id == weighing.item.product_id:
            sentence = _(
                "This weighing of {name} is sold already: take it off the scale, then weigh again."
            )
            raise Refused(sentence.format(name=weighing.item.name))
