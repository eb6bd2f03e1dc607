"""Letters for fingers, laid out as on a keyboard, where there is none.

It is wide and low: four rows of keys that a finger hits even in a window of 1024 by 600.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QLineEdit, QSizePolicy, QWidget

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.number_pad import BACK, ENTER
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.text_box import TextBox
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type

SPACE, POINT, DONE = " ", ".", "done"

_KEY = 2
_ROWS = (
    (0, (*"1234567890", BACK)),
    (0, (*"qwertyuiop", "-")),
    (1, (*"asdfghjkl", ENTER)),
    (0, (*"zxcvbnm", POINT, SPACE, DONE)),
)
"""How many half keys a row is set in, and its keys."""
_ADDRESS = (("@", 2 * _KEY), (".", _KEY), ("_", _KEY))
"""What stands in place of the last three where an address is typed, and how broad in half keys."""
_BROAD = {SPACE: _KEY + 1, DONE: _KEY + 1, ENTER: _KEY + 1}
"""Keys that are broader than a letter, in half keys."""
_GAP = Space.STEP + 2


def is_for_address(field: QLineEdit) -> bool:
    """Tell whether an e-mail address is typed into a field."""
    return bool(field.inputMethodHints() & Qt.InputMethodHint.ImhEmailCharactersOnly)


class LetterPad(Spoken, QWidget):
    """Tells which key was pressed: what it types, or BACK or ENTER; Done only takes it away.

    It never takes the keyboard: whoever shows it types into the field that has it.
    """

    pressed = Signal(str)
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Letter keys"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        self._plain = {key: self._tile(key) for key in (POINT, SPACE, DONE)}
        for row, (start, keys) in enumerate(_ROWS):
            place = start
            for key in keys:
                breadth = _BROAD.get(key, _KEY)
                tile = self._plain.get(key) or self._tile(key)
                grid.addWidget(tile, row, place, 1, breadth)
                place += breadth
        self._for_address = self._address_keys(grid)
        self.show_for_address(wanted=False)
        for half in range(grid.columnCount()):
            grid.setColumnStretch(half, 1)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Come with what the field that has the keyboard needs."""
        super().showEvent(event)
        self._focus_moved(None, QApplication.focusWidget())

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self.isVisible() and isinstance(now, QLineEdit | TextBox):
            is_address = isinstance(now, QLineEdit) and is_for_address(now)
            self.show_for_address(wanted=is_address)

    def show_for_address(self, *, wanted: bool) -> None:
        """Have the signs of an e-mail address in place of the point, the space and Done, or not."""
        for tile in self._plain.values():
            tile.setVisible(not wanted)
        for tile in self._for_address:
            tile.setVisible(wanted)

    def _address_keys(self, grid: QGridLayout) -> list[Tile]:
        """Lay the signs of an address where the point, the space and Done stand."""
        place = grid.columnCount() - sum(breadth for _key, breadth in _ADDRESS)
        tiles = []
        for key, breadth in _ADDRESS:
            tiles.append(self._tile(key))
            grid.addWidget(tiles[-1], len(_ROWS) - 1, place, 1, breadth)
            place += breadth
        return tiles

    def _tile(self, key: str) -> Tile:
        words = {SPACE: _("Space"), DONE: _("Done")}
        font = fonts.strong(Type.TEXT if key in words else Type.TILE)
        rank = Rank.CHOSEN if key == ENTER else Rank.PLAIN
        tile = Tile(words.get(key, key.upper()), height=Size.TOUCH, font=font, rank=rank)
        tile.setAutoRepeat(key == BACK)
        if key == DONE:
            tile.clicked.connect(self.done)
        else:
            tile.clicked.connect(lambda: self.pressed.emit(key))
        return tile
