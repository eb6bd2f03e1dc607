"""Counting the stock while the shop is open: by several people, shelf by shelf.

The counts of a take are a draft on disk, so that a crash loses none of them. Who ends the take
decides what becomes of the products that nobody has counted.
"""

from __future__ import annotations

from dataclasses import replace

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import ProductCard
from pos_desktop.domain.quantity import Thousandths, format_quantity
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.stock_take import StockTake, TakeLine, TakeState, Uncounted
from pos_desktop.domain.text import _
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.people.acting import Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.stock.stock_checks import check_stock_quantity, products_of
from pos_desktop.storage import stock_takes
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored


class StockTaking:
    """Begins, fills, ends and cancels stock takes."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        closing: Closing,
    ) -> None:
        self._database = database
        self._reader = reader
        self._books = books
        self._closing = closing

    def begin(
        self,
        category: str | None = None,
        *,
        blind: bool = False,
        actor: Person | None,
    ) -> StockTake:
        """Begin to count a category, or the whole shop; one product is in one take at a time.

        In a blind take nobody who counts sees what the books say.
        """
        hand = hand_of(actor, Permission.STOCK)
        with self._database.write():
            for other in stock_takes.under_way(self._database):
                if other.overlaps(category):
                    raise Refused(
                        _(
                            "Stock take {number} counts the same goods: end or cancel it first."
                        ).format(number=other.number)
                    )
            take = stock_takes.begin(
                self._database,
                self._books,
                category=category,
                blind=blind,
                staff_id=hand.actor_id,
            )
            self._note("stock take begun", take, hand)
        return take

    def latest(self, limit: int = 50) -> list[StockTake]:
        """Return the last takes in whatever state, the newest first."""
        return stock_takes.latest(self._reader, limit)

    def count(
        self,
        take_id: Id,
        product_id: Id,
        quantity: Thousandths,
        *,
        replacing: bool = False,
        actor: Person | None,
    ) -> TakeLine:
        """Count so much of a product, beside what was counted of it or in its place.

        A count below zero takes back what was counted too much.
        """
        hand = hand_of(actor, Permission.STOCK)
        with self._database.write():
            take = self._counting(take_id)
            card = self._product(take, product_id)
            before = stock_takes.counted(self._database, take_id, product_id) or 0
            total = quantity if replacing else before + quantity
            _check_total(card, total)
            if replacing:
                stock_takes.replace_counts(self._database, take_id, product_id)
            stock_takes.count(
                self._database, self._books, take_id, product_id, quantity, hand.actor_id
            )
            return _shown(take, stock_takes.line(self._database, take, product_id))

    def uncount(
        self,
        take_id: Id,
        product_id: Id,
        *,
        actor: Person | None,
    ) -> None:
        """Let a product be as if nobody had counted it."""
        hand_of(actor, Permission.STOCK)
        with self._database.write():
            self._counting(take_id)
            stock_takes.replace_counts(self._database, take_id, product_id)

    def lines(self, take_id: Id) -> list[TakeLine]:
        """Return the products to count, with what was counted; blind: without what was expected."""
        take = self._take(self._reader, take_id)
        if take.state is TakeState.FINISHED:
            return stock_takes.ended_lines(self._reader, take_id)
        return [_shown(take, line) for line in stock_takes.lines(self._reader, take)]

    def finish(
        self,
        take_id: Id,
        uncounted: Uncounted = Uncounted.LEFT,
        *,
        actor: Person | None,
    ) -> list[TakeLine]:
        """End a take: bring each product to its count, and return the lines that hold.

        What was sold since a product was counted is taken off its count. All is one fact of the
        open business day, or of today's date where none is open; a take of very many products is
        ended by `TakeJobs` instead.
        """
        hand = hand_of(actor, Permission.STOCK)
        with self._database.write():
            take = self._counting(take_id)
            found = self.lines_that_hold(take, uncounted)
            if not found:
                raise Refused(_("Nothing was counted: count something, or cancel the stock take."))
            stock_takes.record_end(
                self._database,
                self._books,
                take,
                found,
                uncounted,
                business_day=self._closing.business_day(),
                actor_id=hand.actor_id,
            )
        return found

    def cancel(self, take_id: Id, *, actor: Person | None) -> None:
        """Give a take up; its counts change nothing."""
        hand = hand_of(actor, Permission.STOCK)
        with self._database.write():
            take = self._counting(take_id)
            at = to_stored(self._books.now())
            stock_takes.set_state(self._database, take_id, TakeState.CANCELLED, at)
            self._note("stock take cancelled", take, hand)

    def lines_that_hold(self, take: StockTake, uncounted: Uncounted) -> list[TakeLine]:
        """Return what was counted, and where the rest is none, what of that there should be."""
        if uncounted is Uncounted.LEFT:
            return stock_takes.counted_lines(self._database, take)
        found = stock_takes.lines(self._database, take)
        return [one for one in found if one.counted is not None or one.difference(uncounted)]

    def check_counts(self, take_id: Id) -> None:
        """Raise Refused where a take is not being counted any more."""
        self._counting(take_id)

    def _take(self, database: ShopDatabase, take_id: Id) -> StockTake:
        take = stock_takes.find(database, take_id)
        if take is None:
            raise Refused(_("There is no such stock take; choose one from the list."))
        return take

    def _counting(self, take_id: Id) -> StockTake:
        take = self._take(self._database, take_id)
        if take.state is not TakeState.COUNTING:
            raise Refused(_why_not(take.state).format(number=take.number))
        return take

    def _product(self, take: StockTake, product_id: Id) -> ProductCard:
        card = products_of(self._database, [product_id])[product_id]
        if take.category is not None and card.form.category != take.category:
            raise Refused(
                _(
                    "{name} is not of the category {category}, which is counted: put it aside."
                ).format(name=card.form.name, category=take.category)
            )
        return card

    def _note(self, kind: str, take: StockTake, hand: Hand) -> None:
        detail = {"take": take.number, "category": take.category, "blind": take.blind}
        self._books.note(kind, **hand.noted(**detail))


def _why_not(state: TakeState) -> str:
    return {
        TakeState.ENDING: _(
            "Stock take {number} is being ended: wait until its job is done, or end it again."
        ),
        TakeState.FINISHED: _("Stock take {number} is finished: begin another one."),
        TakeState.CANCELLED: _("Stock take {number} was cancelled: begin another one."),
    }[state]


def _shown(take: StockTake, line: TakeLine) -> TakeLine:
    """Return a line as those who count may see it."""
    return replace(line, level=None) if take.blind else line


def _check_total(card: ProductCard, total: Thousandths) -> None:
    check_stock_quantity(card, total)
    if total < 0:
        raise Refused(
            _("There cannot be {count} of {name}: a count is zero or more.").format(
                count=format_quantity(total), name=card.form.name
            )
        )
