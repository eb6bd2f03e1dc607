"""What a rule for many prices would do, as a person looks at it before it is done.

However many products there are, so many of them are kept as a person can look through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.percent import BasisPoints
from pos_desktop.domain.price_rule import PriceRow, PriceRule, PriceWarning
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.text import _

MOST_SEEN = 5_000
"""So many rows of a preview are listed; the others are counted."""
_TELL_EVERY = 500
_BAD = frozenset({PriceWarning.BELOW_COST, PriceWarning.ZERO})


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWish:
    """Which prices are to change and how, and how far the catalogue was when that was looked at."""

    rule: PriceRule
    choice: ProductChoice
    margin_below: BasisPoints | None = None
    margin_above: BasisPoints | None = None
    version: int
    """A product with a later version was changed after the look."""
    rates: Mapping[str, BasisPoints]
    """The VAT of each band on the day of the look."""
    count: int = 0
    """How many prices would change."""

    def means(self, row: PriceRow) -> bool:
        """Tell whether a product is meant, by its margin."""
        if self.margin_below is None and self.margin_above is None:
            return True
        share = row.old_margin_bp
        return (
            share is not None
            and (self.margin_below is None or share < self.margin_below)
            and (self.margin_above is None or share > self.margin_above)
        )

    def is_unchanged(self, row: PriceRow) -> bool:
        """Tell whether a price is to change and is still as it was looked at."""
        return bool(row.difference_cents) and row.product.ver <= self.version

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        choice = self.choice
        return {
            "rule": self.rule.as_plain(),
            "choice": {
                "text": choice.text,
                "category": choice.category,
                "supplier_id": choice.supplier_id,
                "ids": None if choice.ids is None else sorted(choice.ids),
                "with_inactive": choice.with_inactive,
            },
            "margin_below": self.margin_below,
            "margin_above": self.margin_above,
            "version": self.version,
            "rates": dict(self.rates),
            "count": self.count,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> PriceWish:
        """Return the wish of plain values."""
        choice = dict(plain["choice"])
        ids = choice.pop("ids")
        return cls(
            **{
                **plain,
                "rule": PriceRule.from_plain(plain["rule"]),
                "choice": ProductChoice(**choice, ids=None if ids is None else frozenset(ids)),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePreview:
    """What a rule would do to the products of a choice: exactly what is done then.

    The first rows are listed, MOST_SEEN of each kind; all are counted.
    """

    wish: PriceWish
    rows: tuple[PriceRow, ...]
    changes: tuple[PriceRow, ...]
    """The rows whose price would be another."""
    warned: tuple[PriceRow, ...]
    """The rows that a person should look at first."""
    count: int
    changing: int
    warnings: int
    risky: int
    """The changes by which goods would be sold below cost, or given away."""

    @property
    def rule(self) -> PriceRule:
        """By which rule."""
        return self.wish.rule

    def check(self) -> None:
        """Raise Refused where nothing would change."""
        if not self.changing:
            raise Refused(_("No price would change: choose other products or another rule."))

    def wish_as_seen(self) -> PriceWish:
        """Return the wish with nothing in it that has moved by the time it is carried out.

        What is low is low by its stock, which moves with each sale.
        """
        wish = replace(self.wish, count=self.changing)
        if not wish.choice.low:
            return wish
        if self.changing > len(self.changes):
            raise Refused(_("These are too many products to be chosen by their stock."))
        ids = frozenset(row.product.product_id for row in self.changes)
        return replace(wish, choice=replace(wish.choice, low=False, ids=ids))


def looked_at(
    wish: PriceWish, rows: Iterable[PriceRow], progress: Callable[[int], None]
) -> PricePreview:
    """Return what a person sees of rows; `progress` is told in between how many they are so far."""
    seen, changes, warned = list[PriceRow](), list[PriceRow](), list[PriceRow]()
    count = changing = warnings = risky = 0
    for count, row in enumerate(rows, start=1):
        _keep(seen, row)
        if row.warnings:
            warnings += 1
            _keep(warned, row)
        if row.difference_cents:
            changing += 1
            risky += not _BAD.isdisjoint(row.warnings)
            _keep(changes, row)
        if count % _TELL_EVERY == 0:
            progress(count)
    return PricePreview(
        wish=wish,
        rows=tuple(seen),
        changes=tuple(changes),
        warned=tuple(warned),
        count=count,
        changing=changing,
        warnings=warnings,
        risky=risky,
    )


def _keep(kept: list[PriceRow], row: PriceRow) -> None:
    if len(kept) < MOST_SEEN:
        kept.append(row)
