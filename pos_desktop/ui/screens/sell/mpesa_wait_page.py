"""A phone is asked for money: how far that is, how long it may take, and what else can be done."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import AmountLabel, ElidedLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class Mark(Enum):
    """How far a step is."""

    DONE = auto()
    NOW = auto()
    TO_COME = auto()
    WRONG = auto()


_SIGNS = {Mark.DONE: "✓", Mark.NOW: "…", Mark.TO_COME: "○", Mark.WRONG: "!"}
_TONES = {Mark.DONE: "ok", Mark.NOW: "", Mark.TO_COME: "muted", Mark.WRONG: "danger"}


class MpesaWaitPage(SidePage):
    """Shows the steps of an attempt; scans go on into the sale meanwhile."""

    again = Signal()
    """The customer is to be asked once more, or a code is to be typed."""
    nothing = Signal()
    """The customer's phone shows neither a prompt nor a message."""
    other = Signal()
    """Another tender is wanted."""

    def __init__(self) -> None:
        super().__init__(_("M-Pesa"))
        self._can_end = self._is_compact = False
        self._question = Question()
        self._head = ElidedLabel(fonts.strong(Type.LABEL), tone="muted")
        self.amount = AmountLabel((40, 32, 26), _("M-Pesa"))
        self._whom = ElidedLabel(fonts.regular(Type.SMALL), tone="muted")
        self._said = label(font=fonts.regular(Type.TEXT), wrap=True)
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(Space.STEP)
        self._grid.setHorizontalSpacing(Space.INSIDE)
        self._grid.setColumnStretch(1, 1)
        self._again = Tile(_("Ask again, or type a code"), key="↵", height=Size.QUICK_TILE)
        self._other = Tile(_("Other tender"), key="Esc", height=Size.QUICK_TILE)
        self.nothing_tile = Tile("", key="Ctrl ↵", height=Size.QUICK_TILE)
        self.nothing_tile.hide()
        top = column(self._head, self.amount, self._whom, gap=2, margins=INSIDE)
        self.body.addWidget(Card(_("M-Pesa"), top))
        steps = column(gap=Space.STEP, margins=INSIDE)
        steps.addLayout(self._grid)
        self.body.addWidget(Card(_("Steps"), steps))
        self.body.addWidget(self._said)
        last = row(self._again, self._other, gap=Space.INSIDE + 2)
        for place, share in enumerate((3, 2)):
            last.setStretch(place, share)
        self.body.addLayout(last)
        self.body.addWidget(self.nothing_tile)
        self.body.addStretch(1)
        self._again.clicked.connect(self.again)
        self._other.clicked.connect(self.other)
        self.nothing_tile.clicked.connect(self._end)

    def show_asked(self, cents: Cents, whom: str) -> None:
        """Show how much is asked for, and of whom."""
        self._question.forget()
        self._head.show_text(_("TO PAY BY M-PESA"))
        self.amount.show_text(format_amount(cents))
        self._whom.show_text(whom)

    def show_steps(
        self,
        steps: Sequence[tuple[Mark, str, str]],
        said: str,
        *,
        again: str,
        is_next: bool,
        end_in: str | None = None,
    ) -> None:
        """Show the steps, each with its word and a time or nothing, and what to do.

        `again` says what Enter leads to, and `is_next` whether that is the likely step; `end_in`
        the time until a manager may end it, empty where that is now, None where it is not to be.
        """
        while len(self._rows) < len(steps):
            self._add_row()
        for place, labels in enumerate(self._rows):
            shown = place < len(steps)
            for one in labels:
                one.setVisible(shown)
            if shown:
                self._show_step(labels, *steps[place])
        self._offer_end(end_in)
        self._said.setText(said)
        self._again.show_title(again)
        self._again.show_rank(Rank.FIRST if is_next else Rank.PLAIN)

    def _offer_end(self, end_in: str | None) -> None:
        """Offer to end it, where it is in doubt."""
        is_in_doubt = end_in is not None
        self.nothing_tile.setVisible(is_in_doubt)
        self._make_room(is_in_doubt=is_in_doubt)
        self._can_end = end_in == ""
        self.nothing_tile.setEnabled(self._can_end)
        if end_in:
            self._question.forget()
        title = _("Phone shows nothing")
        if end_in:
            title = _("Phone shows nothing: in {time}").format(time=end_in)
        elif self._question:
            title = _("Seen it yourself? Press again")
        self.nothing_tile.show_title(title)

    def _make_room(self, *, is_in_doubt: bool) -> None:
        """Leave out what is known where the sentence below is long and the window low."""
        is_low = self._is_compact and is_in_doubt
        self._whom.setVisible(not is_low)
        for one in self._rows[0] if self._rows else ():
            one.setVisible(not self._is_compact)

    def _end(self) -> None:
        """Ask once more before it is ended: nobody should do that by mistake."""
        if self._question.confirmed():
            self.nothing.emit()
        self._offer_end("")

    def show_compact(self, *, compact: bool) -> None:
        """Do with less height."""
        self._is_compact = compact
        self._make_room(is_in_doubt=not self.nothing_tile.isHidden())
        self.body.setSpacing(Space.INSIDE if compact else Space.BETWEEN)
        for tile in (self._again, self._other, self.nothing_tile):
            tile.setFixedHeight(Size.TOUCH if compact else Size.QUICK_TILE)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Ask again, or for a code, with Enter; Esc leads to the other tenders.

        Ctrl and Enter say that the phone shows nothing.
        """
        is_enter = event.key() in ENTER_KEYS
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self._can_end:
                self._end()
        elif is_enter:
            self.again.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.other.emit()
        else:
            return super().handle_key(event)
        return True

    def _add_row(self) -> None:
        sign = label(font=fonts.strong(Type.TEXT))
        word = label(font=fonts.regular(Type.TEXT), wrap=True)
        time = label(font=fonts.strong(Type.TEXT), tone="muted")
        place = len(self._rows)
        for number, one in enumerate((sign, word, time)):
            self._grid.addWidget(one, place, number)
        self._rows.append((sign, word, time))

    def _show_step(
        self, labels: tuple[QLabel, QLabel, QLabel], mark: Mark, words: str, time: str
    ) -> None:
        sign, word, when = labels
        sign.setText(_SIGNS[mark])
        word.setText(words)
        when.setText(time)
        word.setFont(fonts.strong(Type.TEXT) if mark is Mark.NOW else fonts.regular(Type.TEXT))
        for one in (sign, word):
            one.setProperty("tone", _TONES[mark])
            one.style().unpolish(one)
            one.style().polish(one)
