"""What other threads post to the screen."""

from __future__ import annotations

import threading

from PySide6.QtWidgets import QApplication

from pos_desktop.ui.threads.adapter import Adapter


def test_what_any_thread_posts_runs_in_the_screens_in_order(qapp: QApplication) -> None:
    adapter, ran = Adapter(), list[tuple[int, int]]()

    def post() -> None:
        for number in range(3):
            adapter.post(lambda number=number: ran.append((number, threading.get_ident())))  # type: ignore[misc]

    thread = threading.Thread(target=post)
    thread.start()
    thread.join(5)
    assert ran == []
    adapter.deliver()
    assert ran == [(number, threading.get_ident()) for number in range(3)]


def test_what_comes_after_the_screen_is_gone_is_left_undone(qapp: QApplication) -> None:
    adapter, ran = Adapter(), list[str]()
    adapter.post(lambda: ran.append("before"))
    adapter.close()
    adapter.post(lambda: ran.append("after"))
    adapter.deliver()
    assert ran == []
