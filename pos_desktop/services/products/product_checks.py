"""What people type of a product, brought into the form that the catalogue keeps, or refused.

Texts, codes and barcodes obey the same rules as in a file that is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from pos_desktop.documents import cells
from pos_desktop.documents.cells import CellFault, Reader
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, check_amount
from pos_desktop.domain.product import ProductForm
from pos_desktop.domain.quantity import LARGEST_QUANTITY, ONE, Thousandths
from pos_desktop.domain.row_faults import row_sentence
from pos_desktop.domain.text import _

_short = partial(cells.text_reader, cells.LONGEST_SHORT_TEXT)


def checked(form: ProductForm) -> ProductForm:
    """Return a form without idle spaces and unseen signs; raise Refused for what cannot be."""
    name = text_of(_("Name"), partial(cells.text_reader, cells.LONGEST_NAME), form.name)
    if name is None:
        raise Refused(_("A product has a name: type it."))
    category = partial(cells.text_reader, cells.LONGEST_CATEGORY)
    _check_amounts(form)
    _check_reorder(form)
    return replace(
        form,
        name=name,
        code=text_of(_("Code"), partial(Reader, cells.read_code), form.code),
        category=text_of(_("Category"), category, form.category),
        unit=text_of(_("Unit"), _short, form.unit) or "",
        item_class=text_of(_("Item class"), _short, form.item_class),
        unit_code=text_of(_("Unit code"), _short, form.unit_code),
        packaging_code=text_of(_("Packaging code"), _short, form.packaging_code),
        barcodes=_barcodes(form.barcodes),
    )


def text_of(title: str, reader: Callable[[], Reader], typed: str | None) -> str | None:
    """Return a text as a reader of cells takes it, None where nothing is left; raise Refused."""
    value = reader()[typed or ""]
    if isinstance(value, CellFault):
        raise Refused(
            _("{field}: {reason}.").format(
                field=title, reason=row_sentence(value.fault, value.limit)
            )
        )
    return None if value is None else str(value)


def _barcodes(typed: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in typed:
        value = cells.BarcodeReader()[text]
        if isinstance(value, CellFault):
            raise Refused(
                _("Barcode {code}: {reason}.").format(
                    code=text, reason=row_sentence(value.fault, value.limit)
                )
            )
        found.update(dict.fromkeys(value if isinstance(value, tuple) else ()))
    return tuple(found)


def _check_amounts(form: ProductForm) -> None:
    _check_amount(form.price_cents)
    if form.cost_cents is not None:
        _check_amount(form.cost_cents)


def _check_amount(amount: Cents) -> None:
    if amount < 0:
        raise Refused(_("A price or cost cannot be less than zero: type 0 or more."))
    check_amount(amount)


def _check_reorder(form: ProductForm) -> None:
    for quantity in (form.reorder_level, form.reorder_to):
        if quantity is not None:
            _check_level(quantity)
    if form.reorder_to is None:
        return
    if form.reorder_level is None or form.reorder_to < form.reorder_level:
        raise Refused(
            _("Order up to a quantity that is not below the one at which you order: type it again.")
        )


def _check_level(quantity: Thousandths) -> None:
    if not 0 <= quantity <= LARGEST_QUANTITY:
        limit = f"{LARGEST_QUANTITY // ONE:,}"
        raise Refused(_("Type a quantity from 0 to {limit}.").format(limit=limit))
