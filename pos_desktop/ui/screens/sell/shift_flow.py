"""Shift and day from the sell screen: which page follows which, and what each key does.

Every act waits its turn at the counter; what it reads and writes, it does on the lane.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain.denominations import Pieces, denominations
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.shift import CashDirection, Shift
from pos_desktop.domain.text import _
from pos_desktop.services.closing.closing import Count
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.paper.closing_reports import DayReport, ShiftReport
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.shop import Shop
from pos_desktop.ui.screens.sell.approvals import Approval
from pos_desktop.ui.screens.sell.cash_page import CashPage
from pos_desktop.ui.screens.sell.closed_page import ClosedPage
from pos_desktop.ui.screens.sell.count_page import CountPage
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.day_page import DayPage
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.shift_page import ShiftNow, ShiftPage
from pos_desktop.ui.screens.sell.side_page import SidePage
from pos_desktop.ui.screens.sell.variance_page import VariancePage


class ShiftFlow(Flow):
    """Holds the pages about shift and day."""

    def __init__(self, shop: Shop, counter: Counter) -> None:
        super().__init__()
        self._shop = shop
        self._counter = counter
        self._doubted: Cents | None = None
        """A count that was asked about: typed once more, it closes."""
        self._count: do.ShiftClose | None = None
        """The count that waits for a reason."""
        self._too_much = False
        self._counts_pieces = False
        """How who looks at the shift counts; read before, so that no digit waits for it."""
        self.now = ShiftPage()
        self.count = CountPage(denominations(shop.configuration.get(settings.SHOP_CURRENCY)))
        self.cash = CashPage()
        self.variance = VariancePage()
        self.day = DayPage()
        self.closed = ClosedPage(counter.printer)
        counter.approval_wanted.connect(self._await_manager)
        counter.accepted.connect(self._say_checking)
        self.now.x_wanted.connect(self._print_x)
        self.now.count_wanted.connect(self._begin_count)
        self.now.cash_wanted.connect(self._begin_cash)
        self.now.no_sale_wanted.connect(lambda: self._begin_cash(None))
        self.cash.moved.connect(self._move_cash)
        self.cash.opened.connect(self._open_drawer)
        self.cash.refused.connect(counter.say_failed)
        self.cash.left.connect(self._back)
        self.variance.explained.connect(self._explained)
        self.variance.reason_wanted.connect(self._ask_why)
        self.variance.again_wanted.connect(self._count_again)
        self.variance.left.connect(self._count_again)
        self.now.float_wanted.connect(self._want_float)
        self.now.day_wanted.connect(self._ask_day)
        self.now.left.connect(self._leave)
        self.count.counted.connect(self._close_shift)
        self.count.refused.connect(counter.say_failed)
        self.count.left.connect(self._back)
        self.day.confirmed.connect(self._close_day)
        self.day.left.connect(self._back)
        counter.recorded.connect(self._mind_the_drawer)
        self.closed.day_wanted.connect(self._ask_day)
        self.closed.left.connect(self._want_float)

    @property
    def pages(self) -> tuple[SidePage, ...]:
        """The pages, of which one at most is shown."""
        return self.now, self.cash, self.count, self.variance, self.day, self.closed

    def show(self) -> None:
        """Show the shift as it stands."""

        def then(found: tuple[Shift | None, ShiftNow | None]) -> None:
            self._shop.till.state.shift, now = found
            self._counts_pieces = now is not None and now.counts_pieces
            self.now.show_shift(now)
            self.page_wanted.emit(self.now)

        self._counter.learn(partial(self._read, self._shop.till.state.person), then)

    def _read(self, person: Person | None) -> tuple[Shift | None, ShiftNow | None]:
        closing = self._shop.closing
        shift = closing.current()
        if shift is None:
            return None, None
        zone = self._shop.configuration.zone
        return shift, ShiftNow(
            cashier=self._shop.sign_in.named(shift.staff_id),
            since=shown_minute(shift.opened_at, zone),
            float_cents=shift.float_cents,
            sales=closing.sales_of(shift),
            counts_pieces=person is not None and closing.counts_pieces(person),
            mpesa_to_do=self._shop.mpesa.tray.count(),
            too_much_cents=self._limit() if closing.too_much_cash() is not None else None,
        )

    def _limit(self) -> Cents:
        return self._shop.configuration.get(settings.SAFE_DROP_CENTS)

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
            self._counter.say_queued(_("The X"))
            self.show()

        self._counter.carry_out(do.ShowX(), then, self._failed)

    # cash in the drawer

    def _mind_the_drawer(self) -> None:
        """Say it once when more lies in the drawer than should; again when it was less between."""

        def then(cents: Cents | None) -> None:
            before, self._too_much = self._too_much, cents is not None
            if cents is not None and not before:
                text = _(
                    "More than {amount} lies in the drawer: bring some to the safe (Ctrl S, O)."
                )
                self._counter.say(text.format(amount=format_amount(self._limit())))

        self._counter.look(self._shop.closing.too_much_cash, then)

    def _begin_cash(self, direction: CashDirection | None) -> None:
        self._counter.quiet()
        self.cash.begin(direction)
        self.page_wanted.emit(self.cash)

    def _move_cash(self, direction: CashDirection, cents: Cents, reason: str) -> None:
        def then(_reply: Reply) -> None:
            is_in = direction is CashDirection.IN
            sentence = (
                _("{amount} put in: {reason}") if is_in else _("{amount} taken out: {reason}")
            )
            self._counter.say(sentence.format(amount=format_amount(cents), reason=reason))
            self.show()

        self._counter.carry_out(do.CashMove(direction, cents, reason), then, self._failed)

    def _open_drawer(self, reason: str) -> None:
        def then(reply: Reply) -> None:
            self._counter.say(reply.message)
            self.show()

        self._counter.carry_out(do.OpenDrawer(reason), then, self._failed)

    # the shift

    def _begin_count(self) -> None:
        begin = partial(self.count.begin, by_pieces=self._counts_pieces)
        self._without_a_cart(lambda: self._ask_count(begin))

    def _ask_count(self, begin: Callable[[], None]) -> None:
        self._doubted = None
        self._counter.quiet()
        self.page_wanted.emit(self.count)
        begin()

    def _close_shift(self, counted_cents: Cents, pieces: Pieces | None) -> None:
        closing = self._shop.closing
        count = do.ShiftClose(counted_cents, tuple((pieces or {}).items()))
        self._without_a_cart(
            lambda: self._counter.learn(
                lambda: closing.judged(counted_cents), lambda found: self._counted(count, found)
            )
        )

    def _counted(self, count: do.ShiftClose, found: Count) -> None:
        """Close with this count; one that is off asks why, one like a slip is typed twice."""
        self._count = count
        cents = count.counted_cents
        if not found.variance_cents:
            self._close("")
        elif self._doubted == cents or not found.is_doubtful:
            self._counter.quiet()
            self.variance.ask(found.variance_cents)
            self.page_wanted.emit(self.variance)
        else:
            self._doubt(cents)

    def _doubt(self, cents: Cents) -> None:
        """Ask for another count, without a word of what a count should find."""
        self._doubted = cents
        self._note_recount(cents)
        self.count.field.selectAll()
        question = _(
            "You counted {counted}, far from what is expected: count again. "
            "Enter once more closes the shift."
        )
        self._counter.ask(question.format(counted=format_amount(cents)))

    def _ask_why(self) -> None:
        self._counter.ask(
            _("Say why it is off: choose or type a reason. Enter once more closes without one.")
        )

    def _explained(self, reason: str) -> None:
        self._without_a_cart(lambda: self._close(reason))

    def _close(self, reason: str) -> None:
        if self._count is not None:
            command = replace(self._count, reason=reason)
            self._counter.carry_out(command, self._shift_closed, self._failed)

    def _count_again(self) -> None:
        """Go back to the count, as it was typed; that it did not hold stands in the journal."""
        if self._count is not None:
            self._note_recount(self._count.counted_cents)
        self._without_a_cart(lambda: self._ask_count(self.count.begin_again))

    def _note_recount(self, cents: Cents) -> None:
        self._counter.carry_out(do.CountAgain(cents), lambda _reply: None, self._failed)

    def _shift_closed(self, reply: Reply) -> None:
        assert isinstance(reply.report, ShiftReport)
        self._counter.quiet()
        self.closed.show_shift(reply.report)
        self.page_wanted.emit(self.closed)

    # the day

    def _ask_day(self) -> None:
        closing = self._shop.closing

        def then(found: tuple[str, bool, int]) -> None:
            self._counter.quiet()
            day, is_uncounted, mpesa_to_do = found
            self.day.ask(
                day,
                uncounted=is_uncounted,
                on_hold=len(self._counter.held),
                mpesa_to_do=mpesa_to_do,
            )
            self.page_wanted.emit(self.day)

        self._without_a_cart(
            lambda: self._counter.learn(
                lambda: (
                    closing.business_day(),
                    closing.current() is not None,
                    self._shop.mpesa.tray.count(),
                ),
                then,
            )
        )

    def _close_day(self) -> None:
        def close() -> None:
            self._say_checking(do.CloseDay())
            self._counter.carry_out(do.CloseDay(), self._day_closed, self._failed)

        self._without_a_cart(close)

    def _say_checking(self, command: do.Command) -> None:
        """Say what takes a moment when the day is closed."""
        if isinstance(command, do.CloseDay):
            self._counter.say(_("The books are being checked; the Z follows."))

    def _await_manager(self, approval: Approval) -> None:
        """Take it back that the books are being checked: a manager is waited for first."""
        if isinstance(approval.waiting.command, do.CloseDay):
            self._counter.quiet()

    def _day_closed(self, reply: Reply) -> None:
        assert isinstance(reply.report, DayReport)
        self._counter.quiet()
        self.closed.show_day(reply.report)
        self.page_wanted.emit(self.closed)

    # how it is done

    def _without_a_cart(self, act: Callable[[], None]) -> None:
        """Do this in its turn, unless a sale is open then."""

        def check() -> None:
            if not self._shop.till.state.basket.is_empty:
                raise Refused(_("A sale is open: finish it, or put it on hold with F5."))
            act()

        self._counter.in_turn(check)

    def _failed(self, error: Exception) -> None:
        self._counter.say_failed(error)
        if isinstance(error, Refused) and self._shop.till.state.shift is not None:
            self._counter.look_for_shift(error.sentence)
