"""Shift and day from the sell screen, on the real window."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from pos_desktop import settings
from pos_desktop.domain import staff
from pos_desktop.shop import open_shop
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.sell.count_page import CountPage
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier
from tests.pos_desktop.ui.finger import Finger

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def _sell(cashier: Cashier, code: str) -> None:
    cashier.hands.scan(code)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)


def _open_page(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_S, modifiers=CTRL)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)


def _prints(cashier: Cashier, kind: str) -> int:
    cashier.drained()
    sql = "SELECT count(*) FROM print_job WHERE kind = ?"
    return int(str(cashier.program.shop.reader.value(sql, (kind,))))


def _touch(cashier: Cashier, title: str) -> None:
    for button in cashier.sell.page.findChildren(QAbstractButton):
        if button.isVisible() and button.text() == title:
            assert button.height() >= 44
            button.click()
            return
    raise AssertionError(title)


def _close_shift(cashier: Cashier, counted: str) -> None:
    _open_page(cashier)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count)
    cashier.hands.type(f"{counted}\r")


def _ask_day(cashier: Cashier) -> None:
    _open_page(cashier)
    cashier.hands.type("z")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.day)


def test_the_shift_says_who_and_what_and_prints_an_x(cashier: Cashier) -> None:
    _sell(cashier, FLOUR)
    _open_page(cashier)
    assert cashier.sell.shift.now.facts.rows == (("Float", "2,000.00"), ("Sales", "1"))
    cashier.hands.type("x")
    cashier.until(lambda: cashier.notice() == "The X goes to the printer.")
    assert _prints(cashier, "x") == 1
    cashier.hands.press(K.Key_Escape)
    assert cashier.page() is cashier.sell.tenders
    assert cashier.program.shop.till.state.shift is not None


def test_a_count_closes_the_shift_and_a_new_float_is_asked_for(cashier: Cashier) -> None:
    _sell(cashier, FLOUR)
    _close_shift(cashier, "2180.50")
    variance, closed = cashier.sell.shift.variance, cashier.sell.shift.closed
    cashier.until(lambda: cashier.page() is variance)
    assert (variance.sentence.text(), variance.amount.text) == ("Too little in the drawer", "9.50")
    cashier.hands.type("a wrong note\r")
    cashier.until(lambda: cashier.page() is closed)
    assert cashier.program.shop.reader.value("SELECT reason FROM shift_close") == "a wrong note"
    assert closed.sentence.text() == "Too little in the drawer"
    assert closed.amount.text == "9.50"
    assert closed.facts.rows[:2] == (("Expected", "2,190.00"), ("Counted", "2,180.50"))
    assert _prints(cashier, "x") == 1
    cashier.hands.scan(MILK)
    assert "Open a shift" in cashier.notice()
    assert cashier.page() is closed
    cashier.hands.type("\r")
    assert cashier.window.screen_shown is cashier.window.open_shift
    cashier.hands.type("500\r")
    cashier.until(lambda: cashier.window.screen_shown is cashier.sell)
    _sell(cashier, MILK)
    shift = cashier.program.shop.closing.current()
    assert shift is not None
    assert (shift.float_cents, cashier.sales()[0].frame.shift_id) == (500_00, shift.id)


def test_a_shift_is_closed_by_fingers_alone(cashier: Cashier) -> None:
    bar = cashier.window.key_bar.findChildren(QAbstractButton)
    next(key for key in bar if key.text() == "Shift").click()
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)
    _touch(cashier, "Count and close")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count)
    for digit in "2000":
        _touch(cashier, digit)
    _touch(cashier, "Close the shift")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)
    assert "right to the cent" in cashier.sell.shift.closed.sentence.text()
    _touch(cashier, "Close the day")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.day)
    _touch(cashier, "Close the day")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)
    assert "Z 1" in cashier.sell.shift.closed.sentence.text()
    assert cashier.sell.shift.closed.backup.text().startswith("A backup is on its way.")
    _touch(cashier, "Next shift")
    assert cashier.window.screen_shown is cashier.window.open_shift
    entry = cashier.window.open_shift.findChildren(QAbstractButton)
    next(button for button in entry if button.text() == "Day").click()
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)


def test_a_count_far_off_is_asked_about_once(cashier: Cashier) -> None:
    _close_shift(cashier, "50000")
    cashier.until(lambda: "counted 50,000.00, far from what is expected" in cashier.notice())
    assert "2,000.00" not in cashier.notice()
    count = cashier.sell.shift.count
    assert cashier.page() is count
    assert count.field.selectedText() == "50000"
    cashier.hands.type("60000\r")
    cashier.until(lambda: "counted 60,000.00" in cashier.notice())
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.variance)
    cashier.hands.type("\r")
    assert "Say why it is off" in cashier.notice()
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)
    assert cashier.notice() == ""
    assert cashier.sell.shift.closed.amount.text == "58,000.00"


def test_every_count_that_is_thrown_away_stands_in_the_journal(cashier: Cashier) -> None:
    _close_shift(cashier, "50000")
    cashier.until(lambda: "counted 50,000.00" in cashier.notice())
    cashier.hands.type("1990\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.variance)
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count)
    cashier.drained()
    sql = "SELECT detail FROM journal WHERE kind = 'drawer counted' ORDER BY seq"
    counted = [json.loads(row["detail"]) for row in cashier.program.shop.reader.rows(sql)]
    assert counted == [
        {"counted_cents": cents, "expected_cents": 2_000_00} for cents in (50_000_00, 1_990_00)
    ]


def test_a_count_that_was_mended_closes_without_what_was_said(cashier: Cashier) -> None:
    _close_shift(cashier, "")
    cashier.until(lambda: "Type what you counted" in cashier.notice())
    cashier.hands.type("all2000\r")
    cashier.until(lambda: "Type an amount" in cashier.notice())
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)
    assert cashier.notice() == ""
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count)
    cashier.hands.type("\r")
    cashier.until(lambda: "Type what you counted" in cashier.notice())
    cashier.hands.type("2000\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)
    assert cashier.notice() == ""
    cashier.hands.scan(MILK)
    assert cashier.notice() != ""
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.open_shift)
    cashier.hands.type("500\r")
    cashier.until(lambda: cashier.window.screen_shown is cashier.sell)
    assert cashier.notice() == ""


def test_a_scan_on_a_page_of_the_shift_is_said(cashier: Cashier) -> None:
    _open_page(cashier)
    cashier.hands.scan(MILK)
    cashier.until(lambda: "Brookside milk 500 ml is on the open sale" in cashier.notice())
    assert cashier.page() is cashier.sell.tenders
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    _open_page(cashier)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count)
    cashier.hands.scan(MILK)
    cashier.until(lambda: "is on the open sale" in cashier.notice())
    assert cashier.page() is cashier.sell.shift.count


def test_a_z_says_what_is_on_hold(cashier: Cashier) -> None:
    cashier.hands.scan(MILK)
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: cashier.window.counter.held)
    _ask_day(cashier)
    shown = [one.text() for one in cashier.sell.page.findChildren(QLabel) if one.isVisible()]
    assert any("1 sale is on hold" in text for text in shown)


def test_a_paper_that_waits_is_not_said_to_print(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    shop = open_shop(shop_folder)
    nobody = "tcp://127.0.0.1:9"
    shop.configuration.set(settings.PRINTER_ADDRESS, nobody, shop.books, actor=None)
    shop.close()
    cashier = open_window(shop_folder)
    cashier.sign_in()
    _sell(cashier, FLOUR)
    waits = "waits for the printer: Printer does not answer."
    paper = cashier.sell.change.paper
    cashier.until(lambda: paper.text() == f"The receipt {waits}")
    assert paper.isVisible()
    assert paper.property("tone") == "warning"
    cashier.hands.press(K.Key_F7)
    cashier.until(lambda: cashier.notice() == f"Copy 1 of receipt T1-000001 {waits}")
    _open_page(cashier)
    cashier.hands.type("x")
    cashier.until(lambda: cashier.notice() == f"The X {waits}")
    _close_shift(cashier, "2190")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)
    assert cashier.sell.shift.closed._printed.text() == f"The X {waits}"


def test_what_is_said_of_a_paper_follows_the_printer(cashier: Cashier) -> None:
    printer, paper = cashier.window.counter.printer, cashier.sell.change.paper
    printer.tell("", holds_papers=False)
    _sell(cashier, FLOUR)
    assert not paper.isVisible()
    printer.tell("No paper", holds_papers=True)
    assert paper.isVisible()
    assert paper.text() == "The receipt waits for the printer: No paper."
    printer.tell("", holds_papers=False)
    assert not paper.isVisible()
    printer.tell("Printer open", holds_papers=False)
    assert not paper.isVisible(), "it is out already: the lid was opened to tear it off"
    _close_shift(cashier, "2190")
    closed = cashier.sell.shift.closed
    cashier.until(lambda: cashier.page() is closed)
    assert closed._printed.text() == "The X waits for the printer: Printer open."
    assert closed._printed.property("tone") == "warning"
    printer.tell("", holds_papers=False)
    assert closed._printed.text() == "The X goes to the printer."
    assert closed._printed.property("tone") == "muted"


def _follows_the_printer(cashier: Cashier, paper: str) -> None:
    """See that the strip, which speaks of this paper, follows the printer."""
    printer, strip = cashier.window.counter.printer, cashier.sell.strip
    goes = f"{paper} goes to the printer."
    cashier.until(lambda: cashier.notice() == goes)
    printer.tell("No paper", holds_papers=True)
    assert cashier.notice() == f"{paper} waits for the printer: No paper."
    assert strip.notice is not None
    assert strip.notice.tone is Tone.WARNING
    printer.tell("", holds_papers=False)
    assert cashier.notice() == goes
    printer.tell("Printer open", holds_papers=False)
    assert cashier.notice() == goes, "it is out already: the lid was opened to tear it off"
    printer.tell("", holds_papers=False)


def test_the_strip_follows_the_printer_after_an_x_and_a_copy(cashier: Cashier) -> None:
    cashier.window.counter.printer.tell("", holds_papers=False)
    _sell(cashier, FLOUR)
    cashier.hands.press(K.Key_F7)
    _follows_the_printer(cashier, "Copy 1 of receipt T1-000001")
    _open_page(cashier)
    cashier.hands.type("x")
    _follows_the_printer(cashier, "The X")


def test_a_paper_in_the_strip_is_said_in_the_language_that_is_spoken(cashier: Cashier) -> None:
    printer = cashier.window.counter.printer
    printer.tell("", holds_papers=False)
    _open_page(cashier)
    cashier.hands.type("x")
    cashier.until(lambda: cashier.notice() == "The X goes to the printer.")
    cashier.window.speak("sw")
    printer.tell("Hakuna karatasi", holds_papers=True)
    assert cashier.notice() == "X inaisubiri printa: Hakuna karatasi."


def test_other_words_in_the_strip_stay_when_the_printer_has_trouble(cashier: Cashier) -> None:
    _open_page(cashier)
    cashier.hands.type("x")
    cashier.until(lambda: cashier.notice() == "The X goes to the printer.")
    cashier.window.counter.ask("Really?")
    cashier.window.counter.printer.tell("No paper", holds_papers=True)
    assert cashier.notice() == "Really?"
    cashier.window.counter.quiet()
    cashier.window.counter.printer.tell("", holds_papers=False)
    assert cashier.notice() == ""


def test_nothing_typed_is_no_count(cashier: Cashier) -> None:
    _close_shift(cashier, "")
    cashier.until(lambda: "Type what you counted" in cashier.notice())
    cashier.hands.type(".\r")
    cashier.until(lambda: "Type an amount" in cashier.notice())
    assert cashier.page() is cashier.sell.shift.count
    cashier.drained()
    assert cashier.program.shop.closing.current() is not None


def test_an_open_sale_stops_both_closings(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    for key in ("\r", "z"):
        _open_page(cashier)
        cashier.sell.strip.say(None)
        cashier.hands.type(key)
        cashier.until(lambda: "A sale is open" in cashier.notice())
        assert cashier.page() is cashier.sell.shift.now
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: not cashier.lines())
    _open_page(cashier)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count)
    cashier.hands.scan(MILK)
    cashier.hands.type("2000\r")
    cashier.until(lambda: "A sale is open" in cashier.notice())
    assert cashier.program.shop.closing.current() is not None


def test_a_z_is_asked_for_twice_and_a_second_one_is_approved(cashier: Cashier) -> None:
    _sell(cashier, FLOUR)
    _sell(cashier, MILK)
    _ask_day(cashier)
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)
    assert _prints(cashier, "z") == 0
    day = date.fromisoformat(cashier.program.shop.closing.business_day())
    assert f"{day:%d/%m/%Y}" in cashier.sell.shift.now._head.text()
    _ask_day(cashier)
    assert f" {day:%d/%m/%Y} " in cashier.sell.shift.day._what.text()
    cashier.hands.type("\r")
    closed = cashier.sell.shift.closed
    cashier.until(lambda: cashier.page() is closed)
    assert closed.sentence.text() == f"Z 1 · {day:%d/%m/%Y}"
    assert closed.amount.text == "255.00"
    assert ("Sales", "2") in closed.facts.rows
    assert _prints(cashier, "z") == 1

    cashier.hands.press(K.Key_Escape)
    cashier.hands.press(K.Key_S, modifiers=CTRL)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)
    cashier.hands.type("z")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.day)
    said: list[str] = []
    noticed = cashier.window.counter.noticed
    noticed.connect(lambda notice: said.append(notice.text if notice else ""))
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    assert cashier.notice() == ""
    said.clear()
    cashier.approve()
    cashier.until(lambda: closed.sentence.text().startswith("Z 2"))
    assert "The books are being checked; the Z follows." in said
    assert cashier.page() is closed
    assert _prints(cashier, "z") == 2


def test_the_shift_of_another_person_is_closed_with_approval(cashier: Cashier) -> None:
    shop = cashier.program.shop
    cashier.program.lane.submit(
        lambda: shop.staffing.add(
            login="otieno", name="Otieno", role=staff.CASHIER, pin="2222", actor=None
        ),
        lambda _person: None,
    )
    cashier.hands.press(K.Key_F12)
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    cashier.sign_in("otieno", "2222")
    _close_shift(cashier, "2000")
    cashier.approve()
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)
    assert shop.till.state.shift is None


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
def test_no_page_needs_more_room_than_the_window_has(
    cashier: Cashier, size: tuple[int, int]
) -> None:
    cashier.window.resize(*size)
    cashier.until(lambda: cashier.window.width() == size[0])
    shift = cashier.sell.shift

    def fits() -> None:
        cashier.lay_out()
        page = cashier.sell.page
        if page is shift.count:
            assert shift.count.pieces is not None
            assert shift.count.pad.isVisible() is not shift.count.pieces.isVisible()
        assert page.minimumSizeHint().height() <= page.height(), page.accessibleName()
        for shown in (one for one in page.findChildren(QLabel) if one.isVisible()):
            assert shown.height() + 1 >= shown.heightForWidth(shown.width()), shown.text()

    _open_page(cashier)
    fits()
    cashier.hands.type("o")
    cashier.until(lambda: cashier.page() is shift.cash)
    fits()
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.page() is shift.now)
    cashier.hands.type("z")
    cashier.until(lambda: cashier.page() is shift.day)
    fits()
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.page() is shift.now)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is shift.count)
    fits()
    cashier.hands.type("n")
    fits()
    cashier.hands.type("n1999.50\r")
    cashier.until(lambda: cashier.page() is shift.variance)
    fits()
    cashier.hands.type("\r\r")
    cashier.until(lambda: cashier.page() is shift.closed)
    fits()
    assert "since" not in cashier.window.top_bar.findChildren(QLabel)[2].text()


def test_the_whole_sale_is_taken_away_at_the_second_press(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert cashier.notice() == ""
    cashier.hands.scan(FLOUR)
    cashier.hands.scan(MILK)
    cashier.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert "255.00" in cashier.notice()
    cashier.hands.press(K.Key_Escape)
    cashier.hands.press(K.Key_Delete, modifiers=SHIFT)
    cashier.hands.scan(MILK)
    cashier.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert len(cashier.lines()) == 2
    cashier.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert cashier.lines() == []
    assert cashier.notice() == ""
    cashier.drained()
    found = cashier.program.shop.reader.value(
        "SELECT count(*) FROM journal WHERE kind = 'cart void'"
    )
    assert found == 1
    assert cashier.program.shop.reader.value("SELECT count(*) FROM cart") == 0


def test_money_taken_for_a_sale_that_is_cleared_is_given_back(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r100\r")
    cashier.until(lambda: "still to pay" in cashier.notice())
    for _press in range(2):
        cashier.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert "Give 100.00 back" in cashier.notice()
    assert len(cashier.lines()) == 1
    for _press in range(2):
        cashier.hands.press(K.Key_Delete, modifiers=SHIFT)
    assert cashier.lines() == []


def test_a_shift_closed_by_another_program_keeps_the_sale(cashier: Cashier) -> None:
    other = open_shop(cashier.program.shop.directory)
    person = cashier.program.shop.till.person
    cashier.hands.scan(FLOUR)
    other.closing.close_shift(person, 2000_00)
    other.close()
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.open_shift)
    shown = cashier.window.open_shift.strip.notice
    assert shown is not None
    assert "closed elsewhere" in shown.text
    assert cashier.sales() == []
    cashier.hands.type("300\r")
    cashier.until(lambda: cashier.window.screen_shown is cashier.sell)
    assert cashier.lines() == [("Jogoo maize flour 2 kg", 1, 190_00)]
    cashier.hands.press(K.Key_F8)
    cashier.until(cashier.sales)
    assert cashier.sales()[0].frame.shift_id == cashier.program.shop.till.shift.id


def test_a_shift_opened_anew_by_another_program_is_taken_up(cashier: Cashier) -> None:
    other = open_shop(cashier.program.shop.directory)
    person = cashier.program.shop.till.person
    cashier.hands.scan(FLOUR)
    other.closing.close_shift(person, 2000_00)
    new = other.closing.open_shift(person, 100_00)
    other.close()
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: "could not be recorded" in cashier.notice())
    cashier.drained()
    assert cashier.window.screen_shown is cashier.sell
    cashier.hands.press(K.Key_F8)
    cashier.until(cashier.sales)
    assert cashier.sales()[0].frame.shift_id == new.id


def test_an_x_of_a_shift_closed_by_another_program_asks_for_a_float(cashier: Cashier) -> None:
    _open_page(cashier)
    other = open_shop(cashier.program.shop.directory)
    other.closing.close_shift(cashier.program.shop.till.person, 2000_00)
    other.close()
    cashier.hands.type("x")
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.open_shift)


def test_a_count_of_notes_and_coins_comes_to_its_sum(cashier: Cashier) -> None:
    _open_page(cashier)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count)
    cashier.hands.type("n1\r2\r")
    pieces = cashier.sell.shift.count.pieces
    assert pieces is not None
    assert pieces.worth == 2000_00
    cashier.hands.type("\r" * 8)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)
    row = cashier.program.shop.reader.row("SELECT counted_cents, pieces FROM shift_close")
    assert row == {"counted_cents": 2000_00, "pieces": '{"100000": 1, "50000": 2}'}


def _begin_count(cashier: Cashier) -> CountPage:
    _open_page(cashier)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count)
    return cashier.sell.shift.count


def _come_in(cashier: Cashier, login: str, pin: str) -> None:
    """Let the next person come in, with a new shift."""
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)
    cashier.hands.press(K.Key_F12)
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    cashier.sign_in(login, pin)


def test_a_count_begins_as_this_person_counted_the_last_time(cashier: Cashier) -> None:
    assert not _begin_count(cashier)._by_pieces
    cashier.hands.type("n2")
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    _come_in(cashier, "manager", "1234")
    assert not _begin_count(cashier)._by_pieces, "a colleague's way is none of theirs"
    cashier.hands.type("n")
    cashier.hands.press(K.Key_Escape)
    assert not _begin_count(cashier)._by_pieces, "nothing was counted so"
    cashier.hands.type("2000\r")
    _come_in(cashier, "cashier", "1111")
    count = _begin_count(cashier)
    assert count._by_pieces
    assert count._way.isVisible()
    assert count._way.accessibleName() == "Type the sum, N"
    cashier.hands.type("n2000\r")
    _come_in(cashier, "cashier", "1111")
    assert not _begin_count(cashier)._by_pieces


def test_digits_that_follow_at_once_are_the_first_note(cashier: Cashier) -> None:
    _begin_count(cashier)
    cashier.hands.type("n2")
    cashier.hands.press(K.Key_Return, modifiers=CTRL)
    _come_in(cashier, "cashier", "1111")
    _open_page(cashier)
    cashier.hands.type("\r2")
    pieces = cashier.sell.shift.count.pieces
    assert pieces is not None
    cashier.until(lambda: pieces.worth == 2000_00)
    assert cashier.sell.box.text == ""


def test_what_enter_does_among_notes_and_coins_stands_on_the_tiles(cashier: Cashier) -> None:
    _open_page(cashier)
    cashier.hands.type("\r")
    count = cashier.sell.shift.count
    cashier.until(lambda: cashier.page() is count)
    assert not count._next.isVisible()
    assert count._end.accessibleName() == "Close the shift, ↵"
    cashier.hands.type("n")
    cashier.until(count._next.isVisible)
    assert count._next.accessibleName() == "Next, ↵"
    assert count._end.accessibleName() == "Close the shift, Ctrl ↵"
    assert count.pieces is not None
    fields = list(count.pieces.fields.values())
    Finger(cashier).touch("Next", within=count)
    assert fields[1].hasFocus()
    QTest.mouseClick(fields[-1], Qt.MouseButton.LeftButton)
    assert not count._next.isVisible()
    assert count._end.accessibleName() == "Close the shift, ↵"
    QTest.mouseClick(fields[0], Qt.MouseButton.LeftButton)
    cashier.hands.type("2")
    cashier.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)


def test_a_recount_begins_with_what_was_typed(cashier: Cashier) -> None:
    _open_page(cashier)
    cashier.hands.type("\r")
    shift = cashier.sell.shift
    cashier.until(lambda: cashier.page() is shift.count)
    cashier.hands.type("1990\r")
    cashier.until(lambda: cashier.page() is shift.variance)
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.page() is shift.count)
    assert shift.count.field.text() == "1990"
    assert shift.count.field.selectedText() == "1990"
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: cashier.page() is shift.now)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is shift.count)
    assert shift.count.field.text() == ""


def test_cash_goes_in_and_out_with_a_reason_and_the_drawer_opens(cashier: Cashier) -> None:
    _open_page(cashier)
    cashier.hands.type("o500\r")
    cash = cashier.sell.shift.cash
    cashier.until(cash.reason.field.hasFocus)
    cashier.hands.type("\r")
    assert "Say why" in cashier.notice()
    cashier.hands.press(K.Key_Down)
    assert cash.reason.text == "To the safe"
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.notice() == "500.00 taken out: To the safe")
    shop = cashier.program.shop
    assert shop.reader.row("SELECT amount_cents, reason FROM cash_move") == {
        "amount_cents": -500_00,
        "reason": "To the safe",
    }
    assert _prints(cashier, "drawer") == 1
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)


def test_the_drawer_opens_without_a_sale_once_a_manager_approves(cashier: Cashier) -> None:
    _open_page(cashier)
    cashier.hands.type("d")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.cash)
    cashier.hands.type("change for a note\r")
    cashier.approve()
    cashier.until(lambda: cashier.notice() == "The drawer is open.")
    shop = cashier.program.shop
    entry = shop.reader.row("SELECT detail FROM journal WHERE kind = 'drawer opened'")
    assert entry is not None
    assert "change for a note" in entry["detail"]


def test_a_drawer_with_too_much_cash_says_so(cashier: Cashier) -> None:
    shop = cashier.program.shop
    cashier.program.lane.submit(
        lambda: shop.configuration.set(settings.SAFE_DROP_CENTS, 2_100_00, shop.books, actor=None),
        lambda _done: None,
    )
    _sell(cashier, FLOUR)
    cashier.until(lambda: "safe" in cashier.notice())
    _open_page(cashier)
    assert "2,100.00" in cashier.sell.shift.now.safe.text()


def test_a_till_that_nobody_touches_locks_itself_and_keeps_the_sale(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    lock = cashier.window.auto_lock
    assert lock.seconds_left > 0
    lock.run_out()
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    cashier.sign_in("cashier", "1111")
    cashier.until(lambda: cashier.window.screen_shown is cashier.sell)
    assert len(cashier.lines()) == 1
