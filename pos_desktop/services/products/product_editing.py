"""The catalogue one product at a time: looked at, added, changed and removed by people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pos_desktop.domain.barcodes import GTIN_LENGTHS, alternatives, has_right_check_digit
from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.product import (
    PriceChange,
    PriceSource,
    ProductCard,
    ProductChoice,
    ProductForm,
    changed_fields,
)
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tax import DEFAULT_BAND, TaxRate
from pos_desktop.domain.text import _
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.people.acting import Approval, ChangedMeanwhile, Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.catalogue import Catalogue
from pos_desktop.services.products.product_checks import checked
from pos_desktop.storage import price_history, product_cards, product_edits, suppliers
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.tax_rates import tax_table

_SHOWN_CHANGES = 200


class ProductGone(Refused):
    """This product is no longer in the catalogue; search for it again."""


class ProductEditing:
    """Reads and changes single products; each change is in the journal and the price history."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        catalogue: Catalogue,
        closing: Closing,
    ) -> None:
        self._database = database
        self._reader = reader
        self._books = books
        self._catalogue = catalogue
        self._closing = closing

    def card(self, product_id: Id) -> ProductCard:
        """Return a product with everything; raise ProductGone where it was removed."""
        return _present(product_cards.card(self._reader, product_id))

    def with_code(self, code: str) -> ProductCard | None:
        """Return the product of a code or barcode, also one that is no longer sold, or None."""
        found = self._catalogue.find(code)
        return product_cards.card(self._reader, found.item.product_id) if found else None

    def listed(self, choice: ProductChoice, limit: int, offset: int = 0) -> list[ProductCard]:
        """Return some of the products of a choice, by name."""
        return product_cards.cards(self._reader, choice, limit, offset)

    def count(self, choice: ProductChoice) -> int:
        """Return how many products a choice means."""
        return product_cards.count(self._reader, choice)

    def categories(self) -> list[str]:
        """Return the categories of the catalogue, by name."""
        return product_cards.categories(self._reader)

    def bands(self) -> list[TaxRate]:
        """Return the tax bands that a product may have today, with their rates."""
        day = date.fromisoformat(self._closing.business_day())
        return [rate for rate in tax_table(self._reader).rates if rate.holds_on(day)]

    def prices(self, product_id: Id) -> list[PriceChange]:
        """Return how price and cost of a product have moved, the newest first."""
        return price_history.of_product(self._reader, product_id, _SHOWN_CHANGES)

    def repriced(self, since: datetime, most: int) -> list[ProductCard]:
        """Return the products whose price has changed since a moment, by name; so many at most.

        The first price of a new product is no change.
        """
        ids = price_history.repriced_since(self._reader, to_stored(since))
        return product_cards.cards(self._reader, ProductChoice(ids=ids), most)

    def add(self, form: ProductForm, *, actor: Person | None) -> ProductCard:
        """Add a product; raise Refused where its code or a barcode names another."""
        return self._add(form, "product added", hand_of(actor, Permission.CATALOGUE))

    def _add(self, form: ProductForm, kind: str, hand: Hand) -> ProductCard:
        form = checked(form)
        with self._database.write():
            self._check_against_shop(form, "")
            product_id = product_edits.add(self._database, self._books, form)
            self._note(kind, product_id, hand, code=form.code, price=form.price_cents)
            return _present(product_cards.card(self._database, product_id))

    def quick_add(
        self,
        code: str,
        name: str,
        price_cents: Cents,
        tax_band: str = DEFAULT_BAND,
        *,
        actor: Person,
        approval: Approval | None = None,
    ) -> ProductCard:
        """Add a product at the till under the code that was scanned and is unknown.

        The number of a manufacturer becomes its barcode, anything else its code; either is found
        when it is scanned again.
        """
        is_barcode = code.isdigit() and len(code) in GTIN_LENGTHS and has_right_check_digit(code)
        form = ProductForm(
            name=name,
            price_cents=price_cents,
            tax_band=tax_band,
            code=None if is_barcode else code,
            barcodes=(code,) if is_barcode else (),
        )
        hand = hand_of(actor, Permission.CATALOGUE, approval)
        return self._add(form, Act.NEW_ITEM.value, hand)

    def change(
        self,
        seen: ProductCard,
        form: ProductForm,
        *,
        actor: Person | None,
    ) -> ProductCard:
        """Change a product from the state that was seen; return how it stands then.

        Raises ChangedMeanwhile where it is another by now, and Refused for what cannot be.
        """
        hand, form = hand_of(actor, Permission.CATALOGUE), checked(form)
        with self._database.write():
            now = self._unchanged(seen)
            changes = changed_fields(now.form, form)
            if not changes:
                return now
            self._check_against_shop(form, now.id)
            product_edits.change(
                self._database,
                self._books,
                now,
                form,
                source=PriceSource.EDIT,
                staff_id=hand.actor_id,
            )
            self._note("product changed", now.id, hand, changed=changes)
            return _present(product_cards.card(self._database, now.id))

    def remove(self, seen: ProductCard, *, actor: Person | None) -> None:
        """Take a product out of the catalogue; its sales stay. Refused while there is stock."""
        hand = hand_of(actor, Permission.CATALOGUE)
        with self._database.write():
            now = self._unchanged(seen)
            if now.in_stock:
                raise Refused(
                    _(
                        "There is stock of {name}: correct it to zero first, or make it inactive."
                    ).format(name=now.form.name)
                )
            product_edits.remove(self._database, self._books, now)
            self._note("product removed", now.id, hand)

    def _unchanged(self, seen: ProductCard) -> ProductCard:
        now = _present(product_cards.card(self._database, seen.id))
        if now.ver != seen.ver:
            raise ChangedMeanwhile
        return now

    def _check_against_shop(self, form: ProductForm, product_id: Id) -> None:
        """Raise Refused for a key of another product, an unknown tax band or supplier."""
        for code in filter(None, (form.code, *form.barcodes)):
            self._check_free(code, product_id)
        if not (form.code or form.barcodes):
            raise Refused(_("A product needs a code or a barcode to be sold by: type or scan one."))
        day = date.fromisoformat(self._closing.business_day())
        tax_table(self._database).rate(form.tax_band, day)
        if form.supplier_id and suppliers.by_id(self._database, form.supplier_id) is None:
            raise Refused(_("This supplier was removed; choose another one, or none."))

    def _check_free(self, code: str, product_id: Id) -> None:
        for spelling in (code, *alternatives(code)):
            name = product_edits.named_by(self._database, spelling, product_id)
            if name is not None:
                raise Refused(
                    _(
                        "{code} belongs to {name} already; type another, or change that product."
                    ).format(code=spelling, name=name)
                )

    def _note(self, kind: str, product_id: Id, hand: Hand, **detail: Any) -> None:
        self._books.note(kind, **hand.noted(product=product_id, **detail))


def _present(card: ProductCard | None) -> ProductCard:
    if card is None:
        raise ProductGone
    return card
