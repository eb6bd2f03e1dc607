"""What jobs tell the person at the till: the toast, the count, and the list that stays."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from pos_desktop.domain import staff
from pos_desktop.services.background.jobs_board import Part
from pos_desktop.services.background.notifications import Inbox
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import notifications
from pos_desktop.storage.notifications import Notification
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.toast import SHOWN_MS, Saying
from pos_desktop.ui.kit.tokens import Size
from pos_desktop.ui.screens.jobs import jobs_flow
from pos_desktop.ui.screens.jobs.herald import Herald
from pos_desktop.ui.screens.jobs.jobs_screen import JobsScreen
from tests.pos_desktop.ui.conftest import MILK, Cashier
from tests.pos_desktop.ui.jobs_shop import HELD, MAIL, SECRET, TestJobs

K = Qt.Key
CASHIER, MANAGER = ("cashier", "1111"), ("manager", "1234")
LONG = "The statements of October could not be sent, because no customer has an address. " * 3


@pytest.fixture
def jobs() -> Iterator[TestJobs]:
    made = TestJobs()
    yield made
    made.go.set()


@pytest.fixture
def till(
    open_window: Callable[[Path], Cashier],
    shop_folder: Path,
    jobs: TestJobs,
    monkeypatch: pytest.MonkeyPatch,
) -> Cashier:
    """A till with the tests' jobs, before its sign-in screen; it looks at them often."""
    for name in ("PAGE_MS", "PILL_MS"):
        monkeypatch.setattr(f"pos_desktop.ui.screens.jobs.jobs_flow.{name}", 50)
    cashier = open_window(shop_folder)
    for one in jobs.all():
        cashier.program.shop.queue.registry.add(one)
    return cashier


def person(till: Cashier, login: str) -> Person:
    return next(one for one in till.program.shop.sign_in.people() if one.login == login)


def leave(
    till: Cashier, login: str, *texts: str, has_failed: bool = False, is_partly: bool = False
) -> None:
    """Leave messages, as the jobs of another program do."""
    database, owner = till.program.shop.database, person(till, login).id
    with database.write():
        for number, text in enumerate(texts, start=1):
            notifications.add(
                database,
                owner,
                text,
                1_000,
                job=number,
                has_failed=has_failed,
                is_partly=is_partly,
            )


def toast(till: Cashier) -> str:
    saying = till.window.toast.saying
    return f"{saying.text} {saying.more}".strip() if saying else ""


def page(till: Cashier) -> JobsScreen:
    return till.window.jobs.screen


def ctrl_w(till: Cashier) -> None:
    till.hands.chord(K.Key_W, "\x17", after=1000)


def messages(till: Cashier) -> list[str]:
    return [row.title for row in page(till).list.lines.rows]


def area_of(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), widget.rect().topLeft()), widget.size())


def at_the_messages(till: Cashier) -> None:
    """Sign in a cashier who has a message, and open it."""
    leave(till, "cashier", "Done")
    till.sign_in(*CASHIER)
    till.until(lambda: toast(till))
    ctrl_w(till)
    till.until(lambda: messages(till) == ["Done"])


def test_a_failed_job_is_told_and_ctrl_w_leads_to_it(till: Cashier) -> None:
    till.sign_in(*MANAGER)
    queue = till.program.shop.queue
    owner = person(till, "manager").id
    payload = {"to": "a@example.com", "password": SECRET}
    number = queue.enqueue(MAIL, payload, started_by=owner)
    till.until(lambda: toast(till))
    for _job_of_nobody in range(2):
        queue.enqueue(MAIL, payload)
    words = f"Mail receipt (job {number}) has failed: It was tried 2 times and did not succeed."
    assert toast(till) == words
    assert till.window.toast.saying is not None
    assert till.window.toast.saying.tone is Tone.DANGER
    till.until(lambda: queue.views.counts().failed == 3)
    ctrl_w(till)
    till.until(lambda: till.window.screen_shown is page(till))
    assert page(till).part is Part.FAILED
    assert toast(till) == ""
    till.until(lambda: page(till).job == number)
    till.until(lambda: f"Job {number} " in page(till).detail.words())
    till.until(lambda: "all read" in page(till).tabs.tiles[Part.MESSAGES].accessibleName())


def test_a_cashier_is_told_that_their_job_is_done_and_marks_it_as_read_by_touch(
    till: Cashier,
) -> None:
    till.sign_in(*CASHIER)
    shop = till.program.shop
    shop.queue.enqueue(HELD, started_by=person(till, "manager").id)
    number = shop.queue.enqueue(HELD, started_by=person(till, "cashier").id)
    till.until(lambda: toast(till))
    assert toast(till) == f"Send statements (job {number}) is done."
    till.until(lambda: till.window.top_bar.jobs.text == "Jobs: 1 new")
    QTest.mouseClick(till.window.toast, Qt.MouseButton.LeftButton)
    till.until(lambda: till.window.screen_shown is page(till))
    till.until(lambda: messages(till) == [f"Send statements (job {number}) is done."])
    shown = [part for part, tile in page(till).tabs.tiles.items() if tile.isVisible()]
    assert shown == [Part.MESSAGES]
    assert not page(till).charts.isVisible()
    assert not page(till).first.isVisible()
    till.hands.press(K.Key_Right)
    assert page(till).part is Part.MESSAGES
    assert "is done" in page(till).detail.words()
    QTest.mouseClick(page(till).second, Qt.MouseButton.LeftButton)
    till.until(lambda: messages(till) == [])
    till.hands.press(K.Key_Escape)
    till.until(lambda: not till.window.top_bar.jobs.isVisible())
    ctrl_w(till)
    till.until(lambda: "No message for you." in till.notice())
    assert "for a manager" in till.notice()


def test_whoever_signs_in_is_told_once_of_all_that_they_have_not_read(till: Cashier) -> None:
    leave(till, "cashier", *(f"Message {number}" for number in range(1, 13)))
    till.sign_in(*MANAGER)
    till.drained()
    assert toast(till) == ""
    till.hands.press(K.Key_F12)
    till.until(lambda: till.window.screen_shown is till.window.sign_in)
    till.sign_in(*CASHIER)
    till.until(lambda: toast(till) == "Message 12 11 more")
    till.until(lambda: till.window.top_bar.jobs.text == "Jobs: 12 new")
    till.hands.press(K.Key_F12)
    till.until(lambda: till.window.screen_shown is till.window.sign_in)
    assert toast(till) == ""
    assert not till.window.top_bar.jobs.isVisible()
    leave(till, "cashier", "Message 13")
    till.sign_in(*CASHIER)
    till.until(lambda: till.window.top_bar.jobs.text == "Jobs: 13 new")
    assert toast(till) == "Message 13", "the others were told before the till was locked"


def test_a_mail_that_did_not_reach_everybody_is_not_told_as_if_it_had(till: Cashier) -> None:
    till.sign_in(*MANAGER)
    leave(till, "manager", "1 failed, 3 sent", is_partly=True)
    till.until(lambda: toast(till))
    assert till.window.toast.saying is not None
    assert till.window.toast.saying.tone is Tone.WARNING
    ctrl_w(till)
    till.until(lambda: messages(till) == ["1 failed, 3 sent"])


def test_what_was_read_for_somebody_who_has_left_is_not_told_to_the_next(till: Cashier) -> None:
    till.sign_in(*CASHIER)
    till.drained()
    message = Notification(number=1, job=1, has_failed=False, text="Done", at=1)
    late = Inbox(person=person(till, "manager"), count=1, latest=(message,))
    till.window.jobs._hear(late)
    assert toast(till) == ""
    till.window.jobs._hear(replace(late, person=person(till, "cashier")))
    assert toast(till) == "Done"


def test_several_at_once_are_the_last_and_how_many_more(till: Cashier) -> None:
    till.sign_in(*MANAGER)
    leave(till, "manager", "First", "Second", "Third")
    till.until(lambda: toast(till) == "Third 2 more")
    leave(till, "manager", "Fourth")
    till.until(lambda: toast(till) == "Fourth")


def test_all_messages_are_marked_as_read_with_one_key(till: Cashier) -> None:
    leave(till, "manager", "One", "Two", "Three")
    till.sign_in(*MANAGER)
    till.until(lambda: toast(till))
    ctrl_w(till)
    till.until(lambda: messages(till) == ["Three", "Two", "One"])
    till.hands.press(K.Key_Down)
    till.until(lambda: "Two" in page(till).detail.words())
    till.hands.press(K.Key_Delete)
    till.until(lambda: messages(till) == ["Three", "One"])
    till.hands.press(K.Key_Delete, modifiers=Qt.KeyboardModifier.ShiftModifier)
    till.until(lambda: messages(till) == [])
    assert page(till).tabs.tiles[Part.MESSAGES].accessibleName() == "Messages, all read"
    assert not page(till).second.isEnabled()


def test_who_is_led_to_a_job_that_was_tried_again_meanwhile_reads_so(till: Cashier) -> None:
    till.sign_in(*MANAGER)
    leave(till, "manager", "Failed", has_failed=True)
    till.until(lambda: toast(till))
    ctrl_w(till)
    till.until(lambda: till.window.screen_shown is page(till))
    notice = page(till).strip.notice
    assert notice is not None
    assert notice.text.startswith("Job 1 is not in this list")


def test_from_the_list_enter_leads_to_the_failed_job(till: Cashier) -> None:
    till.sign_in(*MANAGER)
    payload = {"to": "a@example.com", "password": SECRET}
    owner = person(till, "manager").id
    number = till.program.shop.queue.enqueue(MAIL, payload, started_by=owner)
    till.until(lambda: toast(till))
    QTest.mouseClick(till.window.toast.close_button, Qt.MouseButton.LeftButton)
    assert toast(till) == ""
    ctrl_w(till)
    till.until(lambda: till.window.screen_shown is page(till))
    for _step in range(3):
        till.hands.press(K.Key_Right)
    till.until(lambda: page(till).first.isVisible() and page(till).first.text() == "See the job")
    till.hands.press(K.Key_Return, "\r")
    till.until(lambda: page(till).part is Part.FAILED and page(till).job == number)


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
def test_a_toast_covers_nothing_of_the_sale_and_takes_no_key(
    till: Cashier, size: tuple[int, int]
) -> None:
    till.sign_in(*CASHIER)
    till.window.resize(*size)
    till.hands.scan(MILK)
    till.until(till.lines)
    leave(till, "cashier", LONG, LONG)
    till.until(lambda: toast(till))
    till.lay_out()
    area = area_of(till.window.toast)
    assert area_of(till.window.top_bar).contains(area)
    for part in (till.sell.box, till.sell.total, till.sell.cart, till.sell.strip):
        assert not area.intersects(area_of(part))
    assert area.height() >= Size.TOUCH
    assert till.window.toast.close_button.width() >= Size.TOUCH
    assert till.sell.box.field.hasFocus()
    till.hands.type("2*")
    till.box_holds("2*")
    till.hands.scan(MILK)
    till.until(lambda: till.lines()[-1][1] == 3)
    assert toast(till)
    assert LONG in till.window.toast.toolTip()


def test_the_count_finds_room_beside_all_other_states(till: Cashier) -> None:
    leave(till, "cashier", *["Done"] * 120)
    bar = till.window.top_bar
    bar.show_clock_doubt("It may be wrong.")
    bar.show_printer("12 papers to look at", Tone.WARNING)
    till.window.resize(1024, 600)
    till.sign_in(*CASHIER)
    till.until(lambda: "new" in bar.jobs.text)
    till.window.jobs.show_working(False)
    assert bar.jobs.text == "Jobs stopped · 120 new"
    till.window.toast.leave()
    till.lay_out()
    assert till.window.width() == 1024
    pills = (bar.till, bar.demo, bar.jobs, bar.printer, bar.clock_doubt)
    ends = [(pill.x(), pill.x() + pill.width()) for pill in pills if pill.isVisible()]
    assert len(ends) >= 4
    assert all(one[1] <= two[0] for one, two in pairwise(ends))
    assert ends[-1][1] < bar.width()


def test_a_toast_goes_by_itself_and_the_message_stays(
    till: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_desktop.ui.kit.toast.SHOWN_MS", 30)
    said: list[object] = []
    till.window.jobs.told.connect(said.append)
    till.sign_in(*CASHIER)
    leave(till, "cashier", "Done")
    till.until(lambda: said)
    till.until(lambda: not till.window.toast.isVisible() and toast(till) == "")
    till.until(lambda: till.window.top_bar.jobs.text == "Jobs: 1 new")
    assert len(said) == 1


def test_each_saying_stays_for_its_whole_time(till: Cashier) -> None:
    toast = till.window.toast
    toast.say(Saying(text="First", tone=Tone.OK, step="See it", key="Ctrl W"))
    toast._timer.start(1_000)
    toast.say(Saying(text="Second", tone=Tone.OK, step="See it", key="Ctrl W"))
    assert toast._timer.interval() == SHOWN_MS


def test_a_scan_leaves_the_messages_and_sells(till: Cashier) -> None:
    at_the_messages(till)
    till.hands.scan(MILK)
    till.until(till.lines)
    assert till.window.screen_shown is till.sell


def test_what_was_told_is_not_told_again_while_somebody_stays() -> None:
    def message(number: int, at: int) -> Notification:
        return Notification(number=number, job=1, has_failed=False, text="", at=at)

    def inbox(login: str, *latest: Notification) -> Inbox:
        who = Person(id=login, login=login, name="", role=staff.CASHIER)
        return Inbox(person=who, count=len(latest), latest=latest)

    herald = Herald()
    one, two, again = message(1, 10), message(2, 20), message(2, 30)
    first = herald.news(inbox("a", two, one))
    assert first is not None
    assert (first.message, first.more) == (two, 1)
    assert herald.news(inbox("a", two, one)) is None
    assert herald.news(inbox("a", one)) is None
    other = herald.news(inbox("a", again, one))
    assert other is not None
    assert (other.message, other.more) == (again, 0)
    assert herald.news(inbox("b", one)) is not None
    assert herald.news(inbox("a", again, one)) is None, "who comes back has been told it already"
    long = Inbox(person=inbox("c").person, count=3, latest=(again, two))
    assert herald.news(long) is not None
    assert herald.news(inbox("c", again, one)) is None, "one that was not listed before is not new"
    back = herald.news(inbox("b", message(3, 40), one))
    assert back is not None
    assert (back.message.number, back.more) == (3, 0)


def test_whoever_touches_a_toast_reads_the_message_and_not_the_help(till: Cashier) -> None:
    till.sign_in(*CASHIER)
    till.hands.press(K.Key_F1)
    leave(till, "cashier", "Done")
    till.until(lambda: toast(till))
    assert till.window.help.isVisible()
    QTest.mouseClick(till.window.toast, Qt.MouseButton.LeftButton)
    till.until(lambda: messages(till) == ["Done"])
    assert not till.window.help.isVisible()
    till.hands.press(K.Key_Escape)
    assert till.window.screen_shown is till.sell


@pytest.mark.parametrize("goes_on", ["scan", "type", "pay"])
def test_a_page_that_comes_late_does_not_come_over_the_next_customer(
    till: Cashier, goes_on: str
) -> None:
    leave(till, "manager", "Failed", has_failed=True)
    till.sign_in(*MANAGER)
    till.until(lambda: toast(till))
    opened: list[bool] = []
    till.window.jobs.opened.connect(lambda: opened.append(True))
    free = threading.Event()
    till.program.lane.submit(free.wait, lambda _done: None)
    ctrl_w(till)
    if goes_on == "scan":
        till.hands.scan(MILK)
    elif goes_on == "pay":
        till.hands.press(K.Key_F8)
    else:
        till.hands.type("2*")
        till.box_holds("2*")
    free.set()
    till.drained()
    assert not opened
    assert till.window.screen_shown is till.sell
    inbox = till.program.shop.queue.notifications.inbox(person(till, "manager"))
    assert inbox.count == 1, "what was not seen is not read"
    ctrl_w(till)
    till.until(lambda: till.window.screen_shown is page(till))


def test_what_the_sale_wants_is_still_said_after_a_look_at_the_messages(till: Cashier) -> None:
    leave(till, "cashier", "Done")
    till.sign_in(*CASHIER)
    till.hands.scan(MILK)
    till.until(till.lines)
    till.hands.type("\r50\r")
    till.until(lambda: "still to pay 15.00" in till.notice())
    ctrl_w(till)
    till.until(lambda: messages(till) == ["Done"])
    till.hands.press(K.Key_Escape)
    assert till.window.screen_shown is till.sell
    assert "still to pay 15.00" in till.notice()
    till.hands.press(K.Key_Delete, modifiers=Qt.KeyboardModifier.ShiftModifier)
    till.until(lambda: "Clear again" in till.notice())
    ctrl_w(till)
    till.until(lambda: till.window.screen_shown is page(till))
    till.hands.press(K.Key_Escape)
    assert till.notice() == "", "a question whose answer takes the sale away waits for nobody"
    till.hands.press(K.Key_F12)
    till.until(lambda: till.window.screen_shown is till.window.sign_in)
    assert till.notice() == ""


def test_what_is_typed_over_the_messages_belongs_to_the_sale(till: Cashier) -> None:
    at_the_messages(till)
    till.hands.type("2*")
    till.box_holds("2*")
    assert till.window.screen_shown is till.sell
    till.hands.scan(MILK)
    till.until(lambda: [line[1] for line in till.lines()] == [2])


def test_a_cashier_whose_job_has_failed_reads_who_can_help(till: Cashier) -> None:
    till.sign_in(*CASHIER)
    payload = {"to": "a@example.com", "password": SECRET}
    owner = person(till, "cashier").id
    number = till.program.shop.queue.enqueue(MAIL, payload, started_by=owner)
    till.until(lambda: toast(till))
    ctrl_w(till)
    till.until(lambda: f"Tell a manager: job {number}." in page(till).detail.words())
    till.hands.press(K.Key_F12)
    till.until(lambda: till.window.screen_shown is till.window.sign_in)
    leave(till, "manager", "Failed", has_failed=True)
    till.sign_in(*MANAGER)
    till.until(lambda: toast(till))
    till.window.toast.leave()
    ctrl_w(till)
    till.until(lambda: till.window.screen_shown is page(till))
    till.until(lambda: "Job 1 has failed" in page(till).detail.words())
    assert "Tell a manager" not in page(till).detail.words()


def test_whoever_opens_the_messages_sees_the_newest(till: Cashier) -> None:
    def open_messages(newest: str) -> None:
        till.until(lambda: toast(till))
        till.window.toast.leave()
        ctrl_w(till)
        till.until(lambda: messages(till)[:1] == [newest])
        till.until(lambda: newest in page(till).detail.words())

    leave(till, "cashier", "First", "Second")
    till.sign_in(*CASHIER)
    open_messages("Second")
    till.hands.press(K.Key_Down)
    till.until(lambda: "First" in page(till).detail.words())
    till.hands.press(K.Key_Escape)
    leave(till, "cashier", "Third")
    open_messages("Third")


def test_a_message_leads_to_the_list_of_what_an_import_has_rejected(
    till: Cashier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def open_file(path: Path) -> bool:
        opened.append(path)
        return len(opened) > 1

    monkeypatch.setattr(jobs_flow, "open_file", open_file)
    file = tmp_path / "tea.csv"
    file.write_text("code,name,price\nT1,Tea,80\nT2,Tea,dear\n", encoding="utf-8")
    till.sign_in(*MANAGER)
    number = till.program.shop.import_jobs.leave(file, actor=person(till, "manager"))
    till.qtbot.waitUntil(lambda: "1 rejected" in toast(till), timeout=20_000)
    ctrl_w(till)
    till.until(lambda: page(till).isVisible() and page(till).part is Part.MESSAGES)
    till.until(lambda: page(till).first.isVisible() and page(till).first.isEnabled())
    assert page(till).first.accessibleName().startswith("Open the file")
    assert messages(till) == ["Import 2 of tea.csv: 1 new, 1 rejected."]
    assert f"The file is {till.program.shop.import_jobs.spool.error_list(number)}" in page(
        till
    ).detail.words().replace("\n", " ")
    till.hands.press(K.Key_Return)
    assert opened == [till.program.shop.import_jobs.spool.error_list(number)]
    notice = page(till).strip.notice
    assert notice is not None
    assert notice.text.startswith("No program here opens")
    page(till).first.click()
    assert len(opened) == 2
