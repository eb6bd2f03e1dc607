"""The templates of the shop, one of which is to be written with."""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.mail_template import MailTemplate
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.screens.mail.templates_page import template_row


class TemplateView(Card):
    """Lists templates."""

    def __init__(self) -> None:
        self.list = RowList(_("Templates"))
        self._found: Sequence[MailTemplate] = ()
        super().__init__(_("Templates"), column(self.list, margins=(1, 1, 1, 1)))

    @property
    def chosen(self) -> MailTemplate | None:
        """The template whose line is chosen."""
        return next((one for one in self._found if one.id == self.list.key), None)

    def show_templates(self, found: Sequence[MailTemplate]) -> None:
        """Show these."""
        self._found = found
        empty = (_("No templates yet"), _("The page of templates, F4 of E-mail, adds some."))
        self.list.show_rows([template_row(one) for one in found], empty)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self.show_templates(self._found)
