"""What the sell screen leaves out where the window is too low for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos_desktop.ui.screens.sell.screen import SellScreen

_LOW = 620
"""A window lower than this keeps totals and tenders and leaves the rest out."""
_PAD_FROM = 660
"""A lower window shows the keys for fingers beside a panel only where they were asked for."""


def make_room(screen: SellScreen, *, sold: bool, part_paid: bool) -> None:
    """Leave out what finds no room beside the open page.

    Take whether something was sold before, and whether a part of the open sale is paid.
    """
    low = screen.height() < _LOW
    pad = not screen.tenders.pad.isHidden()
    shown = sold and screen.page in (screen.tenders, screen.price)
    screen.last_sale.setVisible(shown and not part_paid and not (low and pad))
    roomy = screen.height() >= _PAD_FROM
    compact = pad and not roomy
    asking = (screen.pay, *screen.money.pages, screen.customers.settle)
    screen.tenders.show_compact(compact=compact, low=pad or not roomy)
    for panel in asking:
        panel.pad.setVisible(pad or roomy)
        panel.show_compact(compact=compact)
    screen.approval.show_compact(compact=not roomy, pad=pad or roomy)
    shrunk = compact and screen.page in (screen.tenders, *asking)
    screen.total.show_compact(compact=shrunk or (not roomy and screen.page is screen.approval))
    screen.total.setVisible(roomy or screen.page is not screen.shift.count)
