"""A product in a few fields, for goods that are in somebody's hand and not in the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.tax import DEFAULT_BAND, TaxRate
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.screens.office.typed import typed_amount


class NewItemForm(Form):
    """Asks for name, price and VAT of what a code is on."""

    def __init__(self, code: str, bands: Sequence[TaxRate]) -> None:
        """Take the code that no product has, and the tax bands of the shop."""
        self.code = code
        self.name = FormField(_("Name"))
        self.price = FormField(_("Price with VAT"))
        self.band = Choice(_("VAT"), columns=5)
        super().__init__(_("New item"), (self.name, self.price, self.band))
        self.band.show_choices(
            [(one.band, f"{one.band}  {format_percent(one.rate_bp)}%") for one in bands],
            DEFAULT_BAND,
        )

    def read_name(self) -> str:
        """Return the name; where none was typed, go there and raise Refused."""
        if not self.name.text:
            self.go_to(self.name)
            raise Refused(_("Type what it is called."))
        return self.name.text

    def read_price(self) -> Cents:
        """Return the price; where none was typed, go there and raise Refused."""
        try:
            price = typed_amount(self.price.text)
            if price is None:
                raise Refused(_("Type the price: 0 or more."))
        except Refused:
            self.go_to(self.price)
            raise
        return price
