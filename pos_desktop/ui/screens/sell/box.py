"""The box: everything that is typed while selling goes here.

Its frame says whether it does: where a form beside the cart has the keyboard, the frame is there.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.domain.basket import Item
from pos_desktop.domain.grammar import split_quantity
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.spoken import Field, Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.search_text import read_search, split_price_check

_LONGEST = 120
_COMES_BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Why the line loses the keyboard only for as long as something lies before the window."""


class Box(Card):
    """A line to type into, a chip that says how many the next scan sells, a button for letters."""

    submitted = Signal(str, object)
    """What was typed, and the Item that was found for it, or None."""
    letters_wanted = Signal()
    """The button for letters on the screen was touched."""
    typed = Signal(str)
    """The text has changed under somebody's hands."""

    def __init__(self) -> None:
        self.field = Field()
        self._chip = _Chip()
        self._letters = Tile("ABC", height=Size.TOUCH, font=fonts.strong(Type.TEXT))
        margins = (Space.EDGE, 0, Space.INSIDE - 2, 0)
        parts = row(self.field, self._chip, self._letters, margins=margins)
        super().__init__(_("Scan or type"), parts, look="accent-card")
        self._dress_letters()
        self.setFixedHeight(Size.BOX)
        self.field.setProperty("look", "bare")
        self.field.setFont(fonts.regular(Type.BOX))
        self.field.setMaxLength(_LONGEST)
        self.field.setAccessibleName(_("Scan, or type a code or name"))
        self.field.setPlaceholderText(_("Scan, or type a code or name"))
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.field.textChanged.connect(self._show_quantity)
        self.field.textEdited.connect(self.typed)
        self.field.installEventFilter(self)

    def _dress_letters(self) -> None:
        self._letters.setFixedWidth(Size.TOUCH + Space.BETWEEN)
        self._letters.setAccessibleName(_("Letters on the screen"))
        self._letters.setToolTip(_("Show or hide letters for fingers"))
        self._letters.clicked.connect(self.letters_wanted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Frame the box while its line has the keyboard, also behind another window."""
        if watched is self.field and isinstance(event, QFocusEvent):
            if event.gotFocus():
                self.show_frame("accent-card")
            elif event.reason() not in _COMES_BACK:
                self.show_frame("quiet-card")
        return False

    def show_letters(self, *, shown: bool) -> None:
        """Show on the button whether there are letters on the screen."""
        self._letters.show_rank(Rank.CHOSEN if shown else Rank.PLAIN)

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.field.text()

    def submit(self, found: Item | None = None) -> None:
        """Hand over what was typed, with what was found for it, and be empty again."""
        text = self.field.text()
        self.field.clear()
        self.submitted.emit(text, found)

    def take_prefix(self) -> str:
        """Return and clear what was typed for the next scan: `5*`, `?` or `5*?`; else nothing."""
        text = self.field.text().strip()
        read = read_search(text)
        asks = split_price_check(text)[1] == "?"
        prefix = text if asks else "" if read.words else read.prefix
        if prefix:
            self.clear()
        return prefix

    def forget(self, text: str) -> None:
        """Be empty again where this text still stands here, and nothing newer."""
        if text and self.field.text() == text:
            self.clear()

    def begin(self, text: str) -> None:
        """Put a beginning into the box, to be typed on."""
        self.field.setText(text)
        self.field.setCursorPosition(len(text))
        self.typed.emit(text)

    def give_back(self, text: str) -> None:
        """Put a refused text back, so that it can be mended or typed over."""
        if not self.field.text():
            self.field.setText(text)
            self.field.selectAll()

    def mark(self) -> None:
        """Let the next typed letter replace what stands here."""
        self.field.selectAll()

    def clear(self) -> None:
        """Empty the box."""
        self.field.clear()
        self.typed.emit("")

    def _show_quantity(self, text: str) -> None:
        quantity, rest = split_quantity(text)
        counted = f"× {quantity or 1}"
        asks = rest.startswith("?")
        self._chip.show_text(counted if not asks else f"? {counted}" if quantity else "?")


class _Chip(Spoken, QWidget):
    """Says how many the next scan sells."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_text("× 1")

    def show_text(self, text: str) -> None:
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(_("Quantity {quantity}").format(quantity=text))
        self.setFixedSize(fonts.width(text, fonts.heavy(Type.TILE)) + 26, 34)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        look = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(look.accent_soft))
        painter.drawRoundedRect(self.rect(), Size.SMALL_RADIUS, Size.SMALL_RADIUS)
        painter.setPen(theme.colour(look.accent))
        painter.setFont(fonts.heavy(Type.TILE))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
