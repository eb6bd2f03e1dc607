"""Controlled changes of an open sale on their way into the journal.

A note goes to disk in one transaction with the state of the cart that it tells of. Where that
write fails, the till keeps the note and hands it on with every later write until one has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pos_desktop.domain.basket import Basket
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.pricing import gross_of
from pos_desktop.domain.text import _
from pos_desktop.services.paper.print_queue import PrintQueue
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


@dataclass(eq=False, slots=True, kw_only=True)
class Note:
    """What was done to an open sale, by whom, and who approved it.

    `written` is set once, by the thread that writes, after the commit; the till only reads it, to
    know what it need not hand on any more. Read too early it is handed on in vain, never lost.
    """

    kind: str
    actor_id: Id
    approver_id: Id | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    cash_back: bool = False
    """Whether cash goes back to the customer with it: then the drawer opens."""
    written: bool = False


def write_notes(
    database: ShopDatabase, books: Books, print_queue: PrintQueue, notes: Sequence[Note]
) -> None:
    """Write those that are not on disk yet, inside the caller's transaction.

    The drawer is opened once where one of them gives cash back.
    """
    due = [note for note in notes if not note.written]
    for note in due:
        books.note(
            note.kind, actor_id=note.actor_id, approver_id=note.approver_id, detail=note.detail
        )
    if any(note.cash_back for note in due):
        print_queue.open_drawer(_("Money given back"))
    if due:
        database.after_commit(lambda: _mark_written(due))


def _mark_written(notes: Sequence[Note]) -> None:
    for note in notes:
        note.written = True


def difference(before: Basket, after: Basket) -> dict[str, Any]:
    """Say what a controlled change did, by product and amount.

    `taken_off_cents` is by how much less the sale costs, goods that come back among it; negative
    where it costs more.
    """
    old = {line.key: line for line in before.lines}
    new = {line.key: line for line in after.lines}
    changed = [key for key in old if old[key] != new.get(key)]
    lines = [
        {
            "product": old[key].item.product_id,
            "quantity": old[key].quantity,
            "price_cents": old[key].price_cents,
            **(
                {
                    "new_quantity": new[key].quantity,
                    "new_price_cents": new[key].price_cents,
                    "discount_bp": new[key].discount_bp,
                }
                if key in new
                else {}
            ),
        }
        for key in changed
    ]
    returned = max(_returned(after) - _returned(before), 0)
    taken_off = gross_of(before) - gross_of(after) + returned
    found: dict[str, Any] = {"lines": lines, "taken_off_cents": taken_off}
    if after.cart_discount_bp != before.cart_discount_bp:
        found["cart_discount_bp"] = after.cart_discount_bp
    return found


def _returned(basket: Basket) -> Cents:
    return basket.returns.gross_cents if basket.returns else 0
