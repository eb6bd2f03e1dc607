"""Tiles: what a finger presses, with the key that does the same."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.key_cap import cap_width, paint_cap
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Palette, Size, Space, Type
from pos_desktop.ui.kit.wrapped_text import wrapped

_MOST_LINES = 2
_WORDS_EDGE, _LEAST_EDGE = 6, 2
_WORDS_HALF = 19
"""What title, and note too, needs of a tile's height; what is left of a low one is its edge."""
_PLATE_SHARE = 0.6
_PLATE_EDGE = 6


class Rank(Enum):
    """How loudly a tile speaks."""

    FIRST = "first"
    """The next likely step: filled with the accent; one a screen."""
    CHOSEN = "chosen"
    """The one of several that is chosen: a line of the accent, and bold."""
    PLAIN = "plain"


class Tile(Spoken, QAbstractButton):
    """A button of at least 44 px. It never takes the keyboard: its key does the same."""

    def __init__(
        self,
        title: str,
        *,
        key: str = "",
        rank: Rank = Rank.PLAIN,
        height: int = Size.TILE,
        font: QFont | None = None,
        note: str = "",
    ) -> None:
        super().__init__()
        self._key = key
        self._title = title
        self._note = note
        self.rank = rank
        self._font = font or fonts.strong(Type.TILE)
        self.setText(title)
        self.setMinimumHeight(max(height, Size.TOUCH))
        self.setFixedHeight(max(height, Size.TOUCH))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name()

    def show_title(self, title: str, note: str | None = None) -> None:
        """Change what stands on the tile."""
        note = self._note if note is None else note
        is_other = (title, note) != (self._title, self._note)
        self._title, self._note = title, note
        if is_other:
            self.setText(title)
            self._name()
            self.update()

    def show_note(self, note: str) -> None:
        """Change the small words below the title."""
        self.show_title(self._title, note)

    def show_key(self, key: str) -> None:
        """Change which key does the same."""
        if key != self._key:
            self._key = key
            self._name()
            self.update()

    def retell(self) -> None:
        """Say title and note in the language that is spoken now."""
        super().retell()
        self.show_title(again(self._title), again(self._note))

    def show_rank(self, rank: Rank) -> None:
        """Change how loudly the tile speaks."""
        if rank is not self.rank:
            self.rank = rank
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want the room of title and cap."""
        cap = cap_width(self._key) + Space.BETWEEN if self._key else 0
        return QSize(
            fonts.width(self.text(), self._font) + cap + 2 * Space.EDGE + 4, self.minimumHeight()
        )

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Do with a finger's breadth; the title is cut then, and the tooltip has it."""
        return QSize(Size.TOUCH, self.minimumHeight())

    def keep_title_whole(self) -> None:
        """Take at least the room in which the title is whole, in the smallest letters."""
        smallest = fonts.font(Type.LABEL, self._font.weight())
        least = fonts.width(self.text(), smallest) + self._cap_room + 2 * Space.INSIDE + 3
        self.setMinimumWidth(max(Size.TOUCH, least))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint ground, title, note and cap."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, line, ink = self._colours()
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(line, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(area, Size.RADIUS, Size.RADIUS)
        inner = area.adjusted(self._edge, 0, -self._edge, 0)
        if self._key:
            self._paint_key(painter, inner)
            inner.setRight(inner.right() - self._cap_room)
        self._paint_words(painter, inner, ink)

    @property
    def is_cut(self) -> bool:
        """Whether the title finds no room, even in the smallest letters and on two lines."""
        edge = self._edge
        if self._fits(edge):
            return False
        lines = self._lines(self.width() - 1 - 2 * edge - self._cap_room)
        return " ".join(lines) != " ".join(self.text().split())

    @property
    def _edge(self) -> int:
        """What stays free beside words and cap: less where the smallest letters are not enough."""
        return Space.EDGE if self._key and self._fits(Space.EDGE) else Space.INSIDE

    def _fits(self, edge: int) -> bool:
        room = self.width() - 1 - 2 * edge - self._cap_room
        return fonts.width(self.text(), _shrunk(self._font, self.text(), room)) < room

    @property
    def _cap_room(self) -> int:
        return cap_width(self._key) + Space.INSIDE if self._key else 0

    def _lines(self, room: int) -> list[str]:
        """Return a title that is too long for one line, on two; the second may be cut.

        A tile with a note has only one line for its title.
        """
        most = 1 if self._note else _MOST_LINES
        return wrapped(self.text(), fonts.font(Type.LABEL, self._font.weight()), room, most)

    def _paint_key(self, painter: QPainter, inner: QRectF) -> None:
        look = theme.colours()
        left = inner.right() - cap_width(self._key)
        ground, ink = QColor(look.key_cap), QColor(look.muted)
        if self._is_filled():
            ground, ink = plate_colours(look)
        paint_cap(painter, left, inner.center().y(), self._key, ground, ink)

    def _paint_words(self, painter: QPainter, inner: QRectF, ink: QColor) -> None:
        room = int(inner.width())
        font = _shrunk(self._font, self.text(), room)
        painter.setFont(font)
        painter.setPen(ink)
        align = Qt.AlignmentFlag.AlignVCenter
        align |= Qt.AlignmentFlag.AlignLeft if self._key else Qt.AlignmentFlag.AlignHCenter
        is_whole = fonts.width(self.text(), font) < room
        title = self.text() if is_whole else "\n".join(self._lines(room))
        if self._note:
            half = inner.height() / 2
            edge = max(_LEAST_EDGE, min(_WORDS_EDGE, half - _WORDS_HALF))
            painter.drawText(inner.adjusted(0, edge, 0, 4 - half), align, title)
            self._paint_note(painter, inner.adjusted(0, half, 0, -edge), align)
        else:
            painter.drawText(inner, align, title)

    def _paint_note(self, painter: QPainter, lower: QRectF, align: Qt.AlignmentFlag) -> None:
        font = _shrunk(fonts.medium(Type.SMALL), self._note, int(lower.width()))
        painter.setFont(font)
        painter.setPen(theme.colour(theme.colours().muted))
        if self._is_filled():
            ground, ink = plate_colours(theme.colours())
            width = min(lower.width(), fonts.width(self._note, font) + 2 * _PLATE_EDGE)
            lower = QRectF(lower.left(), lower.center().y() - 10, width, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(lower, 5, 5)
            painter.setPen(ink)
            align = Qt.AlignmentFlag.AlignCenter
        note = QFontMetrics(font).elidedText(
            self._note, Qt.TextElideMode.ElideRight, int(lower.width())
        )
        painter.drawText(lower, align, note)

    def _is_filled(self) -> bool:
        return self.rank is Rank.FIRST and self.isEnabled()

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Return ground, line and ink."""
        look = theme.colours()
        if not self.isEnabled():
            return QColor(look.background), QColor(look.line), QColor(look.muted)
        pressed, hover = self.isDown(), self.underMouse()
        if self.rank is Rank.FIRST:
            share = 0.8 if pressed else 0.92 if hover else 1.0
            ground = theme.mixed(look.accent, look.text, share)
            return ground, ground, QColor(look.on_accent)
        ground = QColor(look.key_cap if pressed or hover else look.surface)
        if self.rank is Rank.CHOSEN:
            return ground, QColor(look.accent), QColor(look.accent)
        return ground, QColor(look.line), QColor(look.text)

    def _name(self) -> None:
        words = [self._title, self._note, self._key]
        self.setAccessibleName(", ".join(word for word in words if word))
        self.setToolTip(self._title if len(self._title) > 16 else "")


def plate_colours(look: Palette) -> tuple[QColor, QColor]:
    """Return ground and ink of what is small on a tile filled with the accent.

    On the accent itself small letters are hard to read; on a shade of it they are not.
    """
    return theme.mixed(look.accent, look.text, _PLATE_SHARE), QColor(look.on_accent)


def _shrunk(font: QFont, text: str, room: int) -> QFont:
    """Return a font in which a title fits, not smaller than a label's; else the smallest.

    A pixel is left over: Qt elides a text that takes a fraction of one more than it was measured.
    """
    size = font.pixelSize()
    while size > Type.LABEL and fonts.width(text, font) >= room:
        size -= 1
        font = fonts.font(size, font.weight())
    return font
