"""Closing the window: nothing is lost, nobody waits for long, and a sale is waited for."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.ui.shell.leaving import STOP_SECONDS
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.ui.conftest import FLOUR, MILK, SALT, Cashier

K = Qt.Key


@contextmanager
def held_by_another_program(cashier: Cashier) -> Iterator[None]:
    """Hold the write lock of the shop's file, as a program does that hangs in the middle."""
    path = cashier.program.shop.directory / DATABASE_FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def _threads(name: str) -> list[str]:
    return [thread.name for thread in threading.enumerate() if name in thread.name]


def test_a_sale_that_waits_for_the_disk_keeps_the_window_until_it_is_written(
    cashier: Cashier,
) -> None:
    window, directory = cashier.window, cashier.program.shop.directory
    cashier.hands.scan(FLOUR)
    cashier.drained()
    with held_by_another_program(cashier):
        cashier.hands.press(K.Key_F8)
        assert not window.close()
        assert not window.close()
        assert window.isVisible()
        notice = window.leaving.notice
        assert notice is not None
        assert "last sale is still being written" in notice.text
    cashier.until(lambda: not window.isVisible())
    shop = open_shop(directory)
    assert shop.selling.find(None).sale.totals.gross_cents == 190_00
    assert bad_books(shop) == set()
    shop.close()


def test_what_is_scanned_while_the_window_wants_to_close_is_kept(cashier: Cashier) -> None:
    window, directory = cashier.window, cashier.program.shop.directory
    cashier.hands.scan(FLOUR)
    cashier.drained()
    with held_by_another_program(cashier):
        cashier.hands.press(K.Key_F8)
        assert not window.close()
        cashier.hands.scan(MILK)
    cashier.until(lambda: not window.isVisible())
    shop = open_shop(directory)
    assert shop.till.resume()
    assert [line.item.barcode for line in shop.till.state.basket.lines] == [MILK]
    shop.close()


def test_an_open_cart_that_waits_for_the_disk_is_written_too(cashier: Cashier) -> None:
    window, directory = cashier.window, cashier.program.shop.directory
    with held_by_another_program(cashier):
        cashier.hands.scan(SALT)
        assert not window.close()
        notice = window.leaving.notice
        assert notice is not None
        assert "still writing" in notice.text
    cashier.until(lambda: not window.isVisible())
    shop = open_shop(directory)
    assert shop.till.resume()
    shop.close()


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after a wait"])
def test_a_sale_that_cannot_be_written_keeps_the_window(cashier: Cashier, late: bool) -> None:
    """The disk refuses it while the window wants to close: the cashier has to see that."""
    window, program = cashier.window, cashier.program
    cashier.hands.scan(FLOUR)
    cashier.drained()
    refuse = "PRAGMA query_only = 1"
    program.lane.submit(lambda: program.shop.database.execute_sql(refuse), lambda _done: None)
    gate = threading.Event()
    if late:
        program.lane.submit(lambda: gate.wait(10), lambda _opened: None)
    cashier.hands.press(K.Key_F8)
    assert not window.close()
    gate.set()
    cashier.until(lambda: "could not be recorded" in cashier.notice())
    cashier.drained()
    assert window.isVisible()
    assert window.leaving.notice is None
    assert cashier.lines() == [("Jogoo maize flour 2 kg", 1, 190_00)]
    program.lane.submit(
        lambda: program.shop.database.execute_sql("PRAGMA query_only = 0"), lambda _done: None
    )
    cashier.hands.press(K.Key_F8)
    cashier.until(cashier.sales)
    cashier.leave()


def test_no_thread_is_left(cashier: Cashier, caplog: pytest.LogCaptureFixture) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F8)
    cashier.leave()
    assert "in time" not in caplog.text
    assert _threads("database lane") == []
    assert _threads("print-") == []


class HandClock(SystemClock):
    """Moved by hand."""

    def __init__(self) -> None:
        self.seconds = super().monotonic()

    def monotonic(self) -> float:
        return self.seconds


def test_threads_that_hang_share_the_deadline(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    shop, clock = cashier.program.shop, HandClock()

    def hangs(within: float) -> bool:
        asked.append(within)
        clock.seconds += within - 0.5
        return False

    cashier.drained()
    monkeypatch.setattr(shop.devices.scanner, "stop", hangs)
    monkeypatch.setattr(type(shop.print_room), "stop", lambda room, within: hangs(within))
    monkeypatch.setattr(shop.clock, "base", clock)
    cashier.leave()
    assert asked == [pytest.approx(STOP_SECONDS), pytest.approx(0.5)]
