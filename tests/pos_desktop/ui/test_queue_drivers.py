"""The window with each driver of the queue: it sells, and it starts and stops, server or not."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.services.job_keeping import PRUNE_JOBS
from tests.pos_desktop.queue_drivers import choose, running_server
from tests.pos_desktop.ui.conftest import MILK, Cashier

JOB_SECONDS = 15_000


def _port(kind: str, stack: ExitStack) -> int:
    """Return a port of a server that answers, of none, or of one that never says a word."""
    if kind == "silent":
        return int(stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1])
    server = stack.enter_context(running_server())
    if kind == "away":
        server.kill()
        stack.callback(server.start)
    return server.port


@pytest.fixture(params=["there", "away", "silent"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with ExitStack() as stack:
        choose(monkeypatch, "redis", _port(request.param, stack))
        yield request.param


def test_the_till_sells_and_its_jobs_run_or_wait(
    server: str, open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    cashier = open_window(shop_folder)
    queue = cashier.program.shop.queue
    with cashier.qtbot.waitSignal(cashier.program.queue.working, timeout=JOB_SECONDS):
        number = queue.enqueue(PRUNE_JOBS)
    cashier.sign_in()
    cashier.hands.scan(MILK)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    if server == "there":
        cashier.qtbot.waitUntil(lambda: _state(cashier, number) == "done", timeout=JOB_SECONDS)
    assert _state(cashier, number) == ("done" if server == "there" else "queued")


def _state(cashier: Cashier, number: int) -> str:
    detail = cashier.program.shop.queue.views.job(number)
    assert detail is not None
    return detail.view.state


def test_the_window_closes_in_time(
    server: str,
    open_window: Callable[[Path], Cashier],
    shop_folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    cashier = open_window(shop_folder)
    workers = cashier.program.shop.queue.workers
    cashier.qtbot.waitUntil(lambda: bool(workers()), timeout=JOB_SECONDS)
    cashier.leave()
    assert not [found.message for found in caplog.records if found.levelno >= logging.ERROR]
    assert cashier.program.queue.isFinished()


def test_the_driver_sync_runs_jobs_in_the_thread_that_leaves_them(
    monkeypatch: pytest.MonkeyPatch, open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    choose(monkeypatch, "sync")
    cashier = open_window(shop_folder)
    number = cashier.program.shop.queue.enqueue(PRUNE_JOBS)
    assert _state(cashier, number) == "done"
