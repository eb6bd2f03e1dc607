"""The reports on screen: made, compared, narrowed, looked behind, by keys and by touch."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from pos_desktop.domain.export import FileForm
from pos_desktop.services.reports.named_periods import PeriodName
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_kinds import REPORTS
from pos_desktop.services.reports.report_table import Headline
from pos_desktop.storage import mails
from pos_desktop.ui.screens.exports.export_forms import MailFileForm
from pos_desktop.ui.screens.reports.ask_forms import FilterForm, PeriodForm
from pos_desktop.ui.screens.reports.asked import Asked
from pos_desktop.ui.screens.reports.headline_row import Figure
from pos_desktop.ui.screens.reports.reports_page import ReportsPage
from tests.pos_desktop.shops.spoiling import rot
from tests.pos_desktop.ui import pseudo as tongue
from tests.pos_desktop.ui.behind_counter import form_of, offered, open_page, said, titles
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.pseudo import seen, words_left
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_desktop.ui.test_language import _begin_a_minute, _data

K = Qt.Key
pseudo = tongue.pseudo
OWN = {"Ctrl", "PDF", "XLSX", "CSV"}


@pytest.fixture
def page(
    sold_folder: Path, tmp_path: Path, open_window: Callable[[Path], Cashier]
) -> Callable[[], tuple[Cashier, ReportsPage]]:
    """Opens the page as the manager, on a shop that has sold for six weeks of 2026."""

    def opened() -> tuple[Cashier, ReportsPage]:
        cashier = open_window(shutil.copytree(sold_folder, tmp_path / "shop"))
        cashier.window.resize(1024, 600)
        cashier.sign_in_only("manager", "1234")
        found = open_page(cashier, ReportsPage, "reports")
        found.asked = replace(found.asked, period=None, first="2026-02-01", end="2026-03-01")
        return cashier, found

    return opened


Opens = Callable[[], tuple[Cashier, ReportsPage]]


def choose(cashier: Cashier, page: ReportsPage, name: str) -> None:
    """Choose a report in the list by the arrows, and wait until it is shown."""
    while page.list.key != name:
        cashier.hands.press(K.Key_Down)
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: page.below is page.view and _shown(page) == name)
    cashier.lay_out()


def _shown(page: ReportsPage) -> str:
    return page.view.made.report.name if page.view.made else ""


def _has_shown(page: ReportsPage, asked: Asked) -> bool:
    return page.asked == asked and not page.is_making


def _acts(page: ReportsPage) -> list[str]:
    return [act.title for act in page.acts if act.title]


def test_from_the_list_to_a_receipt_and_back_by_keys(page: Opens) -> None:
    cashier, reports = page()
    assert len(titles(reports)) == len(REPORTS)
    choose(cashier, reports, "sales-by-day")
    view = reports.view
    assert "the month before" in view.covers.text
    assert view.shows_chart
    assert not view.shows_table
    days = [bar.key for bar in view.chart.chart.bars]
    assert view.key == days[0]
    cashier.hands.press(K.Key_Right)
    assert view.key == days[1]
    sold = max(view.chart.chart.bars, key=lambda bar: bar.value)
    while view.key != sold.key:
        cashier.hands.press(K.Key_Right)
    assert view.chart.words in view.chart.accessibleDescription()
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: reports.below is reports.behind)
    assert reports.behind.list.lines.rows
    assert f"{len(reports.behind.list.lines.rows)} receipt" in reports.behind.summary.text
    assert "together" in reports.behind.summary.text
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: reports.below is reports.paper)
    assert not reports.paper.paper.pixmap().isNull()
    for shown in (reports.behind, view, None):
        cashier.hands.press(K.Key_Escape)
        assert reports.below is shown
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.window.screen_shown is not reports)


@pytest.mark.spoils_books
def test_what_old_zs_did_not_keep_is_a_dash_and_not_nothing(page: Opens) -> None:
    cashier, reports = page()
    cashier.drained()
    rot(
        cashier.program.shop.database,
        "UPDATE z_report SET figures = json_remove(figures, '$.payments_on_account_cents')",
    )
    choose(cashier, reports, "z")
    model = reports.view.table.rows
    place = [column.key for column in model.columns].index("payments_on_account_cents")
    assert model.rowCount()
    assert {model.text(row, place) for row in range(model.rowCount())} == {"—"}
    assert model.total(place) == "—"
    assert model.total([column.key for column in model.columns].index("books")) == ""


def test_less_is_said_once(page: Opens) -> None:
    cashier, reports = page()
    choose(cashier, reports, "sales-by-day")
    column = reports.view.made.report.columns[3] if reports.view.made else None
    assert column is not None
    assert column.kind == "cents"
    figure = Figure(Headline(column=column, now=86_91, before=100_00))
    assert figure.words == "▼ 13.09 % less"
    assert Figure(Headline(column=column, now=5_00, before=0)).words == "▲ 5.00 more"
    assert Figure(Headline(column=column, now=50_000_01, before=50_000_00)).words == "▲ 0.01 more"
    assert Figure(Headline(column=column, now=-5_00, before=0)).words == "▼ 5.00 less"
    assert Figure(Headline(column=column, now=-150_00, before=-100_00)).words == "▼ 50 % less"
    assert Figure(Headline(column=column, now=-50_00, before=-100_00)).words == "▲ 50 % more"
    assert Figure(Headline(column=column, now=50_00, before=-100_00)).words == "▲ 150 % more"


def test_the_table_is_sorted_and_its_sums_stay_in_sight(page: Opens) -> None:
    cashier, reports = page()
    choose(cashier, reports, "sales-by-product")
    cashier.hands.press(K.Key_F6)
    table, view = reports.view.table, reports.view
    assert view.shows_table
    assert table.totals.isVisible()
    gross = [column.key for column in table.rows.columns].index("gross_cents")
    made = view.made
    assert made is not None
    assert table.rows.total(gross) == f"{made.report.totals['gross_cents'] / 100:,.2f}"
    cashier.hands.press(K.Key_F5)
    names = [table.rows.text(row, 0) for row in range(table.rows.rowCount())]
    assert names == sorted(names, key=str.casefold)
    cashier.hands.press(K.Key_F5)
    amounts = [row["gross_cents"] for row in made.report.rows]
    column = [table.rows.text(row, gross) for row in range(table.rows.rowCount())]
    assert column == [f"{cents / 100:,.2f}" for cents in sorted(amounts, reverse=True)]
    cashier.hands.press(K.Key_F5, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert column == [table.rows.text(row, gross) for row in range(len(amounts))][::-1]
    before = view.key
    cashier.hands.press(K.Key_Up if table.rows.row_of(before) else K.Key_Down)
    assert view.key != before
    assert table.key == view.key == view.chart.chart.bars[view.chart.place].key


def test_a_finger_chooses_a_bar_then_opens_it(page: Opens) -> None:
    cashier, reports = page()
    choose(cashier, reports, "sales-by-category")
    view = reports.view
    second = view.chart.chart.bars[1]
    point = QPoint(view.chart.width() // 2, 22 + 4 + 44 + 20)
    assert view.chart.place_at(point.toPointF()) == 1
    QTest.mouseClick(view.chart, Qt.MouseButton.LeftButton, pos=point)
    assert view.key == second.key
    QTest.mouseClick(view.chart, Qt.MouseButton.LeftButton, pos=point)
    cashier.until(lambda: reports.below is reports.behind)
    assert second.title in reports.behind.summary.text


def test_period_and_filters_are_typed_and_wrong_ones_are_sentences(page: Opens) -> None:
    cashier, reports = page()
    choose(cashier, reports, "vat")
    cashier.hands.press(K.Key_F2)
    form = form_of(cashier, reports)
    assert isinstance(form, PeriodForm)
    assert form.first.text == "01/02/2026"
    assert form.last.text == "28/02/2026"
    form.go_to(form.first)
    cashier.hands.type("3/3/2026\r")
    form.go_to(form.last)
    cashier.hands.type("2/3/2026\r")
    assert "end before it begins" in said(reports)
    form.go_to(form.last)
    cashier.hands.type("8/3/2026\r")
    cashier.until(lambda: reports.form is None)
    assert "03/03/2026" in reports.view.covers.text
    whole = reports.view.made
    cashier.hands.press(K.Key_F3)
    filters = form_of(cashier, reports)
    assert isinstance(filters, FilterForm)
    filters.go_to(filters.field(By.CASHIER))
    cashier.hands.type("xx\r")
    cashier.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert "nothing begins with xx" in said(reports)
    filters.go_to(filters.field(By.CASHIER))
    cashier.hands.press(K.Key_Backspace)
    cashier.until(lambda: said(reports) == "")
    cashier.hands.type("ju")
    cashier.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: reports.form is None)
    narrowed = reports.view.made
    assert narrowed is not None
    assert whole is not None
    assert "Cashier: Juma" in narrowed.report.narrowed
    assert narrowed.report.totals["gross_cents"] < whole.report.totals["gross_cents"]
    cashier.hands.press(K.Key_F4)
    cashier.until(lambda: reports.view.made and reports.view.made.report.compared is None)
    assert "Compare" in _acts(reports)


def test_a_scan_is_the_product_that_is_asked_for(page: Opens) -> None:
    cashier, reports = page()
    choose(cashier, reports, "sales-by-day")
    assert not reports.takes_scans
    cashier.hands.press(K.Key_F3)
    form = form_of(cashier, reports)
    assert isinstance(form, FilterForm)
    code = cashier.program.shop.reader.value("SELECT code FROM barcode LIMIT 1")
    cashier.hands.scan(code)
    cashier.until(lambda: form.product is not None and form.product.text == code)
    cashier.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: reports.form is None)
    assert "Product: " in reports.view.covers.text


def test_a_report_is_left_to_be_written_and_mailed(page: Opens) -> None:
    cashier, reports = page()
    shop, control = cashier.program.shop, Qt.KeyboardModifier.ControlModifier
    choose(cashier, reports, "margin")
    cashier.hands.press(K.Key_F7)
    cashier.hands.press(K.Key_Return, modifiers=control)
    cashier.until(lambda: "Export 1" in said(reports))
    wish = shop.exports.find(1).wish
    assert (wish.what, wish.form, wish.compare) == ("margin", FileForm.PDF, True)
    assert wish.first == "2026-02-01"
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: isinstance(reports.form, MailFileForm))
    form = reports.form
    assert isinstance(form, MailFileForm)
    cashier.hands.press(K.Key_Return, modifiers=control)
    cashier.until(lambda: "Type to whom it goes" in said(reports))
    form.to.show_text("auditor@example.com")
    cashier.hands.press(K.Key_Return, modifiers=control)
    cashier.until(lambda: "Mail 1 waits" in said(reports))
    mail = mails.by_number(shop.reader, 1)
    assert mail is not None
    assert mail.subject.startswith("Margin, business days 01/02/2026")


def test_every_report_is_shown_also_of_a_period_without_sales(page: Opens) -> None:
    cashier, reports = page()
    for name in REPORTS:
        for period in (None, PeriodName.YESTERDAY):
            asked = replace(reports.asked.of(name), period=period)
            reports.make(asked)
            cashier.until(partial(_has_shown, reports, asked))
            assert not said(reports)
            assert reports.view.isVisible()
            reports.view.grab()
    assert reports.view.table.totals.isHidden()


def test_a_report_that_nobody_waits_for_is_given_up(page: Opens) -> None:
    cashier, reports = page()
    reports.make(reports.asked.of("margin"))
    reports.make(reports.asked.of("vat"))
    cashier.until(lambda: _shown(reports) == "vat")
    reports.make(reports.asked.of("margin"))
    reports.leave()
    reports.make(reports.asked.of("sales-by-hour"))
    cashier.until(lambda: _shown(reports) == "sales-by-hour")
    assert reports.asked.name == "sales-by-hour"
    assert not reports.is_making


def test_chart_and_table_both_stand_on_a_large_screen(page: Opens) -> None:
    cashier, reports = page()
    choose(cashier, reports, "sales-by-hour")
    for size, both in (((1920, 1080), True), ((1366, 768), False), ((1024, 600), False)):
        cashier.window.resize(*size)
        cashier.lay_out()
        assert reports.view.shows_both is both
        parts = [*reports.act_tiles.tiles, *reports.view.headlines.figures]
        assert parts
        assert all(part.isVisible() for part in parts)
        assert ("Table" in _acts(reports)) is not both


def test_who_may_see_no_reports_is_not_offered_any(at_door: Cashier) -> None:
    at_door.sign_in()
    assert "reports" not in offered(at_door)


def _walk(cashier: Cashier, reports: ReportsPage) -> Iterator[str]:
    """Go through the states of the page; yield the name of each."""
    yield "list"
    choose(cashier, reports, "sales-by-product")
    yield "chart"
    cashier.hands.press(K.Key_F6)
    cashier.hands.press(K.Key_F5)
    yield "table"
    cashier.hands.press(K.Key_F2)
    form_of(cashier, reports)
    yield "period"
    cashier.hands.press(K.Key_Escape)
    cashier.hands.press(K.Key_F3)
    form_of(cashier, reports)
    yield "filters"
    cashier.hands.press(K.Key_Escape)
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: reports.below is reports.behind)
    yield "behind"


def test_all_is_said_anew_nothing_is_cut_and_everything_has_a_name(
    page: Opens, request: pytest.FixtureRequest
) -> None:
    cashier, reports = page()
    language = request.getfixturevalue("pseudo")
    _begin_a_minute(cashier)
    window = cashier.window
    window.wall_clock.stop()
    window.jobs.stop()
    for state in _walk(cashier, reports):
        cashier.lay_out()
        assert not nameless(window), state
        before = seen(window)
        window.speak(language)
        cashier.lay_out()
        left = words_left(window, _data(cashier) | OWN)
        assert not left, state
        window.speak("en")
        cashier.lay_out()
        assert seen(window) ^ before == set(), state
        assert not squeezed_in_any(cashier), state
        window.speak("en")
        window.resize(1024, 600)
        cashier.lay_out()
