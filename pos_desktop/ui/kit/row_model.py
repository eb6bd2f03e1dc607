"""The lines of the list as Qt wants them; it tells only what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
Key = int | str
"""What a line is known by, whatever place it has."""
_NONE = QModelIndex()


class Line(Protocol):
    """What every line has; lines are compared to see what changed."""

    @property
    def key(self) -> Key:
        """What it is known by."""
        ...

    @property
    def title(self) -> str:
        """What stands first in it."""
        ...

    @property
    def spoken(self) -> str:
        """All of it, for those who cannot see it, and for the tooltip."""
        ...


class RowModel(QAbstractListModel):
    """Holds the lines."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Any] = []

    def rowCount(self, parent: Index = _NONE) -> int:  # noqa: N802 - Qt's name
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return the title, or all words for those who cannot see and for the tooltip."""
        if not index.isValid():
            return None
        row: Line = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.spoken
        return None

    def place_of(self, key: Key | None) -> int | None:
        """Return where the line of a key stands, None where there is none."""
        return next((at for at, row in enumerate(self.rows) if row.key == key), None)

    def show(self, rows: Sequence[Line]) -> None:
        """Show these lines; only lines that changed are told to be painted again."""
        self._exchange(rows)
        for place, (before, now) in enumerate(zip(self.rows, rows, strict=True)):
            if before != now:
                self.rows[place] = now
                index = self.index(place)
                self.dataChanged.emit(index, index)

    def _exchange(self, rows: Sequence[Line]) -> None:
        """Take away the lines that are gone and put in those that are new, in one piece each."""
        old, new = [row.key for row in self.rows], [row.key for row in rows]
        if old == new:
            return
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        gone, come = len(old) - head - tail, len(new) - head - tail
        if gone:
            self.beginRemoveRows(QModelIndex(), head, head + gone - 1)
            del self.rows[head : head + gone]
            self.endRemoveRows()
        if come:
            self.beginInsertRows(QModelIndex(), head, head + come - 1)
            self.rows[head:head] = rows[head : head + come]
            self.endInsertRows()


def _alike(one: Sequence[object], other: Sequence[object]) -> int:
    """Return how many are the same at the beginning of both."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
