"""Parts that papers share: the letterhead, a name with its value, tenders and VAT bands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pos_hardware.document import Align, Block, Cell, Columns, Feed, Rule, Size, Text

from pos_desktop import settings
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.pricing import BandTotal
from pos_desktop.domain.tender import TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What of the shop stands on every paper."""

    name: str
    kra_pin: str
    address: tuple[str, ...]
    header: tuple[str, ...]
    footer: tuple[str, ...]
    currency: str
    demo: bool
    training: bool = False

    @classmethod
    def of(cls, configuration: Configuration) -> Letterhead:
        """Return the letterhead of a shop's settings."""
        return cls(
            name=configuration.get(settings.SHOP_NAME),
            kra_pin=configuration.get(settings.SHOP_KRA_PIN),
            address=parted(configuration.get(settings.SHOP_ADDRESS)),
            header=parted(configuration.get(settings.RECEIPT_HEADER)),
            footer=parted(configuration.get(settings.RECEIPT_FOOTER)),
            currency=configuration.get(settings.SHOP_CURRENCY),
            demo=configuration.get(settings.SHOP_DEMO),
            training=configuration.get(settings.SHOP_TRAINING),
        )


def parted(text: str) -> tuple[str, ...]:
    """Return the lines of a text in which | parts them."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


def heading(head: Letterhead, title: str) -> Iterator[Block]:
    """Yield the shop's name, address and PIN, and the title of the paper where it has one."""
    if head.training:
        yield Text(_("TRAINING"), Align.CENTER, bold=True, size=Size.DOUBLE)
        yield Text(_("NOTHING WAS SOLD: KEEP NO SUCH PAPER"), Align.CENTER, bold=True)
    yield Text(head.name or _("(shop without a name)"), Align.CENTER, bold=True, size=Size.DOUBLE)
    for line in (*head.address, *head.header):
        yield Text(line, Align.CENTER)
    if head.kra_pin:
        yield Text(_("PIN {pin}").format(pin=head.kra_pin), Align.CENTER)
    if head.demo:
        yield Text(_("DEMO SHOP: NOTHING WAS SOLD"), Align.CENTER, bold=True)
    if title:
        yield Feed(1)
        yield Text(title, Align.CENTER, bold=True, size=Size.DOUBLE)
    yield Rule(heavy=True)


def pair(name: str, value: str, *, bold: bool = False, size: Size = Size.NORMAL) -> Columns:
    """Return a row of a name and, to the right, its value."""
    return Columns((Cell(name, share=1), Cell(value, align=Align.RIGHT)), bold=bold, size=size)


def tender_name(kind: TenderKind) -> str:
    """Return the word for a tender."""
    return {
        TenderKind.CASH: _("Cash"),
        TenderKind.MPESA: _("M-Pesa"),
        TenderKind.CARD: _("Card"),
        TenderKind.CREDIT: _("On account"),
        TenderKind.VOUCHER: _("Voucher"),
        TenderKind.EXCHANGE: _("Exchanged goods"),
    }[kind]


def bands(totals: Iterable[BandTotal]) -> Iterator[Block]:
    """Yield the table of VAT bands; on narrow paper its columns are as wide as what is in them."""
    rows = [(_("Tax"), _("Net"), _("VAT"), _("Gross")), *map(_band_row, totals)]
    least = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *amounts in rows:
        cells = [
            Cell(text, align=Align.RIGHT, width=9, least=width)
            for text, width in zip(amounts, least[1:], strict=True)
        ]
        yield Columns((Cell(name, share=1, least=least[0]), *cells))


def _band_row(band: BandTotal) -> tuple[str, str, str, str]:
    return (
        f"{band.band} {format_percent(band.rate_bp)}%",
        format_amount(band.net_cents),
        format_amount(band.vat_cents),
        format_amount(band.gross_cents),
    )
