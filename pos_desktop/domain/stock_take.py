"""A count of the stock: what was found of each product, beside what the books said at that moment.

While people count, the shop sells on. So each count keeps the level that the books had when it was
made, and what matters at the end is by how much the two differed then: what was sold later was
counted and is gone since, and the difference stands.

Where a product is counted in several places, the level at the first of its counts holds for all:
what is sold between the first and the last is taken to be of what was counted first, as goods are
sold from the shelf and not from the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.quantity import Thousandths, line_amount


class TakeState(StrEnum):
    """How far a stock take is; the value is the word in the file."""

    COUNTING = "counting"
    ENDING = "ending"
    """A job brings the stock to the counts, or was to; nobody counts any more."""
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Uncounted(StrEnum):
    """What becomes of products that nobody has counted; the value is the word in the file."""

    LEFT = "left"
    """Their stock stays as the books have it."""
    ZERO = "zero"
    """There are none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockTake:
    """A stock take; moments are milliseconds UTC."""

    id: Id
    number: int
    state: TakeState
    category: str | None
    """None for the whole shop."""
    blind: bool
    """Whether those who count do not see what the books say."""
    staff_id: Id | None
    began_at: int
    changed_at: int

    def overlaps(self, category: str | None) -> bool:
        """Tell whether a take of this category, or of the whole shop, would count the same."""
        return None in (self.category, category) or self.category == category


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLine:
    """A product of a stock take."""

    product_id: Id
    code: str
    name: str
    category: str
    counted: Thousandths | None
    """What was found; None while nobody has counted it."""
    level: Thousandths | None
    """What the books said when it was first counted, or say now; None where that is not shown."""
    cost_cents: Cents | None

    def difference(self, uncounted: Uncounted = Uncounted.LEFT) -> Thousandths:
        """Return by how much the stock is to be corrected; 0 where the level is not shown."""
        if self.level is None or (self.counted is None and uncounted is Uncounted.LEFT):
            return 0
        return (self.counted or 0) - self.level

    def value_cents(self, uncounted: Uncounted = Uncounted.LEFT) -> Cents:
        """Return what the difference has cost; 0 where no cost is known."""
        return line_amount(self.cost_cents or 0, self.difference(uncounted))
