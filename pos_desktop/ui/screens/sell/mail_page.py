"""To whom a receipt goes by e-mail: the buyer who agreed to it, or an address said for it alone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import SidePage


class MailPage(SidePage):
    """Asks for a receipt and an address; what was sold last, and the buyer's own, stand there."""

    submitted = Signal(str, str)
    """The number of a receipt, and the address; empty where it is the one that was offered."""
    receipt_typed = Signal(str)
    """Another receipt is meant: its buyer may have an address too."""

    def __init__(self) -> None:
        super().__init__(_("E-mail"))
        self._offered = ""
        self._begun_with = ""
        self._looked_up = ""
        self.receipt = FormField(_("Receipt"), longest=20)
        self.address = FormField(_("E-mail address"), longest=254, is_address=True)
        self.form = Form(_("E-mail"), (self.receipt, self.address))
        self.note = label(font=fonts.regular(Type.TEXT), tone="muted", wrap=True)
        self.form.explain(self.note)
        head = label(_("SEND A RECEIPT BY E-MAIL"), fonts.strong(Type.LABEL), tone="muted")
        send = Tile(_("Send"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        self.body.addWidget(head)
        self.body.addWidget(self.form, 1)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(send, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.form.done.connect(self._submit)
        self.receipt.field.editingFinished.connect(self._look_up)
        self.address.field.textChanged.connect(lambda _text: self._explain())
        send.clicked.connect(self._submit)
        back.clicked.connect(self.left)

    def begin(self, receipt: str, address: str) -> None:
        """Ask anew: this receipt, for the address that its buyer agreed to, if any.

        What was typed for another receipt is gone: it is somebody else's address. For the same one
        it stays, as after a scan in between.
        """
        if receipt != self._begun_with:
            self.forget()
        self._begun_with = receipt
        self.receipt.show_text(receipt)
        self.offer(receipt, address)
        target = self.address if receipt else self.receipt
        target.field.setFocus()
        target.field.selectAll()

    def forget(self) -> None:
        """Forget the address: its receipt is on its way."""
        self._offered = self._begun_with = ""
        self.address.show_text("")

    def offer(self, receipt: str, address: str) -> None:
        """Offer the address of the buyer of a receipt; nothing where they want no mail."""
        self._looked_up = receipt
        if not self.address.text or self.address.text == self._offered:
            self.address.show_text(address)
        self._offered = address
        self._explain()

    def _explain(self) -> None:
        text = _("The address is used for this one receipt, and not kept.")
        if self._offered and self.address.text == self._offered:
            text = _("The customer agreed to mail to this address.")
        self.note.setText(text)

    def keyboard_target(self) -> QLineEdit:
        """Let typing go to the field that has the keyboard."""
        current = self.form.current
        return current if isinstance(current, QLineEdit) else self.address.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Go on with Enter and the arrows, leave with Esc."""
        return super().handle_key(event) or self.form.handle_key(event)

    def _look_up(self) -> None:
        if self.receipt.text and self.receipt.text != self._looked_up:
            self._looked_up = self.receipt.text
            self.receipt_typed.emit(self.receipt.text)

    def _submit(self) -> None:
        address = self.address.text
        is_own = bool(address) and address == self._offered
        # whoever is refused types anew: a letter goes to no address made of two
        self.keyboard_target().selectAll()
        self.submitted.emit(self.receipt.text, "" if is_own else address)
