"""A page that is one form, with what belongs to it beside or below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from pos_desktop.domain.text import _
from pos_desktop.services.people.sign_in import Person
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.letters import Letters
from pos_desktop.ui.kit.tokens import Space
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage


class FormPage(OfficePage):
    """Shows a form; what a scan or another page has interrupted stays as it was typed."""

    def __init__(self, office: Office, title: str, form: Form) -> None:
        super().__init__(office, title)
        self.form = form
        form.edited.connect(self.drop_refusal)
        self._typed_by: Person | None = None
        """Who has the form open."""
        self.letters = Letters(self.keyboard_target, self.form.go_on)
        self.beside: QHBoxLayout = row(gap=Space.BETWEEN)
        self.beside.addWidget(Card(title, column(form, margins=INSIDE)), 3)
        self.body.addLayout(self.beside, 1)
        self.body.addWidget(self.letters)

    def begin(self) -> None:
        """Show the form as it is at first."""
        raise NotImplementedError

    def opened(self) -> None:
        """Begin, unless the same person has left the form half typed."""
        if self._typed_by == self.office.actor:
            self.say(_("The form is as you left it: finish it, or leave it with Esc."))
            return
        self._typed_by = self.office.actor
        self.say(None)
        self.letters.hide()
        self.begin()

    def leave(self) -> None:
        """Leave the page, and what was typed."""
        self._typed_by = None
        super().leave()

    def letters_act(self) -> Act:
        """Return what shows the letters for fingers."""
        return Act(
            key=Qt.Key.Key_F9,
            title=_("Letters"),
            help=_("Show or hide the letters for fingers"),
            do=self.letters.toggle,
        )

    def keyboard_target(self) -> QLineEdit | None:
        """Let typing go to the part of the form that has the keyboard."""
        current = self.form.current
        return current if isinstance(current, QLineEdit) else None

    def handle_key(self, event: QKeyEvent) -> bool:
        """Walk through the form; the rest is for every page."""
        return self.form.handle_key(event) or super().handle_key(event)
