"""What a customer reads on a display of two lines of twenty letters.

Amounts stand at the right and are never cut; names are cut at a word.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from pos_hardware.displays.dialects import COLUMNS, plain

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.pricing import Priced, PricedLine
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.devices.customer_view import CustomerView, Phase


@dataclass(frozen=True, slots=True)
class DisplayText:
    """Two lines, as a display shows them."""

    upper: str
    lower: str


def view_text(view: CustomerView, greeting: str) -> DisplayText:
    """Return what stands there at a moment of the till; between two customers the greeting."""
    if view.phase is Phase.CLOSED:
        return DisplayText(_centred(_("Till closed")), _centred(""))
    if view.phase is Phase.PAID:
        return paid_text(view.payment)
    text = None
    if view.phase is Phase.PAYING or view.returned_cents:
        text = paying_text(view)
    elif view.phase is Phase.BUYING:
        text = basket_text(view.priced, view.payment, view.key)
    return text or greeting_text(greeting)


def paying_text(view: CustomerView) -> DisplayText:
    """Return what is to be paid, or goes back, once that is asked for."""
    payment = view.payment
    if payment.is_refund:
        return DisplayText(_with_amount(_("To give back"), -payment.remaining_cents), " " * COLUMNS)
    if payment.tenders:
        return _part_paid(payment)
    pieces = view.priced.totals.pieces
    items = ngettext("{count} item", "{count} items", pieces).format(count=f"{pieces:,}")
    return DisplayText(_centred(items), _with_amount(_("To pay"), payment.remaining_cents))


def greeting_text(greeting: str) -> DisplayText:
    """Return what stands there between two customers: two lines parted by |, or a text broken."""
    upper, bar, lower = (part.strip() for part in greeting.partition("|"))
    if not bar:
        lines = textwrap.wrap(plain(upper), COLUMNS, max_lines=2, placeholder="")
        upper, lower = [*lines, "", ""][:2]
    return DisplayText(_centred(upper), _centred(lower))


def basket_text(priced: Priced, payment: Payment, key: int | None = None) -> DisplayText | None:
    """Return the line of this key, or the last, and what the sale comes to; None without lines.

    Once a part is paid, what remains stands there in place of the line.
    """
    if not priced.lines:
        return None
    if payment.tenders:
        return _part_paid(payment)
    line = next((one for one in priced.lines if one.key == key), priced.lines[-1])
    return DisplayText(_line(line), _with_amount(_("Total"), priced.totals.gross_cents))


def paid_text(payment: Payment) -> DisplayText:
    """Return what a customer gave, and the change, or thanks where there is none."""
    given = payment.given_cents
    if payment.is_refund:
        return DisplayText(_with_amount(_("Paid back"), -given), _centred(_("Thank you")))
    upper = _with_amount(_("Paid"), given)
    if payment.change_cents:
        return DisplayText(upper, _with_amount(_("Change"), payment.change_cents))
    return DisplayText(upper, _centred(_("Thank you")))


def _part_paid(payment: Payment) -> DisplayText:
    upper = _with_amount(_("Paid"), payment.paid_cents)
    return DisplayText(upper, _with_amount(_("Still to pay"), payment.remaining_cents))


def _line(line: PricedLine) -> str:
    """Return name and price of a line, both after its own discount and before the cart's."""
    return _with_amount(line.item.name, line.full_cents - line.line_discount_cents)


def _with_amount(words: str, cents: Cents) -> str:
    amount = format_amount(cents)
    room = COLUMNS - len(amount) - 1
    return f"{cut_at_word(words, room).ljust(room)} {amount}"


def cut_at_word(words: str, room: int) -> str:
    """Return as many whole words as fit; a first word that does not fit is cut itself."""
    text = " ".join(plain(words).split())
    if len(text) <= room:
        return text
    whole = text[: room + 1].rpartition(" ")[0]
    return whole or text[:room]


def _centred(text: str) -> str:
    return cut_at_word(text, COLUMNS).center(COLUMNS)
