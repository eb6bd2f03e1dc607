"""A shop of an earlier version comes to this one beside the screen, which says so if it lasts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop import open_shop
from pos_desktop.shop_door import OpenElsewhere
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.shop_upgrade import is_due, upgrade
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.ui.shell import upgrade_window
from pos_desktop.ui.shell.upgrade_window import UpgradeWindow, bring_up_to_date
from tests.released.released_shops import unpack

WAIT_SECONDS = 30.0


def shown() -> list[UpgradeWindow]:
    """Return the windows that say that a shop is brought up to date."""
    return [
        one
        for one in QApplication.topLevelWidgets()
        if isinstance(one, UpgradeWindow) and one.isVisible()
    ]


class Slow:
    """An upgrade that stops on its way until the screen was looked at."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.told: list[str] = []
        self.stayed: list[bool] = []
        self._looked = threading.Event()
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)
        self._timer.start(10)

    def __call__(
        self, directory: Path, clock: object, progress: Callable[[int, int], object]
    ) -> object:
        self.threads.append(threading.current_thread())
        progress(42, 100)
        assert self._looked.wait(WAIT_SECONDS), "no window came"
        return upgrade(directory, clock, progress)  # type: ignore[arg-type]

    def _look(self) -> None:
        for window in shown():
            self.told.append(window.told)
            window.close()
            self.stayed.append(window.isVisible())
            self._looked.set()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A shop of the fourth schema."""
    return unpack(4, tmp_path / "old")


def test_what_lasts_is_said_and_cannot_be_closed(
    dressed: QApplication, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    monkeypatch.setattr(upgrade_window, "upgrade", slow)
    bring_up_to_date(old)
    assert threading.main_thread() not in slow.threads
    assert "42 %" in slow.told[0]
    assert slow.stayed[0]
    assert not shown()
    with closing(open_shop(old)) as shop:
        assert not is_due(old, shop.clock)


def test_what_is_quick_shows_nothing(
    dressed: QApplication, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrade_window, "SHOWN_AFTER_MS", 60_000)
    made: list[UpgradeWindow] = []
    monkeypatch.setattr(UpgradeWindow, "show", made.append)
    bring_up_to_date(old)
    bring_up_to_date(old)
    assert made == []


@pytest.mark.spoils_books
def test_a_shop_of_this_version_is_left_alone(
    dressed: QApplication, shop_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Path] = []
    monkeypatch.setattr(upgrade_window, "upgrade", lambda *named: called.append(named[0]))
    bring_up_to_date(shop_directory)
    bring_up_to_date(shop_directory / "nowhere")
    (shop_directory / DATABASE_FILE).write_bytes(b"no shop at all" * 1000)
    bring_up_to_date(shop_directory)
    assert called == []


def test_what_stands_in_the_way_is_raised_where_the_shop_is_opened(
    dressed: QApplication, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_desktop.shop_upgrade.ALONE_SECONDS", 0.0)
    with closing(ShopDatabase(old / DATABASE_FILE, SystemClock())) as other:
        other.value("SELECT count(*) FROM sale")
        with pytest.raises(OpenElsewhere):
            bring_up_to_date(old)
    assert not shown()
