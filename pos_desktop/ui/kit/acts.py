"""What can be done where one is: each act with its key, and the row of tiles that offers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type

_CAPS = {
    Qt.Key.Key_Return: "↵",
    Qt.Key.Key_Delete: "Del",
    Qt.Key.Key_Insert: "Ins",
    Qt.Key.Key_Escape: "Esc",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that can be done: its key, the words on its tile, and what it does.

    Two that look the same are equal, whatever they do.
    """

    key: Qt.Key
    title: str
    """What stands on its tile; one without words has its key alone."""
    help: str
    do: Callable[[], None] = field(compare=False)
    rank: Rank = Rank.PLAIN
    shift: bool = False
    control: bool = False
    spelled: str = ""
    """What its cap says where that is not the key alone."""

    @property
    def cap(self) -> str:
        """What is written on its cap."""
        held = ("Ctrl " if self.control else "") + ("⇧ " if self.shift else "")
        return self.spelled or held + _CAPS.get(self.key, self.key.name.removeprefix("Key_"))

    def has_key(self, event: QKeyEvent) -> bool:
        """Tell whether this key is its own; Enter of the number pad is Enter too."""
        key, held = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Enter:
            key = Qt.Key.Key_Return
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        return (self.key, self.shift, self.control) == (key, shift, control)


def press(acts: Iterable[Act], event: QKeyEvent) -> bool:
    """Do the act whose key this is; tell whether there is one. A key held down does it once."""
    act = next((one for one in acts if one.has_key(event)), None)
    if act is not None and not event.isAutoRepeat():
        act.do()
    return act is not None


class ActTiles(QHBoxLayout):
    """A row with a tile for each act that is offered."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(Space.INSIDE + 2)
        self.setContentsMargins(0, 0, 0, 0)
        self.acts: tuple[Act, ...] = ()
        """What is offered now."""
        self.tiles: list[Tile] = []

    def offer(self, *acts: Act) -> None:
        """Offer these from now on; tiles that would look the same stay."""
        before, self.acts = self.acts, acts
        if acts != before:
            self._show()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        self.acts = tuple(
            replace(act, title=again(act.title), help=again(act.help)) for act in self.acts
        )
        self._show()

    def _show(self) -> None:
        while taken := self.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        self.tiles = []
        for place, act in enumerate(self.acts):
            if act.title:
                tile = _tile(act)
                tile.clicked.connect(lambda _checked=False, at=place: self.acts[at].do())
                self.tiles.append(tile)
                self.addWidget(tile)


def _tile(act: Act) -> Tile:
    tile = Tile(
        act.title,
        key=act.cap,
        rank=act.rank,
        height=Size.QUICK_TILE,
        font=fonts.strong(Type.TABLE),
    )
    tile.keep_title_whole()
    tile.setToolTip(act.help)
    return tile
