"""The menu: every page behind the counter that the person at the till may open."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.people.sign_in import Person
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage
from pos_desktop.ui.screens.office.pages import PageEntry

KEYS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What opens each page, in the order of the menu."""
_COLUMNS = 3
_TILE_HEIGHT = 76
_LEAST_HEIGHT = Size.TOUCH
"""Nine rows of them find room in the lowest window, with the least of the gaps."""
_GOOD_HEIGHT = 46
"""What words and note of a tile fill well."""
_GAPS = (10, 6, 2)
_ELSEWHERE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: _COLUMNS,
    Qt.Key.Key_Up: -_COLUMNS,
}


class MenuPage(OfficePage):
    """Shows a tile for each page; its digit or letter, or the arrows and Enter, open it."""

    opened_page = Signal(str)
    """The page of this name is wanted."""

    def __init__(self, office: Office, entries: Sequence[PageEntry]) -> None:
        super().__init__(office, _("Menu"))
        self._entries = entries
        self.shown: list[PageEntry] = []
        self._current = 0
        self._waiting: dict[str, int] = {}
        """How much waits on pages, by their names."""
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAPS[0])
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        self.body.addLayout(self._grid, 100)
        self.body.addStretch(1)
        self.page_tiles: list[Tile] = []

    def opened(self) -> None:
        """Offer what the person at the till may open."""
        person: Person = self.office.actor
        shown = [
            entry
            for entry in self._entries
            if not entry.part_of and (not entry.permission or person.may(entry.permission))
        ]
        if shown != self.shown:
            self.shown, self._current = shown, 0
            self._show_tiles_of(shown)
        self._choose(self._current)
        self._say_line(person)
        self._count()

    def _count(self) -> None:
        """Tell on its tile how much waits on a page."""
        shop = self.office.shop
        counted = [one for one in self.shown if one.to_do is not None]

        def read() -> dict[str, int]:
            return {one.name: one.to_do(shop) for one in counted if one.to_do}

        def show(found: dict[str, int]) -> None:
            self._waiting = found
            self._show_notes()

        if counted:
            self.ask(read, show)

    def _show_notes(self) -> None:
        for tile, entry in zip(self.page_tiles, self.shown, strict=True):
            waiting = self._waiting.get(entry.name, 0)
            text = ngettext("{count} to be done", "{count} to be done", waiting)
            tile.show_title(entry.title(), text.format(count=waiting) if waiting else entry.note())

    def _say_line(self, person: Person) -> None:
        """Tell a manager how the subscription stands, where that is to be said."""
        subscription = self.office.shop.licence.subscription

        def say(words: str) -> None:
            self.say(words or None)

        self.ask(lambda: subscription.line(person), say)

    def _show_tiles_of(self, shown: Sequence[PageEntry]) -> None:
        while taken := self._grid.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        self.page_tiles = []
        for place, entry in enumerate(shown):
            tile = Tile(entry.title(), note=entry.note(), key=KEYS[place], height=_TILE_HEIGHT)
            _let_shrink(tile)
            tile.clicked.connect(partial(self._open, place))
            self.page_tiles.append(tile)
            self._grid.addWidget(tile, *divmod(place, _COLUMNS))
        self._part_rows()

    def _part_rows(self) -> None:
        """Put as much between the rows as leaves all of them a good height."""
        rows = -(-len(self.shown) // _COLUMNS)
        room = self.height() - Size.TOUCH - 3 * Space.BETWEEN - rows * _GOOD_HEIGHT
        wide = (gap for gap in _GAPS if (rows - 1) * gap <= room)
        self._grid.setVerticalSpacing(next(wide, _GAPS[-1]))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let all rows find room."""
        super().resizeEvent(event)
        self._part_rows()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show_notes()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Open by digit or letter, or choose with the arrows."""
        key = Qt.Key(event.key())
        wanted = KEYS.find(event.text().upper()) if event.text() else -1
        if key in _STEPS:
            self._choose(self._current + _STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self._current)
        elif 0 <= wanted < len(self.shown) and not event.modifiers() & _ELSEWHERE:
            self._open(wanted)
        else:
            return super().handle_key(event)
        return True

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self.page_tiles):
            self._current = place
        for at, tile in enumerate(self.page_tiles):
            tile.show_rank(Rank.CHOSEN if at == self._current else Rank.PLAIN)

    def _open(self, place: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        if place < len(self.shown):
            self._current = place
            self.opened_page.emit(self.shown[place].name)


def _let_shrink(tile: Tile) -> None:
    """Let a tile be lower where the window is."""
    tile.setMinimumHeight(_LEAST_HEIGHT)
    tile.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
