"""A manager approves in place: why, name and PIN; the cashier's session goes on.

Digits are always the PIN, which never stands anywhere readable; letters are the reason.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.errors import PosError
from pos_desktop.domain.text import _, joined
from pos_desktop.services.counter.command_desk import NotApproved
from pos_desktop.services.people.sign_in import Person
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.number_pad import BACK
from pos_desktop.ui.kit.person_and_pin import PersonAndPin
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.reason_field import ReasonField
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.approvals import Approval
from pos_desktop.ui.screens.sell.side_page import SidePage

_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class ApprovalPage(SidePage):
    """Asks for somebody who may do what the cashier may not."""

    submitted = Signal(str, str, str)
    """Login, PIN, and why."""

    def __init__(self) -> None:
        super().__init__(_("A manager approves"))
        self._head = label(_("A MANAGER APPROVES"), fonts.strong(Type.LABEL), tone="warning")
        self.who = PersonAndPin(fonts.strong(Type.TILE), columns=3, rows=1, enter=Rank.CHOSEN)
        self.who.submitted.connect(self._submit)
        self.reason = ReasonField(_("Why?"))
        self.reason.field.setValidator(_no_digits(self.reason))
        self.reason.field.textChanged.connect(self._chosen)
        self.reason.touched.connect(self.who.field.setFocus)
        self._sentence = ""
        self._compact = self._pad_wanted = False
        self.approve = Tile(_("Approve"), key="↵", height=Size.QUICK_TILE, rank=Rank.FIRST)
        back = Tile(_("Leave it"), key="Esc", height=Size.QUICK_TILE)
        self.approve.clicked.connect(self.who.submit)
        back.clicked.connect(self.left)
        self.body.addWidget(self._head)
        self.body.addWidget(self.who)
        self.body.addWidget(self.reason)
        self.body.addLayout(row(self.approve, back, gap=Space.INSIDE + 2))
        self.body.addStretch(1)

    def ask(self, approval: Approval, people: list[Person]) -> None:
        """Ask for the approval of this, by one of those who may give it."""
        self._sentence = approval.sentence
        self.who.show_hint(approval.sentence)
        self.reason.begin(approval.reasons)
        self._make_room()
        self.who.show_people([one for one in people if one.may(approval.waiting.permission)])

    def show_compact(self, *, compact: bool, pad: bool = True) -> None:
        """Do with less height in a low window; there a `pad` takes the place of the reasons.

        It comes once a reason is chosen.
        """
        self._compact, self._pad_wanted = compact, pad
        self._head.setVisible(not compact)
        self._make_room()

    def _chosen(self) -> None:
        self.who.strip.say(None)
        self._make_room()

    def _make_room(self) -> None:
        """Show the reasons until one is chosen, then the keys for fingers where they are wanted."""
        is_said = bool(self.reason.text)
        pad = self._pad_wanted and is_said
        self.body.setSpacing(Space.INSIDE if pad or self._compact else Space.BETWEEN)
        self.who.pad.setVisible(pad)
        for tile in self.reason.tiles:
            tile.setVisible(not pad)
        self.reason.setVisible(not (pad and self._compact))
        reason = self.reason.text if self.reason.isHidden() else ""
        self.who.show_hint(joined(" · ", (self._sentence, reason)))

    def _submit(self, login: str, pin: str) -> None:
        if self.reason.text:
            self.submitted.emit(login, pin, self.reason.text)
        else:
            sentence = _("Say why: choose a reason with ↑ ↓ or by touch, or type one.")
            self.who.strip.say(Notice(sentence, Tone.WARNING))

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

    def letters_target(self) -> QLineEdit:
        """Let letters be the reason."""
        return self.reason.field

    def letter_target(self, key: str) -> QLineEdit:
        """Let a digit of the letters be the PIN, and take signs of the PIN back first."""
        is_pin = key.isdigit() or (key == BACK and self.who.field.text())
        return self.who.field if is_pin else self.reason.field

    def holds_on(self) -> bool:
        """Keep a reason or a PIN that was typed from a key that would throw it away."""
        is_typed = bool(self.reason.text or self.who.field.text())
        if is_typed:
            sentence = _("Approve it with Enter, or leave it with Esc; then go on.")
            self.who.strip.say(Notice(sentence, Tone.WARNING))
        return is_typed

    def handle_key(self, event: QKeyEvent) -> bool:
        """Leave with Esc; ↑ ↓ and letters are the reason, ← → choose the person, digits the PIN."""
        if super().handle_key(event) or self.reason.handle_key(event):
            return True
        typed = event.text()
        is_chord = event.modifiers() & _CHORD
        if typed.isprintable() and typed and not typed.isdigit() and not is_chord:
            self.reason.field.insert(typed)
            return True
        if event.key() == Qt.Key.Key_Backspace and not self.who.field.text():
            self.reason.field.backspace()
            return True
        return self.who.handle_key(event)


def _no_digits(parent: QObject) -> QRegularExpressionValidator:
    """Return what keeps a PIN out of the reason, whatever way it is typed."""
    return QRegularExpressionValidator(QRegularExpression("[^0-9]*"), parent)
