"""Carries out what was typed: one command in, one reply out, whoever typed it where.

`posctl play` gives it every command, the sell screen those of its box. A command that needs a
manager is remembered, so that an approval carries it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatchmethod

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain.basket import Item
from pos_desktop.domain.clock import ShiftedClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.catalogue import Catalogue
from pos_desktop.services.closing import Closing, DayReport, ShiftReport
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.printing import DAY_KIND, SHIFT_KIND, PrintQueue
from pos_desktop.services.receipts import Papers
from pos_desktop.services.selling import Selling
from pos_desktop.services.sign_in import NeedsApproval, Person, SignIn, require
from pos_desktop.services.till import Till
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the till answers, beside the state of the basket."""

    message: str = ""
    receipt: ReceiptNumber | None = None
    change_cents: Cents | None = None
    report: ShiftReport | DayReport | None = None


class CommandDesk:
    """Knows for every command which service carries it out."""

    def __init__(
        self,
        *,
        till: Till,
        catalogue: Catalogue,
        closing: Closing,
        selling: Selling,
        sign_in: SignIn,
        papers: Papers,
        print_queue: PrintQueue,
        configuration: Configuration,
        database: ShopDatabase,
        books: Books,
        clock: ShiftedClock,
    ) -> None:
        self._till = till
        self._catalogue = catalogue
        self._closing = closing
        self._selling = selling
        self._sign_in = sign_in
        self._papers = papers
        self._print_queue = print_queue
        self._configuration = configuration
        self._database = database
        self._books = books
        self._clock = clock
        self._approver: Person | None = None
        self._refused: tuple[do.Command, NeedsApproval] | None = None

    def execute(self, command: do.Command, approver: Person | None = None) -> Reply:
        """Carry a command out; raise Refused, changing nothing, where a rule says no.

        `approver` is somebody whose PIN was checked already, by `SignIn.approve`. What needs an
        approval is remembered until the next command that is no approval, and no longer.
        """
        if isinstance(command, do.Nothing):
            return Reply()
        if isinstance(command, do.Approve):
            command, approver = self._approved(command)
        self._refused = None
        self._approver = approver
        try:
            return self._do(command)
        except NeedsApproval as error:
            self._refused = command, error
            raise
        finally:
            self._approver = None

    def _approved(self, approval: do.Approve) -> tuple[do.Command, Person]:
        """Return the command that was refused, and who allows it; a wrong PIN may be retyped."""
        if self._refused is None:
            raise Refused(_("Nothing waits for an approval; type what you want to do first."))
        command, error = self._refused
        return command, self._sign_in.approve(approval.user, approval.pin, error.permission)

    @singledispatchmethod
    def _do(self, _command: do.Command) -> Reply:
        raise Refused(_("This till cannot do that yet; pay with cash."))

    @_do.register
    def _login(self, command: do.Login) -> Reply:
        person = self._till.sign_in(command.user, command.pin)
        return Reply(message=_("Signed in: {name}").format(name=person.name))

    @_do.register
    def _logout(self, _command: do.Logout) -> Reply:
        self._till.sign_out()
        return Reply(message=_("Signed out"))

    @_do.register
    def _sell(self, command: do.Sell) -> Reply:
        item = self._till.sell(command.code, command.quantity)
        return Reply(message=item.name)

    @_do.register
    def _set_quantity(self, command: do.SetQuantity) -> Reply:
        return self._changed(lambda: self._till.set_quantity(command.quantity))

    @_do.register
    def _one_less(self, _command: do.OneLess) -> Reply:
        return self._changed(self._till.one_less)

    @_do.register
    def _line_discount(self, command: do.LineDiscount) -> Reply:
        return self._changed(lambda: self._till.discount_line(command.share, self._approver))

    @_do.register
    def _cart_discount(self, command: do.CartDiscount) -> Reply:
        return self._changed(lambda: self._till.discount_cart(command.share, self._approver))

    @_do.register
    def _set_price(self, command: do.SetPrice) -> Reply:
        return self._changed(lambda: self._till.set_price(command.price_cents, self._approver))

    @_do.register
    def _void(self, _command: do.Void) -> Reply:
        return self._changed(lambda: self._till.void_line(approver=self._approver))

    @_do.register
    def _clear(self, _command: do.Clear) -> Reply:
        return self._changed(lambda: self._till.clear(self._approver))

    @_do.register
    def _price_check(self, command: do.PriceCheck) -> Reply:
        return Reply(message=self.price_sentence(self._catalogue.item(command.code)))

    def price_sentence(self, item: Item) -> str:
        """Return what an item costs and what is in stock of it, in one line."""
        return _("{name}: {price}, in stock {stock}").format(
            name=item.name,
            price=format_amount(item.price_cents),
            stock=format_quantity(self._catalogue.in_stock(item)),
        )

    @_do.register
    def _search(self, command: do.Search) -> Reply:
        found = self._catalogue.search(command.text)
        if not found:
            raise Refused(_("Nothing is called like that; try fewer letters."))
        lines = (f"{item.code}  {item.name}  {format_amount(item.price_cents)}" for item in found)
        return Reply(message="\n".join(lines))

    @_do.register
    def _pay(self, _command: do.Pay) -> Reply:
        due = format_amount(self._till.payment().cash_due_cents)
        return Reply(message=_("To pay {amount}").format(amount=due))

    @_do.register
    def _pay_cash(self, command: do.PayCash) -> Reply:
        return self._take(self._till.payment().cash(command.amount_cents))

    def _take(self, payment: Payment) -> Reply:
        checkout = self._till.pay(payment)
        if checkout is None:
            left = format_amount(payment.remaining_cents)
            return Reply(message=_("Still to pay {amount}").format(amount=left))
        try:
            stored = self._till.record(checkout)
        except BaseException:
            self._till.take_back(checkout)
            raise
        change = payment.change_cents
        message = _("Change {amount}").format(amount=format_amount(change)) if change else ""
        return Reply(message=message, receipt=stored.sale.receipt, change_cents=change)

    @_do.register
    def _hold(self, command: do.Hold) -> Reply:
        return Reply(message=self._till.hold(command.name).label)

    @_do.register
    def _recall(self, command: do.Recall) -> Reply:
        return Reply(message=self._till.recall(command.name).label)

    @_do.register
    def _reprint(self, command: do.Reprint) -> Reply:
        stored = self._selling.reprint(command.receipt, self._till.person, self._sign_in.named)
        return Reply(receipt=stored.sale.receipt)

    @_do.register
    def _shift_open(self, command: do.ShiftOpen) -> Reply:
        self._till.state.shift = self._closing.open_shift(self._till.person, command.float_cents)
        return Reply(message=_("Shift open"))

    @_do.register
    def _cash_move(self, command: do.CashMove) -> Reply:
        report = self._closing.move_cash(
            self._till.person, command.direction, command.amount_cents, command.reason
        )
        return Reply(message=command.reason, report=report)

    @_do.register
    def _shift_close(self, command: do.ShiftClose) -> Reply:
        self._check_no_cart()
        with self._database.write():
            report = self._closing.close_shift(
                self._till.person, command.counted_cents, self._approver
            )
            self._print_shift(report)
        self._till.state.shift = None
        return Reply(message=_("Shift closed"), report=report)

    @_do.register
    def _show_x(self, _command: do.ShowX) -> Reply:
        require(self._till.person, Permission.RUN_SHIFT)
        report = self._closing.x()
        with self._database.write():
            self._print_shift(report)
        return Reply(message=_sums(report.figures), report=report)

    @_do.register
    def _close_day(self, _command: do.CloseDay) -> Reply:
        with self._database.write():
            report = self._closing.z(self._till.person, self._approver)
            document = self._papers.day(report, self._books.head_words())
            self._print_queue.paper(DAY_KIND, f"Z {report.number}", document)
        self._till.state.shift = None
        message = f"Z {report.number}: {_sums(report.figures)}"
        return Reply(message=message, report=report)

    @_do.register
    def _set_clock(self, command: do.SetClock) -> Reply:
        if not self._configuration.get(settings.SHOP_DEMO):
            raise Refused(_("The clock can be set in a demo shop only."))
        self._clock.set(command.at.replace(tzinfo=self._configuration.zone))
        return Reply()

    def _print_shift(self, report: ShiftReport) -> None:
        cashier = self._sign_in.named(report.shift.staff_id)
        self._print_queue.paper(SHIFT_KIND, _("X"), self._papers.shift(report, cashier))

    def _check_no_cart(self) -> None:
        if self._till.state.basket.lines:
            raise Refused(_("Finish or hold the open sale first."))

    def _changed(self, change: Callable[[], None]) -> Reply:
        change()
        return Reply()


def _sums(figures: Figures) -> str:
    count = ngettext("{count} sale", "{count} sales", figures.sales).format(count=figures.sales)
    return f"{count}, {format_amount(figures.gross_cents)}"
