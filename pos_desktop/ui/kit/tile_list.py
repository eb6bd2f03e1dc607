"""Tiles below one another, one of them chosen; where they are many, the list can be moved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Space


class TileList(Spoken, QScrollArea):
    """Shows tiles and which is chosen. It never takes the keyboard."""

    tile_pressed = Signal(int)
    """A tile was pressed: its place."""

    def __init__(self, name: str) -> None:
        """Take the name for those who cannot see it."""
        super().__init__()
        self.tiles: Sequence[Tile] = ()
        self.current = 0
        """The place of the chosen tile; 0 also where there is none."""
        self._column = column(gap=Space.INSIDE)
        inner = QWidget()
        inner.setLayout(self._column)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setWidget(inner)

    def show_tiles(self, tiles: Sequence[Tile], current: int = 0) -> None:
        """Show these tiles instead of the last ones, with one of them chosen."""
        while taken := self._column.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        self.tiles = tiles
        for place, tile in enumerate(tiles):
            tile.clicked.connect(partial(self._press, place))
            self._column.addWidget(tile)
        self._column.addStretch(1)
        self.choose(current)

    def choose(self, place: int) -> None:
        """Choose a tile and bring it into sight; the nearest end where there is none so far."""
        self.current = max(0, min(len(self.tiles) - 1, place))
        for at, tile in enumerate(self.tiles):
            tile.show_rank(Rank.CHOSEN if at == self.current else Rank.PLAIN)
        if self.tiles:
            self.ensureWidgetVisible(self.tiles[self.current])

    def _press(self, place: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        self.tile_pressed.emit(place)
