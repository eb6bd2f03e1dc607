"""What stands on paper: receipts, X and Z as documents that any printer can be given.

A receipt carries what the Kenya Revenue Authority asks of one (trader, PIN, number, time, buyer's
PIN, gross, tax, rate and net by band) as far as a till without a control unit can know it, a QR
code of our own id, and the words that say that it is not a fiscal receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pos_hardware.document import (
    Align,
    Barcode,
    Block,
    Cell,
    Columns,
    Cut,
    Feed,
    QrCode,
    ReceiptDocument,
    Rule,
    Size,
    Text,
)

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.percent import BasisPoints, format_percent
from pos_desktop.domain.pricing import PricedLine
from pos_desktop.domain.quantity import ONE, format_quantity
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.credit.vouchers import masked_code
from pos_desktop.services.paper import closing_papers
from pos_desktop.services.paper.closing_reports import DayReport, ShiftReport
from pos_desktop.services.paper.paper_parts import (
    Letterhead,
    bands,
    heading,
    pair,
    tender_name,
)
from pos_desktop.services.shown_dates import shown_day, shown_moment
from pos_desktop.storage.account_payments import AccountPayment
from pos_desktop.storage.sales import StoredSale
from pos_desktop.storage.vouchers import Voucher


@dataclass(frozen=True, slots=True)
class Account:
    """The customer as a paper names them, and what they owe where that is to be said."""

    name: str
    owed_cents: Cents | None = None


class Papers:
    """Makes the documents of a shop."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def receipt(
        self,
        stored: StoredSale,
        cashier: str,
        *,
        account: Account | None = None,
        copy: bool = False,
        head: Letterhead | None = None,
    ) -> ReceiptDocument:
        """Return the receipt of a sale or refund; a copy says so in large letters.

        `head` is the shop's letterhead where that is not the one of the settings.
        """
        head = head or Letterhead.of(self._configuration)
        sale = stored.sale
        titles = [_("COPY")] * copy + [_("REFUND")] * stored.frame.is_refund
        return ReceiptDocument(
            (
                *heading(head, " ".join(titles)),
                *self._particulars(stored, cashier, account),
                Rule(),
                *_sale_lines(sale.lines),
                Rule(),
                *_totals(sale, head.currency),
                *_tenders(sale.tenders),
                *_owed(account),
                Rule(),
                *bands(sale.bands),
                Rule(),
                *_ending(stored, head),
            )
        )

    def shift(self, report: ShiftReport, *, blind: bool = False) -> ReceiptDocument:
        """Return the X of a shift; a blind one does not say what should lie in the drawer."""
        head, zone = Letterhead.of(self._configuration), self._configuration.zone
        return closing_papers.shift_paper(report, head, zone, blind=blind)

    def day(self, report: DayReport, journal_head: str, note: str = "") -> ReceiptDocument:
        """Return the Z of a business day; the journal's head is printed on it, and a note."""
        configuration = self._configuration
        head = Letterhead.of(configuration)
        return closing_papers.day_paper(report, head, configuration.zone, journal_head, note)

    def voucher(self, voucher: Voucher, title: str) -> ReceiptDocument:
        """Return a voucher; `title` is the number of the paper that it was given out with."""
        head = Letterhead.of(self._configuration)
        until = voucher.valid_until
        return ReceiptDocument(
            (
                *heading(head, _("VOUCHER")),
                pair(head.currency, format_amount(voucher.left_cents), bold=True, size=Size.DOUBLE),
                pair(_("Given out with"), title),
                *([pair(_("Valid until"), shown_day(until))] if until else ()),
                Text(_("Whoever brings it can pay with it: keep it like money.")),
                Feed(1),
                Barcode(voucher.code),
                Cut(),
            )
        )

    def payment(
        self, paid: AccountPayment, tender: Tender, cashier: str, account: Account | None
    ) -> ReceiptDocument:
        """Return the receipt of a payment that is no sale: on account, or for a voucher."""
        head = Letterhead.of(self._configuration)
        what = _("PAYMENT ON ACCOUNT") if account else _("VOUCHER SOLD")
        return ReceiptDocument(
            (
                *heading(head, what),
                pair(_("Number"), paid.number),
                pair(_("Date"), self._moment(paid.paid_at)),
                pair(_("Served by"), cashier),
                *([pair(_("Customer"), account.name)] if account else ()),
                Rule(),
                pair(head.currency, format_amount(tender.amount_cents), bold=True),
                *_tenders([tender]),
                *_owed(account),
                Cut(),
            )
        )

    def _particulars(
        self, stored: StoredSale, cashier: str, account: Account | None
    ) -> Iterator[Block]:
        sale = stored.sale
        yield pair(_("Receipt"), str(sale.receipt))
        yield pair(_("Date"), self._moment(stored.sold_at))
        yield pair(_("Served by"), cashier)
        if account is not None:
            yield pair(_("Customer"), account.name)
        if stored.frame.buyer_pin:
            yield pair(_("Buyer's PIN"), stored.frame.buyer_pin)
        if sale.refund_of:
            yield pair(_("Refund of"), str(sale.refund_of))

    def _moment(self, milliseconds: int) -> str:
        return shown_moment(milliseconds, self._configuration.zone)


def _sale_lines(lines: Iterable[PricedLine]) -> Iterator[Block]:
    for line in lines:
        yield Columns(
            (
                Cell(line.item.name, share=1),
                Cell(format_amount(line.full_cents), align=Align.RIGHT, width=10),
                Cell(line.item.tax_band),
            )
        )
        if line.quantity != ONE:
            yield Text("  " + quantity_at_price(line))
        if line.line_discount_cents:
            yield pair(_discount_name(line.discount_bp), _minus(line.line_discount_cents))


def quantity_at_price(line: PricedLine) -> str:
    """Return how much of a line at which price, such as `0.750 kg × 120.00`."""
    unit = f" {line.item.unit}" if line.item.unit else ""
    return f"{format_quantity(line.quantity)}{unit} × {format_amount(line.price_cents)}"


def _discount_name(share: BasisPoints) -> str:
    return "  " + _("Discount {percent}%").format(percent=format_percent(share))


def _minus(cents: Cents) -> str:
    return format_amount(-cents) + "  "


def _totals(sale: Sale, currency: str) -> Iterator[Block]:
    cart_discount = sum(line.cart_discount_cents for line in sale.lines)
    if cart_discount:
        yield pair(_("Discount on all"), _minus(cart_discount))
    total = sale.totals.gross_cents + sale.rounding_cents
    if sale.rounding_cents:
        yield pair(_("Sum"), format_amount(sale.totals.gross_cents))
        yield pair(_("Rounding"), format_amount(sale.rounding_cents))
    name = _("TOTAL {currency}").format(currency=currency)
    yield pair(name, format_amount(total), bold=True, size=Size.DOUBLE)
    pieces = abs(sale.totals.pieces)
    yield Text(ngettext("{count} item", "{count} items", pieces).format(count=pieces))
    if sale.totals.discount_cents > 0:
        yield pair(_("You saved"), format_amount(sale.totals.discount_cents))


def _tenders(tenders: Iterable[Tender]) -> Iterator[Block]:
    for tender in tenders:
        name = tender_name(tender.kind)
        if tender.reference:
            is_voucher = tender.kind is TenderKind.VOUCHER
            shown = masked_code(tender.reference) if is_voucher else tender.reference
            name = f"{name} {shown}"
        if tender.given_cents or not tender.change_cents:
            yield pair(name, format_amount(tender.given_cents))
        if tender.change_cents:
            yield pair(_("Change"), format_amount(tender.change_cents), bold=True)


def _owed(account: Account | None) -> Iterator[Block]:
    if account is not None and account.owed_cents is not None:
        yield pair(_("Now on your account"), format_amount(account.owed_cents), bold=True)


def _ending(stored: StoredSale, head: Letterhead) -> Iterator[Block]:
    yield Feed(1)
    yield QrCode(f"POS:{stored.sale.receipt}:{stored.frame.sale_id}")
    yield Text(_("THIS IS NOT A FISCAL RECEIPT"), Align.CENTER, bold=True)
    for line in head.footer:
        yield Text(line, Align.CENTER)
    yield Feed(1)
    yield Barcode(str(stored.sale.receipt))
    yield Cut()
