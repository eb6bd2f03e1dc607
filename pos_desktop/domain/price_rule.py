"""How many prices are changed at once: by a share, by an amount, or to a margin, and rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.margin import margin, net_price, price_for_margin
from pos_desktop.domain.money import LARGEST_AMOUNT, Cents, divide_half_up
from pos_desktop.domain.percent import WHOLE, BasisPoints
from pos_desktop.domain.text import _

LARGEST_RISE: BasisPoints = 10 * WHOLE
LARGEST_MARGIN: BasisPoints = 95_00
"""Beyond it a price is more than twenty times its cost: a slip of the finger."""


LONGEST_LABEL = 60


class PriceWay(StrEnum):
    """How a new price is found; the value is the word in the file."""

    PERCENT = "percent"
    """The old price and a share of it, in basis points, less where that is below zero."""
    AMOUNT = "amount"
    """The old price and so many cents, less where that is below zero."""
    MARGIN = "margin"
    """What leaves so many basis points of the net price after the cost."""


@dataclass(frozen=True, slots=True)
class PriceEnding:
    """What prices end in: they are `ending` above a multiple of `step`. Amounts are cents."""

    step: Cents
    ending: Cents = 0

    def of(self, price: Cents) -> Cents:
        """Return the nearest price of this ending, the higher of two, and never below zero."""
        steps = (2 * (price - self.ending) + self.step) // (2 * self.step)
        found = steps * self.step + self.ending
        return found if found >= 0 else found + self.step


PRICE_ENDINGS: Mapping[str, PriceEnding] = {
    "cent": PriceEnding(1),
    "1": PriceEnding(1_00),
    "5": PriceEnding(5_00),
    "10": PriceEnding(10_00),
    ".99": PriceEnding(1_00, 99),
    "9": PriceEnding(10_00, 9_00),
    "99": PriceEnding(100_00, 99_00),
}
"""The endings in the order in which they are offered: to the cent, to shillings, to nines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """A way to new prices; raises Refused for a value that no shop means."""

    way: PriceWay
    value: int
    """Basis points or cents, as the way says."""
    ending: str = "1"
    """A key of PRICE_ENDINGS."""
    label: str = ""
    """What people call the change, or why it is made."""

    def __post_init__(self) -> None:
        if len(self.label) > LONGEST_LABEL or not self.label.isprintable():
            raise Refused(
                _("Say in up to {most} letters what this change is.").format(most=LONGEST_LABEL)
            )
        if self.ending not in PRICE_ENDINGS:
            endings = ", ".join(PRICE_ENDINGS)
            raise Refused(_("Choose one of these endings: {endings}.").format(endings=endings))
        if self.way is PriceWay.PERCENT and not -WHOLE < self.value <= LARGEST_RISE:
            raise Refused(_("Type a percentage above -100 and up to 1000."))
        if self.way is PriceWay.MARGIN and not 0 <= self.value <= LARGEST_MARGIN:
            raise Refused(_("Type a margin from 0 to 95 percent."))
        if self.way is PriceWay.AMOUNT and abs(self.value) > LARGEST_AMOUNT:
            raise Refused(_("No price is so large: type a smaller amount."))

    def price(self, old: Cents, cost: Cents | None, rate_bp: BasisPoints) -> Cents | None:
        """Return the new price, never below zero; None where there is none to be had."""
        raw = self._unrounded(old, cost, rate_bp)
        if raw is None:
            return None
        found = PRICE_ENDINGS[self.ending].of(max(raw, 0))
        return found if found <= LARGEST_AMOUNT else None

    def _unrounded(self, old: Cents, cost: Cents | None, rate_bp: BasisPoints) -> Cents | None:
        if self.way is PriceWay.PERCENT:
            return divide_half_up(old * (WHOLE + self.value), WHOLE)
        if self.way is PriceWay.AMOUNT:
            return old + self.value
        return None if not cost else price_for_margin(cost, self.value, rate_bp)

    def as_plain(self) -> dict[str, Any]:
        """Return the rule as plain values."""
        plain = {"way": self.way.value, "value": self.value, "ending": self.ending}
        return {**plain, "label": self.label} if self.label else plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> PriceRule:
        """Return the rule of plain values."""
        return cls(
            way=PriceWay(plain["way"]),
            value=plain["value"],
            ending=plain["ending"],
            label=plain.get("label", ""),
        )


class PriceWarning(StrEnum):
    """What a person should look at before a price is changed."""

    BELOW_COST = "below cost"
    """Without its tax the new price is less than the goods cost."""
    ZERO = "zero"
    """The goods would be given away."""
    NO_PRICE = "no price"
    """There is no cost to set a margin on, or the price would be too large: it stays."""


def warning_words(warning: PriceWarning) -> str:
    """Return what people read of a warning."""
    return {
        PriceWarning.BELOW_COST: _("below cost"),
        PriceWarning.ZERO: _("would cost nothing"),
        PriceWarning.NO_PRICE: _("no cost is known, or too large: stays as it is"),
    }[warning]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedProduct:
    """What of a product decides on its price, in the version that was read."""

    product_id: Id
    ver: int
    code: str
    name: str
    price_cents: Cents
    cost_cents: Cents | None
    tax_band: str


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One product of a preview: its old and its new price."""

    product: PricedProduct
    new_cents: Cents
    old_margin_bp: BasisPoints | None
    margin_bp: BasisPoints | None
    """None where no cost is known."""
    warnings: tuple[PriceWarning, ...]

    @property
    def difference_cents(self) -> Cents:
        """By how much the price changes."""
        return self.new_cents - self.product.price_cents


def price_row(rule: PriceRule, product: PricedProduct, rate_bp: BasisPoints) -> PriceRow:
    """Return what a rule does to a product's price."""
    old, cost = product.price_cents, product.cost_cents
    found = rule.price(old, cost, rate_bp)
    new = old if found is None else found
    warnings = []
    if found is None:
        warnings.append(PriceWarning.NO_PRICE)
    if not new:
        warnings.append(PriceWarning.ZERO)
    elif cost is not None and net_price(new, rate_bp) < cost:
        warnings.append(PriceWarning.BELOW_COST)
    return PriceRow(
        product, new, margin(old, cost, rate_bp), margin(new, cost, rate_bp), tuple(warnings)
    )
