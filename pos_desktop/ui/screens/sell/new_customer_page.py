"""A new customer while somebody waits: name, phone, and e-mail where they have it.

Whether they agreed to mail is asked once an address stands there; nobody has until they say so.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.text import _
from pos_desktop.services.people.customers import Particulars
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import SidePage

_YES, _NO = "yes", "no"


class NewCustomerPage(SidePage):
    """Asks for what is needed of a customer; Enter goes on, at the end they are added."""

    submitted = Signal(object, bool)
    """The Particulars of a customer, and whether they agreed to mail."""

    def __init__(self) -> None:
        super().__init__(_("New customer"))
        self.name = FormField(_("Name"), longest=80)
        self.phone = FormField(_("Phone"), longest=20)
        self.email = FormField(_("E-mail, if they have one"), longest=120, is_address=True)
        self.agreed = Choice(_("Agreed to mail from the shop"), columns=2)
        lines = ((self.name, self.phone), self.email, self.agreed)
        self.form = Form(_("New customer"), lines)
        head = label(_("NEW CUSTOMER"), fonts.strong(Type.LABEL), tone="muted")
        add = Tile(_("Add"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        self.body.addWidget(head)
        self.body.addWidget(self.form, 1)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(add, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.email.field.textChanged.connect(self._offer_mail)
        self.form.done.connect(self._submit)
        add.clicked.connect(self._submit)
        back.clicked.connect(self.left)

    def begin(self, typed: str) -> None:
        """Ask anew; what was searched for is the name, or the phone where it is digits."""
        is_phone = any(map(str.isdigit, typed))
        self.name.show_text("" if is_phone else typed)
        self.phone.show_text(typed if is_phone else "")
        self.email.show_text("")
        self.agreed.show_choices([(_NO, _("No")), (_YES, _("Yes"))], _NO)
        self._offer_mail()
        (self.phone if typed and not is_phone else self.name).field.setFocus()

    def keyboard_target(self) -> QLineEdit:
        """Let typing go to the field that has the keyboard; beside the choice to the address."""
        current = self.form.current
        return current if isinstance(current, QLineEdit) else self.email.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Go on with Enter and the arrows, leave with Esc."""
        return super().handle_key(event) or self.form.handle_key(event)

    def _offer_mail(self) -> None:
        self.agreed.setVisible(bool(self.email.text))

    def _submit(self) -> None:
        found = Particulars(name=self.name.text, phone=self.phone.text, email=self.email.text)
        self.submitted.emit(found, bool(found.email) and self.agreed.key == _YES)
