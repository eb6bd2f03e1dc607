"""The cart: newest line selected and in sight, changed lines lit for a moment.

It scrolls by whole lines: half a price under the header reads as another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from pos_desktop.domain.pricing import PricedLine
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.lines import paint_empty
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tables import dress
from pos_desktop.ui.kit.tokens import FLASH_MS, Size
from pos_desktop.ui.screens.sell.cart_columns import share_out
from pos_desktop.ui.screens.sell.cart_delegate import CartDelegate, row_height
from pos_desktop.ui.screens.sell.cart_model import ITEM, CartModel


class CartTable(Spoken, QTableView):
    """Shows the lines of the basket. It never takes the keyboard."""

    picked = Signal(int)
    """A line was pressed: its key."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Cart"))
        self._model = CartModel()
        self._delegate = CartDelegate(self._model, self)
        self._flash = QTimer(self)
        self._flash.setSingleShot(True)
        self._flash.setInterval(FLASH_MS)
        self._flash.timeout.connect(self._unlight)
        self._lines: Sequence[PricedLine] = ()
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self._dress()
        self.clicked.connect(self._clicked)

    def _dress(self) -> None:
        dress(self, row=Size.ROW, head=Size.HEADER)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setMinimumSectionSize(Size.ROW)
        head = self.horizontalHeader()
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(30)

    def show_cart(self, lines: tuple[PricedLine, ...], selected: int | None) -> None:
        """Show the lines of a cart, with the one of this key selected and in sight."""
        changed = self._model.show(lines)
        self._lines = lines
        if not self._share_out():
            self._fit_rows(changed)
        self._light({self._model.line(row).key for row in changed})
        place = self._model.row_of(selected)
        if place is None:
            self.clearSelection()
            return
        index = self._model.index(place, ITEM)
        if index != self.currentIndex() or not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the width out anew; names wrap to it, and the selected line stays in sight."""
        super().resizeEvent(event)
        self._share_out()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Begin with a whole line, wherever that leads."""
        super().scrollContentsBy(dx, dy)
        self._begin_with_a_line()

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Begin with a whole line in another height too."""
        super().updateGeometries()
        self._begin_with_a_line()

    def _begin_with_a_line(self) -> None:
        """Leave a gap below the last line; Qt aligns the end of a table with its last line."""
        rows = self.verticalHeader()
        first = rows.logicalIndexAt(0)
        if first < 0 or rows.sectionPosition(first) == rows.offset():
            return
        if first + 1 < rows.count():
            rows.setOffset(rows.sectionPosition(first + 1))
            self.viewport().update()

    def retell(self) -> None:
        """Paint heads, hint and small print in the language that is spoken now."""
        super().retell()
        self.horizontalHeader().setAccessibleName(_("Columns"))
        self.horizontalHeader().viewport().update()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the lines, or, where there are none, what to do next."""
        super().paintEvent(event)
        if self._model.rowCount():
            return
        hint = _("or type its code, or a part of its name; 5*code sells five")
        viewport = self.viewport()
        paint_empty(QPainter(viewport), viewport.rect(), _("Scan the first product"), hint)

    def _share_out(self) -> bool:
        """Give every column what it needs; return whether names have another width now."""
        width = self.viewport().width()
        columns = share_out(self._lines, width)
        for column, wanted in columns.widths.items():
            self.setColumnWidth(column, wanted)
        if columns.size != self._delegate.figure_size:
            self._delegate.figure_size = columns.size
            self.viewport().update()
        before = self.columnWidth(ITEM)
        self.setColumnWidth(ITEM, columns.name_width(width))
        if self.columnWidth(ITEM) == before:
            return False
        self._fit_rows(range(self._model.rowCount()))
        return True

    def _fit_rows(self, rows: Iterable[int]) -> None:
        for row in rows:
            height = row_height(self._model.line(row), self.columnWidth(ITEM))
            if height != self.rowHeight(row):
                self.setRowHeight(row, height)

    def _light(self, keys: set[int]) -> None:
        if not keys:
            return
        self._unlight()
        self._delegate.lit = keys
        self._flash.start()

    def _unlight(self) -> None:
        lit, self._delegate.lit = self._delegate.lit, set()
        for key in lit:
            row = self._model.row_of(key)
            if row is not None:
                self._model.touch(row)

    def _clicked(self, index: QModelIndex) -> None:
        self.picked.emit(self._model.line(index.row()).key)
