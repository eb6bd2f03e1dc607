"""A choice of a few: all of them in sight, one chosen, by touch or with the arrows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type


class Choice(Spoken, QWidget):
    """Shows what can be chosen as tiles; it takes the keyboard, so that the arrows choose."""

    chosen = Signal(str)
    """Another one was chosen: its key."""

    def __init__(self, name: str, *, columns: int = 3) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.key = ""
        self._columns = columns
        self._tiles: dict[str, Tile] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.INSIDE)
        self._name = label(name, fonts.strong(Type.LABEL), tone="muted")
        whole = column(self._name, gap=2)
        whole.addLayout(self._grid)
        self.setLayout(whole)

    def show_choices(self, choices: Sequence[tuple[str, str]], key: str) -> None:
        """Offer these, by key and title, with one of them chosen."""
        while taken := self._grid.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        self._tiles = {}
        for place, (one, title) in enumerate(choices):
            tile = Tile(title, height=Size.TOUCH, font=fonts.strong(Type.TEXT))
            tile.clicked.connect(partial(self._pressed, one))
            self._tiles[one] = tile
            self._grid.addWidget(tile, *divmod(place, self._columns))
        self.choose(key)

    def choose(self, key: str) -> None:
        """Choose one by its key."""
        changed = key != self.key
        self.key = key
        for one, tile in self._tiles.items():
            tile.show_rank(Rank.CHOSEN if one == key else Rank.PLAIN)
        if changed:
            self.chosen.emit(key)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose the next or the last one with the arrows."""
        by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Space: 1, Qt.Key.Key_Left: -1}.get(
            Qt.Key(event.key())
        )
        keys = list(self._tiles)
        if by is None or self.key not in keys:
            return False
        self.choose(keys[(keys.index(self.key) + by) % len(keys)])
        return True

    def _pressed(self, key: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        self.setFocus()
        self.choose(key)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show by its name that the arrows choose here."""
        super().focusInEvent(event)
        self._show_focus(here=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self._show_focus(here=False)

    def _show_focus(self, *, here: bool) -> None:
        self._name.setProperty("tone", "accent" if here else "muted")
        self._name.style().unpolish(self._name)
        self._name.style().polish(self._name)
