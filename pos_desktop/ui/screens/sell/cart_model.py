"""The lines of the open basket as a table, which says exactly what changed and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.pricing import PricedLine
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.text import _, joined
from pos_desktop.ui.screens.sell.cart_lines import comes_back

NUMBER, ITEM, QUANTITY, PRICE, DISCOUNT, TOTAL = range(6)
COLUMNS = 6

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class CartModel(QAbstractTableModel):
    """Shows priced lines; a line keeps its row's identity by its key."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[PricedLine, ...] = ()

    def show(self, lines: tuple[PricedLine, ...]) -> list[int]:
        """Show these lines and return the rows that changed or are new."""
        before, keys = self._lines, [line.key for line in lines]
        kept = [line.key for line in before]
        if keys == kept:
            return self._change(before, lines)
        if keys[: len(kept)] == kept:
            return self._append(lines, len(kept))
        gone = [row for row, key in enumerate(kept) if key not in set(keys)]
        if len(gone) == 1 and [key for key in kept if key != kept[gone[0]]] == keys:
            return self._remove(lines, gone[0])
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()
        new = set(keys) - set(kept)
        return [row for row, key in enumerate(keys) if kept and key in new]

    def line(self, row: int) -> PricedLine:
        """Return the line of a row."""
        return self._lines[row]

    def row_of(self, key: int | None) -> int | None:
        """Return the row of a line, or None."""
        return next((row for row, line in enumerate(self._lines) if line.key == key), None)

    def touch(self, row: int) -> None:
        """Have a row painted again."""
        if row < len(self._lines):
            self.dataChanged.emit(self.index(row, 0), self.index(row, COLUMNS - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, for those who do not see it painted; names as tooltips."""
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell_text(line, index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == ITEM:
            return line.item.name
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the head of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (_("#"), _("Item"), _("Qty"), _("Price"), _("Discount"), _("Total"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section <= ITEM else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _change(self, before: tuple[PricedLine, ...], lines: tuple[PricedLine, ...]) -> list[int]:
        self._lines = lines
        changed = [row for row, line in enumerate(lines) if line != before[row]]
        for row in changed:
            self.touch(row)
        return changed

    def _append(self, lines: tuple[PricedLine, ...], first: int) -> list[int]:
        changed = self._change(self._lines, lines[:first])
        self.beginInsertRows(QModelIndex(), first, len(lines) - 1)
        self._lines = lines
        self.endInsertRows()
        return [*changed, *range(first, len(lines))]

    def _remove(self, lines: tuple[PricedLine, ...], row: int) -> list[int]:
        self.beginRemoveRows(QModelIndex(), row, row)
        kept = self._lines[:row] + self._lines[row + 1 :]
        self._lines = kept
        self.endRemoveRows()
        return self._change(kept, lines)


def cell_text(line: PricedLine, row: int, column: int) -> str:
    """Return what stands in a cell, without the small second line of the item."""
    if column == NUMBER:
        return str(row + 1)
    if column == ITEM:
        return line.item.name
    if column == QUANTITY:
        return _with_sign(line.quantity, format_quantity)
    if column == PRICE:
        return format_amount(line.price_cents)
    if column == DISCOUNT:
        return _with_sign(-line.discount_cents, format_amount) if line.discount_cents else "–"
    return _with_sign(line.gross_cents, format_amount)


def _with_sign(figure: int, written: Callable[[int], str]) -> str:
    """Return a figure with the sign that is as wide as a digit, where it is less than nothing."""
    return f"−{written(-figure)}" if figure < 0 else written(figure)


def small_print(line: PricedLine) -> tuple[str, str]:
    """Return the second line of an item, and its short form: the code alone.

    The long form also says how a weighed item came to its price.
    """
    code = line.item.barcode or line.item.code
    if comes_back(line):
        return joined(" · ", (_("Comes back"), code)), _("Comes back")
    if not line.item.by_weight:
        return code, code
    unit = line.item.unit or _("unit")
    weighed = _("{quantity} {unit} at {price}/{unit}").format(
        quantity=format_quantity(line.quantity), unit=unit, price=format_amount(line.price_cents)
    )
    return (f"{code} · {weighed}" if code else weighed), code
