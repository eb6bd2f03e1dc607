"""Keys for fingers: digits and what belongs to them, where there is no keyboard.

Every pad has 7-8-9 on top, as the number block of a keyboard has, so that hands learn one layout;
0 is at the foot on the left, and the key that takes one sign back always the third beside it.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type

BACK, ENTER, CLEAR = "⌫", "↵", "C"
BOX_KEYS = (
    ("7", "8", "9", "×", "="),
    ("4", "5", "6", "−", "%"),
    ("1", "2", "3", CLEAR, ENTER),
    ("0", ".", BACK, "00", ENTER),
)
"""A key that stands below itself is one of double height."""

AMOUNT_KEYS = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), ("0", ".", BACK))
PIN_KEYS = (("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"), ("0", ENTER, BACK))

_GAP = Space.STEP + 2
_TYPED = {"×": "*", "−": "-"}


class NumberPad(Spoken, QWidget):
    """Tells which key was pressed: what it types, or one of BACK, ENTER and CLEAR."""

    pressed = Signal(str)

    def __init__(
        self, keys: tuple[tuple[str, ...], ...], name: str, enter: Rank = Rank.CHOSEN
    ) -> None:
        super().__init__()
        self._enter = enter
        self.setAccessibleName(name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        for row, line in enumerate(keys):
            for column, key in enumerate(line):
                if row and keys[row - 1][column] == key:
                    continue
                rows = 2 if row + 1 < len(keys) and keys[row + 1][column] == key else 1
                grid.addWidget(self._tile(key, rows), row, column, rows, 1)

    def _tile(self, key: str, rows: int) -> Tile:
        rank = self._enter if key == ENTER else Rank.PLAIN
        height = rows * (Size.TOUCH + _GAP) - _GAP
        tile = Tile(key, height=height, font=fonts.strong(Type.TILE), rank=rank)
        tile.setToolTip("")
        tile.clicked.connect(lambda: self.pressed.emit(_TYPED.get(key, key)))
        return tile


def type_into(field: QLineEdit, key: str) -> None:
    """Do to a field what a key of the pad says, as if it had been typed there."""
    if key == BACK:
        field.backspace()
    elif key == CLEAR:
        field.clear()
    elif key != ENTER:
        field.insert(key)
