"""What the counter says: of what failed, and of what was paid."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pos_desktop.domain.basket import Basket, Item
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.faults import logged_fault
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.counter.money_back import undone_words
from pos_desktop.services.counter.replies import prices_changed
from pos_desktop.services.counter.till_state import PartlyPaid
from pos_desktop.services.products.catalogue import UnknownCode
from pos_desktop.settings.declaring import Unfit
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.sell.search_text import looks_like_code

logger = logging.getLogger(__name__)


def sentence_of(error: Exception) -> str:
    """Return the sentence of a failure; a bug is logged under a reference that it shows."""
    if isinstance(error, Unfit):
        return error.labelled
    if isinstance(error, PosError):
        return error.sentence
    text = _("Something went wrong (reference {reference}); go on selling and tell support.")
    return text.format(reference=logged_fault(logger, error))


def notice_of(error: Exception) -> Notice:
    """Return what the strip says of a failure."""
    if isinstance(error, UnknownCode):
        return missed([error.code])
    if isinstance(error, PartlyPaid):
        text = _("A part of this sale is paid; finish it, or press Clear (⇧ Del) to undo that.")
        return Notice(text, Tone.DANGER)
    return Notice(sentence_of(error), Tone.DANGER)


def missed(codes: Sequence[str]) -> Notice:
    """Return what the strip says of codes that no product has, the last one largest."""
    last, tone = codes[-1], Tone.DANGER
    if len(codes) > 1:
        words = ngettext(
            "It and {count} code before it are no product's: they are not in this sale.",
            "It and {count} codes before it are no product's: they are not in this sale.",
            len(codes) - 1,
        )
        return Notice(words.format(count=len(codes) - 1), tone, head=last)
    text = _("No product has this code. F2 searches by name; a manager can add it.")
    if looks_like_code(last):
        text = _("No product has this code. F2 searches by name; Ins or a touch here adds it.")
    return Notice(text, tone, head=last)


def on_its_way(paper: str, trouble: str) -> str:
    """Say what becomes of a paper: it goes to the printer, or waits for why."""
    if trouble:
        return _("{paper} waits for the printer: {trouble}.").format(paper=paper, trouble=trouble)
    return _("{paper} goes to the printer.").format(paper=paper)


def weight_wanted(item: Item) -> str:
    """Say that one whole unit of something weighed was sold, and how it is weighed."""
    text = _("1 {unit} of {name}: type *0.750 to set what it weighs.")
    return text.format(unit=item.unit or "kg", name=item.name)


def weight_typed(item: Item, typed: str) -> str:
    """Say how the number that was typed becomes what something weighs."""
    text = _("Type *{typed} to set what {name} weighs.")
    return text.format(typed=typed, name=item.name)


def prices_to_take(count: int) -> str:
    """Say how many prices of a cart that waited have changed, and how it takes today's."""
    offer = _("Ctrl R or a touch here takes today's.")
    return joined(" ", (prices_changed(count), offer))


def paid_in_part(payment: Payment) -> str:
    """Say what was taken last, and what is still to pay."""
    text = _("{paid} taken; still to pay {left}. Clear (⇧ Del) undoes it.")
    if payment.is_refund:
        text = _("{paid} given back; still to give back {left}. Clear (⇧ Del) undoes it.")
    return text.format(
        paid=format_amount(abs(payment.tenders[-1].amount_cents)),
        left=format_amount(abs(payment.cash_due_cents)),
    )


def paid_no_more(payment: Payment, *, gone: bool) -> str:
    """Say what becomes of a part payment whose sale has changed, or is gone."""
    begins = _("The sale has changed, and nothing of it is paid.")
    if gone:
        begins = _("The sale is gone.")
    if payment.is_refund:
        begins = _("What comes back has changed.")
    return joined(" ", (begins, undone_words(payment)))


def sale_is_back(why: str, before: Payment | None) -> str:
    """Say that a sale could not be recorded, and how much of it is still paid."""
    if before is not None and before.tenders:
        text = _("The sale could not be recorded; its cart is back, {paid} of it is paid. {why}")
        return text.format(paid=format_amount(before.paid_cents), why=why)
    text = _("The sale could not be recorded; its cart is back and nothing is paid. {why}")
    return text.format(why=why)


def waiting(basket: Basket, payment: Payment) -> str:
    """Return what lies in the open cart; nothing where it is empty."""
    if basket.is_empty:
        return ""
    sentence = _("An open sale of {total} waits.")
    if payment.is_refund:
        sentence = _("An open return of {total} waits.")
    return sentence.format(total=format_amount(abs(payment.due_cents)))
