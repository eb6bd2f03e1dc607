"""A page behind the counter: a title, what it shows, and the acts with their keys below.

A page says each act once; the tiles, the keys and the help come from there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act, ActTiles, press
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.strip import Notice, Strip
from pos_desktop.ui.kit.text_box import TextBox
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.office.office import Office

T = TypeVar("T")


class OfficePage(Spoken, QWidget):
    """One page. It sees keys before any widget does, and asks the lane for all it shows."""

    left = Signal()
    """The page wants to give way to the menu."""
    other_wanted = Signal(str)
    """Another page is wanted, by its name."""
    handed_on = Signal(str, object)
    """Another page is wanted, by its name, on which this sentence is said."""
    taken_along = Signal(str, object)
    """Another page is wanted, by its name, which is to take this."""
    help_wanted = Signal()
    lock_wanted = Signal()
    takes_scans = False
    """Whether a scan is for the page; else it goes to the sale."""

    def __init__(self, office: Office, title: str) -> None:
        super().__init__()
        self.setProperty("look", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.office = office
        self.title = title
        self.strip = Strip(_("Notice"))
        self.body: QVBoxLayout = column(gap=Space.BETWEEN)
        self._head = label(title, fonts.heavy(Type.TITLE))
        self._head.setFixedHeight(Size.TOUCH)
        self.act_tiles = ActTiles()
        help_ = Tile(_("Help"), key="F1", height=Size.TOUCH)
        back = Tile(_("Back"), key="Esc", height=Size.TOUCH)
        help_.clicked.connect(self.help_wanted)
        back.clicked.connect(self.leave)
        self._corner = (help_, back)
        self._fit_corner()
        edge = Space.EDGE
        whole = column(gap=Space.BETWEEN, margins=(edge, Space.BETWEEN, edge, Space.BETWEEN))
        head = row(gap=Space.BETWEEN)
        head.addWidget(self._head, 1)
        head.addWidget(help_)
        head.addWidget(back)
        whole.addLayout(head)
        whole.addLayout(self.body, 1)
        whole.addLayout(self.act_tiles)
        self.setLayout(whole)
        self.strip.float_over(self._head)

    # what a page says of itself

    def opened(self) -> None:
        """Read what is to be shown; called whenever the page comes into sight."""

    def seen_again(self) -> None:
        """Come back into sight as it was left, after a look at the jobs: show what is new."""

    def tells_of(self, job: int) -> bool:  # noqa: ARG002 - whatever job it is
        """Tell whether the page itself says what has become of a job."""
        return False

    def take_in(self, thing: object) -> None:
        """Take what another page has brought along; most pages take nothing."""

    def leave(self) -> None:
        """Go one step back: to the menu, unless something is open inside the page."""
        self.say(None)
        self.left.emit()

    def keyboard_target(self) -> QLineEdit | TextBox | None:
        """Return the field to which typing goes, None where nothing is typed."""
        return None

    def step(self, by: int) -> None:
        """Choose what stands so many lines below."""

    def scanned(self, code: str) -> None:
        """Take a scan, where the page takes scans."""

    @property
    def acts(self) -> tuple[Act, ...]:
        """What can be done now."""
        return self.act_tiles.acts

    def offer(self, *acts: Act) -> None:
        """Offer these acts from now on, with a tile for each."""
        self.act_tiles.offer(*acts)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now, the acts too."""
        super().retell()
        self._fit_corner()
        self.act_tiles.retell()

    def _fit_corner(self) -> None:
        """Make the tiles at the upper right as wide as their words are."""
        for tile in self._corner:
            tile.setFixedWidth(tile.sizeHint().width())

    def show_title(self, title: str) -> None:
        """Say in the head what is shown now."""
        self._head.setText(title)

    # what is said and asked

    def say(self, notice: Notice | str | None) -> None:
        """Say what was done; None takes it back."""
        self.strip.say(Notice(notice, Tone.ACCENT) if isinstance(notice, str) else notice)

    def refuse(self, error: Exception) -> None:
        """Say why something was not done."""
        self.office.sounds.error()
        self.say(Notice(self.office.sentence_of(error), Tone.DANGER))

    def drop_refusal(self) -> None:
        """Take back why something was refused: what it was about has been changed since."""
        if self.strip.notice is not None and self.strip.notice.tone is Tone.DANGER:
            self.say(None)

    def typed(self, read: Callable[[], T]) -> T | None:
        """Return what was typed, read and checked; None where a refusal was said instead."""
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - a refusal, else a bug that is told as one
            self.refuse(error)
            return None

    def ask(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Read or write on the lane, then go on; a refusal is said on the page."""
        self.office.ask(work, then, self.refuse)

    # keys

    def take_focus(self) -> None:
        """Let typing go where it belongs."""
        (self.keyboard_target() or self).setFocus()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Deal with a key; False lets the field with focus have it."""
        key = Qt.Key(event.key())
        if key in _STEPS and not self._is_typed_on(event):
            self.step(_STEPS[key])
            return True
        if press(self.acts, event) or self._press(key, event):
            return True
        target = self.keyboard_target()
        if target is not None and not target.hasFocus():
            target.setFocus()
        return target is None

    def _is_typed_on(self, event: QKeyEvent) -> bool:
        """Tell whether a field wants the arrows for itself: those that move in what was typed."""
        return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)

    def _press(self, key: Qt.Key, event: QKeyEvent) -> bool:
        general = {
            Qt.Key.Key_Escape: self.leave,
            Qt.Key.Key_F1: self.help_wanted.emit,
            Qt.Key.Key_F12: self.lock_wanted.emit,
        }.get(key)
        if general is not None and not event.isAutoRepeat():
            general()
        return general is not None


_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}
