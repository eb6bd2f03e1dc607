"""What is typed of a product: everything that people may set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, amount_text
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.product import ProductForm
from pos_desktop.domain.quantity import Thousandths, format_quantity
from pos_desktop.domain.supplier import Supplier
from pos_desktop.domain.tax import TaxRate
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.known_field import KnownField
from pos_desktop.ui.screens.office.typed import typed_amount, typed_level

_YES, _NO = "yes", "no"
_LONGEST_BARCODES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the shop has that a product may name."""

    categories: Sequence[str]
    suppliers: Sequence[Supplier]
    bands: Sequence[TaxRate]


class ProductFields(Form):
    """The fields of a product."""

    def __init__(self, offered: Offered, form: ProductForm | None = None) -> None:
        """Begin with what is known of a product, or with nothing."""
        self._suppliers = {one.form.name: one.id for one in offered.suppliers}
        may_be_empty = _("May be empty")
        self.name = FormField(_("Name"))
        self.code = FormField(_("Code"), hint=_("A short one of your own"))
        self.barcodes = FormField(
            _("Barcodes"), hint=_("Scan them, one after another"), longest=_LONGEST_BARCODES
        )
        self.category = KnownField(_("Category"), offered.categories, hint=may_be_empty)
        self.unit = FormField(_("Unit"), hint=_("Such as kg, litre, packet"))
        self.price = FormField(_("Price with VAT"))
        self.cost = FormField(_("Cost without VAT"), hint=may_be_empty)
        self.band = Choice(_("VAT"), columns=5)
        self.by_weight = Choice(_("Sold by weight"), columns=2)
        self.active = Choice(_("On sale"), columns=2)
        self.supplier = KnownField(_("Supplier"), list(self._suppliers), hint=may_be_empty)
        self.level = FormField(_("Order at or below"), hint=_("Empty: it is not watched"))
        self.upto = FormField(_("Order up to"), hint=may_be_empty)
        self.item_class = FormField(_("Item class"), hint=_("Of eTIMS; may be empty"))
        self.unit_code = FormField(_("Unit code"), hint=_("Of eTIMS; may be empty"))
        self.packaging = FormField(_("Packaging code"), hint=_("Of eTIMS; may be empty"))
        super().__init__(
            _("Product"),
            (
                self.name,
                (self.barcodes, self.code),
                (self.price, self.cost),
                self.band,
                (self.category, self.unit),
                (self.supplier, self.level, self.upto),
                (self.by_weight, self.active),
                (self.item_class, self.unit_code, self.packaging),
            ),
        )
        self._offer(offered)
        self._show(form or ProductForm(name="", price_cents=0), is_new=form is None)

    def _offer(self, offered: Offered) -> None:
        bands = [(one.band, f"{one.band}  {format_percent(one.rate_bp)}%") for one in offered.bands]
        self.band.show_choices(bands, bands[0][0] if bands else "")
        for choice in (self.by_weight, self.active):
            choice.show_choices([(_YES, _("Yes")), (_NO, _("No"))], _NO)

    def _show(self, form: ProductForm, *, is_new: bool) -> None:
        self.name.show_text(form.name)
        self.code.show_text(form.code or "")
        self.barcodes.show_text(" ".join(form.barcodes))
        self.category.show_text(form.category or "")
        self.unit.show_text(form.unit)
        self.price.show_text("" if is_new else amount_text(form.price_cents))
        self.cost.show_text(_amount(form.cost_cents))
        self.band.choose(form.tax_band)
        self.by_weight.choose(_YES if form.by_weight else _NO)
        self.active.choose(_YES if form.active else _NO)
        by_id = {supplier_id: name for name, supplier_id in self._suppliers.items()}
        self.supplier.show_text(by_id.get(form.supplier_id or "", ""))
        self.level.show_text(_quantity(form.reorder_level))
        self.upto.show_text(_quantity(form.reorder_to))
        self.item_class.show_text(form.item_class or "")
        self.unit_code.show_text(form.unit_code or "")
        self.packaging.show_text(form.packaging_code or "")

    def take_scan(self, code: str) -> None:
        """Add a barcode that was scanned, unless it is there."""
        known = self.barcodes.text.split()
        if code not in known:
            self.barcodes.show_text(" ".join((*known, code)))

    def read(self) -> ProductForm:
        """Return what was typed; raise Refused where a field says nothing that can be meant."""
        price = typed_amount(self.price.text)
        if price is None:
            raise Refused(_("Type the price: 0 or more."))
        return ProductForm(
            name=self.name.text,
            code=self.code.text or None,
            barcodes=tuple(self.barcodes.text.replace(",", " ").split()),
            category=self.category.text or None,
            unit=self.unit.text,
            price_cents=price,
            cost_cents=typed_amount(self.cost.text),
            tax_band=self.band.key,
            by_weight=self.by_weight.key == _YES,
            active=self.active.key == _YES,
            supplier_id=self._supplier(),
            reorder_level=typed_level(self.level.text),
            reorder_to=typed_level(self.upto.text),
            item_class=self.item_class.text or None,
            unit_code=self.unit_code.text or None,
            packaging_code=self.packaging.text or None,
        )

    def _supplier(self) -> Id | None:
        return meant_supplier(self.supplier, self._suppliers)


def meant_supplier(field: KnownField, suppliers: dict[str, Id]) -> Id | None:
    """Return the supplier whose name was typed, None for none; raise Refused for an unknown one."""
    if not field.text:
        return None
    if field.meant is None:
        raise Refused(
            _("No supplier is called {name}: type another, or leave it empty.").format(
                name=field.text
            )
        )
    return suppliers[field.meant]


def _amount(cents: Cents | None) -> str:
    return "" if cents is None else amount_text(cents)


def _quantity(quantity: Thousandths | None) -> str:
    return "" if quantity is None else format_quantity(quantity)
