"""Notes and coins of a drawer, counted one kind after another; their sum grows as one types."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from pos_desktop.domain.denominations import MOST_PIECES, Pieces, worth
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.spoken import Field, Spoken
from pos_desktop.ui.kit.tokens import Size, Space, Type

_COLUMNS = 3
_LESS_PADDING = 6
"""Three fields beside one another have no room for the usual padding."""
_STEP_BACK = (Qt.Key.Key_Backtab, Qt.Key.Key_Up)
_STEP_ON = (Qt.Key.Key_Tab, Qt.Key.Key_Down)


class PiecesTable(Spoken, QWidget):
    """A field for each note and coin, in three columns, the largest first."""

    changed = Signal()
    moved = Signal()
    """Another field has the keyboard."""

    def __init__(self, values: Sequence[Cents]) -> None:
        super().__init__()
        self.setAccessibleName(_("Notes and coins"))
        self.fields: dict[Cents, Field] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(Space.STEP)
        rows = -(-len(values) // _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(2 * column + 1, 1)
        for place, value in enumerate(values):
            column, at = divmod(place, rows)
            grid.addWidget(self._name(value), at, 2 * column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self._field(value), at, 2 * column + 1)

    def _name(self, value: Cents) -> QWidget:
        return label(f"{value // 100:,} ×", fonts.strong(Type.SMALL), tone="muted")

    def _field(self, value: Cents) -> Field:
        field = Field()
        name = _("How many of {value}").format(value=format_amount(value))
        field.setAccessibleName(name)
        field.setFont(fonts.strong(Type.TABLE))
        field.setFixedHeight(Size.TOUCH)
        field.setMinimumWidth(Size.TOUCH)
        field.setTextMargins(-_LESS_PADDING, 0, -_LESS_PADDING, 0)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setValidator(QIntValidator(0, MOST_PIECES, field))
        field.setPlaceholderText("0")
        field.textChanged.connect(self.changed)
        field.installEventFilter(self)
        self.fields[value] = field
        return field

    def clear(self) -> None:
        """Forget what was counted before."""
        for field in self.fields.values():
            field.clear()

    @property
    def pieces(self) -> Pieces:
        """How many of each were counted, those of which there is one at least."""
        counted = {value: int(field.text() or 0) for value, field in self.fields.items()}
        return {value: count for value, count in counted.items() if count}

    @property
    def worth(self) -> Cents:
        """What they come to."""
        return worth(self.pieces)

    @property
    def current(self) -> QLineEdit:
        """The field that has the keyboard, else the first."""
        fields = list(self.fields.values())
        return next((field for field in fields if field.hasFocus()), fields[0])

    @property
    def is_at_end(self) -> bool:
        """Whether the last field has the keyboard."""
        return self.current is list(self.fields.values())[-1]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802 - Qt's name
        """Tell when a field takes the keyboard, by whatever way."""
        if event.type() is QEvent.Type.FocusIn:
            self.moved.emit()
        return False

    def step(self, by: int) -> bool:
        """Go to the next field, or the one before; tell whether there was one."""
        fields: list[QLineEdit] = list(self.fields.values())
        place = fields.index(self.current) + by
        if not 0 <= place < len(fields):
            return False
        fields[place].setFocus()
        fields[place].selectAll()
        return True

    def handle_key(self, event: QKeyEvent) -> bool:
        """Walk through the fields; what is typed is theirs."""
        if event.key() in _STEP_ON:
            self.step(1)
        elif event.key() in _STEP_BACK:
            self.step(-1)
        else:
            return False
        return True
