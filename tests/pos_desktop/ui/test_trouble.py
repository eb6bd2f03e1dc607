"""What happens when something goes wrong, or when a manager is needed."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from pos_desktop.domain import staff
from pos_desktop.domain.commands import PayCash
from pos_desktop.shop import open_shop
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.ui.conftest import FLOUR, MILK, SALT, Cashier

K = Qt.Key


def test_a_manager_approves_in_place_and_the_cashier_goes_on(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=150\r")
    assert cashier.page() is cashier.sell.approval
    cashier.hands.scan(MILK)
    cashier.hands.type("9999\r")
    cashier.until(lambda: "Say why" in cashier.sell.approval.who.strip.notice.text)  # type: ignore[union-attr]
    cashier.hands.press(K.Key_Down)
    cashier.hands.type("9999\r")
    cashier.until(lambda: cashier.sell.approval.who.strip.notice is not None)
    cashier.hands.type("1234\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.until(lambda: cashier.lines()[0][2] == 150_00)
    assert cashier.lines()[1][2] == 65_00
    person = cashier.program.shop.till.state.person
    assert person is not None
    assert person.login == "cashier"
    cashier.drained()
    noted = cashier.program.shop.reader.row(
        "SELECT actor_id, approver_id FROM journal WHERE kind = 'price set'"
    )
    assert noted is not None
    assert noted["actor_id"] == person.id
    assert noted["approver_id"] not in (None, person.id)


def test_an_approver_who_is_not_enough_leaves_the_page_open(cashier: Cashier) -> None:
    shop = cashier.program.shop
    cashier.program.lane.submit(
        lambda: shop.staffing.add(
            login="super", name="Mary", role=staff.SUPERVISOR, pin="5555", actor=None
        ),
        lambda _person: None,
    )
    cashier.drained()
    cashier.hands.scan(FLOUR)
    cashier.hands.type("50%\r")
    page = cashier.sell.approval
    for login, pin, sentence in (
        ("manager", "9999", "do not belong together"),
        ("super", "5555", "needs a manager"),
        ("cashier", "1111", "may not approve"),
    ):
        page.submitted.emit(login, pin, "a reason")
        cashier.until(
            lambda sentence=sentence: (  # type: ignore[misc]
                page.who.strip.notice and sentence in page.who.strip.notice.text
            )
        )
        assert cashier.page() is page
        assert cashier.lines()[0][2] == 190_00
    page.submitted.emit("manager", "1234", "a reason")
    cashier.until(lambda: cashier.lines()[0][2] == 95_00)
    assert cashier.page() is cashier.sell.tenders


def test_a_locked_approver_is_counted_down(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=100\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    who = cashier.sell.approval.who

    def said() -> str:
        return who.strip.notice.text if who.strip.notice else ""

    for _try in range(12):
        who.strip.say(None)
        cashier.hands.press(K.Key_Down)
        cashier.hands.type("0000\r")
        cashier.until(said)
        if "Locked" in said():
            break
    assert who.countdown.running
    assert who.field.text() == ""
    before = said()
    cashier.until(lambda: said() != before)
    assert "second" in said()
    cashier.hands.type("1")
    cashier.until(lambda: said() == "")
    cashier.until(lambda: not who.countdown.running)
    assert said() == ""


def test_an_approval_sent_twice_is_carried_out_once(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("50%\r")
    for _press in range(2):
        cashier.sell.approval.submitted.emit("manager", "1234", "a reason")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.until(lambda: cashier.window.counter.idle)
    cashier.drained()
    sql = "SELECT count(*) FROM journal WHERE kind = 'line discount'"
    assert cashier.program.shop.reader.value(sql) == 1
    assert cashier.notice() == ""


def test_a_cart_sold_elsewhere_goes_and_the_till_is_ready(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.drained()
    other = open_shop(cashier.program.shop.directory)
    other.till.sign_in("manager", "1234")
    assert other.till.resume()
    other.desk.execute(PayCash())
    other.close()
    cashier.hands.press(K.Key_F8)
    cashier.hands.scan(MILK)
    cashier.until(lambda: "receipt T1-000001" in cashier.notice())
    assert cashier.lines() == [("Brookside milk 500 ml", 1, 65_00)]
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.sales()[0].sale.receipt.counter == 2)


def test_an_approval_can_be_left(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("50%\r")
    assert cashier.page() is cashier.sell.approval
    cashier.hands.press(K.Key_Escape)
    assert cashier.page() is cashier.sell.tenders
    assert cashier.lines()[0][2] == 190_00


def _let_the_file_grow(cashier: Cashier, pages: str) -> None:
    """Set how many pages the lane's connection may use: SQLite then says that the disk is full."""
    database = cashier.program.shop.database
    done: list[object] = []
    cashier.program.lane.submit(
        lambda: database.value(
            f"PRAGMA max_page_count = {database.value('PRAGMA page_count')}"
            if pages == "no more"
            else "PRAGMA max_page_count = 1000000"
        ),
        done.append,
    )
    cashier.until(lambda: done)


def _count(cashier: Cashier) -> int:
    return int(str(cashier.program.shop.reader.value("SELECT count(*) FROM sale")))


def _sell_until_the_disk_is_full(cashier: Cashier) -> int:
    """Sell one flour after another, and return how many sales were recorded."""
    for number in range(200):
        cashier.hands.scan(FLOUR)
        cashier.hands.press(K.Key_F8)
        cashier.until(lambda number=number: _count(cashier) > number or cashier.lines())  # type: ignore[misc]
        if cashier.lines():
            return _count(cashier)
    raise AssertionError("the disk never was full")


def test_on_a_full_disk_the_sale_comes_back_and_is_sold_when_there_is_room(
    cashier: Cashier,
) -> None:
    _let_the_file_grow(cashier, "no more")
    sold = _sell_until_the_disk_is_full(cashier)
    assert "could not be recorded" in cashier.notice()
    assert "disk is full" in cashier.notice()
    assert cashier.lines() == [("Jogoo maize flour 2 kg", 1, 190_00)]
    _let_the_file_grow(cashier, "as it likes")
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: _count(cashier) == sold + 1)
    shop = open_shop(cashier.program.shop.directory)
    assert bad_books(shop) == set()
    receipts = "SELECT count(*) FROM print_job WHERE kind = 'receipt'"
    assert shop.database.value(receipts) == sold + 1
    shop.close()


def test_what_a_full_disk_refuses_twice_is_kept_in_sight(cashier: Cashier) -> None:
    """The sale cannot be recorded, and what was scanned meanwhile cannot be put aside either."""
    counter = cashier.window.counter
    _let_the_file_grow(cashier, "no more")
    _sell_until_the_disk_is_full(cashier)
    cashier.hands.press(K.Key_F8)
    many = [f"P{number:03d}" for number in range(1, 26)]
    for code in many:
        counter.entry.scan(code)
    cashier.until(lambda: counter.stranded)
    assert "disk is full" in cashier.notice()
    assert len(cashier.lines()) == len(many)
    assert not cashier.window.close()
    assert "in memory alone" in cashier.notice()
    _let_the_file_grow(cashier, "as it likes")
    tabs = cashier.sell.tabs.findChildren(QAbstractButton)
    next(tab for tab in tabs if tab.text() == "Not recorded: try again").click()
    cashier.until(lambda: cashier.lines() == [("Jogoo maize flour 2 kg", 1, 190_00)])
    assert not counter.stranded
    assert [len(cart.basket.lines) for cart in counter.held] == [len(many)]
    shop = open_shop(cashier.program.shop.directory)
    assert bad_books(shop) == set()
    shop.close()


def test_a_note_that_a_full_disk_refused_is_written_with_the_sale(cashier: Cashier) -> None:
    counter = cashier.window.counter
    for code in [f"P{number:03d}" for number in range(1, 9)]:
        counter.entry.scan(code)
    cashier.drained()
    _let_the_file_grow(cashier, "no more")
    for code in [f"P{number:03d}" for number in range(9, 26)]:
        counter.entry.scan(code)
    cashier.hands.press(K.Key_Delete)
    cashier.until(lambda: "disk is full" in cashier.notice())
    assert len(cashier.lines()) == 24
    sql = "SELECT kind FROM journal WHERE kind IN ('line void', 'sale') ORDER BY seq"
    assert cashier.program.shop.reader.rows(sql) == []
    _let_the_file_grow(cashier, "as it likes")
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: _count(cashier) == 1)
    assert [row["kind"] for row in cashier.program.shop.reader.rows(sql)] == ["line void", "sale"]


def test_a_bug_shows_a_reference_and_the_till_keeps_selling(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(code: str) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(cashier.program.shop.till, "sell", lambda code, quantity=None: broken(code))
    with caplog.at_level(logging.ERROR):
        cashier.hands.scan(FLOUR)
    reference: str = caplog.records[-1].reference  # type: ignore[attr-defined]
    assert reference in caplog.records[-1].getMessage()
    assert reference in cashier.notice()
    monkeypatch.undo()
    cashier.hands.scan(FLOUR)
    assert len(cashier.lines()) == 1


def test_an_open_cart_survives_a_crash(
    cashier: Cashier, open_window: Callable[[Path], Cashier], tmp_path: Path
) -> None:
    import shutil

    cashier.hands.scan(FLOUR)
    cashier.hands.scan(MILK)
    cashier.drained()
    after = shutil.copytree(cashier.program.shop.directory, tmp_path / "after")
    again = open_window(after)
    again.sign_in()
    again.until(lambda: len(again.lines()) == 2)
    assert "is back" in again.notice()
    again.hands.press(K.Key_F8)
    again.until(again.sales)
    assert again.program.shop.reader.value("SELECT count(*) FROM cart") == 0


def test_the_next_customers_scans_are_taken_while_a_sale_is_recorded(cashier: Cashier) -> None:
    for _customer in range(5):
        cashier.hands.scan(FLOUR)
        cashier.hands.scan(MILK)
        cashier.hands.press(K.Key_F8)
    cashier.hands.scan(SALT)
    assert cashier.lines() == [("Table salt 500 g", 1, 30_00)]
    cashier.until(lambda: cashier.sales() and cashier.sales()[0].sale.receipt.counter == 5)


def test_closing_the_window_finishes_what_waits(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F8)
    cashier.hands.scan(MILK)
    cashier.leave()
    assert cashier.sales()[0].sale.totals.gross_cents == 190_00
    assert cashier.program.shop.reader.value("SELECT count(*) FROM cart WHERE state = 'open'") == 1
    cashier.program.shop.close()


def test_no_scan_of_a_long_burst_is_lost_while_sales_are_held_and_saved(cashier: Cashier) -> None:
    codes = (FLOUR, MILK, SALT)
    for number in range(240):
        cashier.hands.scan(codes[number % 3])
        if number in (80, 160):
            cashier.hands.press(K.Key_F5)
    cashier.until(lambda: len(cashier.window.counter.held) == 2)
    cashier.until(lambda: sum(count for _name, count, _cents in cashier.lines()) == 79)
    held = cashier.window.counter.held
    counts = [sum(line.quantity for line in cart.basket.lines) // 1000 for cart in held]
    assert counts == [80, 81]


def test_a_program_without_a_shop_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pos_desktop.app", "--data", str(tmp_path / "none")],
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "posctl init" in done.stderr
    assert "Traceback" not in done.stderr
