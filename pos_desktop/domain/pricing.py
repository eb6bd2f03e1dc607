"""What a basket costs: discounts first, then tax out of each line; every sum is one of lines.

Words as in the books: `full` is before every discount, `gross` after, with tax included;
`gross = net + vat`. All in cents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.money import Cents, allocate
from pos_desktop.domain.percent import BasisPoints, percent_of
from pos_desktop.domain.quantity import ONE, Thousandths
from pos_desktop.domain.tax import TaxTable, included_tax


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line with all its amounts; those of a refund are negative, like its quantity."""

    key: int
    item: Item
    quantity: Thousandths
    price_cents: Cents
    discount_bp: BasisPoints
    full_cents: Cents
    line_discount_cents: Cents
    cart_discount_cents: Cents
    """This line's share of the discount on the cart."""
    gross_cents: Cents
    rate_bp: BasisPoints
    vat_cents: Cents

    @property
    def net_cents(self) -> Cents:
        """What remains of the gross without the tax in it."""
        return self.gross_cents - self.vat_cents

    @property
    def discount_cents(self) -> Cents:
        """What the line lost by both discounts."""
        return self.line_discount_cents + self.cart_discount_cents

    @property
    def pieces(self) -> int:
        """How many items the line counts for: a weighed one is one."""
        if self.item.by_weight:
            return 1 if self.quantity > 0 else -1
        return self.quantity // ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of the lines."""

    gross_cents: Cents = 0
    net_cents: Cents = 0
    vat_cents: Cents = 0
    discount_cents: Cents = 0
    pieces: int = 0

    @classmethod
    def of(cls, lines: Iterable[PricedLine]) -> Totals:
        """Sum lines up."""
        lines = tuple(lines)
        return cls(
            gross_cents=sum(line.gross_cents for line in lines),
            net_cents=sum(line.net_cents for line in lines),
            vat_cents=sum(line.vat_cents for line in lines),
            discount_cents=sum(line.discount_cents for line in lines),
            pieces=sum(line.pieces for line in lines),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BandTotal:
    """The sums of the lines of one tax band at one rate."""

    band: str
    rate_bp: BasisPoints
    net_cents: Cents = 0
    vat_cents: Cents = 0

    @property
    def gross_cents(self) -> Cents:
        """Net and tax together."""
        return self.net_cents + self.vat_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a basket costs."""

    lines: tuple[PricedLine, ...]
    totals: Totals
    bands: tuple[BandTotal, ...]
    """One for each band and rate that occurs, in their order."""


def gross_of(basket: Basket) -> Cents:
    """Return what a basket comes to before rounding; that takes no tax rate."""
    after = sum(
        line.full_cents - percent_of(line.full_cents, line.discount_bp) for line in basket.lines
    )
    return after - percent_of(after, basket.cart_discount_bp)


def price(basket: Basket, taxes: TaxTable, on: date) -> Priced:
    """Return what a basket costs on a business day; raises Refused where a tax rate is missing."""
    fulls = [line.full_cents for line in basket.lines]
    line_discounts = [percent_of(line.full_cents, line.discount_bp) for line in basket.lines]
    after = [full - discount for full, discount in zip(fulls, line_discounts, strict=True)]
    cart_discounts = allocate(percent_of(sum(after), basket.cart_discount_bp), after)
    lines = []
    for i, line in enumerate(basket.lines):
        gross = after[i] - cart_discounts[i]
        rate_bp = taxes.rate(line.item.tax_band, on).rate_bp
        lines.append(
            PricedLine(
                key=line.key,
                item=line.item,
                quantity=line.quantity,
                price_cents=line.price_cents,
                discount_bp=line.discount_bp,
                full_cents=fulls[i],
                line_discount_cents=line_discounts[i],
                cart_discount_cents=cart_discounts[i],
                gross_cents=gross,
                rate_bp=rate_bp,
                vat_cents=included_tax(gross, rate_bp),
            )
        )
    return priced(lines)


def priced(lines: Iterable[PricedLine]) -> Priced:
    """Return lines with their sums."""
    lines = tuple(lines)
    return Priced(lines=lines, totals=Totals.of(lines), bands=band_totals(lines))


def band_totals(lines: Iterable[PricedLine]) -> tuple[BandTotal, ...]:
    """Sum lines up by tax band and rate."""
    sums: dict[tuple[str, BasisPoints], tuple[Cents, Cents]] = {}
    for line in lines:
        band = line.item.tax_band, line.rate_bp
        net, vat = sums.get(band, (0, 0))
        sums[band] = net + line.net_cents, vat + line.vat_cents
    return tuple(
        BandTotal(band=band, rate_bp=rate_bp, net_cents=net, vat_cents=vat)
        for (band, rate_bp), (net, vat) in sorted(sums.items())
    )
