"""What is typed of somebody in the address book."""

from __future__ import annotations

from pos_desktop.domain.contact import (
    LONGEST_NAME,
    LONGEST_NOTE,
    ContactForm,
    ContactKind,
    contact_kind_words,
)
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField


class ContactFields(Form):
    """The fields of a contact."""

    def __init__(self, form: ContactForm | None = None) -> None:
        """Begin with what is known of a contact, or with nothing."""
        may_be_empty = _("May be empty")
        self.name = FormField(_("Name"), longest=LONGEST_NAME)
        self.email = FormField(_("E-mail"), is_address=True)
        self.kind = Choice(_("What they are to the shop"), columns=len(ContactKind))
        self.phone = FormField(_("Phone"), hint=may_be_empty)
        self.note = FormField(_("Note"), hint=may_be_empty, longest=LONGEST_NOTE)
        super().__init__(
            _("Contact"), ((self.name, self.email), self.kind, (self.phone, self.note))
        )
        kinds = [(one.value, contact_kind_words(one)) for one in ContactKind]
        self.kind.show_choices(kinds, (form.kind if form else ContactKind.OTHER).value)
        if form is not None:
            self._show(form)

    def _show(self, form: ContactForm) -> None:
        self.name.show_text(form.name)
        self.email.show_text(form.email)
        self.phone.show_text(form.phone)
        self.note.show_text(form.note)

    def read(self) -> ContactForm:
        """Return what was typed."""
        return ContactForm(
            kind=ContactKind(self.kind.key),
            name=self.name.text,
            email=self.email.text,
            phone=self.phone.text,
            note=self.note.text,
        )
