"""What of the sell screen finds room beside the open page, in a window of this height."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_desktop.ui.kit.tokens import Space

if TYPE_CHECKING:
    from pos_desktop.ui.screens.sell.screen import SellScreen

MARGINS = (Space.EDGE, Space.EDGE, Space.EDGE, Space.BETWEEN)
_TIGHT_MARGINS = (Space.EDGE, Space.STEP, Space.EDGE, Space.STEP // 2)
_PAD_FROM = 660
"""A lower screen shows the keys for fingers beside a panel only where they were asked for."""
_TALL = 800
"""From this height on the likely amounts find room beside the keys and money to give back."""
_LOW = 620
"""A screen lower than this keeps totals and tenders and leaves the rest out."""
_TIGHT = 480
"""The lowest window, as a large scale leaves it, where the total gives way too."""


def make_room(screen: SellScreen) -> None:
    """Leave out what finds no room beside the open page."""
    height, page, pad = screen.height(), screen.page, not screen.tenders.pad.isHidden()
    roomy, tight = height >= _PAD_FROM, height < _TIGHT
    compact = pad and not roomy
    asking = (screen.pay, *screen.money.asking, screen.customers.settle)
    screen.tenders.show_compact(compact=compact, low=pad or not roomy, tight=tight)
    for panel in asking:
        panel.pad.setVisible(pad or roomy)
        panel.show_compact(compact=compact)
    screen.money.mpesa.watch.show_compact(compact=not roomy)
    screen.money.mpesa.qr.show_compact(compact=not roomy)
    screen.pay.show_tall(tall=height >= _TALL)
    screen.change.show_pad(shown=pad, low=not roomy)
    screen.approval.show_compact(compact=not roomy, pad=pad or roomy)
    screen.shift.count.show_tight(tight=tight)
    shrunk = compact and page in (screen.tenders, screen.change, *asking)
    shift = screen.shift
    full = (shift.now, shift.variance, shift.closed, screen.approval, screen.money.mpesa.watch)
    screen.total.show_compact(compact=shrunk or (not roomy and page in full))
    crowded = (screen.approval, screen.shift.variance, screen.shift.cash) if tight else ()
    keyed = (*asking, screen.change) if tight and pad else ()
    screen.total.setVisible(roomy or page not in (*crowded, *keyed, screen.shift.count))
    is_low = height < _LOW and pad
    screen.last_sale.setVisible(screen.tells_last_sale and not is_low)
    screen.right.setSpacing(Space.INSIDE if tight else Space.BETWEEN)
    layout = screen.layout()
    assert layout is not None
    layout.setContentsMargins(*(_TIGHT_MARGINS if tight else MARGINS))
