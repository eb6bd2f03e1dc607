"""The window on a screen of the customer's own: the cart, what is due, the change, a greeting.

It never has keys, fingers or focus, and knows nothing of anybody's name.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.devices.customer_view import CustomerView, Phase
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.fitted_text import FittedText
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.spoken import Spoken, Stack
from pos_desktop.ui.kit.tokens import Space
from pos_desktop.ui.kit.watermark import Watermark
from pos_desktop.ui.screens.customer.customer_lines import CustomerLines

_LEFT = Qt.AlignmentFlag.AlignLeft
_FLAGS = (
    Qt.WindowType.Window
    | Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowDoesNotAcceptFocus
)


class CustomerWindow(Spoken, QWidget):
    """Shows what a CustomerView says. It belongs to the till's window, and ends with it."""

    def __init__(
        self, till: QWidget, shop: str, greeting: str, currency: str, *, training: bool
    ) -> None:
        super().__init__(till, _FLAGS)
        self._greeting = _in_one_line(greeting)
        self._currency = currency
        self._view = CustomerView(phase=Phase.CLOSED)
        self.setProperty("look", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # noqa: FBT003 - Qt's
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle(_("Customer's screen"))
        self.setAccessibleName(_("Customer's screen"))
        self.shop = FittedText(tone="muted")
        self.shop.show_text(shop)
        self.lines = CustomerLines()
        self.head, self.amount, self.detail = _told(_LEFT)
        self.said, self.large, self.below = _told(Qt.AlignmentFlag.AlignHCenter)
        self._stack = Stack()
        self._stack.setAccessibleName(_("Customer's screen"))
        self._build()
        self.watermark = Watermark(self, _("TRAINING")) if training else None
        self.show_view(self._view)

    def _build(self) -> None:
        edge = Space.EDGE
        sums = column(gap=Space.INSIDE, margins=(edge, edge, edge, edge))
        for part, share in ((self.head, 2), (self.amount, 4), (self.detail, 2)):
            sums.addWidget(part, share)
        right = column(gap=0)
        right.addStretch(1)
        right.addWidget(Card(_("Total"), sums, look="accent-card"), 2)
        right.addStretch(1)
        cart = Card(_("Cart"), column(self.lines, margins=(1, 1, 1, 1)))
        sale = QWidget()
        both = row(gap=edge)
        both.addWidget(cart, 58)
        both.addLayout(right, 42)
        sale.setLayout(both)
        message = QWidget()
        told = column(gap=edge)
        told.addStretch(2)
        for part, share in ((self.said, 2), (self.large, 4), (self.below, 2)):
            told.addWidget(part, share)
        told.addStretch(2)
        message.setLayout(told)
        for page in (message, sale):
            self._stack.addWidget(page)
        whole = column(gap=edge, margins=(2 * edge, edge, 2 * edge, 2 * edge))
        whole.addWidget(self.shop, 1)
        whole.addWidget(self._stack, 9)
        self.setLayout(whole)

    @property
    def is_showing_sale(self) -> bool:
        """Whether the cart is shown, and not a message."""
        return self._stack.currentIndex() == 1

    def show_view(self, view: CustomerView) -> None:
        """Show a moment of the till."""
        self._view = view
        is_sale = view.phase in (Phase.BUYING, Phase.PAYING)
        if is_sale:
            self._show_sale(view)
        elif view.phase is Phase.PAID:
            self._show_paid(view)
        elif view.phase is Phase.CLOSED:
            self._say("", _("Till closed"), "")
        else:
            self._say("", self._greeting or _("Welcome"), "")
        self._stack.setCurrentIndex(1 if is_sale else 0)

    def greet_with(self, greeting: str) -> None:
        """Greet with other words from now on."""
        self._greeting = _in_one_line(greeting)
        self.show_view(self._view)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self.show_view(self._view)

    def _show_sale(self, view: CustomerView) -> None:
        payment = view.payment
        self.lines.show_lines(view.lines, view.key)
        head, cents = _("TOTAL"), payment.remaining_cents
        if payment.is_refund:
            head = _("TO GIVE BACK")
        elif payment.tenders:
            head = _("STILL TO PAY")
        elif view.phase is Phase.PAYING or view.returned_cents:
            head = _("TO PAY")
        self.head.show_text(joined(" · ", (head, self._currency)))
        self.amount.show_text(format_amount(abs(cents)))
        self.detail.show_text(_contents(view))

    def _show_paid(self, view: CustomerView) -> None:
        payment = view.payment
        given = format_amount(abs(payment.given_cents))
        if payment.is_refund:
            self._say(_("GIVEN BACK"), given, _("Thank you"))
        elif payment.change_cents:
            paid = _("Paid {given} for {total}").format(
                given=given, total=format_amount(payment.paid_cents)
            )
            self._say(_("YOUR CHANGE"), format_amount(payment.change_cents), paid)
        else:
            paid = _("Paid {given}").format(given=given)
            self._say("", _("Thank you"), paid)

    def _say(self, head: str, large: str, below: str) -> None:
        self.said.show_text(head)
        self.large.show_text(large)
        self.below.show_text(below)


def _told(align: Qt.AlignmentFlag) -> tuple[FittedText, FittedText, FittedText]:
    """Return a head, a text in large letters and a detail below it."""
    medium = QFont.Weight.Medium
    head = FittedText(QFont.Weight.DemiBold, tone="muted", align=align)
    return head, FittedText(align=align), FittedText(medium, tone="muted", align=align)


def _contents(view: CustomerView) -> str:
    """Say how much is in the cart, what was paid of it, or what is saved."""
    totals, payment = view.priced.totals, view.payment
    if payment.tenders:
        return _("{paid} of {total} is paid").format(
            paid=format_amount(abs(payment.paid_cents)),
            total=format_amount(abs(payment.due_cents)),
        )
    count = totals.pieces
    items = ngettext("{count} item", "{count} items", count).format(count=f"{count:,}")
    saved = ""
    if totals.discount_cents > 0:
        saved = _("you save {amount}").format(amount=format_amount(totals.discount_cents))
    back = ""
    if view.returned_cents:
        back = _("comes back {amount}").format(amount=format_amount(view.returned_cents))
    return joined(" · ", (items if count else "", saved, back))


def _in_one_line(greeting: str) -> str:
    return joined(" ", (part.strip() for part in greeting.split("|")))
