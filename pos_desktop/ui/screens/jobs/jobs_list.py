"""The list of jobs or queues; one of them is chosen. Where none is there, it says so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from pos_desktop.domain.text import _
from pos_desktop.ui.kit.lines import paint_empty
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.screens.jobs.jobs_delegate import JobsDelegate
from pos_desktop.ui.screens.jobs.jobs_model import JobsModel
from pos_desktop.ui.screens.jobs.rows import Row


class JobsList(Spoken, QListView):
    """Shows lines. It never takes the keyboard."""

    chosen = Signal()
    """Another line is chosen, or none."""
    end_reached = Signal()
    """The last line is in sight: whoever has more may show it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Jobs"))
        self.lines = JobsModel()
        self.key: int | str | None = None
        """The key of the chosen line."""
        self._wanted: int | str | None = None
        self._empty = "", ""
        self.setModel(self.lines)
        self.setItemDelegate(JobsDelegate(self.lines, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._clicked)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_rows(self, rows: Sequence[Row], empty: tuple[str, str]) -> None:
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

    def want(self, key: int | str) -> None:
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
