"""How a sale is paid: the exact cash with one key, likely notes with one touch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.money import Cents, format_amount, format_short, quick_cash
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _, joined
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.number_pad import BOX_KEYS, NumberPad
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.paid_list import PaidList
from pos_desktop.ui.screens.sell.side_page import SidePage

_MOST_QUICK = 4
_OTHER_HEIGHT = 52


class QuickCash(Spoken, QWidget):
    """The amounts that a customer is likely to hand over, each one touch.

    Where there are none its room stays: the keys below it keep their place.
    """

    taken = Signal(object)
    """An amount was pressed: its cents (more than a C int may hold)."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Cash received"))
        self.setFixedHeight(Size.QUICK_TILE)
        self._amounts: list[Cents] = []
        self._tiles = [Tile("", height=Size.QUICK_TILE) for _place in range(_MOST_QUICK)]
        tiles = row(gap=Space.INSIDE)
        for tile in self._tiles:
            tiles.addWidget(tile, 1)
        self.setLayout(tiles)
        for place, tile in enumerate(self._tiles):
            tile.clicked.connect(
                lambda _checked=False, at=place: self.taken.emit(self._amounts[at])
            )

    def show_for(self, due_cents: Cents) -> None:
        """Show the amounts above what is due in cash."""
        self._amounts = quick_cash(due_cents)[1 : _MOST_QUICK + 1] if due_cents > 0 else []
        for tile, cents in zip(self._tiles, self._amounts, strict=False):
            tile.show_title(format_short(cents))
        self._show_as_many_as_fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many as now find room: half an amount reads as another one."""
        super().resizeEvent(event)
        self._show_as_many_as_fit()

    def _show_as_many_as_fit(self) -> None:
        font = fonts.strong(Type.TEXT)
        widths = [
            fonts.width(format_short(cents), font) + 2 * Space.EDGE for cents in self._amounts
        ]
        count = len(widths)
        while count > 1 and count * (max(widths[:count]) + Space.INSIDE) > self.width():
            count -= 1
        for place, tile in enumerate(self._tiles):
            tile.setVisible(place < count)


class TendersPage(SidePage):
    """The page that is open while the customer's goods are scanned."""

    exact = Signal()
    other = Signal()
    tender_wanted = Signal(object)
    """Another tender than cash is wanted: its TenderKind."""
    back_wanted = Signal()
    """What was paid so far is wanted back."""
    key_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("Payment"))
        self._is_refund = False
        self._exact = Tile(_("Cash, exact"), key="F8", rank=Rank.FIRST)
        self._other = Tile(_("Cash received"), key="↵")
        self.others = _other_tenders()
        self.quick = QuickCash()
        self.paid = PaidList()
        self.pad = NumberPad(BOX_KEYS, _("Number keys"))
        self.pad.hide()
        self._exact.clicked.connect(self.exact)
        self._other.clicked.connect(self.other)
        for kind, tile in self.others.items():
            tile.clicked.connect(partial(self._want, kind))
        self.paid.back_wanted.connect(self.back_wanted)
        self.pad.pressed.connect(self.key_pressed)
        self.body.addLayout(row(self._exact, self._other, gap=Space.INSIDE + 2))
        others = row(gap=Space.INSIDE)
        for tile in self.others.values():
            others.addWidget(tile, 1)
        self.body.addLayout(others)
        self.body.addWidget(self.quick)
        self.body.addWidget(self.paid)
        self.body.addWidget(self.pad)
        self.body.addStretch(1)

    def _want(self, kind: TenderKind, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        self.tender_wanted.emit(kind)

    def show_payment(
        self, payment: Payment, way_back: Sequence[tuple[TenderKind, Cents]], *, empty: bool
    ) -> None:
        """Show what can be done about a basket; nothing about an empty one.

        `way_back` are the tenders by which the shop's rule gives money back, where it goes back.
        """
        due = abs(payment.cash_due_cents)
        rounded = "" if due == abs(payment.remaining_cents) else format_amount(due)
        exact, other = _("Cash, exact"), _("Cash received")
        note = ""
        if payment.is_refund:
            exact, other = _("Give back in cash"), _("By the shop's rule")
            note = joined(" + ", (tender_name(kind) for kind, _cents in way_back))
        self._exact.show_title(exact, rounded)
        self._other.show_title(other, note)
        by_cash = not way_back or way_back[0][0] is TenderKind.CASH
        self._exact.show_rank(Rank.FIRST if by_cash else Rank.PLAIN)
        self._other.show_rank(Rank.PLAIN if by_cash else Rank.FIRST)
        for tile in (self._exact, self._other):
            tile.setEnabled(not empty)
        for kind in (TenderKind.MPESA, TenderKind.CARD, TenderKind.CREDIT):
            self.others[kind].setEnabled(not empty)
        self.quick.show_for(0 if empty or payment.is_refund else due)
        self.paid.show_payment(payment)
        self._is_refund = payment.is_refund

    def show_compact(self, *, compact: bool, low: bool, tight: bool) -> None:
        """Do with less height: `low` beside keys or in a low window, `compact` for both at once.

        What is paid in part takes the place of the likely amounts then. In the lowest window
        that is as `tight` as it can be.
        """
        self.quick.setVisible(not self._is_refund and not (low and not self.paid.isHidden()))
        close = Space.STEP if tight else Space.INSIDE
        self.body.setSpacing(close if compact else Space.BETWEEN)
        for tile in (self._exact, self._other):
            low_tile = Size.TOUCH if tight else Size.QUICK_TILE
            tile.setFixedHeight(low_tile if compact else Size.TILE)
        self.paid.show_compact(compact=compact, tight=tight)

    def handle_key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 - whatever key
        """Leave every key to the box."""
        return False


def _other_tenders() -> dict[TenderKind, Tile]:
    """Return a tile for each tender beside cash, with its key below its name.

    Four stand beside one another: what is put on an account has a shorter name here.
    """
    font = fonts.strong(Type.TEXT)
    return {
        kind: Tile(name, note=cap, height=_OTHER_HEIGHT, font=font)
        for kind, name, cap in (
            (TenderKind.MPESA, tender_name(TenderKind.MPESA), "F9"),
            (TenderKind.CARD, tender_name(TenderKind.CARD), "F10"),
            (TenderKind.CREDIT, _("Account"), "Ctrl 4"),
            (TenderKind.VOUCHER, tender_name(TenderKind.VOUCHER), "Ctrl 5"),
        )
    }
