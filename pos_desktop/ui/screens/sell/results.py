"""What a search found, dropped over the cart: at most eight, chosen with the arrows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.basket import Item
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Space, Type

MOST = 8


class Results(Spoken, QWidget):
    """A list that floats over the cart. It never takes the keyboard: the box hands keys on."""

    chosen = Signal(object)
    """An Item was chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self._text = ""
        self._current = 0
        self._sure = False
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    @property
    def items(self) -> list[Item]:
        """What is shown."""
        return self._items

    @property
    def current(self) -> Item | None:
        """The item that is lit, or None."""
        if 0 <= self._current < len(self._items):
            return self._items[self._current]
        return None

    def show_found(self, items: list[Item], text: str, *, first: bool, sure: bool) -> None:
        """Show what a text found, the first of them lit where `first`.

        Enter takes what is lit only where it is `sure` that no code was typed, or once somebody
        has moved with the arrows.
        """
        self._items, self._text, self._sure = items[:MOST], text, sure
        self._current = 0 if first else -1
        self._name()
        self.setFixedHeight(self.sizeHint().height())
        self.show()
        self.raise_()
        self.update()

    def retell(self) -> None:
        """Say what was found in the language that is spoken now."""
        super().retell()
        self.update()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Move with the arrows."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._current = max(0, min(len(self._items) - 1, self._current + step))
            self._sure = True
            self._name()
            self.update()
            return True
        return False

    def take(self) -> bool:
        """Take what is lit; tell whether it was sure enough for that."""
        if self.current is None or not self._sure:
            return False
        self.chosen.emit(self.current)
        return True

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want a row for each item, or one for the sentence that there is none."""
        return QSize(400, max(1, len(self._items)) * Size.ROW + 2 * Space.STEP)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Light the row under the pointer."""
        row = self._row_at(event)
        if row is not None and row != self._current:
            self._current = row
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the row that was pressed."""
        row = self._row_at(event)
        if row is not None:
            self.chosen.emit(self._items[row])

    def _row_at(self, event: QMouseEvent) -> int | None:
        row = int((event.position().y() - Space.STEP) // Size.ROW)
        return row if 0 <= row < len(self._items) else None

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the list."""
        look = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(look.accent), 1.5))
        painter.setBrush(theme.colour(look.surface))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), Size.RADIUS, Size.RADIUS)
        if not self._items:
            painter.setFont(fonts.regular(Type.TEXT))
            painter.setPen(theme.colour(look.muted))
            text = _("Nothing is called “{text}”; try fewer letters.").format(text=self._text)
            room = self.rect().adjusted(Space.EDGE, 0, -Space.EDGE, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        for row, item in enumerate(self._items):
            area = QRect(2, Space.STEP + row * Size.ROW, self.width() - 4, Size.ROW)
            self._paint_row(painter, area, item, chosen=row == self._current)

    def _paint_row(self, painter: QPainter, area: QRect, item: Item, *, chosen: bool) -> None:
        look = theme.colours()
        if chosen:
            painter.fillRect(area.adjusted(1, 0, -1, 0), theme.colour(look.accent_soft))
            painter.fillRect(
                area.left() + 1, area.top(), 4, area.height(), theme.colour(look.accent)
            )
        inner = area.adjusted(Space.EDGE, 0, -Space.EDGE, 0)
        price = format_amount(item.price_cents)
        room = inner.width() - fonts.width(price, fonts.heavy(Type.TABLE)) - Space.EDGE
        name_font, code_font = fonts.regular(Type.TABLE), fonts.regular(Type.LABEL)
        name = QFontMetrics(name_font).elidedText(item.name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(name_font)
        painter.setPen(theme.colour(look.text))
        upper = QRect(inner.left(), inner.top() + 6, room, 21)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(code_font)
        painter.setPen(theme.colour(look.muted))
        code = " · ".join(part for part in (item.code, item.category or "") if part)
        lower = QRect(inner.left(), inner.top() + 27, room, 17)
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, code)
        painter.setFont(fonts.heavy(Type.TABLE))
        painter.setPen(theme.colour(look.text))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, right, price)

    def _name(self) -> None:
        current = self.current
        words = f"{current.name} {format_amount(current.price_cents)}" if current else ""
        self.setAccessibleName(
            _("Found: {count}. {words}").format(count=len(self._items), words=words)
        )
