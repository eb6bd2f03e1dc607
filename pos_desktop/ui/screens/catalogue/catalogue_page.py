"""The catalogue: products found by a few letters or a scan, looked at, added, changed, removed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.product import ProductCard, ProductChoice
from pos_desktop.domain.text import _, joined
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.services.products.catalogue import UnknownCode
from pos_desktop.services.products.product_editing import ProductGone
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.catalogue.product_form import Offered, ProductFields
from pos_desktop.ui.screens.catalogue.product_view import Looked, ProductView, stock_words
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
PAGE = 200
"""How many products are listed at a time; the end of the list asks for as many more."""
_MOST_MOVES = 200


class CataloguePage(ListPage):
    """Lists products; Enter looks at one, with all that can be done to it."""

    takes_scans = True

    def __init__(self, office: Office) -> None:
        super().__init__(
            office,
            _("Catalogue"),
            listed=_("Products"),
            search=_("Search products"),
            hint=_("Name, code or barcode; a scan finds the product"),
        )
        self.view = ProductView()
        self.looked: Looked | None = None
        """The product that is looked at."""
        self._products = office.shop.goods.products
        self._cards: list[ProductCard] = []
        self._most = PAGE
        self._latest = Latest()
        self._of_stock = False
        self._question = Question()
        """Whether the product that is looked at is to be removed, by its id."""
        self.list.end_reached.connect(self._more)

    # the list

    def refresh(self) -> None:
        """Read what fits what was typed; a late answer to an older question is passed over."""
        self._most = PAGE
        self._read()

    def _more(self) -> None:
        if len(self._cards) == self._most:
            self._most += PAGE
            self._read()

    def _read(self) -> None:
        most, products = self._most, self._products
        text = self.search_field.text() if self.search_field else ""
        choice = ProductChoice(text=text, with_inactive=True)

        def show(cards: list[ProductCard]) -> None:
            self._cards = cards
            self._show()

        self.ask(lambda: products.listed(choice, most), self._latest.only(show))

    def _show(self) -> None:
        is_searched = bool(self.search_field and self.search_field.text())
        empty = (
            (_("Nothing fits"), _("Type fewer letters, or F2 adds a product."))
            if is_searched
            else (_("No products yet"), _("F2 adds the first one; a list is imported by the menu."))
        )
        self.show_rows([product_row(card) for card in self._cards], empty)

    def opened(self) -> None:
        """Show the list, nothing looked at."""
        self.looked = None
        super().opened()

    def leave(self) -> None:
        """Leave a question or a form, then the product, then the page."""
        if self._question:
            self._keep()
            return
        if self.form is None:
            self.looked = None
        super().leave()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()
        self._show_looked()

    def step(self, by: int) -> None:
        """Choose another product, or another line of the history."""
        (self.list if self.looked is None else self.view.list).move(by)

    def scanned(self, code: str) -> None:
        """Look at the product of a code; in a form it is a barcode more."""
        if isinstance(self.form, ProductFields):
            self.form.take_scan(code)
            return
        products = self._products

        def find() -> ProductCard | None:
            return products.with_code(code)

        def then(card: ProductCard | None) -> None:
            if card is not None:
                self.look_at(card.id)
            else:
                self._unknown(code)

        self.ask(find, then)

    def _unknown(self, code: str) -> None:
        self.refuse(UnknownCode(code))
        text = _("No product has this code: F2 adds one with it.")
        self.say(Notice(text, Tone.DANGER, head=code))
        self._offer_new(code)

    def _offer_new(self, code: str) -> None:
        self.looked = None
        self.show_instead(None)
        if self.search_field is not None:
            self.search_field.setText(code)

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self.looked is not None:
            return self._acts_on()
        add = Act(
            key=K.Key_F2,
            title=_("Add a product"),
            help=_("Name, code, barcodes, price and the rest"),
            do=self._add,
        )
        look = Act(
            key=K.Key_Return,
            title=_("Look at"),
            help=_("All of the chosen product, and how its price has moved"),
            rank=Rank.FIRST,
            do=self._look,
        )
        return (look, add) if self._cards else (add,)

    def _acts_on(self) -> tuple[Act, ...]:
        change = Act(
            key=K.Key_Return,
            title=_("Keep") if self._question else _("Edit"),
            help=_("Name, codes, price, VAT, supplier and the rest"),
            rank=Rank.FIRST,
            do=self._keep if self._question else self._change,
        )
        remove = Act(
            key=K.Key_Delete,
            title=_("Remove it") if self._question else _("Remove"),
            help=_("Take it out of the catalogue; pressed twice. Its sales stay"),
            do=self._remove,
        )
        if self._question:
            return change, remove
        history = Act(
            key=K.Key_F6,
            title=_("Prices") if self._of_stock else _("Stock moves"),
            help=_("Show how its stock has moved, or its price"),
            do=self._toggle_history,
        )
        return change, history, remove

    def _look(self) -> None:
        if isinstance(self.list.key, str):
            self.look_at(self.list.key)

    def look_at(self, product_id: Id, sentence: str = "") -> None:
        """Show one product as it is now, and say what was done to it."""
        goods = self.office.shop.goods

        def read() -> Looked:
            return Looked(
                card=goods.products.card(product_id),
                prices=goods.products.prices(product_id),
                moves=goods.correcting.moves(product_id, _MOST_MOVES),
            )

        def show(looked: Looked) -> None:
            self._question.forget()
            self.looked = looked
            self._show_looked()
            self.show_instead(self.view)
            self.say(sentence or None)

        self.ask(read, show)

    def _show_looked(self) -> None:
        if self.looked is not None:
            zone = self.office.shop.configuration.zone
            self.view.show_product(self.looked, zone, of_stock=self._of_stock)

    def _toggle_history(self) -> None:
        self._of_stock = not self._of_stock
        self._show_looked()
        self.tell_acts()

    # what is done

    def _with_offered(self, then: Callable[[Offered], None]) -> None:
        goods = self.office.shop.goods

        def read() -> Offered:
            return Offered(
                categories=goods.products.categories(),
                suppliers=goods.suppliers.listed(),
                bands=goods.products.bands(),
            )

        self.ask(read, then)

    def _add(self) -> None:
        typed = self.search_field.text().strip() if self.search_field and not self._cards else ""
        self.say(None)

        def show(offered: Offered) -> None:
            form = ProductFields(offered)
            if typed.isdigit():
                form.take_scan(typed)
            elif typed:
                form.name.show_text(typed)
            self.open_form(form, _("Add a product"), lambda: self._save_new(form), save=_("Add"))

        self._with_offered(show)

    def _save_new(self, form: ProductFields) -> None:
        read = self.typed(form.read)
        if read is not None:
            actor, products = self.office.actor, self._products
            sentence = _("{name} is in the catalogue.").format(name=read.name)
            self._write(lambda: products.add(read, actor=actor), sentence)

    def _change(self) -> None:
        if self.looked is None:
            return
        seen = self.looked.card

        def show(offered: Offered) -> None:
            form = ProductFields(offered, seen.form)
            title = _("Change {name}").format(name=seen.form.name)
            self.open_form(form, title, lambda: self._save(form, seen), save=_("Save"))

        self._with_offered(show)

    def _save(self, form: ProductFields, seen: ProductCard) -> None:
        read = self.typed(form.read)
        if read is not None:
            actor, products = self.office.actor, self._products
            self._write(lambda: products.change(seen, read, actor=actor), _("Saved."))

    def _write(self, work: Callable[[], ProductCard], sentence: str) -> None:
        self.say(None)
        self.submit(work, lambda card: self.look_at(card.id, sentence))

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; what another has changed is looked at anew."""
        looked = self.looked
        if isinstance(error, ChangedMeanwhile) and looked is not None:
            self.office.sounds.error()
            text = _("Somebody else has changed {name} meanwhile: look, and change it again.")
            self.look_at(looked.card.id, text.format(name=looked.card.form.name))
            return
        if isinstance(error, ProductGone):
            self.looked = None
            self.show_instead(None)
            self.refresh()
        super().refuse(error)

    def _keep(self) -> None:
        self._question.forget()
        self.say(None)
        self.tell_acts()

    def _remove(self) -> None:
        if self.looked is None:
            return
        seen, products, actor = self.looked.card, self._products, self.office.actor
        if not self._question.confirmed(seen.id):
            text = _("Remove {name} from the catalogue? Its sales stay. Del removes it.")
            self.say(Notice(text.format(name=seen.form.name), Tone.WARNING))
            self.tell_acts()
            return
        self._keep()

        def done(_gone: None) -> None:
            self.looked = None
            self.show_instead(None)
            self.saved(_("{name} is out of the catalogue.").format(name=seen.form.name))

        self.submit(lambda: products.remove(seen, actor=actor), done)


def product_row(card: ProductCard) -> ListRow:
    """Return the line of a product in a list."""
    form = card.form
    stock = _("{quantity} in stock").format(quantity=stock_words(card))
    code = form.shown_code
    return ListRow(
        key=card.id,
        title=form.name,
        note=joined(" · ", (code, form.category or "", stock)),
        chip="" if form.active else _("not sold"),
        right=format_amount(form.price_cents),
        faded=not form.active,
    )
