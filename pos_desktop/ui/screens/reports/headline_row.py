"""The sums of a report above it, each with how it stands to the period before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from pos_desktop.domain.text import _, again, joined
from pos_desktop.services.reports.report_comparing import difference, growth, growth_words
from pos_desktop.services.reports.report_table import Headline, shown, shown_difference
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.lines import paint_text
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Space, Type

_HEIGHT = 66
_LEAST_WIDTH = 150
_MOST = 5
_MORE_IS_BETTER = ("sales", "gross_cents", "net_cents", "margin_cents", "amount_cents")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class HeadlineRow(QHBoxLayout):
    """Shows as many sums as there is room for, the chief one first."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(Space.INSIDE)
        self.setContentsMargins(0, 0, 0, 0)
        self.figures: list[Figure] = []
        self._shown: list[Headline] = []

    def show_headlines(self, headlines: Sequence[Headline], chief: str, room: int) -> None:
        """Show these; those that find no room in this width are left out, the last first."""
        ordered = sorted(headlines, key=lambda one: one.column.key != chief)
        shown = ordered[: max(1, min(_MOST, room // _LEAST_WIDTH))]
        if shown == self._shown:
            return
        self._shown = shown
        while taken := self.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        self.figures = [Figure(headline) for headline in shown]
        for figure in self.figures:
            self.addWidget(figure)


class Figure(Spoken, QWidget):
    """One sum: its name, the sum, and in words and a sign what it was before."""

    def __init__(self, headline: Headline) -> None:
        super().__init__()
        self._headline = headline
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()

    @property
    def words(self) -> str:
        """How it stands to the period before: `▲ 12.5 % more`; empty where nothing is known."""
        now, before = self._headline.now, self._headline.before
        if before is None:
            return ""
        if now == before:
            return _("= as before")
        sign = "▲" if now > before else "▼"
        word = _("more") if now > before else _("less")
        by = growth_words(now, before) if growth(now, before) else self._difference
        return joined(" ", (sign, by.lstrip("+-"), word))

    @property
    def _difference(self) -> str:
        headline = self._headline
        by = difference(headline.column, headline.now, headline.before)
        return shown_difference(headline.column, by)

    def _tell(self) -> None:
        headline = self._headline
        name, text = again(headline.column.title), shown(headline.column, headline.now)
        self.setAccessibleName(f"{name} {text} {self.words}".strip())
        if headline.before is not None:
            before = _("before: {amount}").format(amount=shown(headline.column, headline.before))
            self.setToolTip(joined(" · ", (before, self._difference)))

    def retell(self) -> None:
        """Say it in the language that is spoken now."""
        super().retell()
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Want a share of the row."""
        return QSize(_LEAST_WIDTH, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Do with little."""
        return QSize(80, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the card with its three lines."""
        painter, look = QPainter(self), theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour(look.line))
        painter.setBrush(theme.colour(look.surface))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), Size.RADIUS, Size.RADIUS)
        inner = self.rect().adjusted(Space.BETWEEN, 4, -Space.INSIDE, -4)
        headline, words = self._headline, again(self.words)
        small = fonts.strong(Type.LABEL)
        line = inner.adjusted(0, 0, 0, 16 - inner.height())
        paint_text(painter, line, again(headline.column.title), small, look.muted, _LEFT)
        text = shown(headline.column, headline.now)
        line = inner.adjusted(0, 17, 0, -17 if words else -4)
        font = fonts.fitting(text, (Type.TITLE, Type.TILE, Type.TEXT), inner.width())
        paint_text(painter, line, text, font, look.text, _LEFT)
        if words:
            ink = look.muted
            if headline.column.key in _MORE_IS_BETTER and headline.now != headline.before:
                ink = look.ok if headline.now > headline.before else look.danger
            line = inner.adjusted(0, inner.height() - 17, 0, 0)
            paint_text(painter, line, words, small, ink, _LEFT)
