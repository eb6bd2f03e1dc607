"""The sales behind a row of a report, and the paper of one of them."""

from __future__ import annotations

from datetime import UTC, tzinfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.database import Row
from pos_desktop.storage.sales_behind import Behind
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import Label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.spoken import ScrollArea
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

_NOTHING = Behind((), 0, 0)


class BehindView(Card):
    """Lists receipts of sales and refunds, the newest first, their number and what they come to."""

    def __init__(self) -> None:
        self.list = RowList(_("Sales behind the figure"))
        self.summary = WrappedText(fonts.strong(Type.TABLE), most=2)
        self._what, self._behind = "", _NOTHING
        self._zone: tzinfo = UTC
        whole = column(self.summary, gap=Space.BETWEEN)
        listed = Card(_("Sales behind the figure"), column(self.list, margins=(1, 1, 1, 1)))
        whole.addWidget(listed, 1)
        super().__init__(_("Sales behind the figure"), whole, look="plain")

    def show_behind(self, what: str, behind: Behind, zone: tzinfo) -> None:
        """Show the sales behind what is named so; moments are shown in this zone."""
        self._what, self._behind, self._zone = what, behind, zone
        self.list.choose_first()
        self._show()

    def _show(self) -> None:
        behind = self._behind
        count = ngettext("{count:,} receipt", "{count:,} receipts", behind.count)
        together = _("together {amount}").format(amount=format_amount(behind.sum_cents))
        few = ""
        if behind.count > len(behind.rows):
            few = _("the newest {count:,} are listed").format(count=len(behind.rows))
        shown = count.format(count=behind.count)
        self.summary.show_text(joined(" · ", (self._what, shown, together, few)))
        nothing = _("No sales"), _("Nothing stands behind this figure.")
        self.list.show_rows([_row(one, self._zone) for one in behind.rows], nothing)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()


class PaperView(Card):
    """Shows the picture of a paper, as wide as it was printed."""

    def __init__(self) -> None:
        self._picture = QPixmap()
        self.paper = Label()
        self.paper.setAccessibleName(_("Receipt"))
        self.paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.paper.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._scroll = ScrollArea()
        self._scroll.setAccessibleName(_("Receipt"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.paper)
        super().__init__(_("Receipt"), column(self._scroll, margins=INSIDE))

    def show_picture(self, picture: bytes) -> None:
        """Show a PNG from its top."""
        self._picture.loadFromData(picture)
        self._fit()
        self._scroll.verticalScrollBar().setValue(0)

    def scroll(self, by: int) -> None:  # type: ignore[override]
        """Move the paper by so many lines."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + 40 * by)

    def _fit(self) -> None:
        if self._picture.isNull() or self._scroll.viewport().width() <= 0:
            return
        width = min(self._scroll.viewport().width(), self._picture.width())
        smooth = Qt.TransformationMode.SmoothTransformation
        self.paper.setPixmap(self._picture.scaledToWidth(width, smooth))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the paper as large as there is room."""
        super().resizeEvent(event)
        self._fit()


def _row(sale: Row, zone: tzinfo) -> ListRow:
    chip = {"refund": _("Refund"), "payment": _("Payment")}.get(sale["kind"], "")
    return ListRow(
        key=sale["id"],
        title=sale["receipt"],
        note=joined(" · ", (shown_minute(sale["at"], zone), sale["cashier"])),
        chip=chip,
        tone=Tone.WARNING if sale["kind"] == "refund" else Tone.QUIET,
        right=format_amount(sale["amount_cents"]),
    )
