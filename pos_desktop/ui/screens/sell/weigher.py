"""Asks the scale for what is sold by weight and of which nobody said how much.

What lies still on the scale is sold at once. Else the product waits until something does, and
selling goes on meanwhile: other scans are sold, and the sale is not paid before it is weighed, or
left out.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_hardware.scales.reading import Reading, Weight
from PySide6.QtCore import QObject, QTimer, Signal

from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.pack_labels import Sold
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.text import _, joined
from pos_desktop.services.counter.till import Till
from pos_desktop.services.devices.scale_desk import ScaleDesk
from pos_desktop.ui.screens.sell.turns import Failed, Turns

WAIT_SECONDS = 60.0
"""How long a product waits for the scale."""


class Weigher(QObject):
    """Holds what waits for the scale; the first of it is weighed next."""

    wanted = Signal()
    """Something waits: it wants to be seen."""
    changed = Signal()
    """What waits, or what the scale says of it, has changed."""

    def __init__(
        self,
        till: Till,
        scale: ScaleDesk,
        turns: Turns,
        sold: Callable[[Thousandths], None],
        failed: Failed,
    ) -> None:
        """Take who hears of what was weighed and sold, and of what failed."""
        super().__init__()
        self._till = till
        self._scale = scale
        self._turns = turns
        self._sold = sold
        self._failed = failed
        self._cart_id: Id | None = None
        self.waiting: list[Item] = []
        self.sentence = ""
        """Why the first of them is not weighed yet, and what to do."""
        self._to_take_off: Item | None = None
        """What was weighed last and has to leave the scale before the next one is weighed."""
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self.run_out)

    @property
    def is_on(self) -> bool:
        """Whether there is a scale to ask."""
        return self._scale.is_running

    def reading(self) -> Reading:
        """Return what the scale says now."""
        return self._scale.reading()

    def takes(self, sold: Sold, quantity: Thousandths | None = None) -> bool:
        """Weigh this now or soon; False where the till sells it as ever, without a scale.

        Raises Refused where nothing can be sold, and Unavailable where the scale is at fault.
        """
        said = (quantity, sold.quantity, sold.label_cents)
        if not self.is_on or not sold.item.by_weight or said != (None, None, None):
            return False
        _who, _shift = self._till.person, self._till.shift
        if all(one.product_id != sold.item.product_id for one in self.waiting):
            self.waiting.append(sold.item)
            self._cart_id = self._till.state.cart_id
            if len(self.waiting) == 1:
                self._to_take_off = None
                self._weigh()
        if self.waiting:
            self._limit.start(round(WAIT_SECONDS * 1000))
            self.wanted.emit()
        return True

    def look(self, reading: Reading) -> None:
        """Weigh what waits: the scale says something else than before."""
        if isinstance(reading, Weight) and reading.stable and not reading.grams:
            self._to_take_off = None
        if self.waiting:
            self._turns.take(self._look)

    def _look(self) -> None:
        if not self.waiting:
            return
        if self._to_take_off is None:
            self._weigh()
        else:
            text = _("Take {sold} off the scale, then put {name} on it.")
            self._show(text.format(sold=self._to_take_off.name, name=self.waiting[0].name))

    def again(self) -> None:
        """Weigh what waits now, whatever lay on the scale before."""
        if self.waiting:
            self._to_take_off = None
            self._weigh()

    def check_none_waits(self) -> None:
        """Raise Refused where something still has to be weighed, and show it."""
        if self.waiting:
            self.wanted.emit()
            sentence = _("{name} waits for the scale: put it on, or leave it out with Esc.")
            raise Refused(sentence.format(name=self.waiting[0].name))

    def leave_out(self) -> None:
        """Leave the first of what waits unsold."""
        self._drop()

    def forget(self, item: Item) -> None:
        """Weigh an item no more: somebody has typed what it weighs."""
        kept = [one for one in self.waiting if one.product_id != item.product_id]
        if kept != self.waiting:
            self.waiting = kept
            self._show("")

    def follow_cart(self) -> None:
        """Leave out what waits for a cart that is no longer the open one."""
        before, self._cart_id = self._cart_id, self._till.state.cart_id
        if self.waiting and before not in (None, self._cart_id):
            self.run_out()

    def run_out(self) -> None:
        """Leave out all that waits, and say so, as when the time is over."""
        left, self.waiting = self.waiting, []
        self._show("")
        if left:
            sentence = _(
                "{name} was not weighed and is not sold: scan it again, or type the weight, such "
                "as 0.750*{code}."
            )
            self._failed(Refused(sentence.format(name=left[0].name, code=left[0].code)))

    def stop(self) -> None:
        """Weigh nothing any more: the till closes."""
        self.waiting = []
        self._limit.stop()

    def _weigh(self) -> None:
        item = self.waiting[0]
        try:
            weighing = self._scale.weigh(item)
        except Refused as error:
            self._show(error.sentence)
            return
        except Unavailable as error:
            self.waiting.clear()
            self._show("")
            type_it = _("Type the weight, such as 0.750*{code}.").format(code=item.code)
            raise Unavailable(joined(" ", (error.sentence, type_it))) from error
        self._drop()
        self._till.sell_item(item, weighing.net)
        self._scale.sold(weighing)
        self._to_take_off = item
        self._sold(weighing.net)
        self._look()

    def _drop(self) -> None:
        self.waiting = self.waiting[1:]
        self._show("")

    def _show(self, sentence: str) -> None:
        self.sentence = sentence
        if not self.waiting:
            self._limit.stop()
        self.changed.emit()
