"""A finger on the screen of the till: it knows what stands on a button, and no keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.pos_desktop.ui.conftest import Cashier


class Finger:
    """Touches what can be seen, and nothing else."""

    def __init__(self, cashier: Cashier) -> None:
        self._cashier = cashier

    def touch(self, *words: str, within: QWidget | None = None) -> None:
        """Touch the buttons with these words, one after another."""
        for word in words:
            window = self._cashier.window
            QApplication.processEvents()
            button = next(
                one
                for one in (within or window).findChildren(QAbstractButton)
                if one.text() == word and one.isVisible()
            )
            area = QRect(button.mapTo(window, QPoint()), button.size())
            assert window.rect().contains(area), word
            assert min(area.width(), area.height()) >= 44, word
            middle = area.center()
            assert window.childAt(middle) is button, word
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
