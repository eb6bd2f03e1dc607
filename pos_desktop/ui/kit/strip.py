"""The strip: what happened and what to do next, in place, never in a box to click away."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tokens import Size, Space, Type

_SIGNS = {Tone.OK: "✓", Tone.WARNING: "!", Tone.DANGER: "!", Tone.ACCENT: "i"}
_SIGN = 22


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the cashier, and optionally what stands large before it."""

    text: str
    tone: Tone = Tone.ACCENT
    head: str = ""


class Strip(QWidget):
    """Shows one notice at a time; an error stays until the next thing is done."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.notice: Notice | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def say(self, notice: Notice | None) -> None:
        """Show a notice, or nothing."""
        self.notice = notice
        if notice is None:
            self.hide()
            return
        self.setAccessibleName(f"{self._name}: {notice.head} {notice.text}".replace(":  ", ": "))
        self.setToolTip(notice.text)
        self.updateGeometry()
        self.show()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the height that the new width needs."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Grow with the sentence, so that none of it is cut."""
        if self.notice is None:
            return Size.TOUCH
        metrics = QFontMetrics(fonts.medium(Type.TEXT))
        flags = Qt.TextFlag.TextWordWrap
        area = metrics.boundingRect(0, 0, self._room(width), 1000, flags, self.notice.text)
        return max(Size.TOUCH, area.height() + 2 * Space.BETWEEN)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want the room of the sentence at the present width."""
        return QSize(200, self.heightForWidth(max(self.width(), 300)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Do with less width, never with less height."""
        return QSize(100, self.heightForWidth(max(self.width(), 300)))

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
        self._paint_sign(painter, ink, QColor(getattr(look, f"{tone}_soft")))
        painter.setPen(QColor(look.text))
        left = Space.BETWEEN + _SIGN + 10
        if self.notice.head:
            painter.setFont(fonts.heavy(Type.TABLE))
            head = QRectF(left, 0, self._head_width(), self.height())
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, self.notice.head)
            left += self._head_width() + Space.BETWEEN
        painter.setFont(fonts.medium(Type.TEXT))
        words = QRectF(left, 0, self.width() - left - Space.BETWEEN, self.height())
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, self.notice.text
        )

    def _paint_sign(self, painter: QPainter, ink: QColor, ground: QColor) -> None:
        assert self.notice
        area = QRectF(Space.BETWEEN, (self.height() - _SIGN) / 2, _SIGN, _SIGN)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(area)
        painter.setPen(ground)
        painter.setFont(fonts.heavy(Type.SMALL))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, _SIGNS[self.notice.tone])

    def _head_width(self) -> int:
        if self.notice is None or not self.notice.head:
            return 0
        return min(fonts.width(self.notice.head, fonts.heavy(Type.TABLE)) + 4, self.width() // 2)

    def _room(self, width: int) -> int:
        head = self._head_width()
        return max(
            80, width - 2 * Space.BETWEEN - _SIGN - 10 - (head + Space.BETWEEN if head else 0)
        )
