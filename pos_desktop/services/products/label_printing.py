"""Shelf labels of products: a PDF of sheets, or slips from the receipt printer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

from pos_hardware.document import (
    LONGEST_CODE128,
    Align,
    Barcode,
    BarcodeKind,
    Block,
    Cut,
    ReceiptDocument,
    Size,
    Text,
)
from pos_queue.children.errors import ChildError, ChildRefused
from pos_queue.children.stream import run_stream

from pos_desktop import settings
from pos_desktop.documents import writing_faults
from pos_desktop.documents.labels import WRITE_LABELS
from pos_desktop.documents.writing_faults import NOT_WRITTEN
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.label import (
    LABEL_SHEETS,
    Label,
    LabelSheet,
    LabelWish,
    Symbology,
    symbology,
)
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.product import ProductCard, ProductChoice
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.paper.print_queue import LABEL_KIND, PrintQueue
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import product_cards
from pos_desktop.storage.database import ShopDatabase

MOST_LABELS = 5_000
MOST_SLIPS = 100


class LabelPrinting:
    """Makes the labels of products, with prices as they are now."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        configuration: Configuration,
        print_queue: PrintQueue,
    ) -> None:
        self._database = database
        self._reader = reader
        self._configuration = configuration
        self._print_queue = print_queue

    def write_sheets(
        self,
        wishes: Sequence[LabelWish],
        path: Path,
        *,
        sheet: str = "3x8",
        first: int = 1,
        actor: Person | None,
        progress: Callable[[int], None] = lambda _pages: None,
    ) -> int:
        """Write labels into a PDF and return how many sheets it has.

        `sheet` is a key of LABEL_SHEETS, `first` the first label of the first sheet that is still
        there, from 1. `progress` is told how many sheets are drawn, and may raise to break off.
        Raises Refused for what cannot be, Unavailable where nothing can be written.
        """
        layout = self.check(wishes, sheet=sheet, first=first, actor=actor)
        labels = [asdict(label) for label in self._labels(wishes, MOST_LABELS)]
        arguments = {"path": str(path), "sheet": asdict(layout), "labels": labels, "first": first}
        pages = 0
        try:
            with run_stream(WRITE_LABELS, arguments, expected=NOT_WRITTEN) as stream:
                for pages in map(int, stream):
                    progress(pages)
        except ChildRefused as error:
            raise writing_faults.from_data(cast("dict[str, str]", error.data)) from error
        except ChildError as error:
            raise Unavailable(_("The labels could not be made; try again.")) from error
        return pages

    def check(
        self, wishes: Sequence[LabelWish], *, sheet: str, first: int, actor: Person | None
    ) -> LabelSheet:
        """Return the sheet of this name; raise Refused where labels cannot be drawn on it so."""
        hand_of(actor, Permission.STOCK)
        if sheet not in LABEL_SHEETS:
            known = ", ".join(LABEL_SHEETS)
            raise Refused(_("Choose one of these sheets: {known}.").format(known=known))
        layout = LABEL_SHEETS[sheet]
        if not 1 <= first <= layout.labels:
            raise Refused(
                _("This sheet has {count} labels: begin with one of them.").format(
                    count=layout.labels
                )
            )
        _check_count(wishes, MOST_LABELS)
        return layout

    def print_slips(self, wishes: Sequence[LabelWish], *, actor: Person | None) -> Id:
        """Queue labels for the receipt printer, each cut off; return the id of the print job."""
        hand_of(actor, Permission.STOCK)
        labels = self._labels(wishes, MOST_SLIPS)
        document = ReceiptDocument(tuple(block for label in labels for block in _slip(label)))
        count = len(labels)
        title = ngettext("{count:,} label", "{count:,} labels", count).format(count=count)
        with self._database.write():
            return self._print_queue.paper(LABEL_KIND, title, document)

    def _labels(self, wishes: Sequence[LabelWish], most: int) -> list[Label]:
        """Return the labels of products, in the order in which they were wished for."""
        _check_count(wishes, most)
        choice = ProductChoice(ids=frozenset(wish.product_id for wish in wishes))
        cards = {card.id: card for card in product_cards.cards(self._reader, choice)}
        currency = self._configuration.get(settings.SHOP_CURRENCY)
        labels = []
        for wish in wishes:
            if wish.product_id not in cards:
                raise Refused(
                    _("A product of this list is no longer sold: take it out of the list.")
                )
            labels += [_label(cards[wish.product_id], currency)] * wish.copies
        return labels


def _check_count(wishes: Sequence[LabelWish], most: int) -> None:
    count = sum(wish.copies for wish in wishes)
    if any(wish.copies < 1 for wish in wishes) or not 1 <= count <= most:
        raise Refused(_("Print from 1 to {most:,} labels at a time.").format(most=most))


def _label(card: ProductCard, currency: str) -> Label:
    form, amount = card.form, format_amount(card.form.price_cents)
    unit = form.unit or _("unit")
    return Label(
        name=form.name,
        price=f"{currency} {amount}",
        unit_price=f"{amount} / {unit}" if form.by_weight else "",
        code=next(iter(form.barcodes), form.code or ""),
    )


def _slip(label: Label) -> Iterator[Block]:
    yield Text(label.name, Align.CENTER, bold=True)
    yield Text(label.price, Align.CENTER, bold=True, size=Size.DOUBLE)
    if label.unit_price:
        yield Text(label.unit_price, Align.CENTER)
    drawn = symbology(label.code)
    if drawn and drawn[0] is Symbology.EAN13:
        yield Barcode(drawn[1], BarcodeKind.EAN13)
    elif drawn and len(label.code) <= LONGEST_CODE128:
        yield Barcode(label.code)
    elif label.code:
        yield Text(label.code, Align.CENTER)
    yield Cut()
