"""The address book: whom the shop writes to besides customers and suppliers."""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain.contact import Contact, ContactForm, contact_kind_words
from pos_desktop.domain.text import _, joined
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.screens.mail.contact_form import ContactFields
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.records_page import RecordsPage, RecordWords


class ContactsPage(RecordsPage[Contact, ContactForm]):
    """Lists contacts; Enter changes the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(
            office,
            _("Address book"),
            office.shop.mail.contacts,
            search=_("Search the address book"),
            hint=_("Name or e-mail"),
        )

    def words(self) -> RecordWords:
        """Return what contacts are called."""
        return RecordWords(
            add=_("Add a contact"),
            add_help=_("A branch, an accountant, an owner or somebody else"),
            change_help=_("All that is known of the chosen contact"),
            remove_help=_("Forget the chosen contact; pressed twice"),
            remove_question=_(
                "Remove {name}? All that is known of them is forgotten. Del removes them."
            ),
            removed=_("{name} is in the address book no more."),
        )

    def nothing(self, *, is_searched: bool) -> tuple[str, str]:
        """Return what stands where nobody is listed."""
        if is_searched:
            return _("Nobody fits"), _("Type fewer letters, or F2 adds a contact.")
        return _("Nobody is in the address book yet"), _("F2 adds the first one.")

    def fitting(self, text: str) -> list[Contact]:
        """Read who fits what was typed."""
        return self.office.shop.mail.contacts.listed(text)

    def line(self, record: Contact) -> ListRow:
        """Return the line of a contact."""
        form = record.form
        return ListRow(
            key=record.id,
            title=form.name,
            note=joined(" · ", (form.email, form.phone, form.note)),
            right=contact_kind_words(form.kind),
        )

    def fields(self, seen: Contact | None) -> tuple[ContactFields, Callable[[], ContactForm]]:
        """Return the fields of a contact."""
        form = ContactFields(seen.form if seen else None)
        return form, form.read
