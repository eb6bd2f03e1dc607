"""From whom the shop buys. The journal names suppliers by id, so that one can be erased."""

from __future__ import annotations

from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.supplier import Supplier, SupplierForm, checked_supplier
from pos_desktop.domain.text import _
from pos_desktop.services.people.acting import ChangedMeanwhile, Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import suppliers
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.search import fold


class Suppliers:
    """Lists, searches, adds, changes and removes suppliers."""

    def __init__(self, database: ShopDatabase, reader: ShopDatabase, books: Books) -> None:
        self._database = database
        self._reader = reader
        self._books = books

    def listed(self, text: str = "") -> list[Supplier]:
        """Return the suppliers by name; with a text, those of whom every word of it is known."""
        words = fold(text).split()
        everybody = suppliers.everybody(self._reader)
        return [one for one in everybody if all(word in _known(one.form) for word in words)]

    def supplier(self, supplier_id: Id) -> Supplier:
        """Return a supplier; raise Refused where it was removed."""
        return _present(suppliers.by_id(self._reader, supplier_id))

    def add(self, form: SupplierForm, *, actor: Person | None) -> Supplier:
        """Add a supplier; raise Refused where its name or code is another's."""
        hand, form = hand_of(actor, Permission.CATALOGUE), checked_supplier(form)
        with self._database.write():
            self._check_free(form, "")
            supplier_id = suppliers.add(self._database, self._books, form)
            self._note("supplier added", supplier_id, hand)
            return _present(suppliers.by_id(self._database, supplier_id))

    def change(self, seen: Supplier, form: SupplierForm, *, actor: Person | None) -> Supplier:
        """Change a supplier from the state that was seen.

        Raises ChangedMeanwhile where it is another by now, and Refused for what cannot be.
        """
        hand, form = hand_of(actor, Permission.CATALOGUE), checked_supplier(form)
        with self._database.write():
            now = self._unchanged(seen)
            fields = [
                name
                for name in SupplierForm.__slots__
                if getattr(now.form, name) != getattr(form, name)
            ]
            if not fields:
                return now
            self._check_free(form, now.id)
            suppliers.change(self._database, self._books, now.id, form)
            self._note("supplier changed", now.id, hand, fields=fields)
            return _present(suppliers.by_id(self._database, now.id))

    def remove(self, seen: Supplier, *, actor: Person | None) -> None:
        """Remove a supplier; goods that came from there keep it, products are ordered elsewhere."""
        hand = hand_of(actor, Permission.CATALOGUE)
        with self._database.write():
            now = self._unchanged(seen)
            suppliers.remove(self._database, self._books, now.id)
            self._note("supplier removed", now.id, hand)

    def _unchanged(self, seen: Supplier) -> Supplier:
        now = _present(suppliers.by_id(self._database, seen.id))
        if now.ver != seen.ver:
            raise ChangedMeanwhile
        return now

    def _check_free(self, form: SupplierForm, supplier_id: Id) -> None:
        for other in suppliers.everybody(self._database):
            if other.id == supplier_id:
                continue
            if fold(other.form.name) == fold(form.name):
                raise Refused(
                    _(
                        "There is a supplier {name} already: change that one, or type another name."
                    ).format(name=other.form.name)
                )
            if form.code is not None and other.form.code == form.code:
                raise Refused(
                    _("The code {code} is that of {name}: type another.").format(
                        code=form.code, name=other.form.name
                    )
                )

    def _note(self, kind: str, supplier_id: Id, hand: Hand, **detail: Any) -> None:
        self._books.note(kind, **hand.noted(supplier=supplier_id, **detail))


def _known(form: SupplierForm) -> str:
    """Return all by which a supplier may be searched for."""
    known = (form.name, form.code or "", form.contact, form.phone, form.email, form.address)
    return fold(" ".join(known))


def _present(supplier: Supplier | None) -> Supplier:
    if supplier is None:
        raise Refused(_("This supplier was removed; choose another one, or none."))
    return supplier
