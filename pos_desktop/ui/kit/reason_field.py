"""Why something is done: a few ready reasons to touch, or a line to type one's own into."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.spoken import Field, Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type

_COLUMNS = 2
_LONGEST = 80


class ReasonField(Spoken, QWidget):
    """A field for a reason, with tiles that fill it; the arrows walk through the ready ones."""

    touched = Signal()
    """A ready reason was chosen by touch; the field has the keyboard."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        name = name or _("Reason")
        self.setAccessibleName(name)
        self.field = Field()
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(_("Type why, or choose"))
        self.field.setFont(fonts.regular(Type.TABLE))
        self.field.setFixedHeight(Size.TOUCH)
        self.field.setMaxLength(_LONGEST)
        self.tiles: list[Tile] = []
        self._ready: tuple[str, ...] = ()
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.INSIDE)
        head = label(name, fonts.strong(Type.LABEL), tone="muted")
        whole = column(head, self.field, gap=4)
        whole.addLayout(self._grid)
        self.setLayout(whole)
        self.field.textChanged.connect(self._light)

    @property
    def text(self) -> str:
        """The reason as it stands."""
        return self.field.text().strip()

    def begin(self, ready: Sequence[str]) -> None:
        """Ask anew, with these reasons at hand."""
        self.field.clear()
        if tuple(ready) != self._ready:
            self._show_ready(ready)

    def _show_ready(self, ready: Sequence[str]) -> None:
        while taken := self._grid.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        self._ready = tuple(ready)
        self.tiles = []
        for place, reason in enumerate(ready):
            tile = Tile(reason, height=Size.TOUCH, font=fonts.strong(Type.SMALL))
            tile.clicked.connect(partial(self._take, place))
            self.tiles.append(tile)
            at, is_alone = divmod(place, _COLUMNS), place == len(ready) - 1 and not place % _COLUMNS
            self._grid.addWidget(tile, *at, 1, _COLUMNS if is_alone else 1)

    def _take(self, place: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        self.field.setText(self.tiles[place].text())
        self.field.setFocus()
        self.touched.emit()

    def _light(self) -> None:
        """Let the tile of the reason that stands in the field be the chosen one."""
        for tile in self.tiles:
            tile.show_rank(Rank.CHOSEN if tile.text() == self.text else Rank.PLAIN)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Walk through the ready reasons with the arrows; the rest is typed."""
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if by is None or not self.tiles:
            return False
        said = [tile.text() for tile in self.tiles]
        at = said.index(self.text) + by if self.text in said else (0 if by > 0 else -1)
        self.field.setText(said[at % len(said)])
        return True
