"""A page on which products are gathered: by scans, by codes, or by a few letters of their names.

What is typed is read as in the box of the sell screen: `5*CODE` takes five, `*5` makes the chosen
line five. While words are typed the list shows what fits; else it shows what was gathered.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import split_quantity
from pos_desktop.domain.product import ProductCard, ProductChoice
from pos_desktop.domain.quantity import ONE, Thousandths, parse_quantity
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tax import TaxRate
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.row_model import Line
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.catalogue.catalogue_page import product_row
from pos_desktop.ui.screens.catalogue.new_item_form import NewItemForm
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
_MOST_FOUND = 50


def counted(text: str) -> tuple[Thousandths | None, str]:
    """Return the quantity that a text begins with, `-` before it or not, and the words behind.

    Raises Refused where what stands before the star is no quantity.
    """
    text = text.strip()
    is_less = text.startswith("-")
    number, words = split_quantity(text[1:] if is_less else text)
    if not number:
        return None, text
    return (-1 if is_less else 1) * parse_quantity(number), words


class GatherPage(ListPage):
    """Takes products one after another. What becomes of each, the page says."""

    takes_scans = True

    def __init__(self, office: Office, title: str, *, listed: str) -> None:
        super().__init__(
            office,
            title,
            listed=listed,
            search=_("Product"),
            hint=_("Scan, or type a name or a code; 5* before it takes five"),
        )
        self._found: list[ProductCard] = []
        self._found_for = ""
        self._latest = Latest()
        self._new_code = ""
        """A code that was scanned and that no product has."""
        self._new_quantity: Thousandths | None = None
        """How much of it is there."""
        self._products = office.shop.goods.products

    # what a page says of itself

    def take(self, card: ProductCard, quantity: Thousandths | None) -> None:
        """Take so much of a product; None: nobody has said how much."""
        raise NotImplementedError

    def set_quantity(self, key: str, quantity: Thousandths) -> None:
        """Make the line of a product so much."""
        raise NotImplementedError

    def lines(self) -> Sequence[Line]:
        """Return what was gathered."""
        raise NotImplementedError

    def empty_words(self) -> tuple[str, str]:
        """Return what stands there while nothing was gathered, and what to do."""
        raise NotImplementedError

    def line_acts(self) -> tuple[Act, ...]:
        """Return what can be done with what was gathered."""
        raise NotImplementedError

    # the list

    @property
    def box_text(self) -> str:
        """What stands in the box."""
        return self.search_field.text().strip() if self.search_field else ""

    @property
    def words(self) -> str:
        """The words for which products are looked up; empty where nothing is looked up."""
        try:
            words = counted(self.box_text)[1]
        except Refused:
            return ""
        return "" if words.startswith("*") else words.lstrip("/")

    def refresh(self) -> None:
        """Show what fits the words that are typed, else what was gathered."""
        words = self.words
        if not words:
            self._latest.void()
            self._found, self._found_for = [], ""
            self.show_lines()
            return
        products = self._products

        def show(cards: list[ProductCard]) -> None:
            self._found, self._found_for = cards, words
            self._show_found()

        choice = ProductChoice(text=words)
        self.ask(lambda: products.listed(choice, _MOST_FOUND), self._latest.only(show))

    def show_lines(self) -> None:
        """Show what was gathered."""
        self.show_rows(self.lines(), self.empty_words())

    def _show_found(self) -> None:
        empty = (_("Nothing fits"), _("Type fewer letters, or scan the code."))
        self.show_rows([product_row(card) for card in self._found], empty)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        if self._found_for:
            self._show_found()
        else:
            self.show_lines()

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now: with the product that is found, else with the lines."""
        new = (self._new_item(),) if self._new_code and self._may_add() else ()
        if not self.box_text:
            return (*self.line_acts(), *new)
        enter = Act(
            key=K.Key_Return,
            title=_("Take it"),
            help=_("Take the chosen product, as much as was typed before it"),
            rank=Rank.FIRST,
            do=self._enter,
        )
        return (enter, *new)

    # taking

    def scanned(self, code: str) -> None:
        """Take the product of a code, as much as stands before a star in the box."""
        if self.form is not None or not self.is_gathering():
            self.office.sounds.error()
            self.say(self.not_now())
            return
        quantity = self._quantity_typed()
        if self.search_field is not None:
            self.search_field.clear()
        self._take_code(code, quantity)

    def is_gathering(self) -> bool:
        """Tell whether the page takes products now."""
        return self.below is None

    def not_now(self) -> str:
        """Say why a scan was not taken, and what to do."""
        return _("Nothing was taken: finish the form, or leave it with Esc, then scan again.")

    def _quantity_typed(self) -> Thousandths | None:
        try:
            quantity, words = counted(self.box_text)
        except Refused:
            return None
        return quantity if not words else None

    def _take_code(self, code: str, quantity: Thousandths | None) -> None:
        products = self._products

        def then(card: ProductCard | None) -> None:
            if card is None:
                self._unknown(code, quantity)
            else:
                self._taken(card, quantity)

        self.ask(lambda: products.with_code(code), then)

    def _taken(self, card: ProductCard, quantity: Thousandths | None) -> None:
        self._new_code = ""
        self.say(None)
        self.take(card, quantity)

    def _enter(self) -> None:
        """Take what is typed: a code, what is chosen of what was found, or what alone fits."""
        read = self.typed(lambda: counted(self.box_text))
        if read is None:
            return
        quantity, words = read
        if words.startswith("*"):
            self._enter_quantity(words[1:])
            return
        words = words.lstrip("/")
        chosen = self._chosen_of_found() if self._found_for == words else None
        products = self._products

        def find() -> tuple[ProductCard | None, list[ProductCard]]:
            fitting = [] if chosen else products.listed(ProductChoice(text=words), 2)
            return products.with_code(words), fitting

        def then(found: tuple[ProductCard | None, list[ProductCard]]) -> None:
            of_code, fitting = found
            alone = fitting[0] if len(fitting) == 1 else None
            card = of_code or chosen or alone
            if card is not None:
                self._clear()
                self._taken(card, quantity)
            elif fitting:
                self.say(_("Several products fit: choose one with the arrows, then Enter."))
            else:
                self._unknown(words, quantity)

        if words:
            self.ask(find, then)

    def _enter_quantity(self, text: str) -> None:
        quantity = self.typed(lambda: parse_quantity(text))
        if quantity is None:
            return
        self._clear()
        if isinstance(self.list.key, str):
            self.set_quantity(self.list.key, quantity)

    def _chosen_of_found(self) -> ProductCard | None:
        return next((card for card in self._found if card.id == self.list.key), None)

    def _clear(self) -> None:
        if self.search_field is not None:
            self.search_field.clear()

    # what no product has as its code

    def _may_add(self) -> bool:
        return self.office.actor.may(Permission.CATALOGUE)

    def _unknown(self, code: str, quantity: Thousandths | None) -> None:
        self.office.sounds.error()
        self._new_code, self._new_quantity = code, quantity
        text = (
            _("No product has this code. Ins makes a new one of it.")
            if self._may_add()
            else _("No product has this code: somebody who may change the catalogue adds it.")
        )
        self.say(Notice(text, Tone.DANGER, head=code))
        self.tell_acts()

    def _new_item(self) -> Act:
        return Act(
            key=K.Key_Insert,
            title=_("New item"),
            help=_("Add a product with the code that was not found"),
            do=self._open_new_item,
        )

    def _open_new_item(self) -> None:
        code, products = self._new_code, self._products

        def show(bands: list[TaxRate]) -> None:
            form = NewItemForm(code, bands)
            title = _("New item {code}").format(code=code)
            self.open_form(form, title, lambda: self._save_new_item(form), save=_("Add"))

        self.say(None)
        self.ask(products.bands, show)

    def _save_new_item(self, form: NewItemForm) -> None:
        products, actor = self._products, self.office.actor
        price = self.typed(form.read_price)
        if price is None:
            return
        name, band = form.name.text, form.band.key

        def then(card: ProductCard) -> None:
            self.close_form()
            self._clear()
            self._taken(card, self._new_quantity)

        self.submit(lambda: products.quick_add(form.code, name, price, band, actor=actor), then)


def taken(quantity: Thousandths | None) -> Thousandths:
    """Return how much is taken where nobody has said it: one."""
    return ONE if quantity is None else quantity
