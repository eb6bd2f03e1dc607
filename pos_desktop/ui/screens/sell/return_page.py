"""Goods that come back: which receipt, then which of its lines and how much of each.

While lines are shown, digits are how much of the chosen line comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.quantity import ONE, Thousandths, format_quantity, parse_quantity
from pos_desktop.domain.text import _, joined
from pos_desktop.services.sales.returning import Part, Returnable, ReturnableLine
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.labels import ElidedLabel
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage

_BY_KEY = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_Left: -1}
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class ReturnPage(SidePage):
    """Shows the lines of a receipt, and how much of each comes back."""

    taken = Signal(object)
    """These parts come back: numbers of lines with quantities."""
    refused = Signal(object)
    changed = Signal()
    """Something else comes back than before."""

    def __init__(self) -> None:
        super().__init__(_("What comes back"))
        self._receipt: Returnable | None = None
        self._chosen: dict[int, Thousandths] = {}
        self._typed = ""
        self._head = ElidedLabel(fonts.strong(Type.LABEL), tone="muted")
        self.list = RowList(_("Lines of the receipt"))
        take = Tile(_("Into the cart"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        small = fonts.strong(Type.TABLE)
        less = Tile(_("Less"), key="−", height=Size.TOUCH, font=small)
        more = Tile(_("More"), key="+", height=Size.TOUCH, font=small)
        everything = Tile(_("All of it"), key="A", height=Size.TOUCH, font=small)
        self.body.setSpacing(Space.INSIDE)
        self.body.addWidget(self._head)
        card = Card(_("What comes back"), column(self.list, margins=(1, 1, 1, 1)))
        self.body.addWidget(card, 1)
        self.body.addLayout(row(less, more, everything, gap=Space.INSIDE))
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(take, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.list.chosen.connect(self._forget_typed)
        self.list.clicked.connect(lambda _index: self._toggle())
        take.clicked.connect(self._take)
        back.clicked.connect(self.left)
        less.clicked.connect(lambda: self._change(-1))
        more.clicked.connect(lambda: self._change(1))
        everything.clicked.connect(self._take_all)

    @property
    def chosen(self) -> tuple[Part, ...]:
        """What comes back, by the numbers of the lines."""
        return tuple((no, quantity) for no, quantity in self._chosen.items() if quantity)

    def show_receipt(self, receipt: Returnable, chosen: Sequence[Part]) -> None:
        """Show a receipt, with what of it lies in the cart already."""
        self._receipt = receipt
        self._chosen = dict(chosen)
        self.list.choose_first()
        self._show()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def _show(self) -> None:
        if self._receipt is None:
            return
        receipt = self._receipt.stored.sale.receipt
        text = _("RECEIPT {receipt}: WHAT COMES BACK?")
        self._head.show_text(text.format(receipt=receipt))
        rows = [_row(line, self._chosen.get(line.no, 0)) for line in self._receipt.lines]
        self.list.show_rows(rows, ("", ""))

    def take_scan(self, code: str) -> bool:
        """Count what was scanned as coming back, where it is on the receipt; else it is sold."""
        for line in self._lines():
            item, chosen = line.line.item, self._chosen.get(line.no, 0)
            if code in (item.barcode, item.code) and chosen < line.left:
                self._set(line, chosen + _step(line))
                return True
        return False

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose lines and quantities; put them into the cart with Enter."""
        key = Qt.Key(event.key())
        typed = event.text()
        if key in _STEPS:
            self.list.move(_STEPS[key])
        elif key in _BY_KEY:
            self._change(_BY_KEY[key])
        elif key in ENTER_KEYS:
            self._take()
        elif key == Qt.Key.Key_Space:
            self._toggle()
        elif typed.lower() == "a":
            self._take_all()
        elif typed.isdigit() or typed == ".":
            self._type(typed)
        elif key == Qt.Key.Key_Backspace:
            self._typed = ""
            self._set_current(lambda _line: 0)
        else:
            return super().handle_key(event)
        return True

    def _lines(self) -> tuple[ReturnableLine, ...]:
        return self._receipt.lines if self._receipt else ()

    def _forget_typed(self) -> None:
        self._typed = ""

    def _set_current(self, quantity: Callable[[ReturnableLine], Thousandths]) -> None:
        line = next((one for one in self._lines() if one.no == self.list.key), None)
        if line is not None:
            self._set(line, quantity(line))

    def _set(self, line: ReturnableLine, quantity: Thousandths) -> None:
        self._chosen[line.no] = max(0, min(line.left, quantity))
        self._show()
        self.changed.emit()

    def _change(self, by: int) -> None:
        self._typed = ""
        self._set_current(lambda line: self._chosen.get(line.no, 0) + by * _step(line))

    def _toggle(self) -> None:
        """Let all of the chosen line come back, or nothing of it."""
        self._typed = ""
        self._set_current(lambda line: 0 if self._chosen.get(line.no) else line.left)

    def _take_all(self) -> None:
        self._typed = ""
        self._chosen = {line.no: line.left for line in self._lines()}
        self._show()
        self.changed.emit()

    def _type(self, sign: str) -> None:
        """Take digits one after another for how much of the chosen line comes back."""
        typed = self._typed + sign
        try:
            quantity = 0 if typed.strip(".0") == "" else parse_quantity(typed.rstrip("."))
            line = next(one for one in self._lines() if one.no == self.list.key)
            if quantity > line.left:
                left = format_quantity(line.left)
                raise Refused(_("At most {left} of it can come back.").format(left=left))
        except Refused as error:
            self._typed = ""
            self.refused.emit(error)
            return
        self._typed = typed
        self._set(line, quantity)

    def _take(self) -> None:
        if self.chosen:
            self.taken.emit(self.chosen)
        else:
            sentence = _("Choose what comes back: A is all of it, + and − change the chosen line.")
            self.refused.emit(Refused(sentence))


def _step(line: ReturnableLine) -> Thousandths:
    """Return what one key more is: a piece, or all of something weighed."""
    return line.left if line.line.quantity % ONE or line.line.item.by_weight else ONE


def _row(line: ReturnableLine, chosen: Thousandths) -> ListRow:
    item, bought = line.line.item, line.line.quantity
    back = bought - line.left
    note = _("bought {quantity} for {amount}").format(
        quantity=format_quantity(bought), amount=format_amount(line.line.gross_cents)
    )
    came = _("{quantity} came back").format(quantity=format_quantity(back)) if back else ""
    of = _("{quantity} of {left}").format(
        quantity=format_quantity(chosen), left=format_quantity(line.left)
    )
    return ListRow(
        key=line.no,
        title=item.name,
        note=joined(" · ", (note, came)),
        chip="✓" if chosen else "",
        tone=Tone.DANGER,
        right=of if line.left else "–",
    )
