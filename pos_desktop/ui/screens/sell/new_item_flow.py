"""The way from a code that no product has to a new item on the open sale."""

from __future__ import annotations

from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.tax import TaxRate
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.catalogue.new_item_form import NewItemForm
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.new_item_page import NewItemPage
from pos_desktop.ui.screens.sell.side_page import SidePage


class NewItemFlow(Flow):
    """Knows the last code that was not found, as long as that is what the till speaks of."""

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter
        self._products = counter.shop.goods.products
        self.code = ""
        """The code that no product has; empty where none is spoken of."""
        self._quantity: Thousandths | None = None
        self.page = NewItemPage()
        self.page.submitted.connect(self._add)
        self.page.left.connect(self._leave)
        counter.entry.code_unknown.connect(self._not_found)
        counter.noticed.connect(self._noticed)

    @property
    def pages(self) -> tuple[SidePage, ...]:
        """The pages, of which one at most is shown."""
        return (self.page,)

    def open(self) -> None:
        """Ask what the code is on, which was not found; without one, say how it comes to that."""
        self._counter.in_turn(self._open)

    def touched(self) -> None:
        """Do the same where a finger has touched what was said of the code."""
        if self.code:
            self.open()

    def _open(self) -> None:
        code = self.code
        if not code:
            self._counter.say_failed(
                Refused(_("Scan the item or type its code first: Ins adds what is not found."))
            )
            return
        self._counter.learn(self._products.bands, lambda bands: self._show(code, bands))

    def _show(self, code: str, bands: list[TaxRate]) -> None:
        self._counter.quiet()
        self.code = code
        self.page_wanted.emit(self.page)
        self.page.begin(code, bands)

    def _not_found(self, code: str, quantity: Thousandths | None) -> None:
        self.code, self._quantity = code, quantity

    def _noticed(self, notice: Notice | None) -> None:
        """Forget the code as soon as something else is spoken of."""
        if notice is None or notice.head != self.code:
            self.code = ""

    def _add(self, form: NewItemForm) -> None:
        try:
            command = do.NewItem(
                form.code, form.read_name(), form.read_price(), form.band.key, self._quantity
            )
        except Refused as error:
            self._counter.say_failed(error)
            return
        self._counter.quiet()
        self._counter.add_item(command, self.over.emit)

    def _leave(self) -> None:
        self._counter.quiet()
        self.over.emit()
