"""What is typed of a customer."""

from __future__ import annotations

from pos_desktop.domain.customer import Customer
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, format_amount, parse_amount
from pos_desktop.domain.phone import typed_phone
from pos_desktop.domain.text import _
from pos_desktop.services.people.customers import Particulars
from pos_desktop.ui.kit.form import Form, FormField

_LONGEST_PHONE = 20


class CustomerForm(Form):
    """All that is known of a customer. Here alone stands the whole phone number."""

    def __init__(self, customer: Customer | None = None) -> None:
        """Begin with what is known of a customer, or with nothing."""
        self.name = FormField(_("Name"))
        self.phone = FormField(
            _("Phone"), hint=_("Such as 0712 345 678; may be empty"), longest=_LONGEST_PHONE
        )
        self.email = FormField(_("E-mail"), hint=_("May be empty"), is_address=True)
        self.kra_pin = FormField(_("KRA PIN"), hint=_("Of a business; may be empty"))
        self.address = FormField(_("Address"), hint=_("May be empty"))
        self.note = FormField(_("Note"), hint=_("What the shop should remember; may be empty"))
        super().__init__(
            _("Customer"),
            (self.name, (self.phone, self.email), self.kra_pin, self.address, self.note),
        )
        if customer is not None:
            self._show(customer)

    def _show(self, customer: Customer) -> None:
        self.name.show_text(customer.name)
        phone = customer.phone or ""
        self.phone.show_text(typed_phone(phone) if phone else "")
        self.email.show_text(customer.email or "")
        self.kra_pin.show_text(customer.kra_pin or "")
        self.address.show_text(customer.address)
        self.note.show_text(customer.note)

    def read(self) -> Particulars:
        """Return what was typed."""
        return Particulars(
            name=self.name.text,
            phone=self.phone.text,
            email=self.email.text,
            kra_pin=self.kra_pin.text,
            address=self.address.text,
            note=self.note.text,
        )


class LimitForm(Form):
    """How much a customer may owe."""

    def __init__(self, customer: Customer) -> None:
        self.limit = FormField(_("May owe up to"), hint=_("0: nothing is sold on account"))
        self.limit.show_text(format_amount(customer.credit_limit_cents))
        super().__init__(_("Credit limit"), (self.limit,))

    def read(self) -> Cents:
        """Return the limit; raise Refused where it is none."""
        if not self.limit.text:
            raise Refused(_("Type how much the customer may owe: 0 or more."))
        return parse_amount(self.limit.text)
