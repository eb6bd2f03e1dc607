"""A manager approves in place: name and PIN; the cashier's session goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.staff import may
from pos_desktop.domain.text import _
from pos_desktop.services.sign_in import Person
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.person_and_pin import PersonAndPin
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Type
from pos_desktop.ui.screens.sell.approvals import Approval
from pos_desktop.ui.screens.sell.side_page import SidePage


class ApprovalPage(SidePage):
    """Asks for somebody who may do what the cashier may not."""

    submitted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(_("A manager approves"))
        head = label(_("A MANAGER APPROVES"), fonts.strong(Type.LABEL), tone="warning")
        self._what = label(font=fonts.strong(Type.TILE), wrap=True)
        self.who = PersonAndPin(columns=3, rows=1)
        self.who.submitted.connect(self.submitted)
        back = Tile(_("Leave it"), key="Esc", height=Size.QUICK_TILE)
        back.clicked.connect(self.left)
        self.body.addWidget(head)
        self.body.addWidget(self._what)
        self.body.addWidget(self.who)
        self.body.addWidget(back)
        self.body.addStretch(1)

    def ask(self, approval: Approval, people: list[Person]) -> None:
        """Ask for the approval of this, by one of those who may give it."""
        self._what.setText(approval.sentence)
        self.who.show_people([one for one in people if may(one.role, approval.waiting.permission)])

    def refuse(self, sentence: str) -> None:
        """Say why it was not approved."""
        self.who.refuse(Notice(sentence, Tone.DANGER))

    def keyboard_target(self) -> QLineEdit:
        """Let digits be the PIN."""
        return self.who.field

    def handle_key(self, event: QKeyEvent) -> bool:
        """Leave with Esc; the rest is for person and PIN."""
        return super().handle_key(event) or self.who.handle_key(event)
