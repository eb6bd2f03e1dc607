"""A code of the customer's message is looked up at M-Pesa before it is taken at its word."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from pos_desktop.domain.text import _
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.threads.long_work import LongWork

_PATIENCE_MS = 4_000
"""How long a customer and a queue wait for that; then the code is taken unverified."""


class CodeLookUp(QObject):
    """Lets the list of payments be read beside the lane, and goes on whatever comes of it."""

    def __init__(self, counter: Counter, pushes: LongWork) -> None:
        super().__init__(counter)
        self._counter = counter
        self._pushes = pushes
        self._is_looking = False

    def look_up(self, code: str, then: Callable[[], None]) -> None:
        """Do something once M-Pesa was asked for a payment, or does not answer in time.

        While one is looked up, no other is.
        """
        if self._is_looking:
            return
        mpesa = self._counter.shop.mpesa
        if mpesa.waits.known(code) is not None or not mpesa.payment_list.can_be_asked:
            then()
            return
        self._counter.say(_("M-Pesa is asked whether it knows this payment …"))
        self._is_looking, is_over = True, False

        def go_on(_found: object = None) -> None:
            nonlocal is_over
            if not is_over:
                is_over, self._is_looking = True, False
                then()

        QTimer.singleShot(_PATIENCE_MS, self, go_on)
        self._pushes.run(lambda: mpesa.payment_list.look_for(code), go_on, go_on)
