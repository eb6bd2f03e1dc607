"""The reports: a list of them, each over any period, and from a bar or row to its sales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.errors import Cancelled
from pos_desktop.domain.text import _, joined
from pos_desktop.services.reports.named_periods import period_words
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_kinds import KINDS, REPORTS, group_words
from pos_desktop.services.reports.report_words import question, title
from pos_desktop.storage.sales_behind import Behind
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.reports.ask_forms import Choices, FilterForm, PeriodForm
from pos_desktop.ui.screens.reports.asked import Asked, Made, make
from pos_desktop.ui.screens.reports.behind_view import BehindView, PaperView
from pos_desktop.ui.screens.reports.report_view import ReportView
from pos_desktop.ui.screens.reports.sending import ReportSending

T = TypeVar("T")

K = Qt.Key
PATIENCE_MS = 300
"""How long a report may take before the page says that it is being made."""
_SIDEWAYS = {K.Key_Right: 1, K.Key_Left: -1}


class ReportsPage(ListPage):
    """Lists the reports; Enter makes one, Enter on its row lists the sales behind it."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Reports"), listed=_("Reports"))
        self.asked = Asked()
        """What is asked now; period and comparison stay from one report to the next."""
        self.sending = ReportSending(self)
        self.view, self.behind, self.paper = ReportView(), BehindView(), PaperView()
        self.view.opened.connect(lambda _key: self._look_behind())
        self.view.arranged.connect(self._tell_acts_on_report)
        self.behind.list.chosen.connect(self.tell_acts)
        self._question = 0
        """Counts what was asked, so that what nobody waits for any more is given up."""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(lambda: self.say(_("The report is being made …")))
        self.list.clicked.connect(lambda _index: self._make_listed())

    # the list

    def refresh(self) -> None:
        """List the reports."""
        rows = [
            ListRow(
                key=name,
                title=title(name),
                note=question(name),
                right=group_words(KINDS[name].group),
            )
            for name in REPORTS
        ]
        self.show_rows(rows, ("", ""))

    def tell_acts(self) -> None:
        """Say in the head which report it is, and offer what can be done now."""
        self.show_title(_("Reports") if self.below is None else title(self.asked.name))
        super().tell_acts()

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self.below is self.paper:
            return ()
        if self.below is self.behind:
            return self._acts_behind()
        if self.below is self.view:
            return self._acts_on_report()
        return (
            Act(
                key=K.Key_Return,
                title=_("Show"),
                help=_("Make the chosen report"),
                rank=Rank.FIRST,
                do=self._make_listed,
            ),
            self._period_act(),
        )

    def _period_act(self) -> Act:
        return Act(
            key=K.Key_F2,
            title=_("Period"),
            help=_("Today, last week, this month, or from one day to another"),
            do=self._ask_period,
        )

    def _acts_on_report(self) -> tuple[Act, ...]:
        kind, view, acts = KINDS[self.asked.name], self.view, list[Act]()
        if view.can_open:
            acts.append(
                Act(
                    key=K.Key_Return,
                    title=_("Sales"),
                    help=_("List the sales behind the chosen bar or row"),
                    rank=Rank.FIRST,
                    do=self._look_behind,
                )
            )
        if not kind.is_momentary:
            acts.append(self._period_act())
        if kind.takes:
            acts.append(
                Act(
                    key=K.Key_F3,
                    title=_("Filter"),
                    help=_("Only one category, cashier, tender, product or supplier"),
                    do=self._ask_filters,
                )
            )
        if kind.compares:
            acts.append(
                Act(
                    key=K.Key_F4,
                    title=_("Alone") if self.asked.compare else _("Compare"),
                    help=_("Set the period before beside it, or not"),
                    do=self._toggle_compare,
                )
            )
        return (*acts, *self._acts_on_looks(), *self._acts_on_sending())

    def _tell_acts_on_report(self) -> None:
        if self.below is self.view:
            self.tell_acts()

    def _acts_on_looks(self) -> tuple[Act, ...]:
        view, acts = self.view, list[Act]()
        if view.has_chart and not view.shows_both:
            acts.append(
                Act(
                    key=K.Key_F6,
                    title=_("Table") if view.shows_chart else _("Chart"),
                    help=_("Show the same as a table, or as a chart"),
                    do=self._toggle_chart,
                )
            )
        if view.shows_table:
            acts.append(
                Act(
                    key=K.Key_F5,
                    title=_("Sort"),
                    help=_("Sort by the next column; Shift F5 turns the order round"),
                    do=view.table.sort_by_next,
                )
            )
            acts.append(
                Act(
                    key=K.Key_F5,
                    shift=True,
                    title="",
                    help=_("Turn the order round"),
                    do=lambda: view.table.sort_by_next(turn=True),
                )
            )
        return tuple(acts)

    def _acts_on_sending(self) -> tuple[Act, ...]:
        return (
            Act(
                key=K.Key_F7,
                title=_("Export"),
                help=_("Write the report into a file: PDF, XLSX or CSV"),
                do=self.sending.ask_form,
            ),
            Act(
                key=K.Key_F8,
                title=_("E-mail"),
                help=_("Send the report by e-mail"),
                do=self.sending.ask_people,
            ),
        )

    def _acts_behind(self) -> tuple[Act, ...]:
        if self.behind.list.key is None:
            return ()
        return (
            Act(
                key=K.Key_Return,
                title=_("Receipt"),
                help=_("Look at the paper of the chosen sale"),
                rank=Rank.FIRST,
                do=self._look_at_paper,
            ),
        )

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self.refresh()

    # making a report

    def _make_listed(self) -> None:
        if self.list.key is not None:
            self.make(self.asked.of(str(self.list.key)))

    def make(self, asked: Asked) -> None:
        """Make what is asked for, beside this thread, and show it."""
        shop, actor = self.office.shop, self.office.actor
        today = shop.configuration.today

        def work(watch: Callable[[], None]) -> Made:
            return make(shop.reporting, asked, today, watch, actor)

        def show(made: Made) -> None:
            self.asked = made.asked
            self.close_form()
            if self.view.made is None or self.view.made.asked.name != made.asked.name:
                self.view.key = ""
            self.show_instead(self.view)
            self.view.show_made(made)
            self.tell_acts()

        self._read(work, show)

    def _read(self, work: Callable[[Callable[[], None]], T], show: Callable[[T], None]) -> None:
        """Read beside this thread; whoever asks anew, or leaves, waits for nothing older."""
        self._question += 1
        mine = self._question
        self._patience.start()

        def watch() -> None:
            if mine != self._question:
                raise Cancelled

        def done(result: T) -> None:
            if mine == self._question:
                self._patience.stop()
                self.say(None)
                show(result)

        def failed(error: Exception) -> None:
            if mine == self._question:
                self._patience.stop()
                self.refuse(error)

        self.office.reading.run(lambda: work(watch), done, failed)

    def give_up(self) -> None:
        """Wait for no report any more; what is being made stops at its next step."""
        self._question += 1
        self._patience.stop()

    @property
    def is_making(self) -> bool:
        """Whether the page says, or will soon say, that a report is being made."""
        return self._patience.isActive()

    # what is asked

    def _ask_period(self) -> None:
        form = PeriodForm(self.asked, self.office.shop.configuration.today)
        done = self._make_with(form.read)
        self.open_form(form, _("Over which time"), done, save=_("Show"))

    def _make_with(self, read: Callable[[Asked], Asked]) -> Callable[[], None]:
        """Return what makes the report anew with what was typed; the list only remembers it."""
        has_report = self.below is self.view

        def done() -> None:
            self.say(None)
            asked = self.typed(lambda: read(self.asked))
            if asked is None:
                return
            if has_report:
                self.make(asked)
                return
            self.asked = asked
            self.close_form()
            self.say(self._period_sentence())

        return done

    def _period_sentence(self) -> str:
        period = self.asked.period
        what = period_words(period) if period else _("the days that were typed")
        return _("Reports are made over this period now: {period}.").format(period=what)

    def _ask_filters(self) -> None:
        reporting, actor, asked = self.office.shop.reporting, self.office.actor, self.asked
        takes = KINDS[asked.name].takes

        def read() -> Choices:
            return {by: reporting.choices(by, actor=actor) for by in By if by in takes}

        def show(choices: Choices) -> None:
            form = FilterForm(asked, choices)
            done = self._make_with(form.read)
            self.open_form(form, _("Only what fits"), done, save=_("Show"))

        self.ask(read, show)

    @property
    def takes_scans(self) -> bool:  # type: ignore[override]
        """Whether a product is asked for; else a scan goes to the sale."""
        return isinstance(self.form, FilterForm) and self.form.product is not None

    def scanned(self, code: str) -> None:
        """Take the code of a product as a filter, where one is asked for."""
        if isinstance(self.form, FilterForm) and self.form.product is not None:
            self.form.product.show_text(code)
            self.form.go_to(self.form.product)

    def _toggle_compare(self) -> None:
        self.make(replace(self.asked, compare=not self.asked.compare))

    def _toggle_chart(self) -> None:
        self.view.toggle()
        self.tell_acts()

    # behind a row

    def _look_behind(self) -> None:
        view, asked = self.view, self.asked
        if not view.can_open:
            return
        shop, actor, key = self.office.shop, self.office.actor, view.key
        dates = asked.dates(shop.configuration.today)
        what = joined(" · ", (title(asked.name), view.title_of_key))

        def read(_watch: Callable[[], None]) -> Behind:
            return shop.reporting.behind(
                asked.name, key, *dates, filters=asked.filters, actor=actor
            )

        def show(behind: Behind) -> None:
            self.behind.show_behind(what, behind, shop.configuration.zone)
            self.show_instead(self.behind)

        self._read(read, show)

    def _look_at_paper(self) -> None:
        pictures, actor = self.office.shop.receipt_pictures, self.office.actor
        key = self.behind.list.key

        def read(_watch: Callable[[], None]) -> bytes:
            return pictures.picture(str(key), actor=actor)

        def show(picture: bytes) -> None:
            self.show_instead(self.paper)
            self.paper.show_picture(picture)

        self._read(read, show)

    # keys

    def step(self, by: int) -> None:
        """Choose another line, bar or sale, or move the paper."""
        if self.below is self.view:
            self.view.step(by)
            self.tell_acts()
        elif self.below is self.behind:
            self.behind.list.move(by)
        elif self.below is self.paper:
            self.paper.scroll(by)
        else:
            super().step(by)

    def leave(self) -> None:
        """Go back from the paper to the sales, the report, the list, the menu."""
        self.give_up()
        steps = {self.paper: self.behind, self.behind: self.view}
        if self.form is None and self.below in steps:
            self.say(None)
            self.show_instead(steps[self.below])
        else:
            super().leave()

    def opened(self) -> None:
        """Show the list, unless a report is in sight: whoever comes back finds it so."""
        if self.below is not None and self.form is None:
            self.tell_acts()
            return
        super().opened()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose the next bar sideways; the rest is for every page."""
        by = _SIDEWAYS.get(K(event.key()))
        if by is not None and self.form is None and self.below is self.view:
            self.view.step_sideways(by)
            self.tell_acts()
            return True
        return super().handle_key(event)
