"""The figures of a shift, a day, a month, in the words that X, Z and every report share.

What they are, not how they come about: `storage/figures` alone sums them up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import BandTotal
from pos_desktop.domain.tender import TenderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTotal:
    """What came in by one kind of tender, net of change, refunds and with payments on account."""

    kind: TenderKind
    amount_cents: Cents = 0
    count: int = 0
    """How many payments and repayments that were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums over sales, with refunds counted negative. Amounts are cents."""

    sales: int = 0
    refunds: int = 0
    gross_cents: Cents = 0
    net_cents: Cents = 0
    vat_cents: Cents = 0
    discount_cents: Cents = 0
    rounding_cents: Cents = 0
    on_account_cents: Cents = 0
    """What was paid that is no sale: debts of customers, and vouchers before they are used."""
    tenders: tuple[TenderTotal, ...] = ()
    """One for each kind that occurs, in the order of TenderKind."""
    bands: tuple[BandTotal, ...] = ()
    """One for each band and rate that occurs, in their order."""

    def as_plain(self) -> dict[str, Any]:
        """Return the figures as plain values, in the words that books and reports share.

        This is also how each X and Z is kept for ever: a word may be added, none be changed.
        """
        return {
            "sales": self.sales,
            "refunds": self.refunds,
            "gross_cents": self.gross_cents,
            "net_cents": self.net_cents,
            "vat_cents": self.vat_cents,
            "discount_cents": self.discount_cents,
            "rounding_cents": self.rounding_cents,
            "payments_on_account_cents": self.on_account_cents,
            "tenders": [
                {"tender": one.kind.value, "amount_cents": one.amount_cents, "count": one.count}
                for one in self.tenders
            ],
            "bands": [
                {
                    "band": band.band,
                    "rate_bp": band.rate_bp,
                    "net_cents": band.net_cents,
                    "vat_cents": band.vat_cents,
                    "gross_cents": band.gross_cents,
                }
                for band in self.bands
            ],
        }
