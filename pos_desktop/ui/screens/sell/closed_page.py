"""What closing came to: the count of a shift against its books, or the sums of a day."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _
from pos_desktop.services.paper.closing_reports import DayReport, ShiftReport
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import AmountLabel, label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.sell.fact_rows import FactRows
from pos_desktop.ui.screens.sell.printer_news import PaperLabel, PrinterNews
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class ClosedPage(SidePage):
    """Stays until somebody has read it; leaving it asks for the next float."""

    day_wanted = Signal()

    def __init__(self, printer: PrinterNews) -> None:
        super().__init__(_("Closed"))
        self._head = label(font=fonts.strong(Type.LABEL), tone="ok")
        self.sentence = label(font=fonts.strong(Type.TILE), wrap=True)
        self.amount = AmountLabel((40, 32, 26), _("Amount"))
        self.facts = FactRows()
        self._printed = PaperLabel(printer)
        self.backup = label(wrap=True)
        said = (self._head, self.sentence, self.amount, self.facts, self._printed, self.backup)
        parts = column(*said, margins=INSIDE)
        go_on = Tile(_("Next shift"), key="↵", rank=Rank.FIRST)
        self._day = Tile(_("Close the day"), key="Z")
        self.body.addWidget(Card(_("Closed"), parts, look="accent-card"))
        self.body.addLayout(row(go_on, self._day, gap=Space.INSIDE + 2))
        self.body.addStretch(1)
        go_on.clicked.connect(self.left)
        self._day.clicked.connect(self.day_wanted)

    def show_shift(self, report: ShiftReport) -> None:
        """Show what was counted beside what should have been there, and what the X does."""
        counted, expected = report.counted_cents or 0, report.drawer.expected_cents
        difference = report.drawer.variance(counted)
        self._head.setText(_("SHIFT CLOSED"))
        self.sentence.setText(difference_sentence(difference))
        self.amount.show_text(format_amount(abs(difference)))
        self.amount.setVisible(difference != 0)
        self.facts.show_rows(
            (_("Expected"), format_amount(expected)),
            (_("Counted"), format_amount(counted)),
            (_("Sales"), str(report.figures.sales)),
        )
        self._printed.follow(_("The X"))
        self.backup.hide()
        self._day.show()

    def show_day(self, report: DayReport) -> None:
        """Show the number of the Z and its sums, and what its paper does."""
        found = report.figures
        self._head.setText(_("DAY CLOSED"))
        self.sentence.setText(
            _("Z {number} · {day}").format(number=report.number, day=shown_day(report.business_day))
        )
        self.amount.show_text(format_amount(found.gross_cents))
        self.amount.show()
        rows = [(_("Sales"), str(found.sales)), (_("VAT included"), format_amount(found.vat_cents))]
        if found.refunds:
            rows.insert(1, (_("Refunds"), str(found.refunds)))
        self.facts.show_rows(*rows)
        self._printed.follow(_("The Z"))
        self.backup.setText(
            _("A backup is on its way. Should you close the till now, it comes at the next start.")
        )
        self.backup.setVisible(report.is_backed_up)
        self._day.hide()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Go on with Enter or Esc, close the day with Z after a shift."""
        if event.key() in ENTER_KEYS:
            self.left.emit()
            return True
        if event.text().lower() == "z" and not self._day.isHidden():
            self.day_wanted.emit()
            return True
        return super().handle_key(event)


def difference_sentence(difference_cents: Cents) -> str:
    """Say what a count found: too much, too little, or all of it."""
    if difference_cents == 0:
        return _("The drawer is right to the cent")
    return _("Too much in the drawer") if difference_cents > 0 else _("Too little in the drawer")
