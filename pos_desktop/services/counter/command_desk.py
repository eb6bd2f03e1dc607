"""Carries out what was typed: one command in, one reply out, whoever typed it where.

The one place that knows for every command which service carries it out. `posctl play` has each
carried out at once; the sell screen decides itself where the work of a step is done, and how what
came of it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import TypeVar

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain.clock import ShiftedClock
from pos_desktop.domain.errors import PosError, Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.product import ProductCard
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.counter.closing_desk import ClosingDesk
from pos_desktop.services.counter.money_back import undone_words
from pos_desktop.services.counter.money_desk import MoneyDesk
from pos_desktop.services.counter.replies import PriceTag, Reply, prices_changed, told
from pos_desktop.services.counter.steps import Step, finish, step
from pos_desktop.services.counter.till import Till
from pos_desktop.services.counter.till_state import NothingToPay
from pos_desktop.services.counter.todays_prices import TodaysPrices
from pos_desktop.services.people.acting import Approval, NeedsApproval, require
from pos_desktop.services.people.sign_in import LockedOut, Person, SignIn
from pos_desktop.services.products.catalogue import Catalogue, UnknownCode
from pos_desktop.services.products.product_editing import ProductEditing
from pos_desktop.services.sales.held_carts import HeldCart
from pos_desktop.services.sales.selling import Selling

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command that somebody must approve, and what it was about when it was refused."""

    command: do.Command
    permission: Permission
    cart_id: Id | None
    line: int | None


class NotApproved(Refused):
    """This name and PIN do not approve it; try again."""

    def __init__(self, sentence: str, locked_seconds: int = 0) -> None:
        """Take for how many seconds this name is locked out, where that is the reason."""
        super().__init__(sentence)
        self.locked_seconds = locked_seconds


_ABOUT_A_LINE = (do.LineDiscount, do.SetPrice, do.Void, do.OneLess, do.SetQuantity)


class CommandDesk:
    """Knows for every command which service carries it out."""

    def __init__(
        self,
        *,
        till: Till,
        catalogue: Catalogue,
        products: ProductEditing,
        selling: Selling,
        money: MoneyDesk,
        day: ClosingDesk,
        sign_in: SignIn,
        configuration: Configuration,
        clock: ShiftedClock,
    ) -> None:
        self._till = till
        self._catalogue = catalogue
        self._products = products
        self._selling = selling
        self._money = money
        self._day = day
        self._sign_in = sign_in
        self._configuration = configuration
        self._clock = clock
        self.prices = TodaysPrices(till, catalogue)
        self._approval: Approval | None = None
        self._waiting: Waiting | None = None

    def execute(self, command: do.Command) -> Reply:
        """Carry a command out at once; raise Refused, changing nothing, where a rule says no.

        What needs an approval is remembered until the next command that is no approval, and no
        longer.
        """
        if isinstance(command, do.Nothing):
            return Reply()
        if isinstance(command, do.Approve):
            if self._waiting is None:
                raise Refused(_("Nothing waits for an approval; type what you want to do first."))
            reply = finish(self.approving(self._waiting, command.user, command.pin, command.reason))
            self._waiting = None
            return reply
        self._waiting = None
        waiting = self.waiting_for(command)
        try:
            outcome = self.begin(command)
            return finish(outcome) if isinstance(outcome, Step) else outcome
        except NeedsApproval as error:
            self._waiting = waiting(error)
            raise

    def begin(self, command: do.Command, approval: Approval | None = None) -> Reply | Step[Reply]:
        """Carry a command out as far as it needs no disk; return the reply, or the step to take.

        `approval` comes from somebody whose PIN was checked already. Raises Refused, changing
        nothing, where a rule says no; so may the step.
        """
        if not isinstance(command, (do.Login, do.Logout)):
            self._till.mind_who_stands_here()
        self._approval = approval
        try:
            return self._do(command)
        finally:
            self._approval = None

    def waiting_for(self, command: do.Command) -> Callable[[NeedsApproval], Waiting]:
        """Return what makes a refused command one that waits, about the line that is selected."""
        state = self._till.state
        cart_id = state.cart_id
        line = state.basket.selected if isinstance(command, _ABOUT_A_LINE) else None
        return lambda error: Waiting(command, error.permission, cart_id, line)

    def approving(self, waiting: Waiting, login: str, pin: str, reason: str = "") -> Step[Reply]:
        """Carry out what waits, once this name and PIN approve it for a reason.

        Raises NotApproved where they do not; NeedsApproval where they are not enough.
        """

        def work() -> Person:
            try:
                return self._sign_in.approve(login, pin, waiting.permission)
            except PosError as error:
                seconds = error.seconds if isinstance(error, LockedOut) else 0
                raise NotApproved(error.sentence, seconds) from error

        def then(approver: Person) -> Reply | Step[Reply]:
            if self._till.state.cart_id != waiting.cart_id:
                raise Refused(_("The sale that this was for is gone: do it again."))
            if waiting.line is not None:
                self._till.select(waiting.line)
            return self.begin(waiting.command, Approval(approver, reason))

        return step(work, then)

    @singledispatchmethod
    def _do(self, command: do.Command) -> Reply | Step[Reply]:
        return self._money.carry_out(command, self._approval)

    @_do.register
    def _login(self, command: do.Login) -> Step[Reply]:
        return told(
            self._till.signing_in(command.user, command.pin),
            lambda person: Reply(message=_("Signed in: {name}").format(name=person.name)),
        )

    @_do.register
    def _logout(self, _command: do.Logout) -> Step[Reply]:
        return told(self._till.signing_out(), lambda _done: Reply(message=_("Signed out")))

    @_do.register
    def _sell(self, command: do.Sell) -> Reply | Step[Reply]:
        try:
            sold = self._till.sell(command.code, command.quantity)
        except UnknownCode:
            if not self._money.is_voucher(command.code):
                raise
            return self._money.carry_out(do.PayVoucher(command.code), None)
        return Reply(message=sold.item.name, quantity=sold.quantity or command.quantity)

    @_do.register
    def _new_item(self, command: do.NewItem) -> Step[Reply]:
        person, approval = self._till.person, self._approval
        require(person, Permission.CATALOGUE, approval)

        def then(_card: ProductCard) -> Reply:
            sold = self._till.sell(command.code, command.quantity)
            return Reply(message=sold.item.name, quantity=command.quantity)

        return step(
            lambda: self._products.quick_add(
                command.code,
                command.name,
                command.price_cents,
                command.tax_band,
                actor=person,
                approval=approval,
            ),
            then,
        )

    @_do.register
    def _set_quantity(self, command: do.SetQuantity) -> Reply:
        return self._changed(lambda: self._till.set_quantity(command.quantity, self._approval))

    @_do.register
    def _one_less(self, _command: do.OneLess) -> Reply:
        return self._changed(lambda: self._till.one_less(self._approval))

    @_do.register
    def _line_discount(self, command: do.LineDiscount) -> Reply:
        return self._changed(lambda: self._till.discount_line(command.share, self._approval))

    @_do.register
    def _cart_discount(self, command: do.CartDiscount) -> Reply:
        return self._changed(lambda: self._till.discount_cart(command.share, self._approval))

    @_do.register
    def _set_price(self, command: do.SetPrice) -> Reply:
        return self._changed(lambda: self._till.set_price(command.price_cents, self._approval))

    @_do.register
    def _void(self, _command: do.Void) -> Reply:
        returned = self._till.state.basket.selected_return
        if returned is not None:
            return self._changed(lambda: self._till.keep_return(returned))
        return self._changed(lambda: self._till.void_line(self._approval))

    @_do.register
    def _clear(self, _command: do.Clear) -> Reply:
        return self._changed(lambda: self._till.clear(self._approval))

    @_do.register
    def _give_back(self, _command: do.GiveBack) -> Reply:
        return Reply(message=undone_words(self._till.give_back(self._approval)))

    @_do.register
    def _price_check(self, command: do.PriceCheck) -> Reply:
        sold = self._catalogue.sold(command.code)
        tag = PriceTag(sold, self._catalogue.in_stock(sold.item))
        return Reply(message=tag.sentence, tag=tag)

    @_do.register
    def _search(self, command: do.Search) -> Reply:
        found = self._catalogue.search(command.text)
        if not found:
            raise Refused(_("Nothing is called like that; try fewer letters."))
        lines = (f"{item.code}  {item.name}  {format_amount(item.price_cents)}" for item in found)
        return Reply(message="\n".join(lines))

    @_do.register
    def _pay(self, _command: do.Pay) -> Reply:
        if self._till.state.basket.is_empty:
            raise NothingToPay
        due = format_amount(self._till.payment().cash_due_cents)
        return Reply(message=_("To pay {amount}").format(amount=due))

    @_do.register
    def _hold(self, command: do.Hold) -> Step[Reply]:
        return told(self._till.holding(command.name), lambda held: Reply(message=held.label))

    @_do.register
    def _recall(self, command: do.Recall) -> Step[Reply]:
        def reply(held: HeldCart) -> Reply:
            changed = self.prices.changed()
            return Reply(
                message=joined(". ", (held.label, prices_changed(changed))), changed_prices=changed
            )

        return told(self._till.recalling(command.name), reply)

    @_do.register
    def _take_prices(self, _command: do.TakePrices) -> Reply:
        count = self.prices.take()
        text = ngettext("{count} price is today's now.", "{count} prices are today's now.", count)
        return Reply(message=text.format(count=count))

    @_do.register
    def _reprint(self, command: do.Reprint) -> Step[Reply]:
        person, approval = self._till.person, self._approval
        return step(
            lambda: self._selling.reprint(command.receipt, person, self._sign_in.named, approval),
            lambda done: Reply(
                receipt=done.sale.receipt,
                refund=done.refund.receipt if done.refund else None,
                copies=done.copies,
            ),
            holds_the_till=False,
        )

    @_do.register
    def _of_the_day(
        self,
        command: do.ShiftOpen
        | do.CashMove
        | do.OpenDrawer
        | do.CountAgain
        | do.ShiftClose
        | do.ShowX
        | do.CloseDay
        | do.LeaveTill,
    ) -> Step[Reply]:
        return self._day.carry_out(command, self._approval)

    @_do.register
    def _set_clock(self, command: do.SetClock) -> Reply:
        get = self._configuration.get
        if not get(settings.SHOP_DEMO) and not get(settings.SHOP_TRAINING):
            raise Refused(_("The clock can be set in a demo or training shop only."))
        self._clock.set(command.at.replace(tzinfo=self._configuration.zone))
        return Reply()

    def _changed(self, change: Callable[[], None]) -> Reply:
        change()
        return Reply()
