"""Stock that is not what the books say, corrected with a reason; and how stock has moved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pos_desktop.documents import cells
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.goods import STOCK_REASONS, StockMove, StockReason, reason_words
from pos_desktop.domain.ids import Id
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.product_checks import text_of
from pos_desktop.services.stock.stock_checks import check_stock_quantity, products_of
from pos_desktop.storage import stock_adjustments, stock_moves
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.stock_moves import Move


class StockCorrecting:
    """Corrects stock; a correction belongs to the open business day, or to today's date."""

    def __init__(
        self, database: ShopDatabase, reader: ShopDatabase, books: Books, closing: Closing
    ) -> None:
        self._database = database
        self._reader = reader
        self._books = books
        self._closing = closing

    def correct(
        self,
        changes: Mapping[Id, Thousandths],
        reason: str,
        note: str = "",
        *,
        actor: Person | None,
    ) -> list[StockMove]:
        """Add to the stock of products, or take away where a change is below zero.

        `reason` is a key of STOCK_REASONS. Raises Refused where it does not fit the changes, or
        asks for a note that is not there.
        """
        hand = hand_of(actor, Permission.STOCK)
        known = _reason(reason)
        reader = partial(cells.text_reader, cells.LONGEST_NAME)
        words = text_of(_("Note"), reader, note) or ""
        if known.needs_note and not words:
            raise Refused(_("Say in a few words why the stock is another."))
        with self._database.write():
            cards = products_of(self._database, list(changes))
            for product_id, change in changes.items():
                _check_direction(known, change)
                check_stock_quantity(cards[product_id], change)
            fact_id = stock_adjustments.record(
                self._database,
                self._books,
                [Move(one, change, cards[one].form.cost_cents) for one, change in changes.items()],
                reason=reason,
                note=words,
                business_day=self._closing.business_day(),
                actor_id=hand.actor_id,
            )
            return stock_moves.of_fact(self._database, fact_id)

    def corrections(self, limit: int = 100) -> list[StockMove]:
        """Return what so many last corrections have moved, the newest first."""
        return stock_moves.corrections(self._reader, limit)

    def moves(self, product_id: Id, limit: int = 200) -> list[StockMove]:
        """Return how the stock of a product has moved, the newest first."""
        return stock_moves.of_product(self._reader, product_id, limit)


def _reason(key: str) -> StockReason:
    if key not in STOCK_REASONS:
        words = ", ".join(map(reason_words, STOCK_REASONS))
        raise Refused(_("Choose one of these reasons: {words}.").format(words=words))
    return STOCK_REASONS[key]


def _check_direction(reason: StockReason, change: Thousandths) -> None:
    if not change:
        raise Refused(_("Nothing would change: type how many there are more or fewer."))
    if change * reason.direction < 0:
        sentence = (
            _("With the reason {reason} stock only grows: type how many there are more.")
            if reason.direction > 0
            else _("With the reason {reason} stock only shrinks: type how many are gone.")
        )
        raise Refused(sentence.format(reason=reason_words(reason.key)))
