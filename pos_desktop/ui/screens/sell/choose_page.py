"""A page with a field above a list: what is typed is looked up, or is what is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.spoken import Field
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_LONGEST = 60
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ChoosePage(SidePage):
    """The arrows choose a line, Enter takes, Esc leaves; typing goes to the field."""

    def __init__(self, name: str, *, asked: str, hint: str, listed: str, take: str) -> None:
        """Take what the field asks for, its hint, the name of the list, and what Enter does."""
        super().__init__(name)
        self.field = Field()
        self.field.setAccessibleName(asked)
        self.field.setPlaceholderText(hint)
        self.field.setFont(fonts.regular(Type.TABLE))
        self.field.setFixedHeight(Size.TOUCH)
        self.field.setMaxLength(_LONGEST)
        self.list = RowList(listed)
        self.take = Tile(take, key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(self.take, 3)
        tiles.addWidget(back, 2)
        self.body.setSpacing(Space.INSIDE)
        self.body.addWidget(self.field)
        self.body.addWidget(Card(listed, column(self.list, margins=(1, 1, 1, 1))), 1)
        self.body.addLayout(tiles)
        self.take.clicked.connect(self.enter)
        back.clicked.connect(self.left)

    def enter(self) -> None:
        """Take what is typed, or what is chosen."""
        raise NotImplementedError

    def keyboard_target(self) -> QLineEdit:
        """Let typing go to the field."""
        return self.field

    def letters_target(self) -> QLineEdit:
        """Let letters go where typing does."""
        return self.field

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose with the arrows, take with Enter, leave with Esc."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.list.move(_STEPS[key])
        elif key in ENTER_KEYS:
            self.enter()
        else:
            return super().handle_key(event)
        return True
