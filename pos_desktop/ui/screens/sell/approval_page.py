"""A manager approves in place: name and PIN; the cashier's session goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.errors import PosError
from pos_desktop.domain.text import _
from pos_desktop.services.command_desk import NotApproved
from pos_desktop.services.sign_in import Person
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.person_and_pin import PersonAndPin
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.approvals import Approval
from pos_desktop.ui.screens.sell.side_page import SidePage


class ApprovalPage(SidePage):
    """Asks for somebody who may do what the cashier may not."""

    submitted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(_("A manager approves"))
        self._head = label(_("A MANAGER APPROVES"), fonts.strong(Type.LABEL), tone="warning")
        self.who = PersonAndPin(fonts.strong(Type.TILE), columns=3, rows=1, enter=Rank.CHOSEN)
        self.who.submitted.connect(self.submitted)
        self.approve = Tile(_("Approve"), key="↵", height=Size.QUICK_TILE, rank=Rank.FIRST)
        back = Tile(_("Leave it"), key="Esc", height=Size.QUICK_TILE)
        self.approve.clicked.connect(self.who.submit)
        back.clicked.connect(self.left)
        self.body.addWidget(self._head)
        self.body.addWidget(self.who)
        self.body.addLayout(row(self.approve, back, gap=Space.INSIDE + 2))
        self.body.addStretch(1)

    def ask(self, approval: Approval, people: list[Person]) -> None:
        """Ask for the approval of this, by one of those who may give it."""
        self.who.show_hint(approval.sentence)
        self.who.show_people([one for one in people if one.may(approval.waiting.permission)])

    def show_compact(self, *, compact: bool) -> None:
        """Do with less height, where the keys for fingers are wanted in a low window."""
        self._head.setVisible(not compact)
        self.body.setSpacing(Space.INSIDE if compact else Space.BETWEEN)

    def refuse(self, error: Exception) -> None:
        """Say why it was not approved; how long a lock takes is counted down."""
        if isinstance(error, NotApproved) and error.locked_seconds:
            self.who.lock(error.locked_seconds)
        else:
            sentence = error.sentence if isinstance(error, PosError) else str(error)
            self.who.refuse(Notice(sentence, Tone.DANGER))

    def keyboard_target(self) -> QLineEdit:
        """Let digits be the PIN."""
        return self.who.field

    def handle_key(self, event: QKeyEvent) -> bool:
        """Leave with Esc; the rest is for person and PIN."""
        return super().handle_key(event) or self.who.handle_key(event)
