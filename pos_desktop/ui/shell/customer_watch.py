"""Watches the till for its customer, and tells displays what is to be seen now.

A change only sets a timer off: what is shown is made once all that came with it is done, so that
no scan waits for it, and of many changes in one go the last is told.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from pos_desktop.domain.tender import Payment
from pos_desktop.services.devices.customer_view import CustomerView, Phase
from pos_desktop.ui.screens.sell.cart_lines import cart_lines
from pos_desktop.ui.screens.sell.screen import SellScreen
from pos_desktop.ui.shell.window import Window

PAID_SECONDS = 20.0
"""How long the change can be read before the next customer is greeted."""


class CustomerWatch(QObject):
    """Tells a CustomerView whenever it may have changed."""

    seen = Signal(object)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._counter = window.counter
        self._sell: SellScreen = window.sell
        self._paid: Payment | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.tell)
        self._greets = QTimer(self)
        self._greets.setSingleShot(True)
        self._greets.timeout.connect(self.greet)
        self._counter.recorded.connect(self._recorded)
        for changed in (self._counter.changed, window.stood, window.sell.side.currentChanged):
            changed.connect(self._look)

    @property
    def seconds_left(self) -> float:
        """How long the change stays to be read; 0 where none is shown."""
        return max(0, self._greets.remainingTime()) / 1000

    def greet(self) -> None:
        """Greet the next customer, as when the time of the change is over."""
        self._greets.stop()
        self._paid = None
        self.tell()

    def tell(self) -> None:
        """Tell what is to be seen now."""
        if not self._counter.basket.is_empty:
            self._greets.stop()
            self._paid = None
        self.seen.emit(self.view())

    def view(self) -> CustomerView:
        """Return what is to be seen now."""
        basket, payment = self._counter.basket, self._counter.payment
        if basket.is_empty:
            return self._between()
        is_paying = self._sell.is_paying or payment.tenders
        return CustomerView(
            phase=Phase.PAYING if is_paying else Phase.BUYING,
            priced=self._counter.priced,
            lines=cart_lines(self._counter.priced, basket.returns),
            payment=payment,
            key=basket.selected,
            returned_cents=basket.returned_cents,
        )

    def _between(self) -> CustomerView:
        """Return what is seen while nothing is in the cart."""
        if self._paid is not None:
            return CustomerView(phase=Phase.PAID, payment=self._paid)
        return CustomerView(phase=Phase.BETWEEN if self._counter.is_open else Phase.CLOSED)

    def _look(self, _place: int = 0) -> None:
        self._soon.start(0)

    def _recorded(self) -> None:
        last = self._counter.last
        if last is not None and self._counter.basket.is_empty:
            self._paid = last.payment
            self._greets.start(round(PAID_SECONDS * 1000))
        self._look()
