"""Which receipt goods come back of: scanned, typed, or one of the last; or goods without any."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from pos_desktop.domain.receipt_number import looks_like_receipt
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Type
from pos_desktop.ui.screens.sell.choose_page import ChoosePage


class ReceiptPage(ChoosePage):
    """Asks for a receipt; it lists the last ones of this till."""

    chosen = Signal(str)
    """The number of a receipt, as it was scanned, typed or listed."""
    without_wanted = Signal()
    """Goods come back that no receipt proves."""

    def __init__(self) -> None:
        super().__init__(
            _("Return"),
            asked=_("Number of the receipt"),
            hint=_("Scan the receipt, or type its number"),
            listed=_("Last receipts"),
            take=_("Choose"),
        )
        self._rows: Sequence[ListRow] = ()
        head = label(_("GOODS COME BACK"), fonts.strong(Type.LABEL), tone="muted")
        without = Tile(_("Without a receipt"), key="F11", height=Size.TOUCH)
        self.body.insertWidget(0, head)
        self.body.addWidget(without)
        self.list.clicked.connect(lambda _index: self._take_listed())
        without.clicked.connect(self.without_wanted)

    def begin(self, rows: Sequence[ListRow]) -> None:
        """Ask anew, with these receipts at hand."""
        self.field.clear()
        self.list.choose_first()
        self._rows = rows
        self._show()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def _show(self) -> None:
        nothing = _("No receipts yet"), _("What is sold at this till stands here.")
        self.list.show_rows(self._rows, nothing)

    def take_scan(self, code: str) -> bool:
        """Take the barcode of a receipt; goods are sold as ever."""
        if looks_like_receipt(code):
            self.chosen.emit(code)
            return True
        return False

    def enter(self) -> None:
        """Take the number that is typed, else the receipt that is chosen."""
        typed = self.field.text().strip()
        self.field.selectAll()
        if typed:
            self.chosen.emit(typed)
        else:
            self._take_listed()

    def _take_listed(self) -> None:
        if self.list.key is not None:
            self.chosen.emit(str(self.list.key))
