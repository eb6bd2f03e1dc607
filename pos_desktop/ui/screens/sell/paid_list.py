"""What is paid of the open cart so far, tender by tender, and the way to give it back."""

from __future__ import annotations

from PySide6.QtCore import Signal

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.tender import Payment, Tender, TenderKind
from pos_desktop.domain.text import _, joined
from pos_desktop.services.counter.money_back import undo_title
from pos_desktop.services.credit.vouchers import masked_code
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.fact_rows import FactRows

_MOST, _MOST_COMPACT = 3, 2


class PaidList(Card):
    """Lists the tenders of a payment that is not finished; hidden where there are none."""

    back_wanted = Signal()

    def __init__(self) -> None:
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted")
        self.facts = FactRows()
        self._back = Tile("", key="⇧ Del", height=Size.TOUCH, font=fonts.strong(Type.TEXT))
        margins = (Space.EDGE, Space.INSIDE, Space.EDGE, Space.INSIDE)
        super().__init__(
            _("Paid so far"), column(self._head, self.facts, self._back, gap=4, margins=margins)
        )
        self._back.clicked.connect(self.back_wanted)
        self._rows: list[tuple[str, Cents]] = []
        self._compact = False
        self.hide()

    def show_payment(self, payment: Payment) -> None:
        """Show what was taken, or given back, so far."""
        self.setVisible(bool(payment.tenders))
        if not payment.tenders:
            return
        back = payment.is_refund
        self._head.setText(_("GIVEN BACK SO FAR") if back else _("PAID SO FAR"))
        self._back.show_title(undo_title(payment))
        self._rows = [(tender_words(one), abs(one.given_cents)) for one in payment.tenders]
        self._show_rows()

    def _show_rows(self) -> None:
        most = _MOST_COMPACT if self._compact else _MOST
        kept, more = self._rows, len(self._rows) - most
        if more > 0:
            rest = sum(cents for _words, cents in kept[most - 1 :])
            kept = [*kept[: most - 1], (_("{count} more").format(count=more + 1), rest)]
        self.facts.show_rows(*((words, format_amount(cents)) for words, cents in kept))

    def show_compact(self, *, compact: bool, tight: bool) -> None:
        """Leave the tile out where height is short: Clear in the key bar does the same.

        Where it is as short as it can be, the head goes too.
        """
        self._back.setVisible(not compact)
        self._head.setVisible(not (compact and tight))
        if compact != self._compact:
            self._compact = compact
            self._show_rows()


def tender_words(tender: Tender) -> str:
    """Return how a tender is called on the screen, with its reference; a voucher's is masked."""
    reference = tender.reference
    if tender.kind is TenderKind.VOUCHER and reference:
        reference = masked_code(reference)
    return joined(" · ", (tender_name(tender.kind), reference))
