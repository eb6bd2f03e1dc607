"""Facts of stock, the newest first, each with the goods that it moved beside it."""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.goods import StockMove
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.quantity import line_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.row_model import Line
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.catalogue.product_view import signed


class FactsView(Card):
    """Lists facts; what the chosen one moved stands beside it."""

    def __init__(self, title: str) -> None:
        self.list = RowList(title)
        self.lines = RowList(_("Its goods"))
        self._moves: Sequence[StockMove] = ()
        whole = row(gap=Space.BETWEEN)
        whole.addWidget(headed_list(title, self.list), 1)
        whole.addWidget(headed_list(_("Its goods"), self.lines), 1)
        super().__init__(title, whole, look="plain")

    def show_facts(self, rows: Sequence[Line], empty: tuple[str, str]) -> None:
        """Show these facts."""
        self.list.show_rows(rows, empty)
        if not rows:
            self.show_moves(())

    def show_moves(self, moves: Sequence[StockMove]) -> None:
        """Show what the chosen fact moved."""
        self._moves = moves
        self.lines.show_rows([move_row(place, one) for place, one in enumerate(moves)], ("", ""))

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self.show_moves(self._moves)


def headed_list(title: str, rows: RowList) -> Card:
    """Return a card with a list under its title."""
    head = label(title, fonts.strong(Type.LABEL), tone="muted")
    listed = column(gap=Space.INSIDE, margins=(1, Space.BETWEEN, 1, 1))
    listed.addLayout(row(head, margins=(Space.EDGE, 0, Space.EDGE, 0)))
    listed.addWidget(rows, 1)
    return Card(title, listed)


def move_row(place: int, move: StockMove) -> ListRow:
    """Return the line of one move."""
    note = ""
    if move.cost_cents is not None:
        note = _("{cost} each, {amount}").format(
            cost=format_amount(move.cost_cents),
            amount=format_amount(line_amount(move.cost_cents, abs(move.quantity))),
        )
    return ListRow(key=place, title=move.name, note=note, right=signed(move.quantity))
