"""The field for an amount that a person types: cash received, a count, a float."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.money import Cents, parse_amount
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.tokens import Size, Type

_AMOUNT = QRegularExpression(r"[0-9]{0,9}(\.[0-9]{0,2})?")
"""One digit more than the largest amount has, so that what is too large is said, not swallowed."""


class AmountField(QLineEdit):
    """Takes digits and one point; nothing else can be typed into it."""

    def __init__(self, name: str, *, height: int = Size.ROW) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText("0.00")
        self.setFont(fonts.heavy(Type.BOX))
        self.setFixedHeight(height)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setValidator(QRegularExpressionValidator(_AMOUNT, self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def cents(self) -> Cents | None:
        """Return what was typed, None for nothing; raise Refused where it is no amount we take."""
        return parse_amount(self.text()) if self.text() else None
