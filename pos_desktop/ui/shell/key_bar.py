"""The bar at the foot: every key with its word; where it is narrow, the word below the key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy

from pos_desktop.domain.text import _, again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.key_cap import cap_width, paint_cap
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.keys import ScreenKey

_GAP = 6
_CAP_MIDDLE = 16
_WORD_TOP = 30


class KeyBar(Spoken, QFrame):
    """Shows the keys of a screen; each can be pressed by a finger too."""

    pressed = Signal(object)
    """A ScreenKey was pressed."""

    def __init__(self, keys: Sequence[ScreenKey]) -> None:
        super().__init__()
        self.setProperty("look", "key-bar")
        self.setAccessibleName(_("Keys"))
        self.setFixedHeight(Size.KEY_BAR)
        self._keys = [_BarKey(key) for key in keys if key.in_bar]
        for shown in self._keys:
            shown.clicked.connect(lambda _checked=False, one=shown.key: self.pressed.emit(one))
        plain = [one for one in self._keys if not one.key.control]
        chords = [one for one in self._keys if one.key.control]
        margins = (Space.INSIDE, 0, Space.INSIDE, 0)
        self.setLayout(row(*plain, 1, *chords, gap=0, margins=margins))

    @property
    def compact(self) -> bool:
        """Whether the words found no room beside their keys and stand below them."""
        return self._keys[0].compact

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Do with the words below the keys."""
        width = sum(key.compact_width() for key in self._keys) + 2 * Space.INSIDE
        return QSize(width, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put the words where they find room; below the keys, these share the whole width."""
        super().resizeEvent(event)
        self._share_out()

    def retell(self) -> None:
        """Say the words in the language that is spoken now; they need other room."""
        super().retell()
        self._share_out()

    def _share_out(self) -> None:
        room = self.width() - 2 * Space.INSIDE
        compact = sum(key.whole_width() for key in self._keys) > room
        wanted = [key.compact_width() if compact else key.whole_width() for key in self._keys]
        more = max(0, room - sum(wanted)) // len(wanted) if compact else 0
        for key, width in zip(self._keys, wanted, strict=True):
            key.show_compact(width + more, compact=compact)
        self.setFixedHeight(Size.LOW_KEY_BAR if compact else Size.KEY_BAR)


class _BarKey(Spoken, QAbstractButton):
    """One key of the bar."""

    def __init__(self, key: ScreenKey) -> None:
        super().__init__()
        self.key = key
        self.compact = False
        self.setText(key.word)
        self.setAccessibleName(f"{key.cap}: {key.help}")
        self.setToolTip(key.help)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def retell(self) -> None:
        super().retell()
        self.setAccessibleName(f"{self.key.cap}: {again(self.key.help)}")

    def whole_width(self) -> int:
        word = fonts.width(self.text(), fonts.regular(Type.SMALL))
        return cap_width(self.key.cap) + _GAP + word + 2 * Space.INSIDE

    def compact_width(self) -> int:
        word = fonts.width(self.text(), fonts.regular(Type.LABEL))
        return max(cap_width(self.key.cap), word, Size.TOUCH - Space.STEP) + Space.STEP

    def show_compact(self, width: int, *, compact: bool) -> None:
        self.compact = compact
        self.setFixedWidth(max(width, Size.TOUCH))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self.width(), Size.TOUCH)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        look = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(look.background))
            painter.drawRoundedRect(self.rect().adjusted(1, 3, -1, -3), 6, 6)
        cap = cap_width(self.key.cap)
        ground, ink = theme.colour(look.key_cap), theme.colour(look.text)
        if self.compact:
            paint_cap(painter, (self.width() - cap) / 2, _CAP_MIDDLE, self.key.cap, ground, ink)
            words, font = self.rect().adjusted(0, _WORD_TOP, 0, 0), fonts.regular(Type.LABEL)
            align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        else:
            paint_cap(painter, Space.INSIDE, self.height() / 2, self.key.cap, ground, ink)
            words = self.rect().adjusted(Space.INSIDE + cap + _GAP, 0, 0, 0)
            font, align = fonts.regular(Type.SMALL), Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour(look.muted))
        painter.setFont(font)
        painter.drawText(words, align, self.text())
