"""Templates: words of mails that the shop uses again."""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain.mail_template import FIELDS, MailTemplate, TemplateForm
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.screens.mail.letter_form import LetterForm
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.records_page import RecordsPage, RecordWords


class TemplatesPage(RecordsPage[MailTemplate, TemplateForm]):
    """Lists templates; Enter changes the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Templates"), office.shop.mail.templates)

    def words(self) -> RecordWords:
        """Return what templates are called."""
        return RecordWords(
            add=_("Add a template"),
            add_help=_("Subject and text, with fields such as the name"),
            change_help=_("The words of the chosen template"),
            remove_help=_("Remove the chosen template; pressed twice. Mails keep their words"),
            remove_question=_(
                "Remove the template {name}? Mails keep their words. Del removes it."
            ),
            removed=_("The template {name} is gone."),
        )

    def nothing(self, *, is_searched: bool) -> tuple[str, str]:  # noqa: ARG002 - all are listed
        """Return what stands where there is no template."""
        return _("No templates yet"), _("F2 adds the first one.")

    def fitting(self, text: str) -> list[MailTemplate]:  # noqa: ARG002 - there is no search
        """Read the templates."""
        return self.office.shop.mail.templates.listed()

    def line(self, record: MailTemplate) -> ListRow:
        """Return the line of a template."""
        return template_row(record)

    def fields(self, seen: MailTemplate | None) -> tuple[LetterForm, Callable[[], TemplateForm]]:
        """Return the fields of a template."""
        form = LetterForm(FIELDS, is_named=True)
        if seen is not None:
            form.show_words(seen.form)
        return form, form.read


def template_row(template: MailTemplate) -> ListRow:
    """Return the line of a template."""
    form = template.form
    return ListRow(
        key=template.id,
        title=form.name,
        note=form.subject,
        right=_("with HTML") if form.html else "",
    )
