"""The table of a report: rows to choose from, and the sums below them, always in sight."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pos_desktop.domain.text import _, again
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.lines import paint_empty, paint_ground, paint_text
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tables import dress
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.reports.asked import Made
from pos_desktop.ui.screens.reports.table_model import Index, TableModel

_WIDEST = 320
_SAMPLE = 100
"""So many rows are measured to find the width of a column."""
_SPARE = 4
"""Qt cuts a text that takes a fraction of a pixel more than was measured."""
_LONG = 8
"""So many of the texts with the most letters are measured."""
_SCROLL = 120
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ReportTable(Spoken, QTableView):
    """Shows rows. It never takes the keyboard: its page moves the choice."""

    picked = Signal(str)
    """The row of this key was pressed."""
    opened = Signal(str)
    """The chosen row was pressed once more."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.rows = TableModel()
        self._empty = "", ""
        self._chosen = -1
        self.setAccessibleName(name)
        self.setModel(self.rows)
        self.setItemDelegate(_CellDelegate(self))
        self._dress()
        self.totals = TotalsRow(self)
        self.clicked.connect(self._clicked)

    def _dress(self) -> None:
        dress(self, row=Size.TOUCH, head=Size.TOUCH)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.sectionClicked.connect(self.sort_by)

    # what is shown

    def show_report(self, made: Made, key: str, empty: tuple[str, str]) -> None:
        """Show a report with the row of a key chosen; of no rows, these two sentences."""
        self._empty = empty
        self.rows.show(made)
        self.choose(key)
        self._share_out()
        self.totals.update()

    def choose(self, key: str) -> None:
        """Choose the row of a key and bring it into sight; of none the first, else nothing."""
        row = self.rows.row_of(key) if key else 0
        self._choose(-1 if row is None else row)

    def move_choice(self, by: int) -> str:
        """Choose the row so many below; return what it stands for."""
        self._choose(min(self.rows.rowCount() - 1, max(0, self._chosen + by)))
        return self.key

    @property
    def key(self) -> str:
        """What the chosen row stands for."""
        return self.rows.key(self._chosen)

    @property
    def title(self) -> str:
        """What stands first in the chosen row; empty where none is chosen."""
        return self.rows.text(self._chosen, 0) if self._chosen >= 0 else ""

    def _choose(self, row: int) -> None:
        self._chosen = row if row < self.rows.rowCount() else -1
        index = self.rows.index(self._chosen, 0) if self._chosen >= 0 else QModelIndex()
        sideways = self.horizontalScrollBar().value()
        self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)
        else:
            self.clearSelection()
        self.horizontalScrollBar().setValue(sideways)

    def sort_by(self, section: int) -> None:
        """Sort by a column; the chosen row stays chosen."""
        key = self.key
        self.rows.sort_by(section)
        self.choose(key)
        self._share_out()

    def sort_by_next(self, *, turn: bool = False) -> None:
        """Sort by the next column, or by the same one the other way round."""
        count = self.rows.columnCount()
        if count:
            at = self.rows.sorted_by[0] if self.rows.sorted_by else -1
            self.sort_by(max(at, 0) if turn else (at + 1) % count)

    def scroll_sideways(self, by: int) -> None:
        """Bring columns into sight that find no room."""
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() + by * _SCROLL)

    def is_whole(self, section: int) -> bool:
        """Tell whether a column is wholly in sight: half a number is another number."""
        left = self.columnViewportPosition(section)
        return left >= 0 and left + self.columnWidth(section) <= self.viewport().width()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Let the sums go along sideways."""
        super().scrollContentsBy(dx, dy)
        if dx:
            self.totals.update()

    def _clicked(self, index: QModelIndex) -> None:
        key = self.rows.key(index.row())
        signal = self.opened if index.row() == self._chosen else self.picked
        self._chosen = index.row()
        signal.emit(key)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self.horizontalHeader().setAccessibleName(_("Columns"))
        self._share_out()
        self.viewport().update()
        self.horizontalHeader().viewport().update()
        self.totals.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the width out anew."""
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Give every column what it needs; what is left goes to the first one."""
        widths = [self._wanted(section) for section in range(self.rows.columnCount())]
        if not widths:
            return
        widths[0] += max(0, self.viewport().width() - sum(widths))
        for section, width in enumerate(widths):
            self.setColumnWidth(section, width)

    def _wanted(self, section: int) -> int:
        font, rows = fonts.regular(Type.TEXT), min(self.rows.rowCount(), _SAMPLE)
        texts = [self.rows.text(row, section) for row in range(rows)]
        longest = max(sorted(set(texts), key=len)[-_LONG:], key=_width, default="")
        head = str(self.rows.headerData(section, Qt.Orientation.Horizontal))
        wanted = max(
            fonts.width(longest, font),
            fonts.width(self.rows.total(section), fonts.strong(Type.TEXT)),
            fonts.width(head, fonts.strong(Type.LABEL)) + Space.BETWEEN,
        )
        return min(wanted, _WIDEST) + 2 * Space.BETWEEN + _SPARE

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the rows, or, where there are none, why and what then."""
        super().paintEvent(event)
        if not self.rows.rowCount():
            viewport = self.viewport()
            paint_empty(QPainter(viewport), viewport.rect(), *map(again, self._empty))


def _width(text: str) -> int:
    return fonts.width(text, fonts.regular(Type.TEXT))


class _CellDelegate(QStyledItemDelegate):
    """Paints a cell: figures to the right, and the ground of a chosen row."""

    def __init__(self, table: ReportTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint it."""
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, option.rect, selected=selected, begins=index.column() == 0)
        if not self._table.is_whole(index.column()):
            return
        area = option.rect.adjusted(Space.BETWEEN, 0, -Space.BETWEEN, -1)
        align = index.data(Qt.ItemDataRole.TextAlignmentRole)
        ink = theme.colours().text
        paint_text(painter, area, index.data(), fonts.regular(Type.TEXT), ink, align)


class TotalsRow(Spoken, QWidget):
    """The sums below the columns of a table; it stands below the table, not in it."""

    def __init__(self, table: ReportTable) -> None:
        super().__init__()
        self._table = table
        self.setAccessibleName(_("TOTAL"))
        self.setFixedHeight(Size.TOUCH)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint each sum below its column."""
        painter, look = QPainter(self), theme.colours()
        painter.fillRect(QRect(0, 0, self.width(), 1), theme.colour(look.muted))
        font, model = fonts.strong(Type.TEXT), self._table.rows
        for section, column in enumerate(model.columns):
            if not self._table.is_whole(section):
                continue
            left = self._table.columnViewportPosition(section)
            area = QRect(left, 0, self._table.columnWidth(section), self.height())
            area.adjust(Space.BETWEEN, 0, -Space.BETWEEN, 0)
            align = _LEFT if column.kind == "text" else _RIGHT
            paint_text(painter, area, model.total(section), font, look.text, align)
