"""A product that is in somebody's hand and not in the catalogue: added while the customer waits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.tax import TaxRate
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.catalogue.new_item_form import NewItemForm
from pos_desktop.ui.screens.sell.side_page import SidePage


class NewItemPage(SidePage):
    """Asks for name, price and VAT; Enter goes on, at the end it is added and sold."""

    submitted = Signal(object)
    """The NewItemForm as it was filled in."""

    def __init__(self) -> None:
        super().__init__(_("New item"))
        self.form = NewItemForm("", ())
        self._code = WrappedText(fonts.heavy(Type.TILE), fonts.strong(Type.TEXT), most=1)
        self._place = column(self.form)
        head = label(_("NEW ITEM"), fonts.strong(Type.LABEL), tone="muted")
        add = Tile(_("Add and sell"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        self.body.addLayout(column(head, self._code, gap=2))
        self.body.addLayout(self._place, 1)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(add, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        add.clicked.connect(self._submit)
        back.clicked.connect(self.left)

    def begin(self, code: str, bands: Sequence[TaxRate]) -> None:
        """Ask anew, about what this code is on."""
        before, self.form = self.form, NewItemForm(code, bands)
        self._code.show_text(code)
        self._place.replaceWidget(before, self.form)
        before.hide()
        before.deleteLater()
        self.form.done.connect(self._submit)
        self.form.begin()

    def keyboard_target(self) -> QLineEdit:
        """Let typing go to the field that has the keyboard."""
        current = self.form.current
        return current if isinstance(current, QLineEdit) else self.form.name.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Go on with Enter and the arrows, leave with Esc."""
        return super().handle_key(event) or self.form.handle_key(event)

    def _submit(self) -> None:
        self.submitted.emit(self.form)
