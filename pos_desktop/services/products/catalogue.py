"""Finding what is sold: by scan, by code, by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos_desktop.domain.barcodes import alternatives
from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.pack_labels import (
    LabelPattern,
    PackLabel,
    Sold,
    read_label,
    sold_by_label,
)
from pos_desktop.domain.text import _
from pos_desktop.storage import products, stock
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.products import Found
from pos_desktop.storage.search import Vocabulary, search


class UnknownCode(Refused):
    """No product has this code; search by name with F2."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("No product has the code {code}. Search by name with / or F2.").format(code=code)
        )
        self.code = code


class Catalogue:
    """The catalogue through a connection that only reads."""

    def __init__(
        self,
        reader: ShopDatabase,
        later: Callable[[Callable[[], None]], None] = lambda work: work(),
        label_patterns: Callable[[], tuple[LabelPattern, ...]] = tuple,
    ) -> None:
        """Take `later`: it runs what nobody waits for, at once or on another thread.

        `label_patterns` gives the shop's patterns of weight and price labels.
        """
        self._reader = reader
        self._later = later
        self._label_patterns = label_patterns
        self._vocabulary: Vocabulary | None = None
        self._is_reading = False

    def item(self, code: str) -> Item:
        """Return what a barcode or code sells.

        Raises UnknownCode where nothing has it, and Refused for a product no longer sold.
        """
        found = self.find(code)
        if found is None:
            raise UnknownCode(code)
        return _still_sold(found)

    def sold(self, code: str) -> Sold:
        """Return what a barcode, a code or the label of a pack sells.

        What stands in the catalogue as it is comes before the shop's label patterns. Raises what
        `item` raises, and Refused for a label that sells nothing.
        """
        found = self.find(code)
        if found is not None:
            return Sold(item=_still_sold(found))
        label = self._read_label(code)
        if label is None:
            raise UnknownCode(code)
        return sold_by_label(self._labelled(label), label)

    def _read_label(self, code: str) -> PackLabel | None:
        patterns = self._label_patterns()
        spellings = (code, *alternatives(code)) if patterns else ()
        labels = (read_label(spelling, patterns) for spelling in spellings)
        return next((label for label in labels if label is not None), None)

    def _labelled(self, label: PackLabel) -> Item:
        """Return the item of a label: by its code, with or without zeros before it, or family."""
        for code in dict.fromkeys((label.item_code, label.item_code.lstrip("0"))):
            if code and (found := products.by_code(self._reader, code)):
                return _still_sold(found)
        if found := products.by_barcode(self._reader, label.family):
            return _still_sold(found)
        sentence = _(
            "The label is of item {item}, which no product has as its code: search by name with / "
            "or F2, and have the code corrected."
        )
        raise Refused(sentence.format(item=label.item_code))

    def find(self, code: str) -> Found | None:
        """Return the product of a barcode or code, sold or not, or None.

        It is looked for as it stands, else in another spelling: a scanner's, or other letters.
        """
        spellings = dict.fromkeys((code, *alternatives(code), code.upper(), code.lower()))
        found = (self._find_exactly(spelling) for spelling in spellings)
        return next((one for one in found if one is not None), None)

    def as_now(self, items: Iterable[Item]) -> dict[Id, Item]:
        """Return these items as they are now, by product; also those no longer sold."""
        ids = {item.product_id for item in items}
        found = {one: products.by_id(self._reader, one) for one in ids}
        return {one: item for one, item in found.items() if item is not None}

    def in_stock(self, item: Item) -> int:
        """Return what is in stock of an item, in thousandths; negative where more was sold."""
        return stock.level(self._reader, item.product_id)

    def search(self, text: str, limit: int = 8) -> list[Item]:
        """Return the items that fit a few letters best, also with a typing error.

        The words that were imported since the last search without a hit are known to the next.
        """
        if self._vocabulary is None:
            self.refresh_vocabulary()
        found = search(self._reader, self._vocabulary, text, limit)
        if not found and self._is_outdated():
            self._is_reading = True
            self._later(self.refresh_vocabulary)
            found = search(self._reader, self._vocabulary, text, limit)
        return [one.item for one in found]

    def _is_outdated(self) -> bool:
        vocabulary = self._vocabulary
        return not self._is_reading and not (vocabulary and vocabulary.is_current(self._reader))

    def refresh_vocabulary(self) -> None:
        """Read the words of the catalogue anew; some tens of milliseconds, in any thread."""
        try:
            self._vocabulary = Vocabulary.load(self._reader)
        finally:
            self._is_reading = False

    def _find_exactly(self, code: str) -> Found | None:
        return products.by_barcode(self._reader, code) or products.by_code(self._reader, code)


def _still_sold(found: Found) -> Item:
    if not found.active:
        raise Refused(
            _("{name} is no longer sold; make it active in the catalogue first.").format(
                name=found.item.name
            )
        )
    return found.item
