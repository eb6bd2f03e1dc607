"""What a manager is asked to approve, with its goods and its amount, and why one may do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pos_desktop.domain import commands as do
from pos_desktop.domain.basket import Basket
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.percent import BasisPoints, format_percent
from pos_desktop.domain.pricing import gross_of
from pos_desktop.domain.quantity import Thousandths, format_quantity, line_amount
from pos_desktop.domain.short_text import shortened
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.counter.mpesa_desk import Overpaid
from pos_desktop.services.credit.accounts import OverTheLimit
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.sales.returning import Unconfirmed
from pos_desktop.shop import Shop

_LONGEST_NAME = 24
"""A longer name is cut: the amount after it has to be read."""
Goods = tuple[str, Thousandths, Cents]
"""A name, how much of it, and what that is worth."""


class ApprovalWords:
    """Says what waits for a manager. It looks up what the command itself does not say."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def what_waits(self, command: do.Command, basket: Basket, needed: NeedsApproval) -> str:
        """Say what is to be approved; the command is about this basket's selected line."""
        if isinstance(needed, OverTheLimit):
            text = _("Sell on account beyond the limit: {amount}, {over} over the limit of {name}")
            return text.format(
                amount=format_amount(needed.amount_cents),
                over=format_amount(needed.over_cents),
                name=_short(needed.name),
            )
        if isinstance(command, do.PayMpesaCode) and not isinstance(needed, Overpaid):
            return self._about_code(command)
        if isinstance(needed, Unconfirmed):
            text = _("Give money back for {code}, which M-Pesa has not confirmed")
            return text.format(code=needed.code)
        if isinstance(needed, Overpaid):
            text = _("Give back what was paid too much by M-Pesa: {amount}")
            return text.format(amount=format_amount(needed.over_cents))
        try:
            said = _about_lines(command, basket) or self._about_goods(command)
        except Refused:
            said = ""
        return said or self._about_money(command) or _("This needs a manager")

    def _about_code(self, command: do.PayMpesaCode) -> str:
        cents = command.amount_cents or self._shop.till.payment().remaining_cents
        text = _("Take a payment that M-Pesa has not confirmed: {code}, {amount}")
        return text.format(code=command.code, amount=format_amount(cents))

    def _about_goods(self, command: do.Command) -> str:
        match command:
            case do.NewItem():
                text = _("New in the catalogue: {name}, {price}")
                price = format_amount(command.price_cents)
                return text.format(name=_short(command.name), price=price)
            case do.TakeBack(receipt, lines) | do.Refund(receipt, lines):
                returns = self._shop.returning.take(receipt, lines)
                goods = [(one.name, one.quantity, one.gross_cents) for one in returns.lines]
                return _goods(_("Take goods of a receipt back: {goods}, {amount}"), goods)
            case do.TakeBackItem(code, quantity):
                return self._without_receipt(((code, quantity),))
            case do.TakeBackItems(items):
                return self._without_receipt(items)
        return ""

    def _without_receipt(self, parts: Iterable[tuple[str, Thousandths]]) -> str:
        goods = []
        for code, quantity in parts:
            item = self._shop.catalogue.item(code)
            goods.append((item.name, quantity, line_amount(item.price_cents, quantity)))
        return _goods(_("Take goods back without a receipt: {goods}, {amount}"), goods)

    def _about_money(self, command: do.Command) -> str:
        payment = self._shop.till.payment()
        match command:
            case do.PayCash(cents):
                amount = format_amount(abs(cents or payment.cash_due_cents))
                return _("Give the money back in cash: {amount}").format(amount=amount)
            case do.PayBack(kind, cents):
                amount = format_amount(abs(cents or payment.remaining_cents))
                text = _("Give the money back by {tender}: {amount}")
                return text.format(tender=tender_name(kind), amount=amount)
            case do.OpenDrawer(reason):
                return _("Open the drawer without a sale: {reason}").format(reason=reason)
            case do.ShiftClose(cents):
                text = _("Close another person's shift: {amount} counted")
                return text.format(amount=format_amount(cents))
            case do.CloseDay():
                return _("Close this business day again")
            case do.LeaveTill():
                return _("End the program on this till")
            case do.EndMpesa():
                return _("The customer's phone shows neither a prompt nor an M-Pesa message")
        return ""


def ready_reasons(command: do.Command) -> tuple[str, ...]:
    """Return why such a thing is done most often, the likeliest first."""
    mistake, regular = _("Mistake at the till"), _("Regular customer")
    damaged = _("Damaged goods")
    match command:
        case do.Void() | do.Clear() | do.OneLess() | do.SetQuantity():
            return mistake, _("No money"), _("Customer changed their mind")
        case do.TakeBack() | do.Refund() | do.TakeBackItem() | do.TakeBackItems():
            return damaged, _("Wrong goods"), _("Changed their mind"), _("Receipt lost")
        case do.PayCredit():
            return regular, _("Pays this week"), _("Owner agreed")
        case do.PayCash() | do.PayBack():
            return _("Customer asks for it"), _("Card does not work"), _("Owner agreed")
        case do.NewItem():
            return _("New in the shop"), _("Label missing")
        case do.OpenDrawer():
            return _("Change is needed"), _("Wrong change given"), _("Cash is counted")
        case do.ShiftClose():
            return _("The cashier has gone"), _("Forgotten yesterday"), _("Cashiers change")
        case do.CloseDay():
            return _("Closed too early"), mistake
        case do.LeaveTill():
            return _("The shop closes"), _("A technician works on it"), _("It starts anew")
    return _mpesa_reasons(command) or (regular, _("Price on the shelf"), damaged, mistake)


def _mpesa_reasons(command: do.Command) -> tuple[str, ...]:
    match command:
        case do.PayMpesaCode() | do.TakeMpesa():
            paid_more = _("Paid too much by mistake")
            return _("I have seen the message"), _("Regular customer"), paid_more
        case do.EndMpesa():
            return _("I have seen the phone"), _("The phone is off"), _("The customer has left")
    return ()


def _about_lines(command: do.Command, basket: Basket) -> str:
    match command:
        case do.LineDiscount(share):
            full = replace(basket.discount_line(0), cart_discount_bp=0)
            text = _("{percent}% off {name}: {amount} less")
            return _discount(text, share, full, full.discount_line(share), _name_in(basket))
        case do.CartDiscount(share):
            full = basket.discount_cart(0)
            text = _("{percent}% off the whole sale: {amount} less")
            return _discount(text, share, full, full.discount_cart(share))
        case do.SetPrice(cents):
            old = format_amount(basket.line().price_cents)
            text = _("Price of {name}: {old} → {new}")
            return text.format(name=_name_in(basket), old=old, new=format_amount(cents))
        case do.Void():
            return _taken_away(basket, basket.remove())
        case do.OneLess():
            return _taken_away(basket, basket.one_less())
        case do.SetQuantity(quantity):
            return _taken_away(basket, basket.set_quantity(quantity))
        case do.Clear():
            worth = format_amount(gross_of(basket) or basket.returned_cents)
            return _("Take the whole sale away: {amount}").format(amount=worth)
    return ""


def _discount(text: str, share: BasisPoints, full: Basket, less: Basket, name: str = "") -> str:
    amount = format_amount(gross_of(full) - gross_of(less))
    return text.format(percent=format_percent(share), name=name, amount=amount)


def _taken_away(before: Basket, after: Basket) -> str:
    """Say how much of the selected line is taken away, and what that costs."""
    line = before.line()
    left = sum(one.quantity for one in after.lines if one.key == line.key)
    goods = [(line.item.name, line.quantity - left, gross_of(before) - gross_of(after))]
    return _goods(_("Take {goods} away: {amount}"), goods)


def _goods(text: str, goods: list[Goods]) -> str:
    """Say what it is and what it is worth; of several kinds the first, and how many more."""
    name, quantity, _worth = goods[0]
    what = f"{format_quantity(quantity)} × {_short(name)}"
    if more := len(goods) - 1:
        several = ngettext("{first} and {count} more", "{first} and {count} more", more)
        what = several.format(first=what, count=more)
    return text.format(goods=what, amount=format_amount(sum(worth for _n, _q, worth in goods)))


def _name_in(basket: Basket) -> str:
    return _short(basket.line().item.name)


def _short(name: str) -> str:
    return shortened(name, _LONGEST_NAME)
