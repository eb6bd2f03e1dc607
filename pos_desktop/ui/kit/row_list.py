"""A list of lines, one of which is chosen. Where none is there, it says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from pos_desktop.ui.kit.lines import LineDelegate, paint_empty
from pos_desktop.ui.kit.list_row import RowDelegate
from pos_desktop.ui.kit.row_model import Key, Line, RowModel
from pos_desktop.ui.kit.spoken import Spoken


class RowList(Spoken, QListView):
    """Shows lines. It never takes the keyboard."""

    chosen = Signal()
    """Another line is chosen, or none."""
    end_reached = Signal()
    """The last line is in sight: whoever has more may show it."""

    def __init__(
        self, name: str, delegate: Callable[[RowModel, QWidget], LineDelegate] = RowDelegate
    ) -> None:
        """Take the name for those who cannot see it, and what paints a line."""
        super().__init__()
        self.setAccessibleName(name)
        self.lines = RowModel()
        self.key: Key | None = None
        """The key of the chosen line."""
        self._wanted: Key | None = None
        self._empty = "", ""
        self.setModel(self.lines)
        self.setItemDelegate(delegate(self.lines, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._clicked)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_rows(self, rows: Sequence[Line], empty: tuple[str, str]) -> None:
        """Show these lines; of none, these two sentences. What was chosen stays so."""
        place = self.lines.place_of(self.key) or 0
        self.lines.show(rows)
        if empty != self._empty:
            self._empty = empty
            self.viewport().update()
        wanted = self.lines.place_of(self._wanted)
        if rows:
            self._wanted = None
        if wanted is not None:
            self._choose(wanted, follow=True)
            return
        kept = self.lines.place_of(self.key)
        self._choose(place if kept is None else kept, follow=kept is None)

    def want(self, key: Key) -> None:
        """Choose the line of this key as soon as there are lines, should it be among them."""
        self._wanted = key

    def choose_first(self) -> None:
        """Choose the first line, whatever was chosen, once the lines are shown anew."""
        self.key = None

    def move(self, steps: int) -> None:  # type: ignore[override]
        """Choose the line so many below."""
        self._choose((self.lines.place_of(self.key) or 0) + steps, follow=True)

    def _choose(self, place: int, *, follow: bool) -> None:
        count = self.lines.rowCount()
        place = max(0, min(count - 1, place))
        key = self.lines.rows[place].key if count else None
        index = self.lines.index(place) if count else QModelIndex()
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        if follow and count:
            self.scrollTo(index)
            self._scrolled()
        if key != self.key:
            self.key = key
            self.chosen.emit()

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.row(), follow=True)

    def _scrolled(self) -> None:
        bar = self.verticalScrollBar()
        if bar.maximum() and bar.value() >= bar.maximum():
            self.end_reached.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the lines, or, where there are none, why and what then."""
        super().paintEvent(event)
        if self.lines.rowCount():
            return
        paint_empty(QPainter(self.viewport()), self.viewport().rect(), *self._empty)
