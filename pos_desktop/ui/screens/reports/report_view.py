"""A report: what it is about, its sums above, a chart, and its table with the sums below."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from pos_desktop.domain.text import _, joined
from pos_desktop.services.reports.report_kinds import KINDS
from pos_desktop.services.reports.sales_behind import DRILLED
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.bar_chart import BarChart
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.reports.asked import Made
from pos_desktop.ui.screens.reports.headline_row import HeadlineRow
from pos_desktop.ui.screens.reports.report_table import ReportTable

_BOTH_HEIGHT = 860
"""From this height of the window on, chart and table stand below one another.

The window's height decides: that of the view changes with the tiles that are offered for it.
"""


class ReportView(Card):
    """Shows a report. Chart and table share the choice; low screens show one of them at a time."""

    opened = Signal(str)
    """The sales behind the row of this key are wanted."""
    arranged = Signal()
    """Other parts of it are in sight."""

    def __init__(self) -> None:
        self.made: Made | None = None
        self.key = ""
        """What the chosen row stands for."""
        self.wants_chart = True
        """Whether the chart is wanted where one of the two finds room."""
        self._arranged = False, False
        self.covers = WrappedText(fonts.regular(Type.TEXT), most=2)
        self.headlines = HeadlineRow()
        self.chart = BarChart(_("Chart"))
        self.table = ReportTable(_("Table"))
        self._chart_card = Card(_("Chart"), column(self.chart, margins=INSIDE))
        rows = column(gap=0, margins=(1, 1, 1, 1))
        rows.addWidget(self.table, 1)
        rows.addWidget(self.table.totals)
        self._table_card = Card(_("Table"), rows)
        whole = column(self.covers, self.headlines, gap=Space.INSIDE)
        whole.addWidget(self._chart_card, 1)
        whole.addWidget(self._table_card, 1)
        super().__init__(_("Report"), whole, look="plain")
        self.chart.chosen.connect(self.choose)
        self.chart.opened.connect(self._open)
        self.table.picked.connect(self.choose)
        self.table.opened.connect(self._open)

    def show_made(self, made: Made) -> None:
        """Show a report; the row that was chosen stays so where it is still there."""
        self.made = made
        empty = _empty(made)
        chart = made.chart
        keys = [bar.key for bar in chart.bars] if chart else list(made.report.keys)
        self.key = self.key if self.key in keys else (keys[0] if keys else "")
        if chart is not None:
            self.chart.show_chart(chart, self.key, empty)
        self.table.show_report(made, self.key, empty)
        summed = any(one is not None for one in made.table.totals)
        has_sums = summed and bool(made.report.rows) and not made.report.is_summary
        self.table.totals.setVisible(has_sums)
        self._tell()
        self._arrange()

    def _tell(self) -> None:
        made = self.made
        if made is None:
            return
        report, before = made.report, ""
        if report.compared is not None:
            before = _("beside {period}").format(period=report.compared.covers)
        notes = joined(" ", report.notes)
        self.covers.show_text(joined(" · ", (report.covers, before, notes)))
        chief = KINDS[report.name].chief
        self.headlines.show_headlines(made.headlines, chief, self.width())

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._tell()

    # chart and table

    @property
    def shows_both(self) -> bool:
        """Whether chart and table stand below one another."""
        has_rows = self.made is not None and bool(self.made.report.rows)
        return self.has_chart and has_rows and self.window().height() >= _BOTH_HEIGHT

    @property
    def has_chart(self) -> bool:
        """Whether there is a chart of this report."""
        return self.made is not None and self.made.chart is not None

    @property
    def shows_chart(self) -> bool:
        """Whether the chart is in sight."""
        return self.has_chart and (self.shows_both or self.wants_chart)

    def toggle(self) -> None:
        """Show the other one of chart and table."""
        self.wants_chart = not self.wants_chart
        self._arrange()

    @property
    def shows_table(self) -> bool:
        """Whether the table is in sight."""
        return self.shows_both or not self.shows_chart

    def _arrange(self) -> None:
        before = self._arranged
        self._arranged = self.shows_chart, self.shows_table
        if self._arranged != before:
            self._chart_card.setVisible(self.shows_chart)
            self._table_card.setVisible(self.shows_table)
            self.arranged.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._tell()
        self._arrange()

    # the choice

    @property
    def can_open(self) -> bool:
        """Whether the sales behind the chosen row can be told."""
        return bool(self.key) and self.made is not None and self.made.report.name in DRILLED

    @property
    def title_of_key(self) -> str:
        """What the chosen row is called."""
        bars = self.chart.chart.bars if self.has_chart else ()
        return next((bar.title for bar in bars if bar.key == self.key), self.table.title)

    def choose(self, key: str) -> None:
        """Choose the row of a key, in chart and table."""
        self.key = key
        self.chart.choose(key)
        self.table.choose(key)

    def step(self, by: int) -> None:
        """Choose another row: the next in the table, or where that is not in sight the next bar."""
        if self.shows_table:
            self.key = self.table.move_choice(by)
            self.chart.choose(self.key)
        else:
            self.step_bar(by)

    def step_bar(self, by: int) -> None:
        """Choose another bar."""
        bars = self.chart.chart.bars
        if bars:
            self.choose(bars[max(0, min(len(bars) - 1, self.chart.place + by))].key)

    def step_sideways(self, by: int) -> None:
        """Choose the next upright bar, or bring more of the table's columns into sight."""
        if self.shows_chart and self.chart.chart.upright:
            self.step_bar(by)
        else:
            self.table.scroll_sideways(by)

    def _open(self, key: str) -> None:
        self.choose(key)
        if self.can_open:
            self.opened.emit(key)


def _empty(made: Made) -> tuple[str, str]:
    name = made.report.name
    if name == "x":
        return _("No shift is open"), _("Open one with its float; its figures stand here then.")
    if name == "low-stock":
        return _("Nothing is low"), _("The catalogue sets at which level a product is ordered.")
    if KINDS[name].is_momentary:
        return _("Nothing is in stock"), _("Goods that are received stand here.")
    return _("Nothing in this period"), _("F2 chooses another period, F3 what is counted.")
