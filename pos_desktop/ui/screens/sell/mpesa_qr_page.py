"""A QR code that the customer's M-Pesa app reads from the till's screen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _, joined
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import AmountLabel, Label, label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import SidePage

_SIDE, _LOW_SIDE = 240, 170
"""How large it is with its edge, in pixels; a phone reads the smaller one at half a metre."""
_EDGE = 14
"""The white around it, without which no reader finds it on a dark page."""


class MpesaQrPage(SidePage):
    """Shows the code; what is paid by it is found as all that comes by itself."""

    def __init__(self) -> None:
        super().__init__(_("M-Pesa"))
        self._side, self._is_compact, self._hint = _SIDE, False, ""
        self._picture = QPixmap()
        head = label(_("TO PAY BY M-PESA"), fonts.strong(Type.LABEL), tone="muted")
        self.amount = AmountLabel((40, 32, 26), _("M-Pesa"))
        self.code = Label()
        self.code.setAccessibleName(_("QR code"))
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._said = label(font=fonts.regular(Type.TEXT), wrap=True)
        self._back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        self.body.addWidget(
            Card(_("M-Pesa"), column(head, self.amount, self.code, gap=Space.STEP, margins=INSIDE))
        )
        self.body.addWidget(self._said)
        self.body.addWidget(self._back)
        self.body.addStretch(1)
        self._back.clicked.connect(self.left)

    def show_waiting(self, cents: Cents) -> None:
        """Show that a code for so much is being made."""
        self._picture = QPixmap()
        self.amount.show_text(format_amount(cents))
        self.code.setText("…")
        self._hint = ""
        self._said.setText(_("M-Pesa makes the code …"))

    def show_code(self, png: bytes, hint: str) -> None:
        """Show a picture, and how else to pay."""
        self._picture.loadFromData(png)
        self._hint = hint
        self._say()
        self._fit()

    def show_compact(self, *, compact: bool) -> None:
        """Do with less height."""
        self.body.setSpacing(Space.INSIDE if compact else Space.BETWEEN)
        self._back.setFixedHeight(Size.TOUCH if compact else Size.QUICK_TILE)
        self.amount.setVisible(not compact)  # the total stands above
        self._is_compact = compact
        self._say()
        self._side = _LOW_SIDE if compact else _SIDE
        self._fit()

    def _say(self) -> None:
        """Say what the code is for; in a low window not how else to pay."""
        if self._hint:
            scan = _("Scan it with the M-Pesa app.")
            self._said.setText(scan if self._is_compact else joined(" ", (scan, self._hint)))

    def _fit(self) -> None:
        self.code.setFixedHeight(self._side)
        if self._picture.isNull():
            return
        whole = QPixmap(self._side, self._side)
        whole.fill(Qt.GlobalColor.white)
        inner = self._side - 2 * _EDGE
        painter = QPainter(whole)
        painter.drawPixmap(_EDGE, _EDGE, inner, inner, self._picture)
        painter.end()
        self.code.setPixmap(whole)
