"""The figures of a shift, a day, a month: one summation for X, Z and every report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import BandTotal
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.tender import TenderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTotal:
    """What came in by one kind of tender, net of change and refunds."""

    kind: TenderKind
    amount_cents: Cents = 0
    count: int = 0
    """How many payments and repayments that were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums over sales, with refunds counted negative; add two with `+`. Amounts are cents."""

    sales: int = 0
    refunds: int = 0
    gross_cents: Cents = 0
    net_cents: Cents = 0
    vat_cents: Cents = 0
    discount_cents: Cents = 0
    rounding_cents: Cents = 0
    on_account_cents: Cents = 0
    tenders: tuple[TenderTotal, ...] = ()
    """One for each kind that occurs, in the order of TenderKind."""
    bands: tuple[BandTotal, ...] = ()
    """One for each band and rate that occurs, in their order."""

    @classmethod
    def of(cls, sale: Sale) -> Figures:
        """Return the figures of one sale or refund; a payment on account is neither."""
        return cls(
            sales=int(bool(sale.lines) and not sale.is_refund),
            refunds=int(sale.is_refund),
            gross_cents=sale.totals.gross_cents,
            net_cents=sale.totals.net_cents,
            vat_cents=sale.totals.vat_cents,
            discount_cents=sale.totals.discount_cents,
            rounding_cents=sale.rounding_cents,
            on_account_cents=sale.on_account_cents,
            tenders=_sum_tenders(
                TenderTotal(kind=tender.kind, amount_cents=tender.amount_cents, count=1)
                for tender in sale.tenders
            ),
            bands=sale.bands,
        )

    @classmethod
    def total(cls, parts: Iterable[Figures]) -> Figures:
        """Add figures up; those of nothing are all zero."""
        return sum(parts, cls())

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

    def __add__(self, other: Figures) -> Figures:
        numbers = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(self)
            if field.name not in ("tenders", "bands")
        }
        return Figures(
            **numbers,
            tenders=_sum_tenders((*self.tenders, *other.tenders)),
            bands=_sum_bands((*self.bands, *other.bands)),
        )


def _sum_tenders(parts: Iterable[TenderTotal]) -> tuple[TenderTotal, ...]:
    sums: dict[TenderKind, TenderTotal] = {}
    for part in parts:
        so_far = sums.get(part.kind, TenderTotal(kind=part.kind))
        sums[part.kind] = TenderTotal(
            kind=part.kind,
            amount_cents=so_far.amount_cents + part.amount_cents,
            count=so_far.count + part.count,
        )
    return tuple(sums[kind] for kind in TenderKind if kind in sums)


def _sum_bands(parts: Iterable[BandTotal]) -> tuple[BandTotal, ...]:
    sums: dict[tuple[str, int], BandTotal] = {}
    for part in parts:
        key = part.band, part.rate_bp
        so_far = sums.get(key, BandTotal(band=part.band, rate_bp=part.rate_bp))
        sums[key] = BandTotal(
            band=part.band,
            rate_bp=part.rate_bp,
            net_cents=so_far.net_cents + part.net_cents,
            vat_cents=so_far.vat_cents + part.vat_cents,
        )
    return tuple(sums[key] for key in sorted(sums))
