"""The prices of a sale that waited, beside those of today."""

from __future__ import annotations

from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.repricing import at_todays_prices, changed_prices
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.counter.till import Till
from pos_desktop.services.counter.till_state import PartlyPaid
from pos_desktop.services.people.acting import require
from pos_desktop.services.products.catalogue import Catalogue


class TodaysPrices:
    """Compares the open basket with the catalogue as it is now."""

    def __init__(self, till: Till, catalogue: Catalogue) -> None:
        self._till = till
        self._catalogue = catalogue

    def changed(self) -> int:
        """Return how many products in the basket have another price today."""
        return changed_prices(self._till.state.basket, self._today())

    def take(self) -> int:
        """Let what was scanned cost what the catalogue says now; return how many prices changed.

        Raises PartlyPaid where a part is paid, and Refused where no price has changed.
        """
        require(self._till.person, Permission.SELL)
        state, today = self._till.state, self._today()
        if state.payment is not None and state.payment.tenders:
            raise PartlyPaid
        count = changed_prices(state.basket, today)
        if not count:
            raise Refused(_("No price of this sale has changed: go on selling."))
        self._till.change(at_todays_prices(state.basket, today))
        return count

    def _today(self) -> dict[Id, Item]:
        return self._catalogue.as_now(line.item for line in self._till.state.basket.lines)
