"""The program on a demo shop, as every state begins."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled
from pos_queue.job import Job
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from pos_desktop.app import Program
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.shop import open_shop
from pos_desktop.shops.new_shop import demo_shop, make_shop
from scripts.pictures.steps import LONG_NAME, LONG_WORD
from scripts.player import Player

HOUR = timedelta(hours=1)
IMPORT, MAIL, HELD = map(JobName, ("import_prices", "mail_receipt", "mail_statements"))
LONG_JOB = JobName("work_out_what_every_customer_of_the_last_five_years_has_bought_and_returned")


@contextmanager
def running(directory: Path) -> Iterator[Player]:
    """Run the program on a demo shop with a long name, a long word and a high price in it."""
    codes = _make_shop(directory)
    program = Program(directory, sound=False)
    for one in _test_jobs():
        program.shop.queue.registry.add(one)
    program.window.show()
    program.start()
    player = Player(program, codes)
    player.settle(lambda: bool(program.window.sign_in.who.person))
    try:
        yield player
    finally:
        program.window.close()
        _destroy_windows()


def _make_shop(directory: Path) -> list[str]:
    """Make the shop; return the codes of its products."""
    make_shop(directory, demo_shop())
    shop = open_shop(directory)
    with shop.database.write():
        for place, name in enumerate((LONG_NAME, LONG_WORD)):
            shop.database.execute_sql(
                "UPDATE product SET name = ? WHERE row = (SELECT max(row) FROM product) - ?",
                (name, place),
            )
        shop.database.execute_sql(
            "UPDATE product SET price_cents = 154405100 "
            "WHERE row = (SELECT max(row) FROM product) - 2"
        )
    codes = [row["code"] for row in shop.reader.rows("SELECT code FROM product ORDER BY row")]
    shop.close()
    return codes


def _test_jobs() -> list[Job]:
    """Return jobs that run on, fail, or wait."""
    ended = threading.Event()

    def import_prices(context: JobContext, *, file: str, rows: int) -> None:
        context.progress(rows * 2 // 3, rows, file)
        while not context.cancelled and not ended.wait(0.05):
            pass
        raise JobCancelled

    def mail_receipt(_context: JobContext, *, to: str, password: str) -> None:
        raise ValueError(f"the mail server refused {to} with {password}: no such user")

    def nothing(_context: JobContext) -> None:
        pass

    return [
        Job(name=IMPORT, body=import_prices, queue="prices"),
        Job(name=MAIL, body=mail_receipt, attempts=1, queue="mail"),
        Job(name=HELD, body=nothing, queue="statements"),
        Job(name=LONG_JOB, body=nothing, queue="statements"),
    ]


def _destroy_windows() -> None:
    """Each change of the theme would dress the closed windows of all earlier states too."""
    for window in QApplication.topLevelWidgets():
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
