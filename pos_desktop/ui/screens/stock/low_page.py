"""What is at or below its order level: from whom it is ordered, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import ProductCard, ProductChoice, by_supplier, suggested_order
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.catalogue.product_view import stock_words
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
MOST = 2_000
"""So many products are read; a shop that has more below their level orders these first."""
_EVERYBODY = "*"
_NOBODY = ""


class LowPage(ListPage):
    """Lists what is to be ordered, of every supplier or of one."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Low stock"), listed=_("To order"))
        self.supplier = _EVERYBODY
        """The id of the supplier whose goods are listed."""
        self._cards: Sequence[ProductCard] = ()
        self.summary = WrappedText(fonts.strong(Type.TABLE), most=2)
        self.list_view.insertWidget(0, self.summary)

    # the list

    def refresh(self) -> None:
        """Read what is low now."""
        products = self.office.shop.goods.products

        def show(cards: list[ProductCard]) -> None:
            self._cards = sorted(cards, key=by_supplier)
            if self.supplier not in self.suppliers():
                self.supplier = _EVERYBODY
            self._show()

        self.ask(lambda: products.listed(ProductChoice(low=True), MOST), show)

    def suppliers(self) -> list[str]:
        """Return whose goods can be listed, by id: everybody's first, nobody's last."""
        return [_EVERYBODY, *dict.fromkeys(_supplier_of(card) for card in self._cards)]

    @property
    def listed(self) -> list[ProductCard]:
        """The products that are listed."""
        return [card for card in self._cards if self.supplier in (_EVERYBODY, _supplier_of(card))]

    def _show(self) -> None:
        self.summary.show_text(self._summary())
        empty = (
            _("Nothing is low"),
            _("What is at or below its order level is listed here. The catalogue sets the level."),
        )
        self.show_rows([_row(card) for card in self.listed], empty)

    def _summary(self) -> str:
        count = len(self.listed)
        text = ngettext("{count:,} product to order", "{count:,} products to order", count)
        return joined(" · ", (self._name_of(self.supplier), text.format(count=count)))

    def _name_of(self, supplier: Id | str) -> str:
        if supplier == _EVERYBODY:
            return _("All suppliers")
        names = (card.supplier for card in self._cards if _supplier_of(card) == supplier)
        return next(names, "") or _("no supplier named")

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        receive = Act(
            key=K.Key_F5,
            title=_("Receive goods"),
            help=_("Go to where goods that come are entered"),
            do=lambda: self.other_wanted.emit("receive"),
        )
        if not self._cards:
            return (receive,)
        supplier = Act(
            key=K.Key_F3,
            title=_("Supplier"),
            help=_("List the goods of the next supplier, or of all"),
            do=self._next_supplier,
        )
        paper = Act(
            key=K.Key_F8,
            title=_("Print"),
            help=_("Print what is listed, a slip for each supplier"),
            rank=Rank.FIRST,
            do=self._print,
        )
        return supplier, receive, paper

    def _next_supplier(self) -> None:
        known = self.suppliers()
        self.supplier = known[(known.index(self.supplier) + 1) % len(known)]
        self.list.choose_first()
        self._show()

    def _print(self) -> None:
        orders, actor, cards = self.office.shop.goods.orders, self.office.actor, self.listed
        self.submit(
            lambda: orders.print_list(cards, actor=actor),
            lambda _job: self.say(self.office.printing(_("The order list"))),
        )


def _supplier_of(card: ProductCard) -> str:
    return card.form.supplier_id or _NOBODY


def _row(card: ProductCard) -> ListRow:
    form, is_out = card.form, card.in_stock <= 0
    level = _("order at {level}").format(level=format_quantity(form.reorder_level or 0))
    stock = _("{quantity} in stock").format(quantity=stock_words(card))
    order = f"{format_quantity(suggested_order(card))} {form.unit}".strip()
    return ListRow(
        key=card.id,
        title=form.name,
        note=joined(" · ", (card.supplier or _("no supplier named"), stock, level)),
        chip=_("none left") if is_out else "",
        tone=Tone.DANGER if is_out else Tone.QUIET,
        right=_("order {quantity}").format(quantity=order),
    )
