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

from pos_desktop import settings
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.percent import BasisPoints
from pos_desktop.domain.pricing import BandTotal, PricedLine
from pos_desktop.domain.quantity import ONE, format_quantity
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.tender import Tender, TenderKind
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.closing import DayReport, ShiftReport
from pos_desktop.services.configuration import Configuration
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.sales import StoredSale


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What of the shop stands on every paper."""

    name: str
    kra_pin: str
    address: tuple[str, ...]
    footer: tuple[str, ...]
    currency: str
    demo: bool

    @classmethod
    def of(cls, configuration: Configuration) -> Letterhead:
        """Return the letterhead of a shop's settings."""
        return cls(
            name=configuration.get(settings.SHOP_NAME),
            kra_pin=configuration.get(settings.SHOP_KRA_PIN),
            address=_lines(configuration.get(settings.SHOP_ADDRESS)),
            footer=_lines(configuration.get(settings.RECEIPT_FOOTER)),
            currency=configuration.get(settings.SHOP_CURRENCY),
            demo=configuration.get(settings.SHOP_DEMO),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


class Papers:
    """Makes the documents of a shop."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def receipt(self, stored: StoredSale, cashier: str, *, copy: bool = False) -> ReceiptDocument:
        """Return the receipt of a sale; a copy says so in large letters."""
        head = Letterhead.of(self._configuration)
        sale = stored.sale
        return ReceiptDocument(
            (
                *_heading(head, _("COPY") if copy else ""),
                *self._particulars(stored, cashier),
                Rule(),
                *_sale_lines(sale.lines),
                Rule(),
                *_totals(sale, head.currency),
                *_tenders(sale.tenders),
                Rule(),
                *_bands(sale.bands),
                Rule(),
                *_ending(stored, head),
            )
        )

    def shift(self, report: ShiftReport, cashier: str) -> ReceiptDocument:
        """Return the X of a shift."""
        head = Letterhead.of(self._configuration)
        title = _("X: SHIFT CLOSED") if report.closed else _("X REPORT")
        return ReceiptDocument(
            (
                *_heading(head, title),
                _pair(_("Cashier"), cashier),
                _pair(_("Opened"), self._moment(report.shift.opened_at)),
                Rule(),
                *_figures(report.figures, head.currency),
                Rule(),
                *_cash_in_drawer(report),
                Cut(),
            )
        )

    def day(self, report: DayReport, journal_head: str) -> ReceiptDocument:
        """Return the Z of a business day; the journal's head is printed on it."""
        head = Letterhead.of(self._configuration)
        title = _("Z REPORT {number}").format(number=report.number)
        blocks: list[Block] = [
            *_heading(head, title),
            _pair(_("Business day"), report.business_day),
            Rule(),
            *_figures(report.figures, head.currency),
        ]
        for shift in report.shifts:
            blocks += [Rule(), *_cash_in_drawer(shift)]
        blocks += [Rule(), Text(_("Journal {head}").format(head=journal_head)), Cut()]
        return ReceiptDocument(tuple(blocks))

    def _particulars(self, stored: StoredSale, cashier: str) -> Iterator[Block]:
        sale = stored.sale
        yield _pair(_("Receipt"), str(sale.receipt))
        yield _pair(_("Date"), self._moment(stored.sold_at))
        yield _pair(_("Served by"), cashier)
        if stored.frame.buyer_pin:
            yield _pair(_("Buyer's PIN"), stored.frame.buyer_pin)
        if sale.refund_of:
            yield _pair(_("Refund of"), str(sale.refund_of))

    def _moment(self, milliseconds: int) -> str:
        local = from_stored(milliseconds).astimezone(self._configuration.zone)
        return local.strftime("%d/%m/%Y %H:%M:%S")


def _heading(head: Letterhead, title: str) -> Iterator[Block]:
    yield Text(head.name or _("(shop without a name)"), Align.CENTER, bold=True, size=Size.DOUBLE)
    for line in head.address:
        yield Text(line, Align.CENTER)
    if head.kra_pin:
        yield Text(_("PIN {pin}").format(pin=head.kra_pin), Align.CENTER)
    if head.demo:
        yield Text(_("DEMO SHOP: NOTHING WAS SOLD"), Align.CENTER, bold=True)
    if title:
        yield Feed(1)
        yield Text(title, Align.CENTER, bold=True, size=Size.DOUBLE)
    yield Rule(heavy=True)


def _pair(name: str, value: str, *, bold: bool = False, size: Size = Size.NORMAL) -> Columns:
    return Columns((Cell(name, share=1), Cell(value, align=Align.RIGHT)), bold=bold, size=size)


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
            yield _pair(_discount_name(line.discount_bp), _minus(line.line_discount_cents))


def quantity_at_price(line: PricedLine) -> str:
    """Return how much of a line at which price, such as `0.750 kg × 120.00`."""
    unit = f" {line.item.unit}" if line.item.unit else ""
    return f"{format_quantity(line.quantity)}{unit} × {format_amount(line.price_cents)}"


def _discount_name(share: BasisPoints) -> str:
    percent = f"{share / 100:g}"
    return "  " + _("Discount {percent}%").format(percent=percent)


def _minus(cents: Cents) -> str:
    return format_amount(-cents) + "  "


def _totals(sale: Sale, currency: str) -> Iterator[Block]:
    cart_discount = sum(line.cart_discount_cents for line in sale.lines)
    if cart_discount:
        yield _pair(_("Discount on all"), _minus(cart_discount))
    total = sale.totals.gross_cents + sale.rounding_cents
    if sale.rounding_cents:
        yield _pair(_("Sum"), format_amount(sale.totals.gross_cents))
        yield _pair(_("Rounding"), format_amount(sale.rounding_cents))
    name = _("TOTAL {currency}").format(currency=currency)
    yield _pair(name, format_amount(total), bold=True, size=Size.DOUBLE)
    pieces = sale.totals.pieces
    yield Text(ngettext("{count} item", "{count} items", pieces).format(count=pieces))
    if sale.totals.discount_cents > 0:
        yield _pair(_("You saved"), format_amount(sale.totals.discount_cents))


def tender_name(kind: TenderKind) -> str:
    """Return the word for a tender."""
    return {
        TenderKind.CASH: _("Cash"),
        TenderKind.MPESA: _("M-Pesa"),
        TenderKind.CARD: _("Card"),
        TenderKind.CREDIT: _("On account"),
        TenderKind.VOUCHER: _("Voucher"),
    }[kind]


def _tenders(tenders: Iterable[Tender]) -> Iterator[Block]:
    for tender in tenders:
        name = tender_name(tender.kind)
        if tender.reference:
            name = f"{name} {tender.reference}"
        yield _pair(name, format_amount(tender.given_cents))
        if tender.change_cents:
            yield _pair(_("Change"), format_amount(tender.change_cents), bold=True)


def _bands(bands: Iterable[BandTotal]) -> Iterator[Block]:
    yield _band_row(_("Tax"), _("Net"), _("VAT"), _("Gross"))
    for band in bands:
        yield _band_row(
            f"{band.band} {band.rate_bp / 100:g}%",
            format_amount(band.net_cents),
            format_amount(band.vat_cents),
            format_amount(band.gross_cents),
        )


def _band_row(*texts: str) -> Columns:
    name, *amounts = texts
    cells = [Cell(text, align=Align.RIGHT, width=9) for text in amounts]
    return Columns((Cell(name, share=1), *cells))


def _ending(stored: StoredSale, head: Letterhead) -> Iterator[Block]:
    yield Feed(1)
    yield QrCode(f"POS:{stored.sale.receipt}:{stored.frame.sale_id}")
    yield Text(_("THIS IS NOT A FISCAL RECEIPT"), Align.CENTER, bold=True)
    for line in head.footer:
        yield Text(line, Align.CENTER)
    yield Feed(1)
    yield Barcode(str(stored.sale.receipt))
    yield Cut()


def _figures(figures: Figures, currency: str) -> Iterator[Block]:
    yield _pair(_("Sales"), str(figures.sales))
    yield _pair(_("Refunds"), str(figures.refunds))
    name = _("GROSS {currency}").format(currency=currency)
    yield _pair(name, format_amount(figures.gross_cents), bold=True)
    yield _pair(_("Net"), format_amount(figures.net_cents))
    yield _pair(_("VAT"), format_amount(figures.vat_cents))
    yield _pair(_("Discounts given"), format_amount(figures.discount_cents))
    yield _pair(_("Rounding"), format_amount(figures.rounding_cents))
    yield Rule()
    for total in figures.tenders:
        yield _pair(f"{tender_name(total.kind)} ({total.count})", format_amount(total.amount_cents))
    yield Rule()
    yield from _bands(figures.bands)


def _cash_in_drawer(report: ShiftReport) -> Iterator[Block]:
    drawer = report.drawer
    yield _pair(_("Float"), format_amount(drawer.float_cents))
    yield _pair(_("Cash taken"), format_amount(drawer.taken_cents))
    yield _pair(_("Cash given back"), format_amount(-drawer.refunded_cents))
    yield _pair(_("Cash put in"), format_amount(drawer.in_cents))
    yield _pair(_("Cash taken out"), format_amount(-drawer.out_cents))
    yield _pair(_("Expected in drawer"), format_amount(drawer.expected_cents), bold=True)
    if report.counted_cents is not None:
        yield _pair(_("Counted"), format_amount(report.counted_cents))
        variance = drawer.variance(report.counted_cents)
        yield _pair(_("Difference"), format_amount(variance), bold=True)
    elif report.closed:
        yield Text(_("Closed without a count"), bold=True)
