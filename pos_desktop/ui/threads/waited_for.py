"""Work that must be over before there is a till, while the screen lives on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QEventLoop

T = TypeVar("T")


def waited_for(work: Callable[[], T], post: Callable[[Callable[[], None]], None]) -> T:
    """Do work in a thread of its own, and let the screen go on until it is done.

    Returns what it returns and raises what it raises, also where the program is told to quit
    meanwhile. `post` hands an act to the screen's thread.
    """
    loop = QEventLoop()
    with ThreadPoolExecutor(1, "waited for") as beside:
        done = beside.submit(work)
        done.add_done_callback(lambda _done: post(loop.quit))
        loop.exec()
        return done.result()
