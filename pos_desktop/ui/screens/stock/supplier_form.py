"""What is typed of a supplier."""

from __future__ import annotations

from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.screens.office.typed import typed_days


class SupplierFields(Form):
    """The fields of a supplier."""

    def __init__(self, form: SupplierForm | None = None) -> None:
        """Begin with what is known of a supplier, or with nothing."""
        may_be_empty = _("May be empty")
        self.name = FormField(_("Name"))
        self.code = FormField(_("Code"), hint=may_be_empty)
        self.contact = FormField(_("Person to ask for"), hint=may_be_empty)
        self.phone = FormField(_("Phone"), hint=may_be_empty)
        self.email = FormField(_("E-mail"), hint=may_be_empty, is_address=True)
        self.address = FormField(_("Address"), hint=may_be_empty)
        self.kra_pin = FormField(_("KRA PIN"), hint=may_be_empty)
        self.terms = FormField(_("How it is paid"), hint=_("Such as M-Pesa, on delivery"))
        self.days = FormField(_("Within days"), hint=_("Such as 30; may be empty"))
        self.note = FormField(_("Note"), hint=may_be_empty, longest=1000)
        super().__init__(
            _("Supplier"),
            (
                (self.name, self.code),
                (self.contact, self.phone),
                (self.email, self.kra_pin),
                self.address,
                (self.terms, self.days),
                self.note,
            ),
        )
        if form is not None:
            self._show(form)

    def _show(self, form: SupplierForm) -> None:
        self.name.show_text(form.name)
        self.code.show_text(form.code or "")
        self.contact.show_text(form.contact)
        self.phone.show_text(form.phone)
        self.email.show_text(form.email)
        self.address.show_text(form.address)
        self.kra_pin.show_text(form.kra_pin)
        self.terms.show_text(form.terms)
        self.days.show_text("" if form.terms_days is None else str(form.terms_days))
        self.note.show_text(form.note)

    def read(self) -> SupplierForm:
        """Return what was typed; raise Refused where the days are no number."""
        return SupplierForm(
            name=self.name.text,
            code=self.code.text or None,
            contact=self.contact.text,
            phone=self.phone.text,
            email=self.email.text,
            address=self.address.text,
            kra_pin=self.kra_pin.text,
            terms=self.terms.text,
            terms_days=typed_days(self.days.text),
            note=self.note.text,
        )
