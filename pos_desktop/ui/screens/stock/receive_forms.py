"""What is typed of a delivery: from whom it is and by which paper, and of one of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.goods import GoodsLine
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents, amount_text
from pos_desktop.domain.product import ProductCard
from pos_desktop.domain.quantity import Thousandths, format_quantity, line_amount, parse_quantity
from pos_desktop.domain.supplier import Supplier
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.known_field import KnownField
from pos_desktop.ui.screens.catalogue.product_form import meant_supplier
from pos_desktop.ui.screens.office.typed import typed_amount

_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So much of a product, and what one unit of it costs."""

    card: ProductCard
    quantity: Thousandths
    cost_cents: Cents | None

    @property
    def amount_cents(self) -> Cents:
        """What the line costs; 0 where no cost is known."""
        return line_amount(self.cost_cents or 0, self.quantity)

    def as_goods(self) -> GoodsLine:
        """Return the line as the books take it."""
        return GoodsLine(
            product_id=self.card.id, quantity=self.quantity, cost_cents=self.cost_cents
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of a delivery beside its lines."""

    supplier_id: Id | None = None
    supplier: str = ""
    document: str = ""
    set_costs: bool = True
    """Whether what a unit costs becomes the product's cost."""


class DeliveryForm(Form):
    """From whom the goods are, and the number of the paper that came with them."""

    def __init__(self, head: Head, suppliers: Sequence[Supplier]) -> None:
        self._suppliers = {one.form.name: one.id for one in suppliers}
        self.supplier = KnownField(
            _("Supplier"), list(self._suppliers), hint=_("Empty: from the market")
        )
        self.document = FormField(_("Invoice or delivery note"), hint=_("Its number"))
        self.costs = Choice(_("Keep these costs as the costs of the products"), columns=2)
        super().__init__(_("Delivery"), (self.supplier, self.document, self.costs))
        self.costs.show_choices([(_YES, _("Yes")), (_NO, _("No"))], _YES if head.set_costs else _NO)
        self.supplier.show_text(head.supplier)
        self.document.show_text(head.document)

    def read(self) -> Head:
        """Return what was typed; raise Refused for a supplier that there is not."""
        supplier_id = meant_supplier(self.supplier, self._suppliers)
        names = {one: name for name, one in self._suppliers.items()}
        return Head(
            supplier_id=supplier_id,
            supplier=names[supplier_id] if supplier_id else "",
            document=self.document.text,
            set_costs=self.costs.key == _YES,
        )


class LineForm(Form):
    """How much of a product has come, and what one unit costs."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.quantity = FormField(_("Quantity"))
        self.cost = FormField(
            _("Cost of one unit, without VAT"), hint=_("Empty: not known; 0: a present")
        )
        super().__init__(_("Line"), (self.quantity, self.cost))
        self.quantity.show_text(format_quantity(line.quantity))
        if line.cost_cents is not None:
            self.cost.show_text(amount_text(line.cost_cents))

    def read(self) -> Line:
        """Return the line as typed; raise Refused where quantity or cost is none."""
        return Line(
            card=self._line.card,
            quantity=parse_quantity(self.quantity.text),
            cost_cents=typed_amount(self.cost.text),
        )
