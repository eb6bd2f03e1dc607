"""A report's rows as Qt wants them: what matters most on the left, sorted by any column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from pos_desktop.domain.country import written_day, written_time
from pos_desktop.domain.text import _, again, joined
from pos_desktop.services.reports.report_kinds import KINDS
from pos_desktop.services.reports.report_parts import Column
from pos_desktop.services.reports.report_table import Table, is_figure, shown, shown_difference
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.ui.screens.reports.asked import Made

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
_NO_TABLE = Table(columns=(), rows=(), totals=())
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_BESIDE = ("before", "difference", "quantity")
"""What stands beside the chief figure; narrow screens show these without scrolling."""
_LAST = ("category", "code")
_DAYS = ("day", "business_day")
_MOMENTS = ("opened_at", "closed_at", "at")


class TableModel(QAbstractTableModel):
    """Holds a report's table; the order of columns and rows is its own."""

    def __init__(self) -> None:
        super().__init__()
        self.table = _NO_TABLE
        self.keys: Sequence[str] = ()
        self.order: list[int] = []
        """The rows of the table in the order in which they stand."""
        self.sorted_by: tuple[int, bool] | None = None
        """By which column, and whether falling; None: as the report has them."""
        self._places: list[int] = []
        """The columns of the table in the order in which they stand."""

    def show(self, made: Made) -> None:
        """Show a report, in its own order."""
        self.beginResetModel()
        self.table, self.keys = made.table, made.report.keys
        chief = KINDS[made.report.name].chief
        self._places = _places([column.key for column in self.table.columns], chief)
        self.order, self.sorted_by = list(range(len(self.table.rows))), None
        self.endResetModel()

    @property
    def columns(self) -> list[Column]:
        """The columns in the order in which they stand."""
        return [self.table.columns[place] for place in self._places]

    def rowCount(self, parent: Index = _NONE) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = _NONE) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, how it stands, and for those who cannot see the whole row."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if is_figure(self.columns[index.column()]) else _LEFT
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(index.row(), index.column())
        return None

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the heading of a column; the one that is sorted by has an arrow."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self._places):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if is_figure(column) else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        arrow = ""
        if self.sorted_by and self.sorted_by[0] == section:
            arrow = "▼" if self.sorted_by[1] else "▲"
        return str(joined(" ", (column.title, arrow)))

    def text(self, row: int, section: int) -> str:
        """Return what stands in a cell."""
        value = self.table.rows[self.order[row]][self._places[section]]
        return cell_text(self.columns[section], value)

    def total(self, section: int) -> str:
        """Return what stands below a column: its sum, or nothing."""
        column = self.columns[section]
        if section == 0:
            return _("TOTAL")
        return cell_text(column, self.table.totals[self._places[section]])

    def spoken(self, row: int) -> str:
        """Return a whole row in words."""
        return ", ".join(
            f"{again(column.title)} {text}"
            for section, column in enumerate(self.columns)
            if (text := self.text(row, section))
        )

    def key(self, row: int) -> str:
        """Return what a row stands for; empty where the report does not say so."""
        place = self.order[row] if 0 <= row < len(self.order) else len(self.keys)
        return self.keys[place] if place < len(self.keys) else ""

    def row_of(self, key: str) -> int | None:
        """Return where the row of a key stands, or None."""
        places = {self.keys[at]: row for row, at in enumerate(self.order) if at < len(self.keys)}
        return places.get(key)

    def sort_by(self, section: int) -> None:
        """Sort by a column: figures from the largest, texts from the first; again: the other way.

        What is empty stands last.
        """
        column = self.columns[section]
        falling = is_figure(column)
        if self.sorted_by and self.sorted_by[0] == section:
            falling = not self.sorted_by[1]
        at, rows = self._places[section], self.table.rows
        self.layoutAboutToBeChanged.emit()
        self.order.sort(key=lambda row: _sort_key(column, rows[row][at]), reverse=falling)
        self.order.sort(key=lambda row: rows[row][at] is None)
        self.sorted_by = section, falling
        self.layoutChanged.emit()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._places) - 1)


def cell_text(column: Column, value: Any) -> str:
    """Return a value as it stands in a cell; days and moments as people here write them."""
    if isinstance(value, str):
        value = again(value)
    if value and column.key in _DAYS:
        return shown_day(value)
    if value and column.key in _MOMENTS:
        moment = datetime.fromisoformat(value)
        return f"{written_day(moment)} {written_time(moment)}"
    return shown_difference(column, value) if column.key == "difference" else shown(column, value)


def _sort_key(column: Column, value: Any) -> Any:
    if is_figure(column):
        return Decimal(value or 0)
    in_time = column.key in _DAYS or column.key in _MOMENTS
    return str(value or "") if in_time else cell_text(column, value).casefold()


def _places(keys: list[str], chief: str) -> list[int]:
    """Return columns by how soon they are wanted."""
    wanted = ["name" if "name" in keys else keys[0], chief, *_BESIDE]
    first = [key for key in dict.fromkeys(wanted) if key in keys]
    last = [key for key in _LAST if key in keys and key not in first]
    middle = [key for key in keys if key not in first and key not in last]
    return [keys.index(key) for key in (*first, *middle, *last)]
