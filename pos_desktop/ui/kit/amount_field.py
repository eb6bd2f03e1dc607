"""The field for an amount that a person types: cash received, a count, a float."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.money import Cents, format_amount, parse_amount
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Size, Type

_LONGEST = 40


class AmountField(Spoken, QLineEdit):
    """Shows whatever is typed: nothing is lost unseen, and `cents` says what is no amount.

    A touch that brings the keyboard here marks the amount, so that it is typed over.
    """

    def __init__(self, name: str, *, height: int = Size.ROW) -> None:
        super().__init__()
        self._touched = False
        self.setAccessibleName(name)
        self.setPlaceholderText(format_amount(0))
        self.setFont(fonts.heavy(Type.BOX))
        self.setFixedHeight(height)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(_LONGEST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def cents(self) -> Cents | None:
        """Return what was typed, None for nothing; raise Refused where it is no amount we take."""
        return parse_amount(self.text()) if self.text() else None

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Know that a touch has brought the keyboard here."""
        super().focusInEvent(event)
        self._touched = event.reason() is Qt.FocusReason.MouseFocusReason

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Mark the amount at the end of that touch, and leave every later one to Qt."""
        super().mouseReleaseEvent(event)
        if self._touched:
            self.selectAll()
        self._touched = False
