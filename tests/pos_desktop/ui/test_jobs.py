"""The page of the background jobs and the pill of the top bar, in the real window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from pos_queue.errors import NotPossible, WhyNot
from pos_queue.views.shown import Counts
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QWidget,
)

from pos_desktop.domain.errors import Unavailable
from pos_desktop.services.background.jobs_board import Board, Part
from pos_desktop.services.background.queue_desk import JobRefused
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.row_model import RowModel
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size
from pos_desktop.ui.screens.jobs.hours_chart import HoursChart
from pos_desktop.ui.screens.jobs.jobs_screen import JobsScreen
from pos_desktop.ui.screens.jobs.part_tabs import PartTabs
from pos_desktop.ui.screens.jobs.rows import Row
from pos_desktop.ui.screens.jobs.wording import refusal, span
from pos_desktop.ui.shell.jobs_state import jobs_pill
from tests.pos_desktop.ui.conftest import MILK, Cashier
from tests.pos_desktop.ui.jobs_shop import (
    HELD,
    IMPORT,
    SECRET,
    TestJobs,
    copy_failed,
    fail_some,
)

K = Qt.Key
MANY = 100
NONE = Counts(
    queued=0, scheduled=0, running=0, waiting_for_network=0, failed=0, quarantined=0,
    let_go=0,
    oldest_wait_seconds=0.0, paused=(),
)  # fmt: skip


@pytest.fixture
def jobs() -> Iterator[TestJobs]:
    made = TestJobs()
    yield made
    made.go.set()


@pytest.fixture
def manager(
    open_window: Callable[[Path], Cashier],
    shop_folder: Path,
    jobs: TestJobs,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[int], Cashier]:
    """Signs a manager in at a till where so many jobs have failed; it looks at them often."""
    for name in ("PAGE_MS", "PILL_MS"):
        monkeypatch.setattr(f"pos_desktop.ui.screens.jobs.jobs_flow.{name}", 150)

    def come_in(failed: int) -> Cashier:
        if failed:
            fail_some(shop_folder, failed if failed < MANY else 1, jobs)
        if failed >= MANY:
            copy_failed(shop_folder, failed)
        cashier = open_window(shop_folder)
        for one in jobs.all():
            cashier.program.shop.queue.registry.add(one)
        cashier.sign_in("manager", "1234")
        return cashier

    return come_in


def screen(cashier: Cashier) -> JobsScreen:
    return cashier.window.jobs.screen


def ctrl_w(cashier: Cashier) -> None:
    cashier.hands.chord(K.Key_W, "\x17", after=1000)


def open_page(cashier: Cashier, part: Part = Part.WORK) -> JobsScreen:
    ctrl_w(cashier)
    cashier.until(lambda: cashier.window.screen_shown is screen(cashier))
    while screen(cashier).part is not part:
        cashier.hands.press(K.Key_Right)
    return screen(cashier)


def choose(page: JobsScreen, cashier: Cashier, key: str) -> None:
    """Go down the list to the line of a key."""
    cashier.until(lambda: page.list.lines.place_of(key) is not None)
    cashier.hands.press(K.Key_Home)
    for _line in range(page.list.lines.place_of(key) or 0):
        cashier.hands.press(K.Key_Down)
    assert page.list.key == key


def titles(cashier: Cashier) -> list[str]:
    return [row.title for row in screen(cashier).list.lines.rows]


def said(cashier: Cashier) -> str:
    notice = screen(cashier).strip.notice
    return notice.text if notice else ""


def state(cashier: Cashier, number: int) -> str:
    detail = cashier.program.shop.queue.views.job(number)
    return detail.view.state if detail else ""


def test_a_manager_opens_the_page_where_nothing_is_to_be_done(
    manager: Callable[[int], Cashier],
) -> None:
    cashier = manager(0)
    page = open_page(cashier)
    assert titles(cashier) == []
    assert not page.second.isEnabled()
    assert page.alert.notice is None
    cashier.hands.press(K.Key_Escape)
    assert cashier.window.screen_shown is cashier.sell


def test_a_failed_job_is_read_and_tried_again(
    manager: Callable[[int], Cashier], jobs: TestJobs
) -> None:
    cashier = manager(1)
    page = open_page(cashier, Part.FAILED)
    cashier.until(lambda: titles(cashier) == ["Mail receipt"])
    cashier.until(lambda: "did not succeed" in page.detail.words())
    assert page.alert.notice is not None
    assert "1 job has failed" in page.alert.notice.text
    assert "Traceback" not in page.detail.words()
    cashier.hands.press(K.Key_F4)
    told = page.detail.words()
    assert told.count("Traceback (most recent call last)") == 2
    assert told.index("2. failed") < told.index("────") < told.index("1. failed")
    jobs.mended.set()
    cashier.hands.press(K.Key_Return, "\r")
    cashier.until(lambda: "waits again" in said(cashier))
    cashier.until(lambda: jobs.sent == ["a0@example.com"])
    cashier.until(lambda: titles(cashier) == [])
    assert page.alert.notice is None


def test_secrets_are_nowhere_on_the_page(manager: Callable[[int], Cashier]) -> None:
    cashier = manager(2)
    page = open_page(cashier, Part.FAILED)
    cashier.until(lambda: "no such user" in page.detail.words())
    cashier.hands.press(K.Key_F4)
    assert '"password": "***"' in page.detail.words()
    shown = [page.detail.words(), *(row.spoken for row in page.list.lines.rows)]
    for widget in page.findChildren(QWidget):
        shown += [widget.accessibleName(), widget.toolTip()]
    assert not [text for text in shown if SECRET in text]


def test_a_job_that_runs_shows_how_far_it_is_and_is_cancelled(
    manager: Callable[[int], Cashier],
) -> None:
    cashier = manager(0)
    number = cashier.program.shop.queue.enqueue(IMPORT, {"file": "prices.xlsx", "rows": 300})
    page = open_page(cashier)
    cashier.until(lambda: titles(cashier) == ["Import prices: prices.xlsx"])
    cashier.until(lambda: page.list.lines.rows[0].share == pytest.approx(2 / 3))
    row = page.list.lines.rows[0]
    assert "200 of 300" in row.beside
    assert "prices.xlsx" in row.note
    cashier.hands.press(K.Key_Delete)
    cashier.until(lambda: "asked to end" in said(cashier))
    cashier.until(lambda: state(cashier, number) == "cancelled")
    cashier.until(lambda: titles(cashier) == [])


def test_a_queue_is_paused_its_job_cancelled_and_it_goes_on(
    manager: Callable[[int], Cashier],
) -> None:
    cashier = manager(0)
    page = open_page(cashier, Part.QUEUES)
    cashier.until(lambda: "statements" in titles(cashier))
    choose(page, cashier, "statements")
    cashier.hands.press(K.Key_Return, "\r")
    assert "press Pause the queue again" in said(cashier)
    cashier.hands.press(K.Key_Return, "\r")
    cashier.until(lambda: page.first.text() == "Resume the queue")
    cashier.until(lambda: cashier.window.top_bar.jobs.text == "1 queue paused")
    first, second = (cashier.program.shop.queue.enqueue(HELD) for _number in range(2))
    for _part in (Part.FAILED, Part.WORK):
        cashier.hands.press(K.Key_Left)
    cashier.until(lambda: titles(cashier) == ["Send statements"] * 2)
    assert page.list.lines.rows[0].state == "waits: its queue is paused"
    cashier.until(lambda: page.job == first and page.second.isEnabled())
    cashier.hands.press(K.Key_Delete)
    cashier.until(lambda: state(cashier, first) == "cancelled")
    page.show_part(Part.QUEUES)
    choose(page, cashier, "statements")
    assert page.first.text() == "Resume the queue"
    cashier.hands.press(K.Key_Return, "\r")
    cashier.until(lambda: state(cashier, second) == "done")


def test_a_queue_is_not_paused_by_one_enter_nor_reached_by_going_on_too_far(
    manager: Callable[[int], Cashier],
) -> None:
    cashier = manager(0)
    page = open_page(cashier, Part.MESSAGES)
    cashier.hands.press(K.Key_Right)
    assert page.tabs.beside(0) is Part.MESSAGES
    cashier.hands.press(K.Key_Left)
    choose(page, cashier, "statements")
    cashier.hands.press(K.Key_Return, "\r")
    assert "queue statements" in said(cashier)
    cashier.hands.press(K.Key_Up)
    assert said(cashier) == "", "the question is about the queue that was chosen"
    cashier.hands.press(K.Key_Down)
    cashier.hands.press(K.Key_Return, "\r")
    cashier.drained()
    assert cashier.program.shop.queue.views.counts().paused == ()
    for _step in range(4):
        cashier.hands.press(K.Key_Left)
    assert page.part is Part.WORK


def test_a_thousand_failed_jobs_are_a_list_that_grows_and_all_are_forgotten(
    manager: Callable[[int], Cashier],
) -> None:
    cashier = manager(1000)
    page = open_page(cashier, Part.FAILED)
    cashier.until(lambda: len(titles(cashier)) == 200)
    assert page.tabs.tiles[Part.FAILED].accessibleName() == "Failed, 1,000 jobs"
    widgets = len(page.findChildren(QWidget))
    cashier.hands.press(K.Key_End)
    cashier.until(lambda: len(titles(cashier)) == 400)
    assert len(page.findChildren(QWidget)) == widgets
    shift = Qt.KeyboardModifier.ShiftModifier
    cashier.hands.press(K.Key_Delete, modifiers=shift)
    assert "1,000 failed jobs" in said(cashier)
    assert cashier.program.shop.queue.views.counts().failed == 1000
    cashier.hands.press(K.Key_Delete, modifiers=shift)
    cashier.until(lambda: titles(cashier) == [])
    assert "1,000 jobs are off the list" in said(cashier)


def test_all_failed_jobs_are_tried_again_by_a_finger(
    manager: Callable[[int], Cashier], jobs: TestJobs
) -> None:
    cashier = manager(2)
    page = open_page(cashier, Part.FAILED)
    cashier.until(lambda: len(titles(cashier)) == 2 and page.retry_all.isEnabled())
    jobs.mended.set()
    QTest.mouseClick(page.retry_all, Qt.MouseButton.LeftButton)
    cashier.until(lambda: sorted(jobs.sent) == ["a0@example.com", "a1@example.com"])


def test_a_cashier_reads_why_the_page_stays_closed(cashier: Cashier) -> None:
    ctrl_w(cashier)
    cashier.until(lambda: "for a manager" in cashier.notice())
    assert cashier.window.screen_shown is cashier.sell


def test_nobody_opens_it_who_is_not_signed_in(at_door: Cashier) -> None:
    at_door.window.top_bar.jobs.pressed.emit()
    at_door.drained()
    assert at_door.window.screen_shown is at_door.window.sign_in


def test_a_scan_sells_while_the_page_is_open(manager: Callable[[int], Cashier]) -> None:
    cashier = manager(0)
    open_page(cashier)
    cashier.hands.scan(MILK)
    cashier.until(cashier.lines)
    assert cashier.window.screen_shown is cashier.sell


@pytest.mark.parametrize("after", [5, 700])
def test_a_scanner_that_ends_its_codes_with_ctrl_j_sells_and_opens_nothing(
    manager: Callable[[int], Cashier], after: int
) -> None:
    cashier = manager(0)
    for _scan in range(2):
        cashier.hands.type(MILK, gap=5)
        cashier.hands.chord(K.Key_J, "\n", after=after)
    cashier.until(lambda: cashier.lines() and cashier.lines()[0][1] == 2)
    cashier.drained()
    assert cashier.window.screen_shown is cashier.sell


def test_a_file_that_is_busy_is_said_and_over_when_it_is(
    manager: Callable[[int], Cashier], monkeypatch: pytest.MonkeyPatch
) -> None:
    cashier = manager(1)
    page = open_page(cashier, Part.FAILED)
    cashier.until(lambda: titles(cashier))

    def busy(*_given: object, **_named: object) -> object:
        raise Unavailable("the shop's file is busy")

    with monkeypatch.context() as patch:
        patch.setattr(cashier.program.shop.queue.views, "counts", busy)
        cashier.until(lambda: "may be old: the shop's file is busy" in said(cashier))
        assert titles(cashier) == ["Mail receipt"]
    cashier.until(lambda: page.strip.notice is None)


def test_the_pill_follows_the_queue_and_opens_the_page(manager: Callable[[int], Cashier]) -> None:
    cashier = manager(1)
    pill = cashier.window.top_bar.jobs
    cashier.until(lambda: pill.text == "Jobs: 1 failed")
    assert pill.height() >= Size.TOUCH
    cashier.window.jobs.show_working(False)
    assert pill.text == "Jobs stopped"
    cashier.window.jobs.show_working(True)
    assert pill.text == "Jobs: 1 failed"
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
    cashier.until(lambda: cashier.window.screen_shown is screen(cashier))


def test_the_words_of_the_pill() -> None:
    pill = partial(jobs_pill, works=True)
    assert pill(None)[0] == pill(NONE)[0] == ""
    assert pill(replace(NONE, queued=3))[:2] == ("Jobs: 3 wait", Tone.QUIET)
    paused = pill(replace(NONE, queued=3, paused=("imports", "mail")))
    assert paused[:2] == ("Jobs: 3 wait · paused", Tone.WARNING)
    assert "Paused: imports, mail." in paused[2]
    assert pill(replace(NONE, paused=("mail",)))[:2] == ("1 queue paused", Tone.WARNING)
    assert "Paused: mail." in pill(replace(NONE, failed=1, paused=("mail",)))[2]
    assert pill(replace(NONE, waiting_for_network=2))[:2] == ("Offline: 2 wait", Tone.WARNING)
    assert pill(replace(NONE, failed=1, quarantined=1))[:2] == ("Jobs: 2 failed", Tone.WARNING)
    assert jobs_pill(NONE, works=False)[:2] == ("Jobs stopped", Tone.DANGER)
    assert pill(NONE, unread=2)[:2] == ("Jobs: 2 new", Tone.ACCENT)
    assert pill(None, unread=1)[2] == "1 message for you: press here, or Ctrl W."
    assert pill(replace(NONE, failed=1), unread=2)[:2] == ("Jobs: 1 failed · 2 new", Tone.WARNING)


def test_a_refusal_says_what_can_be_done_here() -> None:
    for why in WhyNot:
        sentence = refusal(JobRefused(NotPossible(7, why, 8)))
        assert sentence.startswith(str(JobRefused(NotPossible(7, why, 8))))
        assert "posctl" not in sentence
        assert (sentence.count(".") > 1) is (why is not WhyNot.DONE)


def test_a_job_that_another_one_has_ended_says_so_on_the_page(
    manager: Callable[[int], Cashier],
) -> None:
    cashier = manager(1)
    page = open_page(cashier, Part.FAILED)
    cashier.until(lambda: titles(cashier) and page.job is not None)
    cashier.window.jobs._page.stop()
    assert page.job is not None
    cashier.program.shop.queue.desk.forget(page.job, actor=None)
    cashier.hands.press(K.Key_Delete)
    cashier.until(lambda: "has not failed" in said(cashier) or "no job" in said(cashier))
    assert "posctl" not in said(cashier)


def test_every_control_has_a_name(manager: Callable[[int], Cashier]) -> None:
    cashier = manager(1)
    page = open_page(cashier)
    for part in Part:
        page.show_part(part)
        cashier.until(page.tabs.tiles[Part.FAILED].isVisible)
        cashier.drained()
        kinds = (QAbstractButton, QAbstractScrollArea, HoursChart, Card, PartTabs)
        controls = [one for one in page.findChildren(QWidget) if isinstance(one, kinds)]
        assert len(controls) > 10
        assert not [one for one in controls if one.isVisible() and not one.accessibleName()]


def test_the_help_of_the_page_is_its_own(manager: Callable[[int], Cashier]) -> None:
    cashier = manager(0)
    cashier.hands.press(K.Key_F1)
    assert "ACT" not in words_of(cashier.window.help)
    cashier.hands.press(K.Key_Escape)
    page = open_page(cashier)
    cashier.hands.press(K.Key_F1)
    assert cashier.window.help.isVisible()
    assert "ACT" in words_of(cashier.window.help)
    cashier.window.resize(cashier.window.width(), cashier.window.height() + 90)
    over, below = cashier.window.help, cashier.window.screen_shown
    cashier.until(lambda: over.height() == below.height() and over.width() == below.width())
    cashier.hands.press(K.Key_Escape)
    assert not cashier.window.help.isVisible()
    assert cashier.window.screen_shown is page
    QTest.mouseClick(page.help, Qt.MouseButton.LeftButton)
    assert cashier.window.help.isVisible()


def words_of(widget: QWidget) -> list[str]:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [label.text() for label in widget.findChildren(QLabel)]


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
def test_everything_finds_its_room(
    manager: Callable[[int], Cashier], size: tuple[int, int]
) -> None:
    cashier = manager(2)
    bar = cashier.window.top_bar
    bar.show_clock_doubt("It may be wrong.")
    bar.show_printer("12 papers to look at", Tone.WARNING)
    cashier.window.jobs.show_working(False)
    page = open_page(cashier, Part.FAILED)
    cashier.window.resize(*size)
    cashier.until(lambda: titles(cashier))
    cashier.lay_out()
    assert (cashier.window.width(), cashier.window.height()) == size
    pills = (bar.demo, bar.jobs, bar.printer, bar.clock_doubt)
    words = (bar.name, bar.till, bar._person)
    ends = [(one.x(), one.x() + one.width()) for one in words]
    assert all(one[1] <= two[0] for one, two in pairwise(ends))
    edges = [(pill.x(), pill.x() + pill.width()) for pill in pills]
    assert all(one[1] < two[0] for one, two in pairwise(edges))
    assert edges[-1][1] < bar.width()
    for tile in page.findChildren(Tile):
        if tile.isVisible():
            assert min(tile.width(), tile.height()) >= Size.TOUCH, tile.text()
    assert page.list.viewport().height() >= 3 * Size.ROW


def test_the_model_tells_only_what_changed(dressed: QApplication) -> None:
    def line(key: int, note: str = "") -> Row:
        return Row(key=key, title="Mail", note=note, state="runs", tone=Tone.OK, since="12:00")

    model = RowModel()
    tester = QAbstractItemModelTester(model)
    told: list[str] = []
    model.dataChanged.connect(lambda first, _last: told.append(f"changed {first.row()}"))
    model.rowsInserted.connect(lambda _parent, first, last: told.append(f"come {first}-{last}"))
    model.rowsRemoved.connect(lambda _parent, first, last: told.append(f"gone {first}-{last}"))
    model.show([line(1), line(2), line(3)])
    model.show([line(1), line(2), line(3)])
    model.show([line(1), line(2, "half"), line(3)])
    model.show([line(1), line(3), line(4)])
    assert told == ["come 0-2", "changed 1", "gone 1-2", "come 1-2"]
    assert [row.key for row in model.rows] == [1, 3, 4]
    assert tester.failureReportingMode() is not None


def test_spans_are_short() -> None:
    spans = [span(seconds) for seconds in (0, 59, 60, 3599, 3600, 90_000)]
    assert spans == ["0 s", "59 s", "1 min", "59 min", "1 h 0 min", "1 d 1 h"]


def test_the_page_asks_one_question_at_a_time_and_the_last_one_always(
    manager: Callable[[int], Cashier], monkeypatch: pytest.MonkeyPatch
) -> None:
    cashier = manager(0)
    open_page(cashier)
    flow = cashier.window.jobs
    flow.stop()
    cashier.drained()
    asked: list[tuple[Callable[[], Board], Callable[[Board], None]]] = []
    monkeypatch.setattr(
        flow._lane, "submit", lambda work, then, _failed: asked.append((work, then))
    )
    for _look in range(3):
        flow.refresh()
    assert len(asked) == 1
    for number in (2, 2):
        read, then = asked[-1]
        then(read())
        assert len(asked) == number
