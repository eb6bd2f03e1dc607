"""The languages beside one another, each as it calls itself; the one that is spoken is chosen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_desktop.domain import text
from pos_desktop.domain.text import _
from pos_desktop.languages import ENDONYMS
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.key_cap import KeyCap
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Type


class LanguageSwitch(Spoken, QWidget):
    """Tells which language somebody wants. The key beside it takes the next one."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Language"))
        self.tiles = {language: self._tile(language) for language in text.languages()}
        self.setLayout(row(*self.tiles.values(), KeyCap("Ctrl L")))
        self._light()

    def retell(self) -> None:
        """Show which language is spoken now."""
        super().retell()
        self._light()

    def _tile(self, language: str) -> Tile:
        tile = Tile(ENDONYMS[language], height=Size.TOUCH, font=fonts.strong(Type.SMALL))
        tile.clicked.connect(partial(self._press, language))
        return tile

    def _press(self, language: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        self.chosen.emit(language)

    def _light(self) -> None:
        for language, tile in self.tiles.items():
            tile.show_rank(Rank.CHOSEN if language == text.language() else Rank.PLAIN)
