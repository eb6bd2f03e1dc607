"""The toast: what has happened meanwhile, said for a moment at the top, where nothing is worked on.

It takes no keys and stands over the top bar alone, so that it covers nothing of a sale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from pos_desktop.domain.text import _, again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.key_cap import cap_width, paint_cap
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.strip import paint_sign
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.kit.wrapped_text import wrapped

SHOWN_MS = 8000
"""How long it stays by itself."""
_SIGN = 22
_LINE = 17
_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A sentence, what can be done about it with which key, and how many more there are."""

    text: str
    tone: Tone
    step: str
    key: str
    more: str = ""

    def again(self) -> Saying:
        """Return it in the language that is spoken now."""
        text, step, more = map(again, (self.text, self.step, self.more))
        return Saying(text=text, tone=self.tone, step=step, key=self.key, more=more)


class Toast(Spoken, QAbstractButton):
    """Says one thing at a time, the last one; `clicked` wants its next step."""

    def __init__(self, place: QWidget, until: Callable[[], int]) -> None:
        """Stand over the beginning of this widget, which has its parent already.

        `until` is where it ends there, whatever it says: a finger finds its cross again.
        """
        super().__init__(place.parentWidget())
        self._place = place
        self._until = until
        self.saying: Saying | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.close_button = _Close(self)
        self.close_button.clicked.connect(self.leave)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.leave)
        place.installEventFilter(self)
        self.hide()

    def say(self, saying: Saying) -> None:
        """Show this instead of what was said before, for a moment."""
        self._show(saying)
        self._timer.start(SHOWN_MS)

    def retell(self) -> None:
        """Say it in the language that is spoken now, no longer than it would have stayed."""
        if self.saying is not None:
            self._show(self.saying.again())

    def _show(self, saying: Saying) -> None:
        self.saying = saying
        words = f"{saying.text} {saying.more}".strip()
        self.setText(words)
        self.setAccessibleName(f"{words} {saying.step}, {saying.key}")
        self.setToolTip(words)
        self._follow()
        self.show()
        self.raise_()
        self.update()

    def leave(self) -> None:
        """Go away."""
        self._timer.stop()
        self.saying = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the widget over which it stands."""
        kinds = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.LayoutRequest)
        if event.type() in kinds and watched is self._place:
            self._follow()
        return False

    def _follow(self) -> None:
        if self.saying is None:
            return
        area = self._place.geometry()
        width = self._until() - Space.INSIDE
        self.setGeometry(area.left() + Space.INSIDE, area.top(), width, area.height())
        side = self.height()
        self.close_button.setGeometry(width - side, 0, side, side)

    def _before(self) -> int:
        return Space.BETWEEN + _SIGN + Space.INSIDE

    def _behind(self) -> int:
        """Return the width of what stands behind the sentence."""
        if self.saying is None:
            return 0
        words = self._more_width() + self._step_width() + cap_width(self.saying.key)
        return words + 3 * Space.INSIDE + Space.BETWEEN + max(self._place.height(), Size.TOUCH)

    def _more_width(self) -> int:
        more = self.saying.more if self.saying else ""
        return fonts.width(more, fonts.strong(Type.LABEL)) + Space.BETWEEN if more else 0

    def _step_width(self) -> int:
        step = self.saying.step if self.saying else ""
        return fonts.width(step, fonts.strong(Type.SMALL)) + Space.STEP

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint ground, sign, sentence, and what can be done."""
        if self.saying is None:
            return
        look = theme.colours()
        ink = theme.colour(getattr(look, self.saying.tone))
        ground = theme.colour(getattr(look, f"{self.saying.tone}_soft"))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect().adjusted(0, 1, 0, -1), theme.colour(look.surface))
        painter.setPen(QPen(ink, 2 if self.isDown() else 1))
        painter.setBrush(ground)
        area = QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -2.5)
        painter.drawRoundedRect(area, Size.SMALL_RADIUS, Size.SMALL_RADIUS)
        top = (self.height() - _SIGN) / 2
        sign = QRectF(Space.BETWEEN, top, _SIGN, _SIGN)
        paint_sign(painter, sign, self.saying.tone)
        self._paint_sentence(painter, QColor(look.text))
        self._paint_step(painter)

    def _paint_sentence(self, painter: QPainter, ink: QColor) -> None:
        assert self.saying
        room = max(1, self.width() - self._before() - self._behind())
        lines = wrapped(self.saying.text, fonts.medium(Type.SMALL), room, _LINES)
        painter.setFont(fonts.medium(Type.SMALL))
        painter.setPen(ink)
        top = (self.height() - len(lines) * _LINE) // 2
        for place, line in enumerate(lines):
            area = QRect(self._before(), top + place * _LINE, room, _LINE)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, line)

    def _paint_step(self, painter: QPainter) -> None:
        assert self.saying
        look = theme.colours()
        left = self.width() - self._behind() + Space.INSIDE
        if self.saying.more:
            painter.setFont(fonts.strong(Type.LABEL))
            painter.setPen(theme.colour(look.muted))
            area = QRect(left, 0, self._more_width(), self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.saying.more)
            left += self._more_width()
        painter.setFont(fonts.strong(Type.SMALL))
        painter.setPen(theme.colour(look.text))
        area = QRect(left, 0, self._step_width(), self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.saying.step)
        left += self._step_width() + Space.INSIDE
        cap, ink = theme.colour(look.surface), theme.colour(look.text)
        paint_cap(painter, left, self.height() / 2, self.saying.key, cap, ink)


class _Close(Spoken, QAbstractButton):
    """Lets the toast go at once."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Close the message"))
        self.setToolTip(_("Close the message"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint a cross."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme.colours()
        over = self.underMouse() or self.isDown()
        painter.setPen(QPen(theme.colour(look.text if over else look.muted), 1.5))
        middle, arm = QRectF(self.rect()).center(), 5
        for way in (1, -1):
            painter.drawLine(
                round(middle.x() - arm),
                round(middle.y() - way * arm),
                round(middle.x() + arm),
                round(middle.y() + way * arm),
            )
