"""The strip: what happened and what to do next, in place, never in a box to click away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.text import again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.kit.wrapped_text import wrapped

_SIGNS = {Tone.OK: "✓", Tone.WARNING: "!", Tone.DANGER: "!", Tone.ACCENT: "i", Tone.QUIET: "i"}
_SIGN = 22
LINE = 18
_MOST_LINES = 8


def paint_sign(painter: QPainter, area: QRectF, tone: Tone) -> None:
    """Paint in this square the sign that says the same as the colour of a tone."""
    look = theme.colours()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(getattr(look, tone)))
    painter.drawEllipse(area)
    painter.setPen(theme.colour(getattr(look, f"{tone}_soft")))
    painter.setFont(fonts.heavy(Type.SMALL))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, _SIGNS[tone])


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the cashier, and optionally what stands large before it."""

    text: str
    tone: Tone = Tone.ACCENT
    head: str = ""
    act: Callable[[], object] | None = field(default=None, compare=False)
    """What a touch does that reads it; None: the notice goes away and no more."""
    anew: Callable[[], Notice] | None = field(default=None, compare=False)
    """Makes the notice of what it tells as that is now; None: it stays as it was said."""

    def again(self) -> Notice:
        """Return it in the language that is spoken now."""
        return replace(self, text=again(self.text), head=again(self.head))

    def now(self) -> Notice:
        """Return it as what it tells is now."""
        return self.anew() if self.anew is not None else self


class Strip(Spoken, QWidget):
    """Shows one notice at a time; an error stays until the next thing is done.

    It stands over another widget, so that nothing moves when it comes and goes.
    """

    touched = Signal()
    """A finger has touched it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(name)
        self.notice: Notice | None = None
        self._place: QWidget | None = None
        self.hide()

    def float_over(self, place: QWidget) -> None:
        """Stand over this widget, which must have its parent; a long sentence reaches below it."""
        self._place = place
        self.setParent(place.parentWidget())
        self.hide()
        place.installEventFilter(self)

    def say(self, notice: Notice | None) -> None:
        """Show a notice, or nothing; one made before the language changed follows it."""
        self._tell(notice)
        if notice is not None:
            self.raise_()

    def renew(self) -> None:
        """Tell what is told as it is now; what lies over it stays there."""
        if self.notice is not None:
            self._tell(self.notice.now())

    def _tell(self, notice: Notice | None) -> None:
        self.notice = notice = notice.again() if notice is not None else None
        if notice is None:
            self.hide()
            self.setAccessibleName(self._name)
            self.setToolTip("")
            return
        self.setAccessibleName(f"{self._name}: {notice.head} {notice.text}".replace(":  ", ": "))
        self.setToolTip(f"{notice.head} {notice.text}".strip())
        self._follow()
        self.show()
        self.update()

    def retell(self) -> None:
        """Say the notice in the language that is spoken now; what lies over it stays there."""
        self._name = again(self._name)
        self._tell(self.notice)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the widget over which the strip stands."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and watched is self._place:
            self._follow()
        return False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Go away when a finger has touched it: it was read, and what lies below is wanted."""
        act = self.notice.act if self.notice else None
        self.say(None)
        self.touched.emit()
        if act is not None:
            act()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Take the room that the sentence needs, where the strip stands in a layout."""
        super().resizeEvent(event)
        self._follow()

    def _follow(self) -> None:
        if self.notice is None:
            return
        if self._place is None:
            self.setFixedHeight(self._wanted_height(self.width()))
            return
        area = self._place.geometry()
        area.setHeight(max(area.height(), self._wanted_height(area.width())))
        self.setGeometry(area)

    def _wanted_height(self, width: int) -> int:
        """Grow with the sentence, so that none of it is cut."""
        return max(Size.TOUCH, len(self._lines(width)) * LINE + 2 * Space.STEP)

    def _lines(self, width: int) -> list[str]:
        text = self.notice.text if self.notice else ""
        return wrapped(text, fonts.medium(Type.TEXT), self._room(width), _MOST_LINES)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint ground, sign, head and sentence."""
        if self.notice is None:
            return
        look, tone = theme.colours(), self.notice.tone
        ink = QColor(getattr(look, tone))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(QColor(getattr(look, f"{tone}_soft")))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, Size.SMALL_RADIUS, Size.SMALL_RADIUS)
        paint_sign(painter, QRectF(Space.BETWEEN, (self.height() - _SIGN) / 2, _SIGN, _SIGN), tone)
        painter.setPen(QColor(look.text))
        left = Space.BETWEEN + _SIGN + 10
        if width := self._head_width():
            font = fonts.heavy(Type.TABLE)
            painter.setFont(font)
            head = QFontMetrics(font).elidedText(
                self.notice.head, Qt.TextElideMode.ElideMiddle, width
            )
            painter.drawText(
                QRect(left, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, head
            )
            left += width + Space.BETWEEN
        self._paint_sentence(painter, left)

    def _paint_sentence(self, painter: QPainter, left: int) -> None:
        lines = self._lines(self.width())
        painter.setFont(fonts.medium(Type.TEXT))
        top = (self.height() - len(lines) * LINE) // 2
        for place, line in enumerate(lines):
            area = QRect(left, top + place * LINE, self._room(self.width()), LINE)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, line)

    def _head_width(self) -> int:
        if self.notice is None or not self.notice.head:
            return 0
        return min(fonts.width(self.notice.head, fonts.heavy(Type.TABLE)) + 4, self.width() // 2)

    def _room(self, width: int) -> int:
        head = self._head_width()
        return max(
            80, width - 2 * Space.BETWEEN - _SIGN - 10 - (head + Space.BETWEEN if head else 0)
        )
