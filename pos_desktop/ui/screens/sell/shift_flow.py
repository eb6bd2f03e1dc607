"""Shift and day from the sell screen: which page follows which, and what each key does.

Every act waits its turn at the counter and runs on the lane, where nothing else changes the till.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import parse_amount
from pos_desktop.domain.text import _
from pos_desktop.services.closing import DayReport, ShiftReport
from pos_desktop.services.command_desk import Reply
from pos_desktop.services.sign_in import NeedsApproval, Person
from pos_desktop.shop import Shop
from pos_desktop.storage.moments import from_stored
from pos_desktop.ui.screens.sell.closed_page import ClosedPage
from pos_desktop.ui.screens.sell.count_page import CountPage
from pos_desktop.ui.screens.sell.counter import Approval, Counter
from pos_desktop.ui.screens.sell.day_page import DayPage
from pos_desktop.ui.screens.sell.shift_page import ShiftNow, ShiftPage
from pos_desktop.ui.screens.sell.side_page import SidePage


class ShiftFlow(QObject):
    """Holds the pages about shift and day."""

    page_wanted = Signal(object)
    """A SidePage wants to be shown."""

    def __init__(self, shop: Shop, counter: Counter) -> None:
        super().__init__()
        self._shop = shop
        self._counter = counter
        self.now = ShiftPage()
        self.count = CountPage()
        self.day = DayPage()
        self.closed = ClosedPage()
        self.now.x_wanted.connect(self._print_x)
        self.now.count_wanted.connect(self._begin_count)
        self.now.float_wanted.connect(self._want_float)
        self.now.day_wanted.connect(self._ask_day)
        self.now.left.connect(self._leave)
        self.count.counted.connect(self._close_shift)
        self.count.left.connect(self.show)
        self.day.confirmed.connect(self._close_day)
        self.day.left.connect(self.show)
        self.closed.day_wanted.connect(self._ask_day)
        self.closed.left.connect(self._want_float)

    @property
    def pages(self) -> tuple[SidePage, ...]:
        """The pages, of which one at most is shown."""
        return self.now, self.count, self.day, self.closed

    def show(self) -> None:
        """Show the shift as it stands."""

        def then(found: ShiftNow | None) -> None:
            self.now.show_shift(found)
            self.page_wanted.emit(self.now)

        self._counter.in_turn(self._learn, then)

    def _learn(self) -> ShiftNow | None:
        closing = self._shop.closing
        self._shop.till.state.shift = closing.current()
        if self._shop.till.state.shift is None:
            return None
        report = closing.x()
        opened = from_stored(report.shift.opened_at).astimezone(self._shop.configuration.zone)
        return ShiftNow(
            cashier=self._shop.sign_in.named(report.shift.staff_id),
            since=f"{opened:%H:%M}, {opened:%Y-%m-%d}",
            float_cents=report.shift.float_cents,
            sales=report.figures.sales,
        )

    def _leave(self) -> None:
        if self._shop.till.state.shift is None:
            self._want_float()

    def _want_float(self) -> None:
        self._counter.float_wanted.emit("")

    def _print_x(self) -> None:
        def then(_reply: Reply) -> None:
            self._counter.say(_("The X is queued for the printer."))
            self.show()

        self._counter.in_turn(lambda: self._shop.desk.execute(do.ShowX()), then, self._failed)

    # the shift

    def _begin_count(self) -> None:
        def then(_done: None) -> None:
            self.count.begin()
            self.page_wanted.emit(self.count)

        self._counter.in_turn(self._check_no_cart, then)

    def _close_shift(self, typed: str) -> None:
        if not typed:
            self._counter.say_failed(Refused(_("Type what you counted; 0 where nothing is left.")))
            return
        try:
            counted = parse_amount(typed)
        except Refused as error:
            self._counter.say_failed(error)
            return
        self._approvable(
            do.ShiftClose(counted), _("Close another person's shift"), self._shift_closed
        )

    def _shift_closed(self, reply: Reply) -> None:
        assert isinstance(reply.report, ShiftReport)
        self.closed.show_shift(reply.report)
        self.page_wanted.emit(self.closed)

    # the day

    def _ask_day(self) -> None:
        def work() -> tuple[str, bool]:
            self._check_no_cart()
            closing = self._shop.closing
            return closing.business_day(), closing.current() is not None

        def then(found: tuple[str, bool]) -> None:
            self.day.ask(found[0], uncounted=found[1])
            self.page_wanted.emit(self.day)

        self._counter.in_turn(work, then)

    def _close_day(self) -> None:
        self._approvable(do.CloseDay(), _("Close this business day again"), self._day_closed)

    def _day_closed(self, reply: Reply) -> None:
        assert isinstance(reply.report, DayReport)
        self.closed.show_day(reply.report)
        self.page_wanted.emit(self.closed)

    # how it is done

    def _approvable(self, command: do.Command, what: str, then: Callable[[Reply], None]) -> None:
        """Carry a command out; where it needs a manager, once one has approved it."""

        def carry_out(approver: Person | None) -> None:
            self._counter.in_turn(lambda: self._execute(command, approver), then, failed)

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsApproval):
                self._counter.ask_approval(Approval(error.permission, what, carry_out))
            else:
                self._failed(error)

        carry_out(None)

    def _execute(self, command: do.Command, approver: Person | None) -> Reply:
        self._check_no_cart()
        return self._shop.desk.execute(command, approver)

    def _check_no_cart(self) -> None:
        if self._shop.till.state.basket.lines:
            raise Refused(_("A sale is open: finish it, or put it on hold with F5."))

    def _failed(self, error: Exception) -> None:
        self._counter.say_failed(error)
        if isinstance(error, Refused) and self._shop.till.state.shift is not None:
            self._counter.look_for_shift(str(error))
