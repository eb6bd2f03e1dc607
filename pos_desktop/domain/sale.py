"""A finished sale, and the sums that must hold in it.

A refund is a sale of its own: quantities and amounts are negative, and it names the sale whose
goods come back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import BandTotal, Priced, PricedLine, Totals, band_totals
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.tax import included_tax
from pos_desktop.domain.tender import Payment, Tender, TenderKind


class SumsDisagree(Exception):
    """The amounts of a sale do not add up; `problems` holds a phrase for each that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A sale as it is recorded, printed and counted. Amounts are cents."""

    receipt: ReceiptNumber
    lines: tuple[PricedLine, ...]
    totals: Totals
    bands: tuple[BandTotal, ...]
    tenders: tuple[Tender, ...]
    rounding_cents: Cents = 0
    refund_of: ReceiptNumber | None = None

    @classmethod
    def of(
        cls,
        receipt: ReceiptNumber,
        priced: Priced,
        payment: Payment,
        *,
        refund_of: ReceiptNumber | None = None,
    ) -> Sale:
        """Return the sale of a priced basket or refund that has been paid.

        Raises SumsDisagree where it is not paid to the cent.
        """
        sale = cls(
            receipt=receipt,
            lines=priced.lines,
            totals=priced.totals,
            bands=priced.bands,
            tenders=payment.tenders,
            rounding_cents=payment.rounding_cents,
            refund_of=refund_of,
        )
        check_sums(sale)
        return sale

    @property
    def change_cents(self) -> Cents:
        """The cash that went back to the customer."""
        return sum(tender.change_cents for tender in self.tenders)

    @property
    def is_refund(self) -> bool:
        """Whether goods came back."""
        return self.refund_of is not None or any(line.quantity < 0 for line in self.lines)


def check_sums(sale: Sale) -> None:
    """Raise SumsDisagree unless lines, tax, bands, totals and tenders agree to the cent."""
    problems = [*_line_problems(sale), *_total_problems(sale), *_tender_problems(sale)]
    if problems:
        raise SumsDisagree(problems)


def _line_problems(sale: Sale) -> Iterator[str]:
    for line in sale.lines:
        if line.full_cents - line.discount_cents != line.gross_cents:
            yield f"line {line.key}: full less discounts is not its gross"
        if line.gross_cents * line.quantity < 0:
            yield f"line {line.key}: its gross has the wrong sign"
        if line.vat_cents != included_tax(line.gross_cents, line.rate_bp):
            yield f"line {line.key}: its tax is not the rate's share of its gross"


def _total_problems(sale: Sale) -> Iterator[str]:
    if sale.totals != Totals.of(sale.lines):
        yield "the totals are not the sums of the lines"
    if sale.totals.net_cents + sale.totals.vat_cents != sale.totals.gross_cents:
        yield "net and tax are not the gross"
    if sale.bands != band_totals(sale.lines):
        yield "the tax bands are not the sums of the lines"


def _tender_problems(sale: Sale) -> Iterator[str]:
    paid = sum(tender.amount_cents for tender in sale.tenders)
    owed = sale.totals.gross_cents + sale.rounding_cents
    if paid != owed:
        yield f"the tenders come to {paid}, but gross and rounding to {owed}"
    if sale.rounding_cents != sum(tender.rounding_cents for tender in sale.tenders):
        yield "the rounding is not that of the tenders"
    for tender in sale.tenders:
        if tender.given_cents - tender.change_cents != tender.amount_cents:
            yield f"{tender.kind.value}: given less change is not its amount"
        if tender.change_cents and tender.kind is not TenderKind.CASH:
            yield f"{tender.kind.value}: only cash gives change"
