"""Papers that may or may not be there: seen at the top, dealt with by keys or fingers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from pos_hardware.faults import Fault
from pos_hardware.print_jobs import JobState
from pos_hardware.worker import WorkerState
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos_desktop.services.paper.print_queue import Device
from pos_desktop.shop import open_shop
from pos_desktop.storage import print_jobs
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size
from pos_desktop.ui.screens.devices.printer_state import printer_pill
from pos_desktop.ui.screens.papers.papers_page import PapersPage
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier

K = Qt.Key


@pytest.fixture
def troubled(open_window: Callable[[Path], Cashier], shop_folder: Path) -> Cashier:
    """A cashier at a till where three receipts are unknown and one printer is virtual."""
    shop = open_shop(shop_folder)
    shop.till.sign_in("cashier", "1111")
    shop.till.state.shift = shop.closing.open_shift(shop.till.person, 2000_00)
    for _number in range(3):
        shop.till.sell("P001")
        checkout = shop.till.pay(shop.till.payment().cash(None))
        assert checkout is not None
        shop.till.record(checkout)
    with shop.database.write():
        for row in shop.database.rows("SELECT id FROM print_job"):
            print_jobs.set_state(shop.database, row["id"], JobState.UNKNOWN, fault=Fault.LOST, at=0)
    shop.close()
    cashier = open_window(shop_folder)
    cashier.sign_in()
    return cashier


def _page(cashier: Cashier) -> PapersPage:
    return cashier.window.papers.page


def _titles(cashier: Cashier) -> list[str]:
    return [tile.text() for tile in _page(cashier).list.tiles]


def _open(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_P, "\x10", modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is _page(cashier))


def _states(cashier: Cashier) -> list[str]:
    sql = "SELECT state FROM print_job WHERE kind = 'receipt' ORDER BY id"
    return [row["state"] for row in cashier.program.shop.reader.rows(sql)]


def test_the_pill_tells_of_papers_and_a_finger_on_it_lists_them(troubled: Cashier) -> None:
    pill = troubled.window.top_bar.printer
    troubled.until(lambda: pill.text == "3 papers to look at")
    assert pill.height() >= Size.TOUCH
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
    troubled.until(lambda: troubled.page() is _page(troubled))
    assert _titles(troubled) == ["T1-000001", "T1-000002", "T1-000003"]
    assert "check the cable" in _page(troubled)._advice.text()
    for tile in _page(troubled).findChildren(Tile):
        assert tile.height() >= Size.TOUCH


def test_keys_print_again_and_settle(troubled: Cashier) -> None:
    _open(troubled)
    troubled.hands.press(K.Key_Down)
    troubled.hands.press(K.Key_Return, "\r")
    troubled.until(lambda: _titles(troubled) == ["T1-000001", "T1-000003"])
    assert "marked as a copy" in troubled.notice()
    troubled.hands.press(K.Key_Down)
    troubled.hands.press(K.Key_Delete)
    troubled.until(lambda: _titles(troubled) == ["T1-000001"])
    assert "off the list" in troubled.notice()
    troubled.until(lambda: _states(troubled) == ["unknown", "printed", "settled"])
    copies = troubled.program.shop.reader.rows("SELECT title FROM print_job WHERE copy = 1")
    assert [row["title"] for row in copies] == ["T1-000002"]
    assert troubled.sell.box.text == ""
    assert "1 paper to look at" in troubled.window.top_bar.printer.text
    troubled.hands.press(K.Key_Escape)
    assert troubled.page() is troubled.sell.tenders


def test_fingers_do_the_same_and_the_last_one_empties_the_page(troubled: Cashier) -> None:
    _open(troubled)
    page = _page(troubled)
    for titles in (["T1-000002", "T1-000003"], ["T1-000003"], []):
        page.settle_tile.click()
        troubled.until(partial(lambda wanted: _titles(troubled) == wanted, titles))
    assert not page.again_tile.isVisible()
    troubled.until(lambda: troubled.window.top_bar.printer.text == "Printer ready")
    troubled.hands.press(K.Key_Return, "\r")
    assert troubled.page() is troubled.sell.tenders
    assert _states(troubled) == ["settled"] * 3


def test_a_scan_sells_while_the_list_is_open(troubled: Cashier) -> None:
    _open(troubled)
    troubled.hands.scan(MILK)
    assert len(troubled.lines()) == 1
    assert troubled.page() is troubled.sell.tenders
    _open(troubled)
    troubled.hands.type("5*")
    troubled.box_holds("5*")
    troubled.hands.scan(FLOUR)
    assert troubled.lines()[1][1] == 5
    assert _states(troubled) == ["unknown"] * 3


def test_what_another_program_has_settled_is_said_and_leaves_the_list(troubled: Cashier) -> None:
    _open(troubled)
    other = open_shop(troubled.program.shop.directory)
    chosen = _page(troubled).chosen
    assert chosen is not None
    other.unsettled_prints.settle(chosen.id, None)
    other.close()
    troubled.hands.press(K.Key_Return, "\r")
    troubled.until(lambda: len(_titles(troubled)) == 2)
    assert "done already" in troubled.notice()


def test_a_till_without_such_papers_says_so(cashier: Cashier) -> None:
    _open(cashier)
    assert "All papers came out" in _page(cashier)._head.text()
    cashier.hands.press(K.Key_Delete)
    cashier.hands.press(K.Key_Escape)
    assert cashier.page() is cashier.sell.tenders


def test_that_no_drawer_opened_is_said_where_its_job_is_listed(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    with closing(open_shop(shop_folder)) as shop:
        shop.till.sign_in("cashier", "1111")
        with shop.database.write():
            job_id = shop.print_queue.open_drawer("why")
            assert job_id is not None
            print_jobs.set_state(shop.database, job_id, JobState.FAILED, fault=Fault.TOO_LATE, at=0)
    cashier = open_window(shop_folder)
    cashier.sign_in()
    _open(cashier)
    assert "The drawer did not open 1 time" in _page(cashier)._head.text()


def test_nobody_sees_the_list_who_is_not_signed_in(at_door: Cashier) -> None:
    at_door.window.top_bar.printer.pressed.emit()
    at_door.drained()
    assert at_door.window.screen_shown is at_door.window.sign_in


def test_scanners_that_send_the_kind_of_code_sell(cashier: Cashier) -> None:
    cashier.hands.scan(f"]E0{MILK}")
    assert cashier.lines() == [("Brookside milk 500 ml", 1, 65_00)]


def test_a_fault_goes_before_papers() -> None:
    pill = partial(printer_pill, device=Device())
    fault = pill(WorkerState.FAULT, Fault.PAPER_OUT, to_look_at=3)
    assert fault[:2] == ("No paper", Tone.DANGER)
    assert pill(WorkerState.IDLE, None, to_look_at=1)[:2] == ("1 paper to look at", Tone.WARNING)
    assert pill(WorkerState.IDLE, None)[:2] == ("Printer ready", Tone.OK)


def test_a_paper_that_never_came_out_is_not_said_to_be_there(troubled: Cashier) -> None:
    database = troubled.program.shop.database
    with database.write():
        last = database.value("SELECT max(id) FROM print_job WHERE kind = 'receipt'")
        print_jobs.set_state(database, last, JobState.FAILED, fault=Fault.BAD_DOCUMENT, at=0)
    _open(troubled)
    page = _page(troubled)
    assert page.settle_tile.accessibleName() == "It is there, Del"
    page.list.tiles[2].click()
    assert page.settle_tile.accessibleName() == "Not wanted, Del"
    troubled.hands.press(K.Key_Delete)
    troubled.until(lambda: _titles(troubled) == ["T1-000001", "T1-000002"])
    assert _states(troubled) == ["unknown", "unknown", "settled"]


def test_papers_that_wait_are_listed_with_the_reason(cashier: Cashier) -> None:
    shop = cashier.program.shop
    shop.print_room.stop()
    cashier.hands.scan(MILK)
    cashier.hands.press(K.Key_F8)
    cashier.drained()
    job = shop.unsettled_prints.papers()[0]
    with shop.database.write():
        print_jobs.set_state(
            shop.database, job.id, JobState.QUEUED, fault=Fault.PAPER_OUT, at=job.changed_at
        )
    _open(cashier)
    page = _page(cashier)
    assert page._head.text() == "1 PAPER WAITS"
    assert "no paper" in page._advice.text()
    assert page._advice.text().count("by itself") == 1
    assert "comes out then" in page._advice.text()
    assert not page.again_tile.isVisible()
    cashier.hands.press(K.Key_Delete)
    cashier.drained()
    assert _states(cashier) == ["queued"]
