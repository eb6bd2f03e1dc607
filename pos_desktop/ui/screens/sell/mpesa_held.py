"""Sales that M-Pesa pays while the cashier serves the next customer, who is told of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _
from pos_desktop.storage.moments import to_stored
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.mpesa_hints import come_late

LOOK_MS = 2_000


class HeldWatch(QObject):
    """Tells once of each payment that has come for a sale on hold, or for one that is over."""

    def __init__(self, counter: Counter, parent: QObject) -> None:
        """Look until the parent is gone."""
        super().__init__(parent)
        self._counter = counter
        self._since = to_stored(counter.shop.clock.base.now())
        self._told: set[str] = set()
        self.paid: frozenset[Id] = frozenset()
        """The sales on hold that are paid."""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Look what has come: three look-ups by an index while nobody waits on hold."""
        mpesa = self._counter.shop.mpesa
        if not mpesa.setup.has_number:
            return
        for late in mpesa.waits.come_late(self._since):
            if not late.names & self._told:
                self._told |= late.names
                self._counter.noticed.emit(Notice(come_late(late.amount_cents), Tone.WARNING))
        words = _("{amount} by M-Pesa has come for “{name}” on hold: F6 takes it up.")
        found = mpesa.waits.come_for_held()
        paid = frozenset(cart_id for cart_id, _name, _come in found)
        if paid != self.paid:
            self.paid = paid
            self._counter.changed.emit()
        for _cart_id, name, come in found:
            if come.reference not in self._told:
                self._told |= come.names
                text = words.format(amount=format_amount(come.amount_cents), name=name)
                self._counter.noticed.emit(Notice(text, Tone.OK))
