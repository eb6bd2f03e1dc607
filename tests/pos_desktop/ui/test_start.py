"""A window has the keyboard at once; why none opens is said, and its faults are in the log."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_desktop.app import _show
from pos_desktop.logbook import log_path, logged
from tests.pos_desktop.ui.conftest import Cashier


@pytest.mark.parametrize(
    ("argument", "name", "value"),
    [
        (["--data", "nowhere"], "", ""),
        (["--demo", "--data", "demo"], "POS_DATABASE_URL", "postgresql://server/shop"),
        (["--demo", "--data", "demo"], "POS_QUEUE_CONNECTION", "rabbit"),
    ],
)
def test_a_window_that_cannot_open_says_why(
    tmp_path: Path, argument: list[str], name: str, value: str
) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "POS_LOG_LEVEL": "foo",
        **({name: value} if name else {}),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "pos_desktop.app", *argument],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert (name or str(tmp_path / "nowhere")) in ended.stderr
    assert not list(tmp_path.iterdir())


def test_a_reference_on_the_screen_is_found_in_the_log(cashier: Cashier) -> None:
    folder = cashier.program.shop.directory
    with logged(folder):
        cashier.window.counter.say_failed(ZeroDivisionError("for the test"))
    found = re.search(r"reference ([2-9A-Z]{6})", cashier.notice())
    assert found
    log = log_path(folder).read_text(encoding="utf-8")
    assert found[1] in log
    assert "ZeroDivisionError: for the test" in log


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_place_without_a_shop_gets_one_and_its_manager_comes_in(tmp_path: Path) -> None:
    first_run = str(Path(__file__).with_name("first_run_process.py"))
    ended = _run(tmp_path, first_run, "--data", "shop")
    assert ended.returncode == 0, ended.stderr
    recovery_key, login = ended.stdout.split()
    assert (len(recovery_key), login) == (47, "amina")
    assert (tmp_path / "shop" / "shop.sqlite").exists()


def test_a_damaged_shop_is_said_and_never_made_anew(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "secrets").write_bytes(b"{}")
    first_run = str(Path(__file__).with_name("first_run_process.py"))
    ended = _run(tmp_path, first_run, "--data", "shop")
    assert ended.returncode == 1
    assert "is missing in" in ended.stderr
    assert ended.stdout.strip() == "The shop's file is gone"
    assert not (tmp_path / "shop" / "shop.sqlite").exists()


class _Asking(QWidget):
    """A window that remembers whether it has asked for the keyboard, and when."""

    asked_in_sight = False

    def activateWindow(self) -> None:  # noqa: N802 - Qt's name
        self.asked_in_sight = self.isVisible()
        super().activateWindow()


@pytest.mark.parametrize("fullscreen", [True, False])
def test_the_window_asks_for_the_keyboard_since_nobody_else_may(
    dressed: QApplication, qtbot: QtBot, fullscreen: bool
) -> None:
    window = _Asking()
    qtbot.addWidget(window)
    _show(dressed, window, fullscreen=fullscreen)
    assert window.asked_in_sight
