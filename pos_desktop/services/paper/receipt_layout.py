"""How the shop's receipts look: logo, header, footer and width of paper, seen before it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_hardware.document import Image, ReceiptDocument
from pos_hardware.errors import BadDocument
from pos_hardware.logo import make_logo
from pos_hardware.profile import PAPER_58, PAPER_80
from pos_hardware.rendering import render_png

from pos_desktop import settings
from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.pricing import price
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.paper.paper_parts import Letterhead, parted
from pos_desktop.services.paper.papers import Papers
from pos_desktop.services.paper.print_queue import PAYMENT_KIND, RECEIPT_KIND, VOUCHER_KIND
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import pictures
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.sales import SaleFrame, StoredSale
from pos_desktop.storage.tax_rates import tax_table

LOGO = "receipt logo"
WITH_LOGO = frozenset({RECEIPT_KIND, VOUCHER_KIND, PAYMENT_KIND})
"""What goes to customers; X and Z are for the shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLayout:
    """What a shop says of its receipts; lines of header and footer are parted by |."""

    header: str
    footer: str
    paper_mm: int
    logo: bytes | None = None
    """A PNG that `logo_of` has made."""


def logo_of(data: bytes) -> bytes:
    """Return the logo of a picture file; raise Refused for what is no picture."""
    try:
        return make_logo(data)
    except BadDocument as error:
        raise Refused(
            _("This is no picture for a logo: choose a PNG or JPEG of at most 5 MB.")
        ) from error


def with_logo(document: ReceiptDocument, logo: bytes | None) -> ReceiptDocument:
    """Return a paper with the logo at its head."""
    return ReceiptDocument((Image(logo), *document.blocks)) if logo else document


class ReceiptLayouts:
    """Reads, shows and keeps the layout."""

    def __init__(
        self, database: ShopDatabase, books: Books, configuration: Configuration, papers: Papers
    ) -> None:
        self._database = database
        self._books = books
        self._configuration = configuration
        self._papers = papers

    def layout(self) -> ReceiptLayout:
        """Return the layout as it is kept."""
        get = self._configuration.get
        return ReceiptLayout(
            header=get(settings.RECEIPT_HEADER),
            footer=get(settings.RECEIPT_FOOTER),
            paper_mm=get(settings.PRINTER_PAPER_MM),
            logo=pictures.picture(self._database, LOGO),
        )

    def keep(self, layout: ReceiptLayout, *, actor: Person | None) -> None:
        """Keep a layout: the next receipt looks so."""
        actor_id = hand_of(actor, Permission.SETTINGS).actor_id
        with self._database.write():
            values = (
                (settings.RECEIPT_HEADER, layout.header),
                (settings.RECEIPT_FOOTER, layout.footer),
                (settings.PRINTER_PAPER_MM, layout.paper_mm),
            )
            self._configuration.change(values, self._books, actor=actor)
            if layout.logo != pictures.picture(self._database, LOGO):
                pictures.put(self._database, self._books, LOGO, layout.logo)
                self._books.note("logo", actor_id=actor_id, detail={"has": bool(layout.logo)})

    def preview(self, layout: ReceiptLayout) -> bytes:
        """Return the picture of a receipt as it would look, of goods that nobody has sold.

        Raises Refused for what could not be kept either.
        """
        settings.RECEIPT_HEADER.check(layout.header)
        settings.RECEIPT_FOOTER.check(layout.footer)
        head = replace(
            Letterhead.of(self._configuration),
            header=parted(layout.header),
            footer=parted(layout.footer),
        )
        document = self._papers.receipt(self._sample(), _("Cashier"), head=head)
        profile = PAPER_58 if layout.paper_mm == 58 else PAPER_80
        return render_png(with_logo(document, layout.logo), profile)

    def _sample(self) -> StoredSale:
        today = self._configuration.today
        basket = Basket().add(_goods(_("Milk 500 ml"), 65_00), 2 * ONE)
        basket = basket.add(_goods(_("Sugar 1 kg"), 165_00)).discount_line(10_00)
        goods = price(basket, tax_table(self._database), today)
        receipt = ReceiptNumber(self._books.node.till_code, 123)
        payment = Payment(due_cents=goods.totals.gross_cents).cash(500_00)
        frame = SaleFrame(
            sale_id="0" * 32, shift_id="", staff_id="", business_day=today.isoformat()
        )
        return StoredSale(Sale.of(receipt, goods, payment), frame, to_stored(self._books.now()))


def _goods(name: str, price_cents: int) -> Item:
    return Item(product_id=name, code=name, name=name, price_cents=price_cents)
