"""Shift and day from the sell screen: which page follows which, and what each key does.

Every act waits its turn at the counter; what it reads and writes, it does on the lane.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.shift import Drawer, Shift
from pos_desktop.domain.text import _
from pos_desktop.services.closing_reports import DayReport, ShiftReport
from pos_desktop.services.replies import Reply
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.shop import Shop
from pos_desktop.ui.screens.sell.closed_page import ClosedPage
from pos_desktop.ui.screens.sell.count_page import CountPage
from pos_desktop.ui.screens.sell.counter import Counter
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
        self._doubted: Cents | None = None
        """A count that was asked about: typed once more, it closes."""
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
        self.count.refused.connect(counter.say_failed)
        self.count.left.connect(self._back)
        self.day.confirmed.connect(self._close_day)
        self.day.left.connect(self._back)
        self.closed.day_wanted.connect(self._ask_day)
        self.closed.left.connect(self._want_float)

    @property
    def pages(self) -> tuple[SidePage, ...]:
        """The pages, of which one at most is shown."""
        return self.now, self.count, self.day, self.closed

    def show(self) -> None:
        """Show the shift as it stands."""

        def then(found: tuple[Shift | None, ShiftNow | None]) -> None:
            self._shop.till.state.shift = found[0]
            self.now.show_shift(found[1])
            self.page_wanted.emit(self.now)

        self._counter.learn(self._read, then)

    def _read(self) -> tuple[Shift | None, ShiftNow | None]:
        closing = self._shop.closing
        shift = closing.current()
        if shift is None:
            return None, None
        report = closing.x()
        zone = self._shop.configuration.zone
        return shift, ShiftNow(
            cashier=self._shop.sign_in.named(report.shift.staff_id),
            since=shown_minute(report.shift.opened_at, zone),
            float_cents=report.shift.float_cents,
            sales=report.figures.sales,
        )

    def _back(self) -> None:
        """Go back to the shift, without what was said of the page before."""
        self._counter.quiet()
        self.show()

    def _leave(self) -> None:
        if self._shop.till.state.shift is None:
            self._want_float()

    def _want_float(self) -> None:
        self._counter.float_wanted.emit("")

    def _print_x(self) -> None:
        def then(_reply: Reply) -> None:
            self._counter.say(self._counter.printing(_("The X")))
            self.show()

        self._counter.carry_out(do.ShowX(), then, self._failed)

    # the shift

    def _begin_count(self) -> None:
        def then() -> None:
            self._doubted = None
            self._counter.quiet()
            self.count.begin()
            self.page_wanted.emit(self.count)

        self._without_a_cart(then)

    def _close_shift(self, counted_cents: Cents) -> None:
        def drawer() -> Drawer | None:
            closing = self._shop.closing
            return closing.x().drawer if closing.current() else None

        self._without_a_cart(
            lambda: self._counter.learn(drawer, lambda found: self._counted(counted_cents, found))
        )

    def _counted(self, cents: Cents, drawer: Drawer | None) -> None:
        """Close with this count; one that looks like a slip has to be said twice."""
        if drawer is None or self._doubted == cents or not drawer.is_doubtful(cents):
            self._counter.carry_out(do.ShiftClose(cents), self._shift_closed, self._failed)
            return
        self._doubted = cents
        self.count.field.selectAll()
        question = _(
            "You counted {counted}, but {expected} is expected: count again. "
            "Enter once more closes the shift."
        )
        self._counter.ask(
            question.format(
                counted=format_amount(cents), expected=format_amount(drawer.expected_cents)
            )
        )

    def _shift_closed(self, reply: Reply) -> None:
        assert isinstance(reply.report, ShiftReport)
        self._counter.quiet()
        self.closed.show_shift(reply.report, self._counter.printing(_("The X")))
        self.page_wanted.emit(self.closed)

    # the day

    def _ask_day(self) -> None:
        closing = self._shop.closing

        def then(found: tuple[str, bool]) -> None:
            self._counter.quiet()
            self.day.ask(found[0], uncounted=found[1], on_hold=len(self._counter.held))
            self.page_wanted.emit(self.day)

        self._without_a_cart(
            lambda: self._counter.learn(
                lambda: (closing.business_day(), closing.current() is not None), then
            )
        )

    def _close_day(self) -> None:
        self._without_a_cart(
            lambda: self._counter.carry_out(do.CloseDay(), self._day_closed, self._failed)
        )

    def _day_closed(self, reply: Reply) -> None:
        assert isinstance(reply.report, DayReport)
        self._counter.quiet()
        self.closed.show_day(reply.report, self._counter.printing(_("The Z")))
        self.page_wanted.emit(self.closed)

    # how it is done

    def _without_a_cart(self, act: Callable[[], None]) -> None:
        """Do this in its turn, unless a sale is open then."""

        def check() -> None:
            if self._shop.till.state.basket.lines:
                raise Refused(_("A sale is open: finish it, or put it on hold with F5."))
            act()

        self._counter.in_turn(check)

    def _failed(self, error: Exception) -> None:
        self._counter.say_failed(error)
        if isinstance(error, Refused) and self._shop.till.state.shift is not None:
            self._counter.look_for_shift(error.sentence)
