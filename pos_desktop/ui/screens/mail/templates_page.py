"""Templates: words of mails that the shop uses again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_desktop.domain.mail_template import FIELDS, MailTemplate, TemplateForm
from pos_desktop.domain.text import _
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.mail.letter_form import LetterForm
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key


class TemplatesPage(ListPage):
    """Lists templates; Enter changes the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Templates"), listed=_("Templates"))
        self._templates = office.shop.mail.templates
        self._found: list[MailTemplate] = []
        self._question = Question()
        """Whether a template is to be removed, by id."""
        self.list.chosen.connect(self._forget_question)

    @property
    def chosen(self) -> MailTemplate | None:
        """The template whose line is chosen."""
        return next((one for one in self._found if one.id == self.list.key), None)

    def refresh(self) -> None:
        """Read the templates."""

        def show(found: list[MailTemplate]) -> None:
            self._found = found
            self._show()

        self.ask(self._templates.listed, show)

    def _show(self) -> None:
        empty = (_("No templates yet"), _("F2 adds the first one."))
        self.show_rows([template_row(one) for one in self._found], empty)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done to the chosen template."""
        add = Act(
            key=K.Key_F2,
            title=_("Add a template"),
            help=_("Subject and text, with fields such as the name"),
            do=self._add,
        )
        if self.chosen is None:
            return (add,)
        change = Act(
            key=K.Key_Return,
            title=_("Edit"),
            help=_("The words of the chosen template"),
            rank=Rank.FIRST,
            do=self._change,
        )
        remove = Act(
            key=K.Key_Delete,
            title=_("Remove it") if self._question else _("Remove"),
            help=_("Remove the chosen template; pressed twice. Mails keep their words"),
            do=self._remove,
        )
        return change, add, remove

    # what is done

    def _add(self) -> None:
        self.say(None)
        form = LetterForm(FIELDS, is_named=True)

        def save() -> None:
            templates, actor = self._templates, self.office.actor
            self._save(form, lambda typed: templates.add(typed, actor=actor))

        self.open_form(form, _("Add a template"), save, save=_("Add"))

    def _change(self) -> None:
        seen = self.chosen
        if seen is None:
            return
        self.say(None)
        form = LetterForm(FIELDS, is_named=True)
        form.show_words(seen.form)

        def save() -> None:
            templates, actor = self._templates, self.office.actor
            self._save(form, lambda typed: templates.change(seen, typed, actor=actor))

        title = _("Change {name}").format(name=seen.form.name)
        self.open_form(form, title, save, save=_("Save"))

    def _save(self, form: LetterForm, write: Callable[[TemplateForm], MailTemplate]) -> None:
        typed = form.read()
        self.say(None)

        def done(now: MailTemplate) -> None:
            self.list.want(now.id)
            self.saved(_("Saved."))

        self.submit(lambda: write(typed), done)

    def _remove(self) -> None:
        seen = self.chosen
        if seen is None:
            return
        templates, actor = self._templates, self.office.actor
        if not self._question.confirmed(seen.id):
            text = _("Remove the template {name}? Mails keep their words. Del removes it.")
            self.say(Notice(text.format(name=seen.form.name), Tone.WARNING))
            self.tell_acts()
            return
        self._question_is_over()
        sentence = _("The template {name} is gone.").format(name=seen.form.name)
        self.submit(lambda: templates.remove(seen, actor=actor), lambda _gone: self.saved(sentence))

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


def template_row(template: MailTemplate) -> ListRow:
    """Return the line of a template."""
    form = template.form
    return ListRow(
        key=template.id,
        title=form.name,
        note=form.subject,
        right=_("with HTML") if form.html else "",
    )
