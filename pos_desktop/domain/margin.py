"""What a price leaves to the shop. Prices include tax, costs do not: the tax is not earned."""

from __future__ import annotations

from pos_desktop.domain.money import Cents, divide_half_up
from pos_desktop.domain.percent import WHOLE, BasisPoints
from pos_desktop.domain.tax import included_tax


def net_price(price: Cents, rate_bp: BasisPoints) -> Cents:
    """Return a price without the tax that it includes."""
    return price - included_tax(price, rate_bp)


def margin(price: Cents, cost: Cents | None, rate_bp: BasisPoints) -> BasisPoints | None:
    """Return the share of the net price that is left after the cost, below zero for a loss.

    None where there is no cost, or nothing to take a share of.
    """
    net = net_price(price, rate_bp)
    if cost is None or not net:
        return None
    return divide_half_up((net - cost) * WHOLE, net)


def price_for_margin(cost: Cents, share: BasisPoints, rate_bp: BasisPoints) -> Cents:
    """Return the price, tax included, that leaves a share (below the whole) of its net price."""
    return divide_half_up(cost * (WHOLE + rate_bp), WHOLE - share)
