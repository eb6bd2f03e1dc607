"""What the system says of the network reaches the queue; where it says nothing, all is quiet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pos_queue.drivers.driver import Works
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation
from pytestqt.qtbot import QtBot

from pos_desktop import app
from pos_desktop.ui.threads.link_watch import LinkInformation, system_information, watch_link
from pos_desktop.ui.threads.queue_thread import QueueThread
from tests.pos_desktop.ui.conftest import Cashier

Reachability = QNetworkInformation.Reachability


class Link(QObject):
    """Knows of a link that a test makes come and go."""

    reachabilityChanged = Signal(Reachability)  # noqa: N815 - Qt's name

    def go(self) -> None:
        self.reachabilityChanged.emit(Reachability.Disconnected)

    def come(self) -> None:
        self.reachabilityChanged.emit(Reachability.Online)


def test_a_change_reaches_the_workers_of_the_queue(qtbot: QtBot) -> None:
    heard: list[str] = []
    queue, link = QueueThread(_never), Link()
    watch_link(queue.link_changed, lambda: cast("LinkInformation", link))
    link.go()
    queue._runner = cast("Works", SimpleNamespace(link_changed=lambda: heard.append("changed")))
    link.go()
    link.come()
    assert heard == ["changed", "changed"]


def test_the_window_watches_once_it_is_there(
    monkeypatch: pytest.MonkeyPatch, open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    link, heard = Link(), list[str]()
    monkeypatch.setattr(app, "LINK_SECONDS", 0.0)
    monkeypatch.setattr(QueueThread, "link_changed", lambda _queue: heard.append("changed"))
    monkeypatch.setattr(app, "watch_link", lambda changed: watch_link(changed, _finds(link)))
    cashier = open_window(shop_folder)

    def is_heard() -> bool:
        link.come()
        return bool(heard)

    cashier.until(is_heard)


def test_a_system_without_a_word_is_quiet(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(QNetworkInformation, "loadBackendByFeatures", lambda _features: False)
    assert system_information() is None
    monkeypatch.setitem(sys.modules, "PySide6.QtNetwork", None)
    assert system_information() is None
    watch_link(_never)
    assert not [found for found in caplog.records if found.levelname != "INFO"]


def test_the_start_loads_nothing_of_the_network() -> None:
    script = (
        "import sys, pos_desktop.app; assert 'PySide6.QtCore' in sys.modules; "
        "assert 'PySide6.QtNetwork' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def _never() -> Any:
    raise AssertionError("nobody calls this")


def _finds(link: Link) -> Callable[[], LinkInformation]:
    return lambda: cast("LinkInformation", link)
