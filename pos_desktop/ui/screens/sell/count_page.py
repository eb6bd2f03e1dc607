"""The count of the drawer: what lies in it is typed, Enter closes the shift.

Note by note Enter goes on, and closes at the last of them; Ctrl and Enter close wherever one is.
What should lie in it is not shown before: who counts finds what is there.

A count begins the way in which this person closed the last shift here: the hands know it, and what
a colleague does, or an N that came to nothing, changes it for nobody else. Of a person who never
counted it asks the sum alone, one field. N, on its tile, goes to the other way at any time.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.amount_field import AmountField
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import AmountLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.number_pad import AMOUNT_KEYS, NumberPad, type_into
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.pieces_table import PiecesTable
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class CountPage(SidePage):
    """Takes the count of the drawer: its sum, or note by note and coin by coin."""

    counted = Signal(object, object)
    """The count in cents, and the pieces where they were counted one by one, else None."""
    refused = Signal(object)
    """What was typed is no count: the error that says so."""

    def __init__(self, values: Sequence[Cents]) -> None:
        """Take the notes and coins of the shop's currency; of none there is a sum alone."""
        super().__init__(_("Count the drawer"))
        self._tight = False
        self.pieces = PiecesTable(values) if values else None
        self.field = AmountField(_("Cash counted"))
        self.pad = NumberPad(AMOUNT_KEYS, _("Number keys"))
        self._end = Tile(_("Close the shift"), key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        self._next = Tile(_("Next"), key="↵", height=Size.QUICK_TILE)
        back = Tile(_("Back"), key="Esc", height=Size.QUICK_TILE)
        self._way = Tile("", key="N", height=Size.QUICK_TILE)
        self._way.setVisible(bool(values))
        self._sum = AmountLabel((32, 26), _("Counted"))
        self._title = label(_("CASH COUNTED IN THE DRAWER"), fonts.strong(Type.LABEL), tone="muted")
        self._hint = label(
            _("Count all of it, the float too. The X is printed then."),
            fonts.regular(Type.SMALL),
            tone="muted",
            wrap=True,
        )
        parts = column(self._title, self.field, self._sum, gap=6, margins=INSIDE)
        if self.pieces is not None:
            parts.addWidget(self.pieces)
            self.pieces.changed.connect(self._show_sum)
            self.pieces.moved.connect(self._show_enter)
        parts.addWidget(self._hint)
        self.body.addWidget(Card(_("Count the drawer"), parts))
        self.body.addWidget(self.pad)
        tiles = row(gap=Space.INSIDE + 2)
        tiles.addWidget(self._end, 3)
        tiles.addWidget(back, 2)
        self.body.addLayout(tiles)
        self.body.addLayout(row(self._next, self._way, gap=Space.INSIDE + 2))
        self.body.addStretch(1)
        self._way.clicked.connect(self._change_way)
        self.pad.pressed.connect(lambda key: type_into(self.field, key))
        self._next.clicked.connect(self._enter)
        self._end.clicked.connect(self._close)
        back.clicked.connect(self.left)

    def begin(self, *, by_pieces: bool) -> None:
        """Forget what was typed before, and ask for the pieces or for their sum."""
        self.field.clear()
        self.field.setHidden(by_pieces and self.pieces is not None)
        if self.pieces is not None:
            self.pieces.clear()
        self.begin_again()

    def begin_again(self) -> None:
        """Count once more: what was typed stays, ready to be typed over."""
        self._show_way()
        self._go_to(self.keyboard_target())

    def show_tight(self, *, tight: bool) -> None:
        """Leave the small print out of a window that is very low."""
        if tight is not self._tight:
            self._tight = tight
            self._show_way()

    @property
    def _by_pieces(self) -> PiecesTable | None:
        return self.pieces if self.field.isHidden() else None

    def _change_way(self) -> None:
        """Count note by note instead of typing the sum, or the other way round."""
        self.field.setVisible(self.field.isHidden())
        self._show_way()
        self._go_to(self.keyboard_target())

    def _go_to(self, field: QLineEdit) -> None:
        field.setFocus()
        field.selectAll()

    def _show_way(self) -> None:
        by_pieces = self._by_pieces
        self._sum.setVisible(by_pieces is not None)
        for part in (self.pad, self._title):
            part.setVisible(by_pieces is None)
        self._hint.setVisible(by_pieces is None and not self._tight)
        if self.pieces is not None:
            self.pieces.setVisible(by_pieces is not None)
        title = _("Count notes and coins") if by_pieces is None else _("Type the sum")
        self._way.show_title(title)
        self._show_sum()
        self._show_enter()

    def _show_enter(self) -> None:
        """Say what Enter does: among the notes it goes on, before it closes."""
        goes_on = self._by_pieces is not None and not self._by_pieces.is_at_end
        self._next.setVisible(goes_on)
        self._end.show_key("Ctrl ↵" if goes_on else "↵")

    def _show_sum(self) -> None:
        if self.pieces is not None:
            self._sum.show_text(format_amount(self.pieces.worth))

    def keyboard_target(self) -> QLineEdit:
        """Let digits be the count."""
        return self._by_pieces.current if self._by_pieces else self.field

    def handle_key(self, event: QKeyEvent) -> bool:
        """Close with Enter, go on through the notes, leave with Esc."""
        by_pieces = self._by_pieces
        if event.key() in ENTER_KEYS:
            at_once = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self._close() if at_once else self._enter()
            return True
        if event.text().lower() == "n" and self.pieces is not None:
            self._change_way()
            return True
        if by_pieces is not None and by_pieces.handle_key(event):
            return True
        return super().handle_key(event)

    def _enter(self) -> None:
        if self._by_pieces is None or not self._by_pieces.step(1):
            self._close()

    def _close(self) -> None:
        if self._by_pieces is not None:
            self.counted.emit(self._by_pieces.worth, self._by_pieces.pieces)
            return
        try:
            cents = self.field.cents()
            if cents is None:
                raise Refused(_("Type what you counted; 0 where nothing is left."))
        except Refused as error:
            self.field.selectAll()
            self.refused.emit(error)
        else:
            self.counted.emit(cents, None)
