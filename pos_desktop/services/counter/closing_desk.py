"""Carries out what is about shift, drawer and day, for the desk of all commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import singledispatchmethod

from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.shift import CashDirection
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.counter.replies import Reply, told
from pos_desktop.services.counter.steps import Step, step
from pos_desktop.services.counter.till import Till
from pos_desktop.services.paper.closing_reports import DayReport, ShiftReport
from pos_desktop.services.paper.papers import Papers
from pos_desktop.services.paper.print_queue import DAY_KIND, SHIFT_KIND, PrintQueue
from pos_desktop.services.people.acting import Approval
from pos_desktop.services.sales.notes import write_notes
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


class ClosingDesk:
    """Knows for every command about shift and day which service carries it out."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        *,
        till: Till,
        closing: Closing,
        papers: Papers,
        print_queue: PrintQueue,
        day_closed: Callable[[str, Id], object],
        backs_up: Callable[[], bool],
        room_words: Callable[[], str],
    ) -> None:
        """Take `day_closed`: told of each Z, with the job that prints it, in its transaction.

        `backs_up` is told there too, and whether a backup comes is its answer. `room_words` says
        that the disk has little room, or nothing.
        """
        self._database = database
        self._books = books
        self._till = till
        self._closing = closing
        self._papers = papers
        self._print_queue = print_queue
        self._day_closed = day_closed
        self._backs_up = backs_up
        self._room_words = room_words

    @singledispatchmethod
    def carry_out(self, command: do.Command, approval: Approval | None) -> Step[Reply]:
        """Return the step that carries a command out; raise as `CommandDesk.begin` does."""
        raise NotImplementedError(f"{command} with {approval} is not about shift or day")

    @carry_out.register
    def _shift_open(self, command: do.ShiftOpen, approval: Approval | None) -> Step[Reply]:
        return told(
            self._till.opening_shift(command.float_cents, approval),
            lambda _shift: Reply(message=_("Shift open")),
        )

    @carry_out.register
    def _cash_move(self, command: do.CashMove, approval: Approval | None) -> Step[Reply]:
        person = self._till.person
        is_in = command.direction is CashDirection.IN
        sentence = _("{amount} put in: {reason}") if is_in else _("{amount} taken out: {reason}")
        message = sentence.format(amount=format_amount(command.amount_cents), reason=command.reason)
        return step(
            lambda: self._closing.move_cash(
                person, command.direction, command.amount_cents, command.reason, approval
            ),
            lambda report: Reply(message=message, report=report),
        )

    @carry_out.register
    def _open_drawer(self, command: do.OpenDrawer, approval: Approval | None) -> Step[Reply]:
        person = self._till.person
        return step(
            lambda: self._closing.open_drawer(person, command.reason, approval),
            lambda _done: Reply(message=_("The drawer is open.")),
            holds_the_till=False,
        )

    @carry_out.register
    def _count_again(self, command: do.CountAgain, approval: Approval | None) -> Step[Reply]:
        person = self._till.person
        return step(
            lambda: self._closing.count_again(person, command.counted_cents, approval),
            lambda _done: Reply(),
        )

    @carry_out.register
    def _shift_close(self, command: do.ShiftClose, approval: Approval | None) -> Step[Reply]:
        if not self._till.state.basket.is_empty:
            raise Refused(_("Finish or hold the open sale first."))
        person, notes = self._till.person, self._till.state.notes

        def work() -> ShiftReport:
            with self._database.write():
                write_notes(self._database, self._books, self._print_queue, notes)
                report = self._closing.close_shift(
                    person,
                    command.counted_cents,
                    approval,
                    pieces=dict(command.pieces) or None,
                    reason=command.reason,
                )
                self._print_shift(report)
            return report

        def then(report: ShiftReport) -> Reply:
            self._till.state.shift = None
            return Reply(message=_("Shift closed"), report=report)

        return step(work, then)

    @carry_out.register
    def _show_x(self, _command: do.ShowX, approval: Approval | None) -> Step[Reply]:
        person = self._till.person
        blind = not person.may(Permission.REPORTS)

        def work() -> ShiftReport:
            report = self._closing.x(person, approval)
            with self._database.write():
                self._print_shift(report, blind=blind)
            return report

        return step(work, lambda report: Reply(message=_sums(report.figures), report=report))

    @carry_out.register
    def _close_day(self, _command: do.CloseDay, approval: Approval | None) -> Step[Reply]:
        person, notes = self._till.person, self._till.state.notes

        def work() -> DayReport:
            self._closing.check_may_close_day(person, approval)
            found = self._closing.check_books()
            room = self._room_words()
            with self._database.write():
                write_notes(self._database, self._books, self._print_queue, notes)
                report = self._closing.z(person, approval, found)
                document = self._papers.day(report, self._books.head_words(), room)
                paper = self._print_queue.paper(DAY_KIND, f"Z {report.number}", document)
                self._day_closed(f"{self._books.node.till_code}-Z{report.number:05d}", paper)
                return replace(report, is_backed_up=self._backs_up())

        def then(report: DayReport) -> Reply:
            self._till.state.shift = None
            message = f"Z {report.number}: {_sums(report.figures)}"
            return Reply(message=message, report=report)

        return step(work, then)

    @carry_out.register
    def _leave_till(self, _command: do.LeaveTill, approval: Approval | None) -> Step[Reply]:
        person = self._till.person
        return step(
            lambda: self._closing.leave_till(person, approval),
            lambda _done: Reply(message=_("The program ends.")),
        )

    def _print_shift(self, report: ShiftReport, *, blind: bool = False) -> None:
        self._print_queue.paper(SHIFT_KIND, _("X"), self._papers.shift(report, blind=blind))


def _sums(figures: Figures) -> str:
    count = ngettext("{count} sale", "{count} sales", figures.sales).format(count=figures.sales)
    return f"{count}, {format_amount(figures.gross_cents)}"
