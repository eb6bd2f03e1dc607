"""The address book: whom the shop writes to besides customers and suppliers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_desktop.domain.contact import Contact, ContactForm, contact_kind_words
from pos_desktop.domain.text import _, joined
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.mail.contact_form import ContactFields
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key


class ContactsPage(ListPage):
    """Lists contacts; Enter changes the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(
            office,
            _("Address book"),
            listed=_("Address book"),
            search=_("Search the address book"),
            hint=_("Name or e-mail"),
        )
        self._contacts = office.shop.mail.contacts
        self._found: list[Contact] = []
        self._latest = Latest()
        self._question = Question()
        """Whether a contact is to be removed, by id."""
        self.list.chosen.connect(self._forget_question)

    @property
    def chosen(self) -> Contact | None:
        """The contact whose line is chosen."""
        return next((one for one in self._found if one.id == self.list.key), None)

    def refresh(self) -> None:
        """Read who fits what was typed."""
        contacts = self._contacts
        text = self.search_field.text() if self.search_field else ""

        def show(found: list[Contact]) -> None:
            self._found = found
            self._show()

        self.ask(lambda: contacts.listed(text), self._latest.only(show))

    def _show(self) -> None:
        is_searched = bool(self.search_field and self.search_field.text())
        empty = (
            (_("Nobody fits"), _("Type fewer letters, or F2 adds a contact."))
            if is_searched
            else (_("Nobody is in the address book yet"), _("F2 adds the first one."))
        )
        self.show_rows([_row(one) for one in self._found], empty)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done to the chosen contact."""
        add = Act(
            key=K.Key_F2,
            title=_("Add a contact"),
            help=_("A branch, an accountant, an owner or somebody else"),
            do=self._add,
        )
        if self.chosen is None:
            return (add,)
        change = Act(
            key=K.Key_Return,
            title=_("Edit"),
            help=_("All that is known of the chosen contact"),
            rank=Rank.FIRST,
            do=self._change,
        )
        remove = Act(
            key=K.Key_Delete,
            title=_("Remove it") if self._question else _("Remove"),
            help=_("Forget the chosen contact; pressed twice"),
            do=self._remove,
        )
        return change, add, remove

    # what is done

    def _add(self) -> None:
        self.say(None)
        form = ContactFields()

        def save() -> None:
            contacts, actor = self._contacts, self.office.actor
            self._save(form, lambda typed: contacts.add(typed, actor=actor))

        self.open_form(form, _("Add a contact"), save, save=_("Add"))

    def _change(self) -> None:
        seen = self.chosen
        if seen is None:
            return
        self.say(None)
        form = ContactFields(seen.form)

        def save() -> None:
            contacts, actor = self._contacts, self.office.actor
            self._save(form, lambda typed: contacts.change(seen, typed, actor=actor))

        title = _("Change {name}").format(name=seen.form.name)
        self.open_form(form, title, save, save=_("Save"))

    def _save(self, form: ContactFields, write: Callable[[ContactForm], Contact]) -> None:
        typed = form.read()
        self.say(None)

        def done(now: Contact) -> None:
            self.list.want(now.id)
            self.saved(_("Saved."))

        self.submit(lambda: write(typed), done)

    def _remove(self) -> None:
        seen = self.chosen
        if seen is None:
            return
        contacts, actor = self._contacts, self.office.actor
        if not self._question.confirmed(seen.id):
            text = _("Remove {name}? All that is known of them is forgotten. Del removes them.")
            self.say(Notice(text.format(name=seen.form.name), Tone.WARNING))
            self.tell_acts()
            return
        self._question_is_over()
        sentence = _("{name} is in the address book no more.").format(name=seen.form.name)
        self.submit(lambda: contacts.remove(seen, actor=actor), lambda _gone: self.saved(sentence))

    def _forget_question(self) -> None:
        if self._question.forget():
            self._question_is_over()

    def _question_is_over(self) -> None:
        self.say(None)
        self.tell_acts()

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; what another has changed is listed anew."""
        if isinstance(error, ChangedMeanwhile):
            self.close_form()
            self.refresh()
        super().refuse(error)


def _row(contact: Contact) -> ListRow:
    form = contact.form
    return ListRow(
        key=contact.id,
        title=form.name,
        note=joined(" · ", (form.email, form.phone, form.note)),
        right=contact_kind_words(form.kind),
    )
