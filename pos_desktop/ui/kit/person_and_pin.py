"""Who it is, and the PIN: chosen by touch, or typed; letters choose the person, digits the PIN."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLineEdit, QWidget

from pos_desktop.domain.text import _
from pos_desktop.services.people.sign_in import Person
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.lock_countdown import LockCountdown
from pos_desktop.ui.kit.number_pad import ENTER, PIN_KEYS, NumberPad, type_into
from pos_desktop.ui.kit.spoken import Field, ScrollArea, Spoken
from pos_desktop.ui.kit.strip import Notice, Strip
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

_MOST_COLUMNS = 3
_ROWS_BESIDE = 5
"""As many as the keys beside them are high."""
_MOST_DIGITS = 20
"""More than a PIN has: cut short, what is too long would be tried as a wrong one."""
_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PersonAndPin(Spoken, QWidget):
    """Asks who somebody is. The PIN never stands anywhere readable."""

    submitted = Signal(str, str)
    """Login and PIN."""

    def __init__(
        self, hint_font: QFont, columns: int = 2, rows: int = 3, enter: Rank = Rank.FIRST
    ) -> None:
        """Offer people in so many columns, and so many rows before they scroll.

        The pad's own Enter speaks as loudly as `enter`: softer where a tile submits too.
        """
        super().__init__()
        self.setAccessibleName(_("Person and PIN"))
        self._columns = columns
        self._beside = False
        self._rows = rows
        self._people: list[Person] = []
        self._tiles: list[Tile] = []
        self._current = 0
        self._letters = ""
        self._was_chosen = self._typed_for_chosen = False
        """Whether somebody was chosen since it began, and whether digits were typed after that."""
        self.field = Field()
        self._dress_field()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(Space.INSIDE)
        inner = QWidget()
        inner.setLayout(self._grid)
        self._scroll = ScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(_("People"))
        self._scroll.setWidget(inner)
        self.pad = NumberPad(PIN_KEYS, _("PIN keys"), enter)
        self.pad.pressed.connect(self._pad_pressed)
        self._hint = WrappedText(hint_font, fonts.strong(Type.TEXT), fonts.regular(Type.SMALL))
        self._hint.setFixedHeight(Size.TOUCH)
        pin = label(_("PIN"), fonts.strong(Type.LABEL), tone="muted")
        self._sides = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(Space.INSIDE)
        self._sides.addWidget(self._scroll, 1, Qt.AlignmentFlag.AlignTop)
        self._sides.addLayout(column(row(pin, self.field), self.pad, gap=Space.INSIDE))
        self.setLayout(column(self._hint, self._sides, gap=Space.INSIDE))
        self.strip = Strip(_("Notice"))
        self.strip.float_over(self._hint)
        self.countdown = LockCountdown(self.strip)
        self._fill()

    def _dress_field(self) -> None:
        self.field.setAccessibleName(_("PIN"))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setFont(fonts.heavy(Type.TITLE))
        self.field.setFixedHeight(Size.TOUCH)
        self.field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field.setMaxLength(_MOST_DIGITS)
        digits = QRegularExpressionValidator(QRegularExpression("[0-9]*"), self.field)
        self.field.setValidator(digits)
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.field.textEdited.connect(lambda _text: self._typed())

    def show_hint(self, text: str) -> None:
        """Say what is asked, on at most two lines; a notice stands in the same place."""
        self._hint.show_text(text)

    @property
    def hint(self) -> str:
        """What is asked."""
        return self._hint.text

    @property
    def person(self) -> Person | None:
        """Who is chosen."""
        return self._people[self._current] if self._people else None

    def stand_beside(self, *, beside: bool, columns: int) -> None:
        """Let the people stand beside the keys, where they are many, or above them."""
        direction = QBoxLayout.Direction
        self._sides.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self._sides.setSpacing(Space.EDGE if beside else Space.INSIDE)
        self._beside, self._columns = beside, columns

    def show_people(self, people: list[Person]) -> None:
        """Offer these people; who was chosen stays so where he is among them."""
        before = self.person
        self._people = people
        self._current = next((i for i, one in enumerate(people) if one == before), 0)
        self._fill()
        self._light()
        self.clear()

    def clear(self) -> None:
        """Forget what was typed."""
        self._forget_digits()
        self._was_chosen = False
        self._letters = ""
        self.strip.say(None)

    def refuse(self, notice: Notice) -> None:
        """Say why it was not accepted; the PIN is typed anew."""
        self._forget_digits()
        self.strip.say(notice)

    def lock(self, seconds: int) -> None:
        """Say for how long the person is locked out, and count it down."""
        self._forget_digits()
        self.countdown.begin(seconds)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose by letters and arrows, submit with Enter; leave digits to the field."""
        key, text = event.key(), event.text()
        if key in _ENTER_KEYS:
            self.submit()
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Tab):
            return self._choose(self._current + 1)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Backtab):
            return self._choose(self._current - 1)
        if text and text.isprintable() and not text.isdigit():
            self._choose_by_letter(text)
            return True
        if not self.field.hasFocus():
            self.field.setFocus()
        self._letters = ""
        return False

    def _choose_by_letter(self, letter: str) -> None:
        for letters in (self._letters + letter.casefold(), letter.casefold()):
            for place, person in enumerate(self._people):
                names = (person.login.casefold(), person.name.casefold())
                if any(name.startswith(letters) for name in names):
                    self._letters = letters
                    self._choose(place)
                    return

    def _choose(self, place: int) -> bool:
        """Choose a person; a PIN that was typed first waits for the name.

        Digits that were typed for another one, after that one was chosen, are no part of it.
        """
        if self._people:
            chosen = place % len(self._people)
            if chosen != self._current and self._typed_for_chosen:
                self._forget_digits()
            self._current, self._was_chosen = chosen, True
            self.strip.say(None)
            self._light()
        return True

    def submit(self) -> None:
        """Hand over who is chosen and the PIN, once there is one."""
        if self.person and self.field.text():
            self.submitted.emit(self.person.login, self.field.text())

    def _pad_pressed(self, key: str) -> None:
        if key == ENTER:
            self.submit()
        else:
            type_into(self.field, key)
            self._typed()

    def _typed(self) -> None:
        self._typed_for_chosen = self._was_chosen
        self.strip.say(None)

    def _forget_digits(self) -> None:
        self.field.clear()
        self._typed_for_chosen = False

    def _fill(self) -> None:
        while taken := self._grid.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        self._tiles = []
        for place in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(place, int(place < self._columns))
        for place, person in enumerate(self._people):
            tile = Tile(person.name, height=Size.TOUCH, font=fonts.strong(Type.TEXT))
            tile.setToolTip(person.login)
            tile.clicked.connect(lambda _checked=False, at=place: self._choose(at))
            self._grid.addWidget(tile, place // self._columns, place % self._columns)
            self._tiles.append(tile)
        rows = -(-len(self._people) // self._columns)
        self._grid.setRowStretch(rows, 1)
        most = _ROWS_BESIDE if self._beside else self._rows
        shown = max(1, min(rows, most))
        height = shown * (Size.TOUCH + Space.INSIDE) - Space.INSIDE
        self._scroll.setFixedHeight(height)

    def _light(self) -> None:
        for place, tile in enumerate(self._tiles):
            tile.show_rank(Rank.CHOSEN if place == self._current else Rank.PLAIN)
        if self._tiles:
            self._scroll.ensureWidgetVisible(self._tiles[self._current])
