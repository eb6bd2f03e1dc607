"""Texts of mails that the shop keeps to use again."""

from __future__ import annotations

from dataclasses import replace

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail_template import (
    LONGEST_NAME,
    MailTemplate,
    TemplateForm,
    check_template,
)
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.people.acting import ChangedMeanwhile, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import mail_templates
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.search import fold


class MailTemplates:
    """Lists, adds, changes and removes templates."""

    def __init__(self, database: ShopDatabase, reader: ShopDatabase, books: Books) -> None:
        self._database = database
        self._reader = reader
        self._books = books

    def listed(self) -> list[MailTemplate]:
        """Return all templates by name."""
        return mail_templates.all_of_them(self._reader)

    def add(self, form: TemplateForm, *, actor: Person | None) -> MailTemplate:
        """Add a template; raise Refused where its name is taken or it cannot be sent."""
        hand, form = hand_of(actor, Permission.MAIL), _checked(form)
        with self._database.write():
            self._check_free(form.name, None)
            template_id = mail_templates.add(self._database, self._books, form)
            self._books.note("mail template added", **hand.noted(name=form.name))
            return _present(mail_templates.by_id(self._database, template_id))

    def change(
        self, seen: MailTemplate, form: TemplateForm, *, actor: Person | None
    ) -> MailTemplate:
        """Change a template from the state that was seen; ChangedMeanwhile where it is another."""
        hand, form = hand_of(actor, Permission.MAIL), _checked(form)
        with self._database.write():
            now = self._unchanged(seen)
            self._check_free(form.name, now.id)
            mail_templates.change(self._database, self._books, now.id, form)
            self._books.note("mail template changed", **hand.noted(name=form.name))
            return _present(mail_templates.by_id(self._database, now.id))

    def remove(self, seen: MailTemplate, *, actor: Person | None) -> None:
        """Remove a template; mails that were made from it keep their words."""
        hand = hand_of(actor, Permission.MAIL)
        with self._database.write():
            now = self._unchanged(seen)
            mail_templates.remove(self._database, self._books, now.id)
            self._books.note("mail template removed", **hand.noted(name=now.form.name))

    def _unchanged(self, seen: MailTemplate) -> MailTemplate:
        now = _present(mail_templates.by_id(self._database, seen.id))
        if now.ver != seen.ver:
            raise ChangedMeanwhile
        return now

    def _check_free(self, name: str, own_id: Id | None) -> None:
        for other in mail_templates.all_of_them(self._database):
            if other.id != own_id and fold(other.form.name) == fold(name):
                raise Refused(
                    _("There is a template {name} already: change that one.").format(
                        name=other.form.name
                    )
                )


def _checked(form: TemplateForm) -> TemplateForm:
    name = " ".join(form.name.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Refused(
            _("A template has a name of at most {most} letters.").format(most=LONGEST_NAME)
        )
    check_template(form.subject, form.body, form.html)
    return replace(form, name=name)


def _present(template: MailTemplate | None) -> MailTemplate:
    if template is None:
        raise Refused(_("This template was removed: choose another one."))
    return template
