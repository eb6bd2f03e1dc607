"""A few facts below one another: a word on the left, its figure on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from pos_desktop.domain.text import _, again
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Space, Type


class FactRows(Spoken, QWidget):
    """Shows as many rows as it is given; their figures stand below one another."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Amounts"))
        self.rows: tuple[tuple[str, str], ...] = ()
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, Space.STEP, 0, 0)
        self._grid.setVerticalSpacing(Space.STEP)
        self._grid.setColumnStretch(0, 1)

    def show_rows(self, *rows: tuple[str, str]) -> None:
        """Show these words and figures."""
        self.rows = rows
        while len(self._labels) < len(rows):
            self._add()
        for place, (name, figure) in enumerate(self._labels):
            name.setVisible(place < len(rows))
            figure.setVisible(place < len(rows))
            if place < len(rows):
                name.setText(rows[place][0])
                figure.setText(rows[place][1])

    def retell(self) -> None:
        """Know the words as they are said now; their labels say them."""
        super().retell()
        self.rows = tuple((again(name), again(figure)) for name, figure in self.rows)

    def _add(self) -> None:
        name = label(font=fonts.regular(Type.TEXT), tone="muted")
        figure = label(font=fonts.strong(Type.TABLE))
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        place = len(self._labels)
        self._grid.addWidget(name, place, 0)
        self._grid.addWidget(figure, place, 1)
        self._labels.append((name, figure))
